"""Tables for download, by name: all the place's figures, a picture's, or a question's over the rounds."""

from typing import TYPE_CHECKING

from survey.domain.questions.questionnaire import QUESTIONS
from survey.followup.place.figure_text import by_round
from survey.followup.selection import PlaceReport

if TYPE_CHECKING:
    import pandas as pd


def download_table(report: PlaceReport, name: str) -> "pd.DataFrame":
    """Return `figures`: every cell, `gaps`: every gap, `residents`: their groups; else a picture's or a question's."""
    from analysis.charts import OF_PLACE, REGION_FUNNELS, table_of
    from analysis.frames.resident_groups import groups

    if name == "figures":
        return report.cells
    if name == "gaps":
        return report.gaps
    if name == "residents":
        return groups(report.bodies)
    if name in QUESTIONS:
        every = by_round(report)
        return every[every["question"] == name]
    if name in REGION_FUNNELS:
        return table_of(name, report.bodies, report.node).rename(columns={"unit": "region"})
    return report.table(name) if name in OF_PLACE else table_of(name, report.bodies, report.node)
