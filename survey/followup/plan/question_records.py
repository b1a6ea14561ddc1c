"""Records on a question: decisions, activities, and measurements by others. For the question's page."""

from sqlalchemy import Connection

from survey.followup.place.figure_text import Context
from survey.followup.plan import external_measures, recent_decisions
from survey.followup.selection import Selection


def records_on_question(connection: Connection, selection: Selection, question: str) -> Context:
    """Return the records on a question, as they stand now; decisions as of the round that is read."""
    round_key = selection.edition["round"]["key"]
    return {
        "decided": recent_decisions.decisions_on_question(connection, round_key, question),
        "activities": recent_decisions.activities_on_question(connection, question),
        "outside": external_measures.measures_by_question(connection, [question]),
    }
