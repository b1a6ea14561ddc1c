"""Numbered days on a chart over time: a fine line through each panel, its number over it, its words beside the picture.

For what happened and was decided between the rounds. A mark says when, never that it was the cause.
"""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from analysis.charts.drawing import style
from analysis.charts.drawing.canvas import LEAST, Page, width_of
from analysis.texts import N_

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SIZE, LANE, APART = LEAST, 19.0, 4.0
NOTE = N_("Numrerade streck: händelser och beslut.")


class Mark(NamedTuple):
    """A numbered day and its words."""

    number: int
    day: date
    words: str


def draw(page: Page, panel: "Axes", marks: Sequence[Mark], at: Sequence[float], corner: tuple[float, float]) -> None:
    """Draw the lines through one panel, at `at` on the sheet, and their numbers over it; `corner` is its top right."""
    for mark in marks:
        day = float(mark.day.toordinal())
        gid = f"mark-{mark.number}"
        panel.axvline(day, color=style.SOFT, linewidth=0.8, zorder=0.5, gid=gid)
    right, top = corner
    words = [str(mark.number) for mark in marks]
    for x, said in zip(spread([width_of(said, SIZE) for said in words], at, right), words, strict=True):
        page.text(x, top - 4, said, SIZE, color=style.SOFT, align="center")


def spread(widths: Sequence[float], at: Sequence[float], right: float) -> list[float]:
    """Return the numbers' positions such that none touches the next: over their lines, or as near as there is room."""
    placed: list[float] = []
    for wide, x in zip(widths, at, strict=True):
        before = placed[-1] + widths[len(placed) - 1] / 2 + APART if placed else x - wide
        placed.append(max(x, before + wide / 2))
    edge = right
    for number in range(len(placed) - 1, -1, -1):
        placed[number] = min(placed[number], edge - widths[number] / 2)
        edge = placed[number] - widths[number] / 2 - APART
    return placed
