"""The chart of gaps in one round: both sides' shares to the left, the tested gap to the right.

For whoever asks where the two see things differently. The questions stand by their gap. A gap that is not distinct from
zero is hollow, grey and says so; what is too uncertain is a line without a mark, or words.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from analysis.charts.drawing import forest, style
from analysis.charts.drawing.canvas import MARGIN, MIN_TEXT_SIZE, NARROW, WIDE, Canvas, heading, width_of, wrap
from analysis.charts.drawing.sides import draw_marks, missing_text, name_sides
from analysis.frames.frame import QUESTIONS, ROLES, Row, records
from analysis.localisation import N_, Localisation, translate
from analysis.sentences import findings, gap

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SIDE = ("status", "n", "base", "share", "low", "high")
_GAP = (
    *("status", "kind", "units", "units_excluded", "only", "patients", "providers"),
    *("gap", "low", "high", "p", "distinct"),
    *("shrunk", "shrunk_low", "shrunk_high", "detectable", "partly_yes", "partly_no"),
    *("wording_patient", "wording_provider"),
)
TICKS = (0, 50, 100)
SHARES, GAP = N_("Andel som svarar ja"), N_("Vården minus patienterna")
NAME, STEP = 15.5, 18.0


def section() -> tuple[str, str]:
    """Return its heading on the page of all charts, and a sentence under it; empty: none."""
    return N_("Patienter och vården sida vid sida"), ""


def table(cells: pd.DataFrame, gaps: pd.DataFrame, place: str, round_key: str = "") -> pd.DataFrame:
    """Return a row a question: both sides' cells and the gap, in the newest round or the one named."""
    gaps = gaps[gaps["place"] == place]
    if gaps.empty:
        raise ValueError(f"{place} is in none of these editions")
    if not round_key:
        round_key = str(gaps.sort_values("date", kind="stable")["round"].iloc[-1])
    return by_round(cells, gaps, place, [round_key])


def by_round(cells: pd.DataFrame, gaps: pd.DataFrame, place: str, rounds: Sequence[str]) -> pd.DataFrame:
    """Return the same rows for several rounds, one after the other, at hardly more than the cost of one."""
    every = pd.MultiIndex.from_product([rounds, QUESTIONS], names=["round", "question"])
    here = cells[cells["place"] == place]
    sides = [(f"{role}_", here[here["role"] == role], _SIDE) for role in ROLES]
    columns: dict[str, object] = {
        "round": every.get_level_values("round").astype("str"),
        "place": place,
        "question": every.get_level_values("question").astype("str"),
    }
    for prefix, rows, names in (*sides, ("", gaps[gaps["place"] == place], _GAP)):
        found = rows.set_index(list(every.names))[list(names)].reindex(every)
        found["status"] = found["status"].fillna("hidden")
        if "distinct" in names:
            found["distinct"] = found["distinct"].eq(True)
            found["only"] = found["only"].fillna("")
        columns |= {prefix + name: found[name].to_numpy() for name in names}
    return pd.DataFrame(columns)


def headline(table: pd.DataFrame, texts: Localisation) -> str:
    """Return the finding, as far as the intervals carry."""
    return gap.gap_headline(table, texts)


def subtitle(table: pd.DataFrame, texts: Localisation) -> str:
    """Return measure, place, round, number of answers, and the meaning of the marks."""
    return gap.gap_subtitle(table, texts)


def describe(table: pd.DataFrame, texts: Localisation) -> str:
    """Return the picture in words, question by question."""
    rows = findings.by_gap(records(table))
    return " ".join([headline(table, texts) + ".", *(findings.gap_line(row, texts) for row in rows)])


class Layout:
    """The layout, wide or narrow, worked out before anything is drawn."""

    def __init__(self, rows: Sequence[Row], texts: Localisation, width: float, top: float) -> None:
        """Lay out the rows from `top`, where the heading ends."""
        self.wide, self.texts, self.rows = width > NARROW, texts, rows
        if self.wide:
            self.shares, self.gaps, self.words = (172.0, 384.0), (444.0, 644.0), (672.0, width - MARGIN)
        else:
            self.shares, self.gaps, self.words = (20.0, 198.0), (252.0, width - 32.0), (MARGIN, width - MARGIN)
        room = 216.0 if self.wide else 180.0
        self.above = [wrap(translate(texts, words), MIN_TEXT_SIZE, room) for words in (SHARES, GAP)]
        self.top = top + STEP * max(map(len, self.above)) + (22 if self.wide else 34)
        self.names: list[list[str]] = []
        self.verdicts: list[list[str]] = []
        self.middles: list[float] = []
        self.bottom = self.top
        for row in rows:
            self._add_row(row)

    def _add_row(self, row: Row) -> None:
        """Add the next row, from where the one before ended."""
        y, left, right = self.bottom, *self.words
        number = findings.gap_in_brackets(row, self.texts)
        room = 144.0 if self.wide else right - left - width_of(number, NAME, bold=True) - 14
        name = wrap(self.texts.question(row["question"]), NAME, room)
        verdict = wrap(findings.gap_verdict(row, self.texts), MIN_TEXT_SIZE, right - left)
        if self.wide:
            self.bottom += max(44.0, STEP * max(len(name), 1 + len(verdict)) + 8)
            self.middles.append((y + self.bottom) / 2)
        else:
            self.middles.append(y + STEP * len(name) + 26)
            self.bottom += STEP * (len(name) + len(verdict)) + 62
        self.names.append(name)
        self.verdicts.append(verdict)


