"""The nation's summary, where it says other than any place's: changes in the same regions, and which regions are in it.

The line of all regions breaks whenever one comes or goes; what has changed is told of those that are there throughout.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import Connection

from survey.followup.nation.included_regions import summary_sentences
from survey.followup.place import bar, summary
from survey.followup.place.figure_text import Context
from survey.followup.selection import PlaceReport
from survey.publication import chart_store

if TYPE_CHECKING:
    import pandas as pd


def national_context(connection: Connection, report: PlaceReport, matrix: list[Context]) -> Context:
    """Return what the summary of a national edition has besides; `matrix`: the questions as any place has them."""
    found: Context = {"included": summary_sentences(report.edition, report.texts)}
    if report.place["level"] != bar.NATION:
        return found
    from analysis.charts import table_of
    from analysis.frames.series import lines

    bodies = chart_store.bodies_for(connection, report.number, report.node, "same-regions")
    table = table_of("same-regions", bodies, report.node)
    by_question = {question: rows for (_role, question), rows in lines(table).items()}
    same = [row | {"line": summary.gap_over_rounds(by_question[row["key"]], report)} for row in matrix]
    return found | {"changed": list(_changes(report, table)), "matrix": same}


def _changes(report: PlaceReport, table: "pd.DataFrame") -> Iterator[str]:
    """Yield what has changed in the regions that are there throughout; of all of them where none has come or gone."""
    from analysis.charts import gap_trend, same_regions

    if len(report.bodies) < 2 or not report.place.get("joined"):
        yield from summary.changes_over_rounds(report)
        return
    yield f"{gap_trend.headline(table, report.texts)}. {same_regions.how_many(table, report.texts)}"
    since = report.texts.round_name(report.bodies[-2]["round"]["key"])
    yield _("Andelarna jämförs inte med %(round)s: det är andra regioner än då.", round=since)
