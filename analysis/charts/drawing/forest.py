"""Differences in percentage points around a zero line: an interval a row, solid where it is distinct from zero.

For `gap` and `change`, and for whatever else sets differences over each other. What reaches past the end of the scale
ends there in an arrow.
"""

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from analysis.charts.drawing import style
from analysis.charts.drawing.canvas import MIN_TEXT_SIZE, Canvas, width_of
from analysis.frames.frame import is_known
from analysis.localisation import Localisation

if TYPE_CHECKING:
    from matplotlib.axes import Axes

STEP = 20


def axis_end(limits: Iterable[float], minimum: float = STEP, maximum: float = 100.0) -> float:
    """Return the end of the scale to either side: out to whole twenties, so that every limit has room."""
    furthest = max((abs(value) for value in limits if is_known(value)), default=0.0)
    return min(max(minimum, STEP * math.ceil(furthest / STEP)), maximum)


def zero(panel: "Axes", top: float, bottom: float) -> None:
    """Draw the line of no difference, through all rows, and lighter ones at the ends and half-way."""
    end = panel.get_xlim()[1]
    for value in (-end, -end / 2, end / 2, end):
        panel.plot([value] * 2, [top, bottom], color=style.GRID, linewidth=1, zorder=0, clip_on=False)
    panel.plot(
        [0, 0], [top, bottom], color=style.SOFT, linewidth=1.4, zorder=1, clip_on=False, gid=f"zero-{round(top)}"
    )


def scale(canvas: Canvas, texts: Localisation, edges: tuple[float, float], y: float, end: float) -> None:
    """Write the numbers under the ends and the middle."""
    left, right = edges
    for at, value in ((0.0, -end), (0.5, 0.0), (1.0, end)):
        canvas.text(left + (right - left) * at, y, texts.points(value), MIN_TEXT_SIZE, color=style.SOFT, align="center")


def interval_mark(panel: "Axes", y: float, values: Sequence[float], mark_style: dict[str, Any], gid: str) -> None:
    """Draw an interval with its middle: `values` are low, middle, high, `mark_style` its colour, marker, line, face."""
    low, middle, high = values
    first, last = panel.get_xlim()
    ends = [max(low, first), min(high, last)]
    color = mark_style["color"]
    panel.plot(ends, [y, y], color=color, linewidth=2, linestyle=mark_style["line"], zorder=2, gid=f"interval-{gid}")
    for beyond, x, shape in ((low < first, first, "<"), (high > last, last, ">")):
        if beyond:
            panel.plot([x], [y], shape, color=color, markersize=7, zorder=3, clip_on=False, gid=f"beyond-{gid}")
    if first <= middle <= last:
        panel.plot(
            [middle],
            [y],
            mark_style["marker"],
            markersize=mark_style["size"],
            markerfacecolor=mark_style["face"],
            markeredgecolor=color,
            markeredgewidth=1.8,
            zorder=3,
            clip_on=False,
            gid=gid,
        )


def gap_style(distinct: bool) -> dict[str, Any]:
    """Return a gap's look: a rhomb, filled and in ink where it is distinct from zero."""
    color = style.INK if distinct else style.SOFT
    return {"color": color, "face": style.INK if distinct else style.PAPER, "marker": "D", "line": "solid", "size": 8}


def role_style(role: str, distinct: bool) -> dict[str, Any]:
    """Return a change's look: its side's shape and line, filled where it is distinct from zero."""
    color = style.ROLE_COLOR[role]
    mark_style = {"color": color, "marker": style.ROLE_MARKER[role], "line": style.ROLE_LINE[role], "size": 8}
    return mark_style | {"face": color if distinct else style.PAPER}


def axis_title(canvas: Canvas, lines: Sequence[str], edges: tuple[float, float], y: float) -> None:
    """Write the measure in lines over the panel, the last baseline at y; never out over the sheet's edge."""
    half = max(width_of(line, MIN_TEXT_SIZE) for line in lines) / 2
    middle = min(sum(edges) / 2, canvas.width - 14 - half)
    for number, line in enumerate(reversed(lines)):
        canvas.text(middle, y - number * 18, line, MIN_TEXT_SIZE, color=style.SOFT, align="center")
