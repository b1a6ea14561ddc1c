"""The pictures that set places, units, rounds and groups beside each other, with tables of the invented places."""

from functools import cache

import pandas as pd
from matplotlib.figure import Figure

from analysis.charts import Shown, chart_of
from analysis.charts.control import InControl
from analysis.charts.drawing.canvas import WIDE
from analysis.charts.funnel import InFunnel
from analysis.charts.groups import OfGroups
from analysis.charts.municipalities import InMatrix
from analysis.charts.panels import InMunicipalities
from analysis.charts.units import InUnits
from analysis.texts import Texts
from tests.analysis import invented_places as invented

TEXTS: dict[str, Texts] = {"sv": invented.SWEDISH, "en": invented.english(), "long": invented.long_named()}


@cache
def table_of(name: str, place: str = "region", rounds: int = 5, *, hidden: bool = False, own: str = "") -> pd.DataFrame:
    """A picture's table, by the name it has in the registry."""
    chart, cells, gaps = chart_of(name), invented.cells(rounds, hidden=hidden), invented.gaps(rounds, hidden=hidden)
    if isinstance(chart, OfGroups):
        return chart.table(invented.groups())
    if isinstance(chart, (InFunnel, InUnits)):
        under = {unit for unit, above in invented.UNITS.items() if place in ("region", above)}
        return chart.table(cells[cells["place"].isin({place, *under})], gaps, place, own)
    if isinstance(chart, (InControl, InMatrix, InMunicipalities)):
        return chart.table(cells, gaps, place)
    raise TypeError(name)


@cache
def drawn(name: str, language: str, width: int = WIDE, place: str = "region", rounds: int = 5) -> Figure:
    """Drawn once; the tests only look."""
    return chart_of(name).draw(table_of(name, place, rounds), TEXTS[language], width)


__all__ = ["TEXTS", "Shown", "drawn", "table_of"]
