"""The chart of gaps in one round: both sides' shares to the left, the tested gap to the right.

For whoever asks where the two see things differently. The questions stand by their gap. A gap that cannot be told from
zero is hollow, grey and says so; what is too uncertain is a line without a mark, or words.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from analysis.charts.drawing import forest, style
from analysis.charts.drawing.canvas import LEAST, MARGIN, NARROW, WIDE, Page, heading, width_of, wrap
from analysis.charts.drawing.sides import marks, name_sides, silence
from analysis.frames.frame import QUESTIONS, ROLES, Row, records
from analysis.sentences import findings, gap
from analysis.texts import N_, Texts, say

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SIDE = ("status", "n", "base", "share", "low", "high")
_GAP = (
    *("status", "kind", "units", "units_out", "only", "patients", "providers"),
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


def headline(table: pd.DataFrame, texts: Texts) -> str:
    """Return the finding, as far as the intervals carry."""
    return gap.gap_headline(table, texts)


def subtitle(table: pd.DataFrame, texts: Texts) -> str:
    """Return measure, place, round, number of answers, and the meaning of the marks."""
    return gap.gap_subtitle(table, texts)


def describe(table: pd.DataFrame, texts: Texts) -> str:
    """Return the picture in words, question by question."""
    rows = findings.by_gap(records(table))
    return " ".join([headline(table, texts) + ".", *(findings.gap_line(row, texts) for row in rows)])


class Plan:
    """The layout, wide or narrow, worked out before anything is drawn."""

    def __init__(self, rows: Sequence[Row], texts: Texts, width: float, top: float) -> None:
        """Lay out the rows from `top`, where the heading ends."""
        self.wide, self.texts, self.rows = width > NARROW, texts, rows
        if self.wide:
            self.shares, self.gaps, self.words = (172.0, 384.0), (444.0, 644.0), (672.0, width - MARGIN)
        else:
            self.shares, self.gaps, self.words = (20.0, 198.0), (252.0, width - 32.0), (MARGIN, width - MARGIN)
        room = 216.0 if self.wide else 180.0
        self.above = [wrap(say(texts, words), LEAST, room) for words in (SHARES, GAP)]
        self.top = top + STEP * max(map(len, self.above)) + (22 if self.wide else 34)
        self.names: list[list[str]] = []
        self.verdicts: list[list[str]] = []
        self.middles: list[float] = []
        self.bottom = self.top
        for row in rows:
            self._take_in(row)

    def _take_in(self, row: Row) -> None:
        """Add the next row, from where the one before ended."""
        y, left, right = self.bottom, *self.words
        number = findings.gap_in_brackets(row, self.texts)
        room = 144.0 if self.wide else right - left - width_of(number, NAME, bold=True) - 14
        name = wrap(self.texts.question(row["question"]), NAME, room)
        said = wrap(findings.gap_verdict(row, self.texts), LEAST, right - left)
        if self.wide:
            self.bottom += max(44.0, STEP * max(len(name), 1 + len(said)) + 8)
            self.middles.append((y + self.bottom) / 2)
        else:
            self.middles.append(y + STEP * len(name) + 26)
            self.bottom += STEP * (len(name) + len(said)) + 62
        self.names.append(name)
        self.verdicts.append(said)


def draw(table: pd.DataFrame, texts: Texts, width: int = WIDE) -> "Figure":
    """Draw the picture, on a wide sheet or a narrow one for a phone."""
    head = heading(headline(table, texts), subtitle(table, texts), width)
    rows = findings.by_gap(records(table))
    plan = Plan(rows, texts, width, head.height)
    notes = wrap(gap.gap_notes(table, texts), LEAST, width - 2 * MARGIN)
    page = Page(width, plan.bottom + 44 + STEP * len(notes))
    page.heading(head)
    page.lines(MARGIN, plan.bottom + 50, notes, LEAST, color=style.SOFT)
    _marks(page, plan)
    for row, y, name, verdict in zip(rows, plan.middles, plan.names, plan.verdicts, strict=True):
        silence(page, row, y, texts, plan.shares)
        (_words_wide if plan.wide else _words_narrow)(page, plan, row, (y, name, verdict))
    return page.figure


def _marks(page: Page, plan: Plan) -> None:
    """Draw both panels with their scales, and every row's marks in them."""
    tall = plan.bottom - plan.top
    panels = []
    limits = [row[name] for row in plan.rows for name in ("low", "high") if row["status"] == "shown"]
    end = forest.reach(limits)
    for (left, right), across in ((plan.shares, (0.0, 100.0)), (plan.gaps, (-end, end))):
        panels.append(page.panel((left, plan.top, right - left, tall), across, (tall, 0)))
    # On a narrow sheet words stand between the rows; the lines keep clear of them.
    stretches = [(0.0, tall)] if plan.wide else [(y - plan.top - 17, y - plan.top + 17) for y in plan.middles]
    for first, last in stretches:
        for share in TICKS:
            panels[0].plot([share] * 2, [first, last], color=style.GRID, linewidth=1, zorder=0, clip_on=False)
        forest.zero(panels[1], first, last)
    for row, y in zip(plan.rows, plan.middles, strict=True):
        marks(panels[0], row, y - plan.top)
        if row["status"] == "shown":
            values, look = (row["low"], row["gap"], row["high"]), forest.of_gap(row["distinct"])
            forest.mark(panels[1], y - plan.top, values, look, f"gap-{row['question']}")
    for lines, edges in zip(plan.above, (plan.shares, plan.gaps), strict=True):
        forest.over(page, lines, edges, plan.top - (28 if plan.wide else 40))
    name_sides(page, plan.rows[0], plan.texts, plan.shares, plan.top - (4 if plan.wide else 16))
    left, right = plan.shares
    for share in TICKS:
        words = plan.texts.percent(share) if share == 100 else plan.texts.number(share)
        x = left + (right - left) * share / 100
        page.text(x, plan.bottom + 20, words, LEAST, color=style.SOFT, align="center")
    forest.scale(page, plan.texts, plan.gaps, plan.bottom + 20, end)


def _words_wide(page: Page, plan: Plan, row: Row, at: tuple[float, list[str], list[str]]) -> None:
    """Write the question to the left; number, interval and verdict to the right."""
    y, name, verdict = at
    page.lines(154, y + 5 - (len(name) - 1) * 9, name, NAME, align="right")
    color, left = style.INK if row["distinct"] else style.SOFT, plan.words[0]
    shown = row["status"] == "shown"
    first = y + 5 - 9 * (len(verdict) - 1 + shown)
    if shown:
        number = findings.gap_in_brackets(row, plan.texts)
        page.text(left, first, number, NAME, color=color, bold=bool(row["distinct"]))
    page.lines(left, first + STEP * shown, verdict, LEAST, color=color)


def _words_narrow(page: Page, plan: Plan, row: Row, at: tuple[float, list[str], list[str]]) -> None:
    """Write question, number and interval above the marks, verdict below."""
    y, name, verdict = at
    top = y - 26 - STEP * len(name)
    page.lines(MARGIN, top + 15, name, NAME)
    color, bold = style.INK if row["distinct"] else style.SOFT, bool(row["distinct"])
    if row["status"] == "shown":
        number = findings.gap_in_brackets(row, plan.texts)
        page.text(plan.words[1], top + 15, number, NAME, color=color, bold=bold, align="right")
    page.lines(MARGIN, y + 34, verdict, LEAST, color=color)
