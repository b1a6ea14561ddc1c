"""Tables for download, by name: all the place's figures, a picture's, or a question's over the rounds."""

from typing import TYPE_CHECKING

from survey.domain.questions.questionnaire import QUESTIONS
from survey.followup.place.words import by_round
from survey.followup.selection import Reading

if TYPE_CHECKING:
    import pandas as pd


def table(reading: Reading, name: str) -> "pd.DataFrame":
    """Return `figures`: every cell, `gaps`: every gap, `residents`: their groups; else a picture's or a question's."""
    from analysis.charts import OF_PLACE, table_of
    from analysis.frames.resident_groups import groups

    if name == "figures":
        return reading.cells
    if name == "gaps":
        return reading.gaps
    if name == "residents":
        return groups(reading.bodies)
    if name in QUESTIONS:
        every = by_round(reading)
        return every[every["question"] == name]
    return reading.table(name) if name in OF_PLACE else table_of(name, reading.bodies, reading.node)
