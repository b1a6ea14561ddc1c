"""The trend chart with numbered days: the edition's own picture and the group's later decisions and events.

An edition's pictures are frozen with it, and a plan is not: so this one is no chart of the registry, and is drawn when
somebody looks. Without marks it is the trend.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from analysis.charts import trend
from analysis.charts.drawing import style
from analysis.charts.drawing.annotations import Annotation
from analysis.charts.drawing.canvas import WIDE
from analysis.localisation import N_, Localisation, translate

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ANNOTATION = N_("Streck %(number)s, %(day)s: %(words)s.")


def describe(table: pd.DataFrame, texts: Localisation, annotations: Sequence[Annotation]) -> str:
    """Return the trend in words, then each mark."""
    notes = (
        translate(texts, ANNOTATION, number=str(each.number), day=each.day.isoformat(), words=each.words)
        for each in annotations
    )
    return " ".join([trend.describe(table, texts), *notes])


def draw(table: pd.DataFrame, texts: Localisation, annotations: Sequence[Annotation], width: int = WIDE) -> "Figure":
    """Draw the trend with the marks, on a wide sheet or a narrow one."""
    return trend.draw(table, texts, width, annotations)


def drawing(table: pd.DataFrame, texts: Localisation, annotations: Sequence[Annotation], width: int = WIDE) -> bytes:
    """Draw the same as SVG with its title and text alternative."""
    return style.svg(
        draw(table, texts, annotations, width), trend.headline(table, texts), describe(table, texts, annotations)
    )
