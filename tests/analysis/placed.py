"""The pictures that set places, units, rounds and groups beside each other, with tables of the invented places."""

from functools import cache

import pandas as pd
from matplotlib.figure import Figure

from analysis.charts import Presentation, chart_of
from analysis.charts.control import ControlChart
from analysis.charts.drawing.canvas import WIDE
from analysis.charts.funnel import FunnelChart
from analysis.charts.groups import GroupsChart
from analysis.charts.municipalities import MatrixChart
from analysis.charts.panels import PanelsChart
from analysis.charts.units import UnitsChart
from analysis.localisation import Localisation
from tests.analysis import invented_places as invented

TEXTS: dict[str, Localisation] = {"sv": invented.SWEDISH, "en": invented.english(), "long": invented.long_named()}


@cache
def table_of(name: str, place: str = "region", rounds: int = 5, *, hidden: bool = False, own: str = "") -> pd.DataFrame:
    """A picture's table, by the name it has in the registry."""
    chart, cells, gaps = chart_of(name), invented.cells(rounds, hidden=hidden), invented.gaps(rounds, hidden=hidden)
    if isinstance(chart, GroupsChart):
        return chart.table(invented.groups())
    if isinstance(chart, (FunnelChart, UnitsChart)):
        under = {unit for unit, above in invented.UNITS.items() if place in ("region", above)}
        return chart.table(cells[cells["place"].isin({place, *under})], gaps, place, own)
    if isinstance(chart, (ControlChart, MatrixChart, PanelsChart)):
        return chart.table(cells, gaps, place)
    raise TypeError(name)


@cache
def drawn(name: str, language: str, width: int = WIDE, place: str = "region", rounds: int = 5) -> Figure:
    """Drawn once; the tests only look."""
    return chart_of(name).draw(table_of(name, place, rounds), TEXTS[language], width)


__all__ = ["TEXTS", "Presentation", "drawn", "table_of"]
