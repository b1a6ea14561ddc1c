"""The registry of charts by name. One file and one line here is all a new one takes.

For the publication, which draws and keeps them, and for `python -m analysis`. Each has `table(cells, gaps, place)`, and
from that table `headline`, `subtitle`, `describe` and `draw(table, texts, width)`. `CHARTS` are drawn at publication,
the others when somebody reads that far: `MORE`, `OF_QUESTION` and `IN_UNITS` of one question each, `IN_MUNICIPALITIES`
of the region, and `OF_GROUPS` of its residents' groups. `WITH_UNITS` set the place's units beside each other,
`AMONG_REGIONS` a nation's regions.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import pandas as pd

from analysis.charts import change, distribution, gap, gap_trend, trend
from analysis.charts.control import ControlChart
from analysis.charts.drawing import style
from analysis.charts.drawing.canvas import NARROW, WIDE
from analysis.charts.funnel import FunnelChart
from analysis.charts.groups import GroupsChart
from analysis.charts.municipalities import SIDES, MatrixChart
from analysis.charts.panels import PanelsChart
from analysis.charts.question import QuestionChart
from analysis.charts.same_regions import SameRegionsChart
from analysis.charts.units import UnitsChart
from analysis.frames.frame import QUESTIONS, Edition, cells, gaps, newest_by_round
from analysis.frames.resident_groups import GROUPINGS
from analysis.frames.resident_groups import groups as groups_of
from analysis.localisation import Localisation
from analysis.sentences.compared_places import FUNNEL_OF_REGIONS, SHEET_OF_MUNICIPALITIES, SHEET_OF_REGIONS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "AMONG_REGIONS",
    "CHARTS",
    "IN_MUNICIPALITIES",
    "IN_UNITS",
    "MORE",
    "NAMES",
    "NARROW",
    "OF_GROUPS",
    "OF_PLACE",
    "OF_QUESTION",
    "ON_PAGE",
    "WIDE",
    "WITH_UNITS",
    "Chart",
    "Tables",
    "chart_of",
    "drawing",
    "table_of",
]

Frames = tuple[pd.DataFrame, pd.DataFrame]  # cells and gaps


class Presentation(Protocol):
    """The part of a chart's module that presents its table."""

    def headline(self, table: pd.DataFrame, texts: Localisation) -> str:
        """Return the finding."""

    def subtitle(self, table: pd.DataFrame, texts: Localisation) -> str:
        """Return measure, place, round, and the rounded number of answers."""

    def describe(self, table: pd.DataFrame, texts: Localisation) -> str:
        """Return the text alternative."""

    def draw(self, table: pd.DataFrame, texts: Localisation, width: int = WIDE) -> "Figure":
        """Draw the picture."""


class Chart(Presentation, Protocol):
    """The interface of a chart's module."""

    def table(self, cells: pd.DataFrame, gaps: pd.DataFrame, place: str) -> pd.DataFrame:
        """Return the rows that are drawn, and those that stand beside the picture."""


class UnitComparison(Chart, Protocol):
    """The interface of a chart that compares units."""

    def table(self, cells: pd.DataFrame, gaps: pd.DataFrame, place: str, own: str = "") -> pd.DataFrame:
        """Return the same; `own`: the unit that it is drawn for."""


class PageChart(Chart, Protocol):
    """The interface of a chart that stands on the page of all charts."""

    def section(self) -> tuple[str, str]:
        """Return its heading there, and a sentence under it; empty: none."""


class PageUnitComparison(UnitComparison, Protocol):
    """The interface of a chart on that page that compares units."""

    def section(self) -> tuple[str, str]:
        """Return its heading there, and a sentence under it; empty: none."""


