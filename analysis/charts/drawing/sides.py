"""Marks of two shares in one row, dodged: the patient's over the middle, the provider's under it.

For the chart `gap`. Patients are a circle with a solid line, providers a square with a dashed line, so that nothing
hangs on colour alone. A share that is too uncertain for a number is its interval without a mark.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from analysis.charts.drawing import style
from analysis.charts.drawing.canvas import MARGIN, MIN_TEXT_SIZE, Canvas, width_of
from analysis.charts.drawing.small_multiples import HIDDEN_TEXT
from analysis.frames.frame import ROLES, Row
from analysis.frames.schema import WITH_SHARE, WITHOUT_FIGURE
from analysis.localisation import N_, Localisation, translate

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DODGE_OFFSET = 8.0
SIDE = {"patient": -1, "provider": 1}
ROLE_LABEL = {"patient": N_("patienter"), "provider": N_("vården")}


def draw_marks(panel: "Axes", row: Row, y: float) -> None:
    """Draw both sides' shares with their intervals, as far as they are shown."""
    for role in ROLES:
        status, at = row[f"{role}_status"], y + DODGE_OFFSET * SIDE[role]
        if status in WITH_SHARE or status == "interval":
            _interval(panel, row, role, at)
        if status in WITH_SHARE:
            mark_style = style.point(role, status, 9.5)
            panel.plot([row[f"{role}_share"]], [at], gid=f"{role}-{row['question']}", **mark_style)


def _interval(panel: "Axes", row: Row, role: str, y: float) -> None:
    ends, color = [row[f"{role}_low"], row[f"{role}_high"]], style.ROLE_COLOR[role]
    mark_style = {"color": color, "linewidth": 1.8, "linestyle": style.ROLE_LINE[role]}
    panel.plot(ends, [y, y], gid=f"interval-{role}-{row['question']}", **mark_style)
    if row[f"{role}_status"] == "interval":
        # Its ends are marked: a line alone would look like one whose mark is forgotten.
        panel.plot(ends, [y, y], "|", color=color, markersize=9, markeredgewidth=1.8, clip_on=False)


def missing_text(canvas: Canvas, row: Row, y: float, texts: Localisation, edges: tuple[float, float]) -> None:
    """Write words for each side of which nothing is drawn."""
    left, right = edges
    quiet = [role for role in ROLES if row[f"{role}_status"] in WITHOUT_FIGURE]
    kinds = {role: "unsure" if row[f"{role}_status"] == "unsure" else "both" for role in quiet}
    if len(quiet) == 2 and len(set(kinds.values())) == 1:
        canvas.text(
            (left + right) / 2,
            y + 5,
            translate(texts, HIDDEN_TEXT[kinds["patient"]]),
            MIN_TEXT_SIZE,
            color=style.SOFT,
            align="center",
        )
        return
    for role in quiet:
        whole = translate(texts, HIDDEN_TEXT[role if kinds[role] == "both" else f"unsure {role}"])
        words = whole if width_of(whole, MIN_TEXT_SIZE) <= right - left else translate(texts, HIDDEN_TEXT[kinds[role]])
        canvas.text(
            (left + right) / 2,
            y + 5 + 10 * SIDE[role],
            words,
            MIN_TEXT_SIZE,
            color=style.ROLE_COLOR[role],
            align="center",
        )


def _middle(row: Row, role: str) -> float | None:
    """Return the position of a side's mark, or the middle of its interval."""
    status = row[f"{role}_status"]
    if status in WITH_SHARE:
        return float(row[f"{role}_share"])
    return float(row[f"{role}_low"] + row[f"{role}_high"]) / 2 if status == "interval" else None


def name_sides(canvas: Canvas, row: Row, texts: Localisation, edges: tuple[float, float], y: float) -> None:
    """Write the two names over the first row, as near over their marks as there is room; each with its mark."""
    left, right = edges
    size, between = MIN_TEXT_SIZE, 14.0
    middles = {role: _middle(row, role) for role in ROLES}
    words = {role: translate(texts, ROLE_LABEL[role]) for role in ROLES}
    wide = {role: width_of(words[role], size, bold=True) + 15 for role in ROLES}
    order: Sequence[str] = sorted(ROLES, key=lambda role: (middles[role] or 0.0, SIDE[role]))
    across = {role: left + (right - left) * (50.0 if at is None else at) / 100 for role, at in middles.items()}
    spots = [across[role] - wide[role] / 2 for role in order]
    first, last = wide[order[0]], wide[order[1]]
    lacking = max(0.0, spots[0] + first + between - spots[1])
    start = max(spots[0] - lacking / 2, MARGIN)
    end = min(max(spots[1] + lacking / 2, start + first + between), canvas.width - MARGIN - last)
    start = min(start, end - between - first)
    for role, x in zip(order, (start, end), strict=True):
        color = style.ROLE_COLOR[role]
        canvas.sheet.plot([x + 5], [y - 5], style.ROLE_MARKER[role], color=color, markersize=8)
        canvas.text(x + 15, y, words[role], size, color=color, bold=True)
