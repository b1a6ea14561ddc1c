"""A gap over the rounds as a line the size of a word: where zero is, where it was reworded, where it ends.

For the table of the summary. A picture of its own inside an `<img>`, so that it needs no style and no further request.
"""

from base64 import b64encode
from collections.abc import Sequence
from itertools import pairwise

WIDE, HIGH, EDGE = 120, 24, 4
MIN_RANGE = 20.0  # points on either side of zero: a small gap shall look small
INK, SOFT = "#4f87b3", "#8a949d"  # seen on white and on the dark page alike


def sparkline(values: Sequence[float | None], breaks: Sequence[bool]) -> str:
    """Return the line as an address; `breaks` says before which rounds the question was asked otherwise."""
    known = [value for value in values if value is not None]
    low, high = min(-MIN_RANGE, *known), max(MIN_RANGE, *known)
    step = (WIDE - 2 * EDGE) / max(len(values) - 1, 1)
    points = [
        None if value is None else (round(EDGE + at * step, 1), _y_position(value, low, high))
        for at, value in enumerate(values)
    ]
    zero = _y_position(0, low, high)
    drawn = [f'<path d="M0 {zero}H{WIDE}" stroke="{SOFT}" stroke-width="1" stroke-dasharray="2 3"/>']
    for (before, after), broken in zip(pairwise(points), breaks[1:], strict=True):
        if before and after and not broken:
            line = f"M{before[0]} {before[1]}L{after[0]} {after[1]}"
            drawn.append(f'<path d="{line}" stroke="{INK}" stroke-width="2" stroke-linecap="round"/>')
    drawn += [f'<circle cx="{x}" cy="{y}" r="1.6" fill="{INK}"/>' for x, y in filter(None, points[:-1])]
    if points[-1]:
        drawn.append(f'<circle cx="{points[-1][0]}" cy="{points[-1][1]}" r="3.4" fill="{INK}"/>')
    size = f'width="{WIDE}" height="{HIGH}" viewBox="0 0 {WIDE} {HIGH}"'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {size} fill="none">{"".join(drawn)}</svg>'
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"


def _y_position(value: float, low: float, high: float) -> float:
    return round(EDGE + (high - value) / (high - low) * (HIGH - 2 * EDGE), 1)
