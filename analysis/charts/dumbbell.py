"""One row of the dumbbell: its marks and its words, and the two names over the first.

For the chart `gap`. Patients are a circle with a solid line on the lower side, providers a square with a
dashed line on the upper side, so that nothing hangs on colour alone.
"""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from analysis import findings
from analysis.charts import style
from analysis.charts.page import MARGIN, Page, fitted, width_of, wrap
from analysis.frame import ROLES, Row
from analysis.texts import N_, Texts, say

TOUCHING = 3.5  # percentage points: marks closer than this would hide each other, so they step apart
SIDE = {"patient": 1, "provider": -1}
ROLE_LABEL = {"patient": N_("patienter"), "provider": N_("vården")}


def marks(panel: Axes, row: Row, y: float) -> None:
    """Both sides' points with intervals, or their fields, and the bar between two points."""
    step = 0.0
    if all(row[f"{role}_status"] == "shown" for role in ROLES):
        ends = [row["patient_share"], row["provider_share"]]
        step = 4.0 if abs(ends[0] - ends[1]) < TOUCHING else 0.0
        # No bar where the difference is not shown: it would be read as one.
        if row["status"] != "hidden":
            gid = f"between-{row['question']}"
            panel.plot(ends, [y, y], color=style.BAR, linewidth=6, solid_capstyle="butt", zorder=1, gid=gid)
    for role in ROLES:
        if row[f"{role}_status"] == "band":
            _field(panel, row, role, y)
        elif row[f"{role}_status"] == "shown":
            _interval(panel, row, role, y)
            _point(panel, row, role, y + step * SIDE[role])


def _field(panel: Axes, row: Row, role: str, y: float) -> None:
    low, high = row[f"{role}_cap_low"], row[f"{role}_cap_high"]
    # To its own side: two fields over each other are still two.
    corner = (low, y + 5 * SIDE[role] - 4.5)
    gid = f"band-{role}-{row['question']}"
    panel.add_patch(Rectangle(corner, high - low, 9, **style.field(role), gid=gid))


def _interval(panel: Axes, row: Row, role: str, y: float) -> None:
    panel.plot(
        [row[f"{role}_low"], row[f"{role}_high"]],
        [y + 9.5 * SIDE[role]] * 2,
        color=style.ROLE_COLOR[role],
        linewidth=1.6,
        linestyle=style.ROLE_LINE[role],
        gid=f"interval-{role}-{row['question']}",
    )


def _point(panel: Axes, row: Row, role: str, y: float) -> None:
    color, few = style.ROLE_COLOR[role], row[f"{role}_n"] < findings.SURE
    panel.plot(
        [row[f"{role}_share"]],
        [y],
        style.ROLE_MARKER[role],
        markersize=10,
        markerfacecolor=style.PAPER if few else color,
        markeredgecolor=color if few else style.PAPER,
        markeredgewidth=2 if few else 1,
        zorder=3,
        clip_on=False,
        gid=f"{role}-{row['question']}",
    )


def words_wide(page: Page, row: Row, y: float, texts: Texts) -> None:
    """The question to the left; number, verdict and interval to the right."""
    name = wrap(texts.question(row["question"]), 14.5, 150)
    page.lines(166, y + 5 - (len(name) - 1) * 9, name, 14.5, align="right")
    bold, color = bool(row["distinct"]), style.INK if row["distinct"] else style.SOFT
    number = findings.gap_number(row, texts)
    page.text(636, y + 5, number, fitted(number, 15.5, 92, bold), color=color, bold=bold, align="right")
    verdict = wrap(findings.gap_verdict(row, texts), 13, page.width - MARGIN - 650)
    extent = findings.gap_extent(row, texts)
    first = y + 5 - (8 if extent else 0) - (len(verdict) - 1) * 8
    page.lines(650, first, verdict, 13, color=color)
    page.text(650, first + len(verdict) * 16.5, extent, 12, color=style.SOFT)


def words_narrow(page: Page, row: Row, y: float, texts: Texts) -> None:
    """Question and number above the marks, verdict and interval below."""
    bold, color = bool(row["distinct"]), style.INK if row["distinct"] else style.SOFT
    number = findings.gap_number(row, texts)
    page.text(page.width - MARGIN, y - 32, number, 14.5, color=color, bold=bold, align="right")
    room = page.width - 2 * MARGIN - width_of(number, 14.5, bold) - 12
    name = texts.question(row["question"])
    page.text(MARGIN, y - 32, name, fitted(name, 14, room))
    words = ", ".join(filter(None, (findings.gap_verdict(row, texts), findings.gap_extent(row, texts))))
    page.text(MARGIN, y + 28, words, fitted(words, 12, page.width - 2 * MARGIN), color=color)


def _share(row: Row, role: str) -> float | None:
    if row[f"{role}_status"] == "band":
        return float(row[f"{role}_cap_low"] + row[f"{role}_cap_high"]) / 2
    return float(row[f"{role}_share"]) if row[f"{role}_status"] == "shown" else None


def name_sides(
    page: Page, rows: Sequence[tuple[float, Row]], texts: Texts, edges: tuple[float, float], lift: float
) -> None:
    """The two names, once, over the first row that shows both; moved apart where they would touch."""
    size, (left, right) = 13.5, edges
    known = [(y, {role: share for role in ROLES if (share := _share(row, role)) is not None}) for y, row in rows]
    complete = [(y, shares) for y, shares in known if len(shares) == len(ROLES)]
    seen = {role: [(y, shares) for y, shares in complete or known if role in shares] for role in ROLES}
    words = {role: say(texts, ROLE_LABEL[role]) for role in ROLES}
    half = {role: width_of(words[role], size, bold=True) / 2 for role in ROLES}
    across = {role: left + (right - left) * found[0][1][role] / 100 for role, found in seen.items() if found}
    spots = {role: min(max(x, MARGIN + half[role]), page.width - MARGIN - half[role]) for role, x in across.items()}
    if complete:
        first, last = sorted(ROLES, key=lambda role: (across[role], -SIDE[role]))
        lacking = half[first] + half[last] + 10 - (spots[last] - spots[first])
        if lacking > 0:
            # Both give way; at an edge of the sheet the other one gives way alone.
            start = max(spots[first] - lacking / 2, MARGIN + half[first])
            end = min(start + half[first] + half[last] + 10, page.width - MARGIN - half[last])
            spots = {first: end - half[first] - half[last] - 10, last: end}
    for role, x in spots.items():
        y = seen[role][0][0] - lift
        page.text(x, y, words[role], size, color=style.ROLE_COLOR[role], bold=True, align="center")
