"""The pictures, by name. One file and one line here is all a new one takes.

For the publication, which draws and keeps them, and for `python -m analysis`. `OF_QUESTION` are the pictures of one
question each, drawn only when somebody reads that far. Each has `table(cells,
gaps, place)`, and from that table `headline`, `subtitle`, `describe` and `draw(table, texts, width)`. `WITH_UNITS` are
those that set the place's units beside each other; `table_of` gives each what it needs.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

import pandas as pd
from matplotlib.figure import Figure

from analysis import municipal
from analysis.charts import change, funnel, gap, samsyn, spread, style, trend
from analysis.charts.control import InControl
from analysis.charts.municipalities import SIDES, InMatrix
from analysis.charts.page import NARROW, WIDE
from analysis.charts.panels import InMunicipalities
from analysis.charts.question import OfQuestion
from analysis.frame import QUESTIONS, Edition, cells, gaps, newest_by_round
from analysis.texts import Texts

__all__ = [
    "CHARTS",
    "IN_MUNICIPALITIES",
    "NARROW",
    "OF_QUESTION",
    "WIDE",
    "WITH_UNITS",
    "Chart",
    "chart_of",
    "drawing",
    "table_of",
]


class Chart(Protocol):
    """What a chart's module offers."""

    def table(self, cells: pd.DataFrame, gaps: pd.DataFrame, place: str) -> pd.DataFrame:
        """What is drawn, and what stands beside it."""

    def headline(self, table: pd.DataFrame, texts: Texts) -> str:
        """The finding."""

    def subtitle(self, table: pd.DataFrame, texts: Texts) -> str:
        """Measure, place, round, about how many."""

    def describe(self, table: pd.DataFrame, texts: Texts) -> str:
        """The text alternative."""

    def draw(self, table: pd.DataFrame, texts: Texts, width: int = WIDE) -> Figure:
        """The picture."""


CHARTS: Mapping[str, Chart] = {
    "gap": gap,
    "samsyn": samsyn,
    "trend": trend,
    "spread": spread,
    "change": change,
    "control": InControl("patient"),
    "funnel": funnel,
}
WITH_UNITS = frozenset({"funnel"})  # those whose table needs the place's units as well, in the newest round alone
OF_QUESTION: Mapping[str, OfQuestion] = {question: OfQuestion(question) for question in QUESTIONS}
# Those of the region that need all its municipalities, in every round: one sheet a side and one of the gap; and, for
# whoever asks for it, a panel a municipality of one question.
IN_MUNICIPALITIES: Mapping[str, Chart] = {f"municipalities-{side}": InMatrix(side) for side in SIDES} | {
    f"municipalities-{question}": InMunicipalities(question) for question in QUESTIONS
}


def chart_of(name: str) -> Chart:
    """The chart with that name; a question's own is named by its key."""
    return CHARTS.get(name) or IN_MUNICIPALITIES.get(name) or OF_QUESTION[name]


def table_of(name: str, editions: Sequence[Edition], place: str) -> pd.DataFrame:
    """A chart's table for a place, from the editions up to the one that it belongs to."""
    if name in IN_MUNICIPALITIES:
        every = cells(editions)
        below = sorted(set(every.loc[every["level"] == municipal.LEVEL, "place"]))
        each = [gaps(editions, key) for key in below] or [gaps(editions, place)]
        return chart_of(name).table(every, pd.concat(each, ignore_index=True), place)
    if name not in WITH_UNITS:
        return chart_of(name).table(cells(editions, place), gaps(editions, place), place)
    newest = newest_by_round(editions)[-1:]
    return chart_of(name).table(cells(newest, place, units=True), gaps(newest, place), place)


def drawing(name: str, table: pd.DataFrame, texts: Texts, width: int = WIDE) -> bytes:
    """One chart of a table as SVG with its title and text alternative; `style.dark` gives its twin."""
    chart = chart_of(name)
    figure = chart.draw(table, texts, width)
    return style.svg(figure, chart.headline(table, texts), chart.describe(table, texts))
