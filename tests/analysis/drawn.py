"""Invented editions, their pictures drawn once, and what is drawn in them by name: for every test of a picture."""

import re
from functools import cache
from typing import Any

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from analysis import charts
from analysis.charts import WIDE
from analysis.frames import frame
from analysis.localisation import PlainLocalisation
from tests.analysis.english import EnglishTexts
from tests.analysis.invented import editions
from tests.analysis.long import editions as long_editions

PLACES = ("region", "ostersund", "odensala")


MADE = editions()


CELLS, GAPS = frame.cells(MADE), frame.gaps(MADE)


SWEDISH, ENGLISH = PlainLocalisation.from_editions([*long_editions(), *MADE]), EnglishTexts()


LANGUAGES = {"sv": SWEDISH, "en": ENGLISH}


def table_of(name: str, place: str = "odensala") -> pd.DataFrame:
    return charts.table_of(name, MADE, place)


@cache
def drawn_figure(name: str, place: str = "odensala", language: str = "sv", width: int = WIDE) -> Figure:
    """Drawn once; the tests only look."""
    return charts.chart_of(name).draw(table_of(name, place), LANGUAGES[language], width)


def marks(figure: Figure, kind: type[Any]) -> dict[str, Any]:
    """Drawn things by name, those that have one."""
    return {found.get_gid(): found for found in figure.findobj(kind) if found.get_gid()}


def named(figure: Figure, pattern: str) -> dict[str, Line2D]:
    return {gid: line for gid, line in marks(figure, Line2D).items() if re.fullmatch(pattern, gid)}


def points(lines: dict[str, Line2D]) -> set[tuple[float, float]]:
    return {(float(x), float(y)) for line in lines.values() for x, y in zip(*line.get_data(), strict=True)}


def long_table_of(name: str, place: str = "region") -> pd.DataFrame:
    """The same from fourteen rounds with fourteen units."""
    return charts.table_of(name, long_editions(), place)


@cache
def drawn_long(name: str, place: str = "region", language: str = "sv", width: int = WIDE) -> Figure:
    """Drawn once; the tests only look."""
    return charts.chart_of(name).draw(long_table_of(name, place), LANGUAGES[language], width)
