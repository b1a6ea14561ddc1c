"""The nation's summary, where it says other than any place's: changes in the same regions, and which regions are in it.

The line of all regions breaks whenever one comes or goes; what has changed is told of those that are there throughout.
"""

from flask_babel import gettext as _
from sqlalchemy import Connection

from survey.followup.nation.coverage import short_coverage
from survey.followup.place import bar, summary
from survey.followup.place.figure_text import Context
from survey.followup.selection import PlaceReport
from survey.publication import chart_store


def national_context(connection: Connection, report: PlaceReport) -> Context:
    """Return what the summary says of a national edition; of a region in it, that it is one of several."""
    found: Context = {"coverage": short_coverage(report.edition, report.texts)}
    if report.place["level"] == bar.NATION:
        found["changed"] = _changes(connection, report)
    return found


def _changes(connection: Connection, report: PlaceReport) -> list[str]:
    from analysis.charts import table_of

    bodies = chart_store.bodies_for(connection, report.number, report.node, "same-regions")
    changed = summary.changes_over_rounds(report, table_of("same-regions", bodies, report.node))
    if report.place.get("joined"):
        since = report.texts.round_name(report.bodies[-2]["round"]["key"])
        changed.append(_("Andelarna jämförs inte med %(round)s: det är andra regioner än då.", round=since))
    return changed
