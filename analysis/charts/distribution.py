"""The chart of answers in one round: bars to both sides of a line, yes to the right, partly and no to the left.

For whoever asks what stands behind a share. Where partly and no are not counted separately, as in every unit, they are
one field; a share that is too uncertain is its interval alone; too few answers say so.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.charts.drawing import style
from analysis.charts.drawing.canvas import (
    MARGIN,
    MIN_TEXT_SIZE,
    NARROW,
    WIDE,
    Canvas,
    heading,
    shortened,
    width_of,
    wrap,
)
from analysis.charts.drawing.sides import ROLE_LABEL
from analysis.frames.frame import QUESTIONS, ROLES, Row, is_known, records
from analysis.frames.schema import PARTS, WITHOUT_FIGURE
from analysis.localisation import N_, Localisation, translate
from analysis.sentences import distribution, findings
from survey.domain.questions.answer_scale import ANSWER_OPTIONS, NON_SUBSTANTIVE, NOT_YES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = (
    *("status", "n", "base", "steady_base", "noise", "share", "low", "high"),
    *PARTS,
    "wording",
)
TALL, STEP = 20.0, 25.0
TINT = {code: option.tint for code, option in ANSWER_OPTIONS.items()} | {"not_yes": 0.2}
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
    return distribution.with_majority(found)


def headline(table: pd.DataFrame, texts: Localisation) -> str:
    """Return where more, and fewer, than half say yes, as far as the intervals carry."""
    return distribution.distribution_headline(table, texts)


def subtitle(table: pd.DataFrame, texts: Localisation) -> str:
    """Return measure, place, round, and the rounded number of answers."""
    return distribution.distribution_subtitle(table, texts)


def describe(table: pd.DataFrame, texts: Localisation) -> str:
    """Return the picture in words, bar by bar."""
    return " ".join([headline(table, texts) + ".", *distribution.distribution_lines(table, texts)])


def segments(row: Row) -> Iterator[Segment]:
    """Yield the parts of one bar, from the line outwards on either side."""
    if not is_known(row["share"]):
        return
    yield "yes", 0, row["share"]
    apart = [code for code in NOT_YES if is_known(row[code])]
    start: float = 0
    for code in apart:
        yield code, start - row[code], start
        start -= row[code]
    if not apart:
        yield "not_yes", row["share"] - 100, 0


def draw(table: pd.DataFrame, texts: Localisation, width: int = WIDE) -> "Figure":
    """Draw the picture, on a wide sheet or a narrow one for a phone."""
    head = heading(headline(table, texts), subtitle(table, texts), width)
    wide = width > NARROW
    beside = table[list(NON_SUBSTANTIVE)].notna().any(axis=None)  # at the region alone
    row_height = 72.0 if wide else 122.0 if beside else 92.0
    top = head.height + 36
    bottom = top + row_height * len(QUESTIONS)
    notes = wrap(distribution.distribution_notes(table, texts), MIN_TEXT_SIZE, width - 2 * MARGIN)
    canvas = Canvas(width, bottom + 18 + 19 * len(notes))
    canvas.heading(head)
    canvas.lines(MARGIN, bottom + 22, notes, MIN_TEXT_SIZE, color=style.SOFT)
    labels = max(width_of(translate(texts, words), MIN_TEXT_SIZE) for words in ROLE_LABEL.values()) + 8
    left, right = (172.0 + labels, 600.0 if beside else 800.0) if wide else (MARGIN + labels, width - MARGIN)
    panel = canvas.panel((left, top, right - left, bottom - top), (-100, 100), (bottom - top, 0))
    canvas.sheet.set_zorder(1)  # words stand on the bars
    rows = {(row["question"], row["role"]): row for row in records(table)}
    parts = {kind for row in rows.values() for kind, _, _ in segments(row)}
    _key(canvas, texts, ((left + right) / 2, top - 12), [kind for kind in (*NOT_YES, "not_yes") if kind in parts])
    for number, question in enumerate(QUESTIONS):
        y = number * row_height + (8 if wide else 28)
        _name(canvas, texts.question(question), top + y, wide)
        panel.plot([0, 0], [y - 3, y + STEP + TALL + 3], color=style.SOFT, linewidth=1.2, zorder=4)
        for at, role in enumerate(ROLES):
            row = rows[question, role]
            spot = y + at * STEP
            words = translate(texts, ROLE_LABEL[role])
            canvas.text(left - 8, top + spot + 15, words, MIN_TEXT_SIZE, color=style.ROLE_COLOR[role], align="right")
            _bar(panel, canvas, row, texts, (spot, top + spot, left, right))
            _non_substantive_note(canvas, row, texts, (top + spot, top + y + at * 18 + 2 * STEP + 14, left), wide)
    return canvas.figure


def _name(canvas: Canvas, words: str, y: float, wide: bool) -> None:
    if wide:
        lines = wrap(words, MIN_TEXT_SIZE, 146)
        canvas.lines(160, y + STEP + 3 - (len(lines) - 1) * 9, lines, MIN_TEXT_SIZE, align="right")
    else:
        canvas.text(MARGIN, y - 9, shortened(words, 16, canvas.width - 2 * MARGIN), 16)


def _segment_style(kind: str, row: Row) -> dict[str, Any]:
    color = style.ROLE_COLOR[row["role"]]
    hollow = row["status"] == "hollow"
    tint = 0.22 if hollow and kind == "yes" else TINT[kind]
    edge = color if hollow or kind in (NOT_YES[-1], "not_yes") else style.PAPER
    line = (0, (3, 2)) if kind == "not_yes" else "solid"
    return {"facecolor": (color, tint), "edgecolor": edge, "linewidth": 1, "linestyle": line}


def _bar(panel: "Axes", canvas: Canvas, row: Row, texts: Localisation, at: tuple[float, float, float, float]) -> None:
    from analysis.charts.drawing.backend import Rectangle

    y, on_page, left, right = at
    middle, scale = (left + right) / 2, (right - left) / 200
    if not is_known(row["share"]):
        _unknown(panel, canvas, row, texts, at)
        return
    for kind, start, end in segments(row):
        gid = f"{kind}-{row['role']}-{row['question']}"
        if end > start:
            panel.add_patch(Rectangle((start, y), end - start, TALL, **_segment_style(kind, row), gid=gid, zorder=2))
        bold = kind == "yes"
        words = findings.share_number(row, texts) if bold else texts.number(row[kind])
        if width_of(words, MIN_TEXT_SIZE, bold) + 6 <= (end - start) * scale:
            color = style.PAPER if bold and row["status"] == "shown" else style.INK
            x = middle + scale * (start + end) / 2
            canvas.text(x, on_page + 15.2, words, MIN_TEXT_SIZE, color=color, bold=bold, align="center", zorder=5)
        elif bold:
            x = min(middle + scale * end + 5, right - width_of(words, MIN_TEXT_SIZE, bold=True))
            canvas.text(x, on_page + 15.2, words, MIN_TEXT_SIZE, bold=True)


def _unknown(
    panel: "Axes", canvas: Canvas, row: Row, texts: Localisation, at: tuple[float, float, float, float]
) -> None:
    """Draw a share that is not shown: its interval, where there is one, and the words for it."""
    y, on_page, left, right = at
    words, start = findings.share_number(row, texts), (left + right) / 2 + 8
    if row["status"] == "interval":
        ends, color, gid = [row["low"], row["high"]], style.ROLE_COLOR[row["role"]], f"{row['role']}-{row['question']}"
        mark_style: dict[str, Any] = {"color": color, "linewidth": 1.8, "linestyle": style.ROLE_LINE[row["role"]]}
        panel.plot(ends, [y + TALL - 1] * 2, gid=f"interval-{gid}", clip_on=False, zorder=3, **mark_style)
        panel.plot(ends, [y + TALL - 1] * 2, "|", color=color, markersize=7, markeredgewidth=1.6, clip_on=False)
        on_page -= 2
    canvas.text(start, on_page + 15, words, MIN_TEXT_SIZE, color=style.SOFT)


def _non_substantive_note(
    canvas: Canvas, row: Row, texts: Localisation, at: tuple[float, float, float], wide: bool
) -> None:
    words = distribution.non_substantive_text(row, texts)
    if not words or row["status"] in WITHOUT_FIGURE:
        return
    if wide:
        canvas.text(
            612,
            at[0] + 15,
            shortened(words, MIN_TEXT_SIZE, canvas.width - MARGIN - 612),
            MIN_TEXT_SIZE,
            color=style.SOFT,
        )
    else:
        room = canvas.width - MARGIN - at[2]
        canvas.text(
            at[2], at[1], shortened(words, MIN_TEXT_SIZE, room), MIN_TEXT_SIZE, color=style.ROLE_COLOR[row["role"]]
        )


def _key(canvas: Canvas, texts: Localisation, at: tuple[float, float], kinds: Sequence[str]) -> None:
    """Draw the legend of the tints, each to the side of the line where it stands."""
    from analysis.charts.drawing.backend import Rectangle

    (middle, y), size = at, MIN_TEXT_SIZE
    x = middle - 8
    mark_style: dict[str, Any] = {"facecolor": style.SOFT, "edgecolor": style.SOFT, "linewidth": 1}
    for kind in kinds:
        words = translate(texts, distribution.WORDS[kind])
        canvas.text(x, y, words, size, color=style.SOFT, align="right")
        x -= width_of(words, size) + 17
        line = (0, (3, 2)) if kind == "not_yes" else "solid"
        canvas.sheet.add_patch(
            Rectangle((x, y - 10), 12, 11, **mark_style | {"facecolor": (style.SOFT, TINT[kind]), "linestyle": line})
        )
        x -= 14
    canvas.sheet.add_patch(Rectangle((middle + 8, y - 10), 12, 11, **mark_style))
    canvas.text(middle + 25, y, translate(texts, distribution.WORDS["yes"]), size, color=style.SOFT, bold=True)
