"""Labels of each line's newest figure, at the line's end; numbers that would meet step apart.

For the charts with a panel a question. What has no figure has no label: its words stand under the panel.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from analysis.charts.drawing.canvas import Canvas, width_of
from analysis.charts.drawing.grid import SMALL, Grid

MIN_DISTANCE = 15.0  # so far apart stand two numbers one over the other
OFFSET = 7.0  # from the plot's edge


class Label(NamedTuple):
    """Words at a height of the panel's scale, in a colour."""

    at: float
    words: str
    color: str
    bold: bool = False


def label_width(every: Sequence[Label]) -> float:
    """Return the room that the widest label takes beside its plot."""
    return max((width_of(each.words, SMALL, each.bold) for each in every), default=0.0) + OFFSET + 2


def draw(canvas: Canvas, layout: Grid, number: int, own: Sequence[Label]) -> None:
    """Draw the labels of one panel, right of its plot."""
    x, top = layout.corner(number)
    spots = spaced([layout.y(number, each.at) + 5 for each in own], MIN_DISTANCE, top + 8, top + layout.height + 4)
    for each, y in zip(own, spots, strict=True):
        canvas.text(x + layout.width + OFFSET, y, each.words, SMALL, color=each.color, bold=each.bold)


def spaced(heights: Sequence[float], distance: float, top: float, bottom: float) -> list[float]:
    """Return the heights, in their order, moved so that they stand at least so far apart and inside."""
    order = sorted(range(len(heights)), key=lambda at: heights[at])
    found = [min(max(height, top), bottom) for height in heights]
    for one, other in pairwise(order):
        lacking = distance - (found[other] - found[one])
        if lacking > 0:
            found[one], found[other] = found[one] - lacking / 2, found[other] + lacking / 2
            shift = max(0.0, top - found[one]) - max(0.0, found[other] - bottom)
            found[one], found[other] = found[one] + shift, found[other] + shift
    return found
