"""The chart of answers in one round: bars to both sides of a line, yes to the right, partly and no to the left.

For whoever asks what stands behind a share. Where partly and no are not told apart, as in every unit, they are one
field; a share that is too uncertain is its interval alone; too few answers say so.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.charts.drawing import style
from analysis.charts.drawing.canvas import LEAST, MARGIN, NARROW, WIDE, Page, heading, shortened, width_of, wrap
from analysis.charts.drawing.sides import ROLE_LABEL
from analysis.frames.frame import QUESTIONS, ROLES, Row, known, records
from analysis.frames.schema import SILENT
from analysis.sentences import distribution, findings
from analysis.texts import N_, Texts, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = (
    *("status", "n", "base", "steady_base", "noise", "share", "low", "high"),
    *("yes", "partly", "no", "not_yes", "dont_know", "not_needed", "wording"),
)
TALL, STEP = 20.0, 25.0
TINT = {"yes": 1.0, "partly": 0.4, "no": 0.12, "not_yes": 0.2}
Segment = tuple[str, float, float]  # code, start, end; left of the line is below zero


def section() -> tuple[str, str]:
    """Return its heading on the page of all charts, and a sentence under it; empty: none."""
    return N_("Så fördelar sig svaren"), N_("Ja, delvis och nej för båda sidor i den här mätomgången.")


def table(cells: pd.DataFrame, gaps: pd.DataFrame, place: str) -> pd.DataFrame:
    """Return a row for each question and role of the place, in the newest round."""
    existed = gaps[gaps["place"] == place]
    if existed.empty:
        raise ValueError(f"{place} is in none of these editions")
    newest = existed.sort_values("date", kind="stable").iloc[-1]
    here = cells[(cells["place"] == place) & (cells["round"] == newest["round"])]
    every = pd.MultiIndex.from_product([QUESTIONS, ROLES], names=["question", "role"])
    found = here.set_index(list(every.names))[list(COLUMNS)].reindex(every).reset_index()
    found["status"] = found["status"].fillna("hidden")
    found.insert(0, "round", newest["round"])
    found.insert(1, "date", newest["date"])
    found.insert(2, "place", place)
    return distribution.halves(found)


def headline(table: pd.DataFrame, texts: Texts) -> str:
    """Return where more, and fewer, than half say yes, as far as the intervals carry."""
    return distribution.spread_headline(table, texts)


def subtitle(table: pd.DataFrame, texts: Texts) -> str:
    """Return measure, place, round, and the rounded number of answers."""
    return distribution.spread_subtitle(table, texts)


def describe(table: pd.DataFrame, texts: Texts) -> str:
    """Return the picture in words, bar by bar."""
    return " ".join([headline(table, texts) + ".", *distribution.spread_lines(table, texts)])


def segments(row: Row) -> Iterator[Segment]:
    """Yield the parts of one bar, from the line outwards on either side."""
    if not known(row["share"]):
        return
    yield "yes", 0, row["share"]
    if known(row["partly"]):
        yield from (("partly", -row["partly"], 0), ("no", -row["partly"] - row["no"], -row["partly"]))
    else:
        yield "not_yes", row["share"] - 100, 0


def draw(table: pd.DataFrame, texts: Texts, width: int = WIDE) -> "Figure":
    """Draw the picture, on a wide sheet or a narrow one for a phone."""
    head = heading(headline(table, texts), subtitle(table, texts), width)
    wide = width > NARROW
    beside = table[["dont_know", "not_needed"]].notna().any(axis=None)  # at the region alone
    row_height = 72.0 if wide else 122.0 if beside else 92.0
    top = head.height + 36
    bottom = top + row_height * len(QUESTIONS)
    notes = wrap(distribution.spread_notes(table, texts), LEAST, width - 2 * MARGIN)
    page = Page(width, bottom + 18 + 19 * len(notes))
    page.heading(head)
    page.lines(MARGIN, bottom + 22, notes, LEAST, color=style.SOFT)
    labels = max(width_of(say(texts, words), LEAST) for words in ROLE_LABEL.values()) + 8
    left, right = (172.0 + labels, 600.0 if beside else 800.0) if wide else (MARGIN + labels, width - MARGIN)
    panel = page.panel((left, top, right - left, bottom - top), (-100, 100), (bottom - top, 0))
    page.sheet.set_zorder(1)  # words stand on the bars
    rows = {(row["question"], row["role"]): row for row in records(table)}
    parts = {kind for row in rows.values() for kind, _, _ in segments(row)}
    _key(page, texts, ((left + right) / 2, top - 12), [kind for kind in ("partly", "no", "not_yes") if kind in parts])
    for number, question in enumerate(QUESTIONS):
        y = number * row_height + (8 if wide else 28)
        _name(page, texts.question(question), top + y, wide)
        panel.plot([0, 0], [y - 3, y + STEP + TALL + 3], color=style.SOFT, linewidth=1.2, zorder=4)
        for at, role in enumerate(ROLES):
            row = rows[question, role]
            spot = y + at * STEP
            words = say(texts, ROLE_LABEL[role])
            page.text(left - 8, top + spot + 15, words, LEAST, color=style.ROLE_COLOR[role], align="right")
            _bar(panel, page, row, texts, (spot, top + spot, left, right))
            _outside(page, row, texts, (top + spot, top + y + at * 18 + 2 * STEP + 14, left), wide)
    return page.figure


def _name(page: Page, words: str, y: float, wide: bool) -> None:
    if wide:
        lines = wrap(words, LEAST, 146)
        page.lines(160, y + STEP + 3 - (len(lines) - 1) * 9, lines, LEAST, align="right")
    else:
        page.text(MARGIN, y - 9, shortened(words, 16, page.width - 2 * MARGIN), 16)


def _look(kind: str, row: Row) -> dict[str, Any]:
    color = style.ROLE_COLOR[row["role"]]
    hollow = row["status"] == "hollow"
    tint = 0.22 if hollow and kind == "yes" else TINT[kind]
    edge = color if hollow or kind in ("no", "not_yes") else style.PAPER
    line = (0, (3, 2)) if kind == "not_yes" else "solid"
    return {"facecolor": (color, tint), "edgecolor": edge, "linewidth": 1, "linestyle": line}


def _bar(panel: "Axes", page: Page, row: Row, texts: Texts, at: tuple[float, float, float, float]) -> None:
    from analysis.charts.drawing.backend import Rectangle

    y, on_page, left, right = at
    middle, scale = (left + right) / 2, (right - left) / 200
    if not known(row["share"]):
        _unknown(panel, page, row, texts, at)
        return
    for kind, start, end in segments(row):
        gid = f"{kind}-{row['role']}-{row['question']}"
        if end > start:
            panel.add_patch(Rectangle((start, y), end - start, TALL, **_look(kind, row), gid=gid, zorder=2))
        bold = kind == "yes"
        words = findings.share_number(row, texts) if bold else texts.number(row[kind])
        if width_of(words, LEAST, bold) + 6 <= (end - start) * scale:
            color = style.PAPER if bold and row["status"] == "shown" else style.INK
            x = middle + scale * (start + end) / 2
            page.text(x, on_page + 15.2, words, LEAST, color=color, bold=bold, align="center", zorder=5)
        elif bold:
            x = min(middle + scale * end + 5, right - width_of(words, LEAST, bold=True))
            page.text(x, on_page + 15.2, words, LEAST, bold=True)


def _unknown(panel: "Axes", page: Page, row: Row, texts: Texts, at: tuple[float, float, float, float]) -> None:
    """Draw a share that is not told: its interval, where there is one, and the words for it."""
    y, on_page, left, right = at
    words, start = findings.share_number(row, texts), (left + right) / 2 + 8
    if row["status"] == "interval":
        ends, color, gid = [row["low"], row["high"]], style.ROLE_COLOR[row["role"]], f"{row['role']}-{row['question']}"
        look: dict[str, Any] = {"color": color, "linewidth": 1.8, "linestyle": style.ROLE_LINE[row["role"]]}
        panel.plot(ends, [y + TALL - 1] * 2, gid=f"interval-{gid}", clip_on=False, zorder=3, **look)
        panel.plot(ends, [y + TALL - 1] * 2, "|", color=color, markersize=7, markeredgewidth=1.6, clip_on=False)
        on_page -= 2
    page.text(start, on_page + 15, words, LEAST, color=style.SOFT)


def _outside(page: Page, row: Row, texts: Texts, at: tuple[float, float, float], wide: bool) -> None:
    words = distribution.outside_words(row, texts)
    if not words or row["status"] in SILENT:
        return
    if wide:
        page.text(612, at[0] + 15, shortened(words, LEAST, page.width - MARGIN - 612), LEAST, color=style.SOFT)
    else:
        room = page.width - MARGIN - at[2]
        page.text(at[2], at[1], shortened(words, LEAST, room), LEAST, color=style.ROLE_COLOR[row["role"]])


def _key(page: Page, texts: Texts, at: tuple[float, float], kinds: Sequence[str]) -> None:
    """Draw the legend of the tints, each to the side of the line where it stands."""
    from analysis.charts.drawing.backend import Rectangle

    (middle, y), size = at, LEAST
    x = middle - 8
    look: dict[str, Any] = {"facecolor": style.SOFT, "edgecolor": style.SOFT, "linewidth": 1}
    for kind in kinds:
        words = say(texts, distribution.CODES[kind])
        page.text(x, y, words, size, color=style.SOFT, align="right")
        x -= width_of(words, size) + 17
        line = (0, (3, 2)) if kind == "not_yes" else "solid"
        page.sheet.add_patch(
            Rectangle((x, y - 10), 12, 11, **look | {"facecolor": (style.SOFT, TINT[kind]), "linestyle": line})
        )
        x -= 14
    page.sheet.add_patch(Rectangle((middle + 8, y - 10), 12, 11, **look))
    page.text(middle + 25, y, say(texts, distribution.CODES["yes"]), size, color=style.SOFT, bold=True)