AMONG_UNITS: Mapping[str, PageUnitComparison] = {
    "funnel": FunnelChart("patient"),
    "funnel-provider": FunnelChart("provider"),
}
IN_UNITS: Mapping[str, UnitComparison] = {f"units-{question}": UnitsChart(question) for question in QUESTIONS}
CHARTS: Mapping[str, PageChart] = {
    "gap": gap,
    "gap-trend": gap_trend,
    "trend": trend,
    "distribution": distribution,
    "change": change,
    "control": ControlChart("patient"),
    "funnel": AMONG_UNITS["funnel"],
}
MORE: Mapping[str, PageChart] = {
    "control-provider": ControlChart("provider"),
    "control-gap": ControlChart("gap"),
    "funnel-provider": AMONG_UNITS["funnel-provider"],
}
# Charts whose table needs the place's units as well, in the newest round alone.
WITH_UNITS: Mapping[str, UnitComparison] = {**AMONG_UNITS, **IN_UNITS}
OF_QUESTION: Mapping[str, QuestionChart] = {question: QuestionChart(question) for question in QUESTIONS}
# Those of the region that need all its municipalities, in every round: one sheet a side and one of the gap; and, for
# whoever asks for it, a panel a municipality of one question.
IN_MUNICIPALITIES: Mapping[str, Chart] = {f"municipalities-{side}": MatrixChart(side) for side in SIDES} | {
    f"municipalities-{question}": PanelsChart(question) for question in QUESTIONS
}
OF_GROUPS: Mapping[str, GroupsChart] = {f"groups-{grouping}": GroupsChart(grouping) for grouping in GROUPINGS}
# Charts for which a place's own cells and gaps are enough.
ON_PAGE: Mapping[str, PageChart] = {**CHARTS, **MORE}
OF_PLACE: Mapping[str, Chart] = {
    **{name: chart for name, chart in ON_PAGE.items() if name not in WITH_UNITS},
    **OF_QUESTION,
}
# Those of a nation, which need all its regions: funnels of the newest round, and the same sheets as of municipalities.
REGION_FUNNELS: Mapping[str, PageUnitComparison] = {
    "regions-funnel": FunnelChart("patient", FUNNEL_OF_REGIONS),
    "regions-funnel-provider": FunnelChart("provider", FUNNEL_OF_REGIONS),
}
REGION_SHEETS: Mapping[str, Chart] = {f"regions-{side}": MatrixChart(side, SHEET_OF_REGIONS) for side in SIDES} | {
    f"regions-{question}": PanelsChart(question, SHEET_OF_REGIONS) for question in QUESTIONS
}
SAME_REGIONS: Mapping[str, SameRegionsChart] = {"same-regions": SameRegionsChart()}
AMONG_REGIONS: Mapping[str, Presentation] = {**REGION_FUNNELS, **REGION_SHEETS, **SAME_REGIONS}
ALL: Mapping[str, Presentation] = {
    **{**CHARTS, **MORE, **OF_QUESTION, **IN_UNITS, **IN_MUNICIPALITIES, **OF_GROUPS},
    **AMONG_REGIONS,
}
NAMES = tuple(ALL)


def chart_of(name: str) -> Presentation:
    """Return the chart with that name; a question's own is named by its key."""
    return ALL[name]


class Tables:
    """Charts' tables of a place, from the editions up to the one that they belong to; their frames are made once."""

    def __init__(self, editions: Sequence[Edition], place: str) -> None:
        """Take editions that hold at least what the charts asked for need."""
        self.editions, self.place = newest_by_round(editions), place

    def table(self, name: str) -> pd.DataFrame:
        """Return the chart's table."""
        if name in OF_GROUPS:
            return OF_GROUPS[name].table(groups_of(self.editions[-1:]))
        if name in WITH_UNITS:
            own = self.place if self.place != self._whole else ""
            about = gaps(self.editions[-1:], None if name in IN_UNITS else self._whole)
            return WITH_UNITS[name].table(self._units, about, self._whole, own)
        if name in AMONG_REGIONS:
            return self._among_regions(name)
        if name in IN_MUNICIPALITIES:
            return IN_MUNICIPALITIES[name].table(*self._municipalities, self.place)
        return OF_PLACE[name].table(*self._own, self.place)

    def _among_regions(self, name: str) -> pd.DataFrame:
        nation = str(next(each["key"] for each in self.editions[-1]["places"] if each["parent"] is None))
        if name in SAME_REGIONS:
            return SAME_REGIONS[name].table(self.editions, nation)
        if name in REGION_SHEETS:
            return REGION_SHEETS[name].table(*self._everywhere, nation)
        own = self.place if self.place != nation else ""
        return REGION_FUNNELS[name].table(*self._everywhere, nation, own)

    @cached_property
    def _everywhere(self) -> Frames:
        return cells(self.editions), gaps(self.editions)

    @cached_property
    def _own(self) -> Frames:
        return cells(self.editions, self.place), gaps(self.editions, self.place)

    @cached_property
    def _municipalities(self) -> Frames:
        every = cells(self.editions)
        below = sorted(set(every.loc[every["level"] == SHEET_OF_MUNICIPALITIES.level, "place"]))
        return every, gaps(self.editions, below or self.place)

    @cached_property
    def _whole(self) -> str:
        return _whole_place(self.editions[-1], self.place)

    @cached_property
    def _units(self) -> pd.DataFrame:
        return cells(self.editions[-1:], self._whole, units=True)


def table_of(name: str, editions: Sequence[Edition], place: str) -> pd.DataFrame:
    """Return one chart's table for a place, from the editions up to the one that it belongs to."""
    return Tables(editions, place).table(name)


def _whole_place(edition: Edition, place: str) -> str:
    """Return the place whose units a picture compares: its own, or for a unit those of its topmost place."""
    by_key = {each["key"]: each for each in edition["places"]}
    whole = place
    while whole in by_key and by_key[place]["level"] == "unit" and by_key[whole]["parent"]:
        whole = by_key[whole]["parent"]
    return whole


def drawing(name: str, table: pd.DataFrame, texts: Localisation, width: int = WIDE) -> bytes:
    """Draw a table's chart as SVG with title and text alternative; `style.dark` gives its twin."""
    chart = chart_of(name)
    figure = chart.draw(table, texts, width)
    return style.svg(figure, chart.headline(table, texts), chart.describe(table, texts))
