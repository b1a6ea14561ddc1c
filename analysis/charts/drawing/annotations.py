"""Numbered days on a chart over time: a fine line through each panel, its number over it, its words beside the picture.

For what happened and was decided between the rounds. A mark says when, never that it was the cause.
"""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from analysis.charts.drawing import style
from analysis.charts.drawing.canvas import MIN_TEXT_SIZE, Canvas, width_of
from analysis.localisation import N_

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SIZE, LANE, MIN_DISTANCE = MIN_TEXT_SIZE, 19.0, 4.0
NOTE = N_("Numrerade streck: händelser och beslut.")


class Annotation(NamedTuple):
    """A numbered day and its words."""

    number: int
    day: date
    words: str


def draw(
    canvas: Canvas, panel: "Axes", annotations: Sequence[Annotation], at: Sequence[float], corner: tuple[float, float]
) -> None:
    """Draw the lines through one panel, at `at` on the sheet, and their numbers over it; `corner` is its top right."""
    for annotation in annotations:
        day = float(annotation.day.toordinal())
        gid = f"mark-{annotation.number}"
        panel.axvline(day, color=style.SOFT, linewidth=0.8, zorder=0.5, gid=gid)
    right, top = corner
    words = [str(annotation.number) for annotation in annotations]
    for x, label in zip(spaced([width_of(label, SIZE) for label in words], at, right), words, strict=True):
        canvas.text(x, top - 4, label, SIZE, color=style.SOFT, align="center")


def spaced(widths: Sequence[float], at: Sequence[float], right: float) -> list[float]:
    """Return the numbers' positions such that none touches the next: over their lines, or as near as there is room."""
    placed: list[float] = []
    for wide, x in zip(widths, at, strict=True):
        before = placed[-1] + widths[len(placed) - 1] / 2 + MIN_DISTANCE if placed else x - wide
        placed.append(max(x, before + wide / 2))
    edge = right
    for number in range(len(placed) - 1, -1, -1):
        placed[number] = min(placed[number], edge - widths[number] / 2)
        edge = placed[number] - widths[number] / 2 - MIN_DISTANCE
    return placed
