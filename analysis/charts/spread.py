"""The answers of one round as bars to both sides of a line: yes to the right, partly and no to the left.

For whoever asks what stands behind a share. Where partly and no may not be told apart they are one field; a capped
share is a field that the share lies somewhere in; too few answers say so.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis import answers, findings
from analysis.charts import style
from analysis.charts.dumbbell import ROLE_LABEL
from analysis.charts.page import MARGIN, NARROW, WIDE, Page, fitted, heading, width_of, wrap
from analysis.frame import QUESTIONS, ROLES, Row, known, records
from analysis.texts import Texts, say

COLUMNS = (
    *("status", "n", "share", "low", "high", "cap_low", "cap_high"),
    *("yes", "partly", "no", "not_yes", "dont_know", "not_needed", "wording"),
)
TALL, STEP = 17.0, 22.0
TINT = {"yes": 1.0, "partly": 0.4, "no": 0.12, "not_yes": 0.2, "field": 0.12}
Segment = tuple[str, float, float]  # what it is, from, to; left of the line is below zero


def table(cells: pd.DataFrame, gaps: pd.DataFrame, place: str) -> pd.DataFrame:
    """A row for each question and role of the place, in the newest round."""
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
    return answers.halves(found)


def headline(table: pd.DataFrame, texts: Texts) -> str:
    """Where more, and fewer, than half say yes, as far as the intervals carry."""
    return answers.spread_headline(table, texts)


def subtitle(table: pd.DataFrame, texts: Texts) -> str:
    """Measure, place, round, about how many answers."""
    return answers.spread_subtitle(table, texts)


def describe(table: pd.DataFrame, texts: Texts) -> str:
    """The picture in words, bar by bar."""
    return " ".join([headline(table, texts) + ".", *answers.spread_lines(table, texts)])


def segments(row: Row) -> Iterator[Segment]:
    """The parts of one bar, from the line outwards on either side."""
    if row["status"] == "band":
        low, high = row["cap_low"], row["cap_high"]
        yield from (("yes", 0, low), ("field", low, high), ("not_yes", high - 100, 0), ("field", low - 100, high - 100))
    elif row["status"] == "shown":
        yield "yes", 0, row["share"]
        if known(row["partly"]):
            yield from (("partly", -row["partly"], 0), ("no", -row["partly"] - row["no"], -row["partly"]))
        else:
            yield "not_yes", row["share"] - 100, 0


def draw(table: pd.DataFrame, texts: Texts, width: int = WIDE) -> Figure:
    """The picture, on a wide sheet or a narrow one for a phone."""
    head = heading(headline(table, texts), subtitle(table, texts), width)
    wide = width > NARROW
    row_height = 62.0 if wide else 98.0
    top = head.height + 34
    bottom = top + row_height * len(QUESTIONS)
    notes = wrap(answers.spread_notes(table, texts), 12, width - 2 * MARGIN)
    page = Page(width, bottom + 16 + 15 * len(notes))
    page.heading(head)
    page.lines(MARGIN, bottom + 20, notes, 12, color=style.SOFT)
    labels = max(width_of(say(texts, words), 12) for words in ROLE_LABEL.values()) + 8
    left, right = (178.0 + labels, 660.0) if wide else (MARGIN + labels, width - MARGIN)
    panel = page.panel((left, top, right - left, bottom - top), (-100, 100), (bottom - top, 0))
    page.sheet.set_zorder(1)  # words stand on the bars
    rows = {(row["question"], row["role"]): row for row in records(table)}
    parts = {kind for row in rows.values() for kind, _, _ in segments(row)}
    _key(page, texts, ((left + right) / 2, top - 12), [kind for kind in ("partly", "no", "not_yes") if kind in parts])
    for number, question in enumerate(QUESTIONS):
        y = number * row_height + (8 if wide else 26)
        _name(page, texts.question(question), top + y, wide)
        panel.plot([0, 0], [y - 3, y + STEP + TALL + 3], color=style.SOFT, linewidth=1.2, zorder=4)
        for at, role in enumerate(ROLES):
            row = rows[question, role]
            spot = y + at * STEP
            words = say(texts, ROLE_LABEL[role])
            page.text(left - 8, top + spot + 13, words, 12, color=style.ROLE_COLOR[role], align="right")
            _bar(panel, page, row, texts, (spot, top + spot, left, right))
            _outside(page, row, texts, (top + spot, top + y + at * 14 + 2 * STEP + 10, left), wide)
    return page.figure


def _name(page: Page, words: str, y: float, wide: bool) -> None:
    if wide:
        lines = wrap(words, 14.5, 150)
        page.lines(166, y + STEP + 2 - (len(lines) - 1) * 9, lines, 14.5, align="right")
    else:
        page.text(MARGIN, y - 8, words, fitted(words, 14, page.width - 2 * MARGIN))


def _look(kind: str, row: Row) -> dict[str, Any]:
    color = style.ROLE_COLOR[row["role"]]
    few = row["n"] < findings.SURE
    tint = 0.22 if few and kind == "yes" else TINT[kind]
    dashed = kind in ("field", "not_yes")
    edge = color if few or dashed or kind == "no" else style.PAPER
    line = (0, (3, 2)) if dashed else "solid"
    return {"facecolor": (color, tint), "edgecolor": edge, "linewidth": 1, "linestyle": line}


def _bar(panel: Axes, page: Page, row: Row, texts: Texts, at: tuple[float, float, float, float]) -> None:
    y, on_page, left, right = at
    middle, scale = (left + right) / 2, (right - left) / 200
    if row["status"] == "hidden":
        words = findings.share_words(row, texts)
        page.text(middle + 8, on_page + 13, words, 12, color=style.SOFT)
        return
    for number, (kind, start, end) in enumerate(segments(row)):
        if end > start:
            gid = f"{kind}-{row['role']}-{row['question']}" + (f"-{number}" if kind == "field" else "")
            panel.add_patch(Rectangle((start, y), end - start, TALL, **_look(kind, row), gid=gid, zorder=2))
        solid = kind == "yes" and row["n"] >= findings.SURE
        words = "" if kind == "field" else _number(kind, row, texts)
        if words and width_of(words, 11.5, bold=kind == "yes") + 6 <= (end - start) * scale:
            color = style.PAPER if solid else style.INK
            x = middle + scale * (start + end) / 2
            page.text(x, on_page + 12.8, words, 11.5, color=color, bold=kind == "yes", align="center", zorder=5)
        elif words and kind == "yes":
            x = middle + scale * max(end, row["cap_high"] if row["status"] == "band" else 0) + 5
            page.text(min(x, right - width_of(words, 11.5, bold=True)), on_page + 12.8, words, 11.5, bold=True)


def _number(kind: str, row: Row, texts: Texts) -> str:
    if kind == "yes":
        return findings.share_words(row, texts)
    return texts.number(row[kind]) if row["status"] == "shown" and known(row[kind]) else ""


def _outside(page: Page, row: Row, texts: Texts, at: tuple[float, float, float], wide: bool) -> None:
    words = answers.outside_words(row, texts)
    if not words or row["status"] == "hidden":
        return
    if wide:
        room = page.width - MARGIN - 672
        page.text(672, at[0] + 13, words, fitted(words, 12, room), color=style.SOFT)
    else:
        room = page.width - MARGIN - at[2]
        page.text(at[2], at[1], words, fitted(words, 11, room), color=style.ROLE_COLOR[row["role"]])


def _key(page: Page, texts: Texts, at: tuple[float, float], kinds: Sequence[str]) -> None:
    """What the tints are, to the side of the line where they stand."""
    (middle, y), size = at, 12.5
    x = middle - 8
    look: dict[str, Any] = {"facecolor": style.SOFT, "edgecolor": style.SOFT, "linewidth": 1}
    for kind in kinds:
        words = say(texts, answers.CODES[kind])
        page.text(x, y, words, size, color=style.SOFT, align="right")
        x -= width_of(words, size) + 17
        line = (0, (3, 2)) if kind == "not_yes" else "solid"
        page.sheet.add_patch(
            Rectangle((x, y - 10), 12, 11, **look | {"facecolor": (style.SOFT, TINT[kind]), "linestyle": line})
        )
        x -= 14
    page.sheet.add_patch(Rectangle((middle + 8, y - 10), 12, 11, **look))
    page.text(middle + 25, y, say(texts, answers.CODES["yes"]), size, color=style.SOFT, bold=True)
