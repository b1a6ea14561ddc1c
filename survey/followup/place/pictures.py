"""Pictures of a place's pages: their addresses, sizes and text alternatives.

Each picture is told with its true size, wide and narrow, so that nothing on the page moves when it comes.
"""

from typing import TYPE_CHECKING, Any

from flask import url_for

from survey.followup.place.figure_text import UNSHOWN, Context
from survey.followup.selection import PlaceReport
from survey.publication import chart_store
from survey.publication.chart_store import NARROW, THEMES
from survey.web.request import services

if TYPE_CHECKING:
    import pandas as pd


def picture_context(
    report: PlaceReport, chart: str, table: "pd.DataFrame", *, in_words: bool = False
) -> Context | None:
    """Return a picture's addresses, sizes and words; None when nothing in it is shown.

    `in_words`: with all of it in words, for one that has no table beside it.
    """
    from analysis.charts import chart_of

    if is_empty(table):
        return None
    drawn, language = chart_of(chart), report.texts.language.tag
    found: Context = {"alt": drawn.headline(table, report.texts)}
    if in_words:
        found["words"] = drawn.describe(table, report.texts)
    for size in ("", NARROW):
        width, height = chart_store.chart_size(services.engine(), report.number, report.node, chart + size, language)
        where: dict[str, Any] = {
            "number": report.number,
            "node": report.node,
            "chart": chart + size,
            "language": language,
        }
        addresses = {theme: url_for("followup.chart_picture", theme=theme, **where) for theme in THEMES}
        found[size.removeprefix("-") or "wide"] = addresses | {"width": width, "height": height}
    return found


def is_empty(table: "pd.DataFrame") -> bool:
    """Return whether there is nothing to see in a picture of these rows."""
    statuses = table[[name for name in table.columns if name.endswith("status")]]
    return bool(statuses.isin(UNSHOWN).all(axis=None))