def draw(table: pd.DataFrame, texts: Localisation, width: int = WIDE) -> "Figure":
    """Draw the picture, on a wide sheet or a narrow one for a phone."""
    head = heading(headline(table, texts), subtitle(table, texts), width)
    rows = findings.by_gap(records(table))
    layout = Layout(rows, texts, width, head.height)
    notes = wrap(gap.gap_notes(table, texts), MIN_TEXT_SIZE, width - 2 * MARGIN)
    canvas = Canvas(width, layout.bottom + 44 + STEP * len(notes))
    canvas.heading(head)
    canvas.lines(MARGIN, layout.bottom + 50, notes, MIN_TEXT_SIZE, color=style.SOFT)
    _marks(canvas, layout)
    for row, y, name, verdict in zip(rows, layout.middles, layout.names, layout.verdicts, strict=True):
        missing_text(canvas, row, y, texts, layout.shares)
        (_words_wide if layout.wide else _words_narrow)(canvas, layout, row, (y, name, verdict))
    return canvas.figure


def _marks(canvas: Canvas, layout: Layout) -> None:
    """Draw both panels with their scales, and every row's marks in them."""
    tall = layout.bottom - layout.top
    panels = []
    limits = [row[name] for row in layout.rows for name in ("low", "high") if row["status"] == "shown"]
    end = forest.axis_end(limits)
    for (left, right), across in ((layout.shares, (0.0, 100.0)), (layout.gaps, (-end, end))):
        panels.append(canvas.panel((left, layout.top, right - left, tall), across, (tall, 0)))
    # On a narrow sheet words stand between the rows; the lines keep clear of them.
    stretches = [(0.0, tall)] if layout.wide else [(y - layout.top - 17, y - layout.top + 17) for y in layout.middles]
    for first, last in stretches:
        for share in TICKS:
            panels[0].plot([share] * 2, [first, last], color=style.GRID, linewidth=1, zorder=0, clip_on=False)
        forest.zero(panels[1], first, last)
    for row, y in zip(layout.rows, layout.middles, strict=True):
        draw_marks(panels[0], row, y - layout.top)
        if row["status"] == "shown":
            values, mark_style = (row["low"], row["gap"], row["high"]), forest.gap_style(row["distinct"])
            forest.interval_mark(panels[1], y - layout.top, values, mark_style, f"gap-{row['question']}")
    for lines, edges in zip(layout.above, (layout.shares, layout.gaps), strict=True):
        forest.axis_title(canvas, lines, edges, layout.top - (28 if layout.wide else 40))
    name_sides(canvas, layout.rows[0], layout.texts, layout.shares, layout.top - (4 if layout.wide else 16))
    left, right = layout.shares
    for share in TICKS:
        words = layout.texts.percent(share) if share == 100 else layout.texts.number(share)
        x = left + (right - left) * share / 100
        canvas.text(x, layout.bottom + 20, words, MIN_TEXT_SIZE, color=style.SOFT, align="center")
    forest.scale(canvas, layout.texts, layout.gaps, layout.bottom + 20, end)


def _words_wide(canvas: Canvas, layout: Layout, row: Row, at: tuple[float, list[str], list[str]]) -> None:
    """Write the question to the left; number, interval and verdict to the right."""
    y, name, verdict = at
    canvas.lines(154, y + 5 - (len(name) - 1) * 9, name, NAME, align="right")
    color, left = style.INK if row["distinct"] else style.SOFT, layout.words[0]
    shown = row["status"] == "shown"
    first = y + 5 - 9 * (len(verdict) - 1 + shown)
    if shown:
        number = findings.gap_in_brackets(row, layout.texts)
        canvas.text(left, first, number, NAME, color=color, bold=bool(row["distinct"]))
    canvas.lines(left, first + STEP * shown, verdict, MIN_TEXT_SIZE, color=color)


def _words_narrow(canvas: Canvas, layout: Layout, row: Row, at: tuple[float, list[str], list[str]]) -> None:
    """Write question, number and interval above the marks, verdict below."""
    y, name, verdict = at
    top = y - 26 - STEP * len(name)
    canvas.lines(MARGIN, top + 15, name, NAME)
    color, bold = style.INK if row["distinct"] else style.SOFT, bool(row["distinct"])
    if row["status"] == "shown":
        number = findings.gap_in_brackets(row, layout.texts)
        canvas.text(layout.words[1], top + 15, number, NAME, color=color, bold=bold, align="right")
    canvas.lines(MARGIN, y + 34, verdict, MIN_TEXT_SIZE, color=color)
