"""Small multiples: a panel a question on one grid, with the round's date across.

For `trend` and `samsyn`. Holds what both share: where the panels stand, their titles, the light grid, the
rounds at the foot, dotted breaks where a wording changed, and "för få svar" where a round is hidden.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Polygon

from analysis.charts import style
from analysis.charts.marks import LANE, Mark
from analysis.charts.marks import draw as draw_marks
from analysis.charts.page import MARGIN, NARROW, Page, width_of, wrap
from analysis.findings import NO_POOL
from analysis.frame import QUESTIONS, Row
from analysis.texts import N_, Texts, say

T = TypeVar("T")

TITLE, SMALL = 13.5, 11.0
LINE = 17.0
HIDDEN = {
    "both": N_("för få svar"),
    "pooled": NO_POOL,
    "patient": N_("patienter: för få svar"),
    "provider": N_("vården: för få svar"),
}


@dataclass(frozen=True)
class Ticks:
    """Values up the side of the panels, with their words; the first and the last are its ends."""

    values: tuple[float, ...]
    words: tuple[str, ...]


def batched(items: Sequence[T], size: int) -> list[Sequence[T]]:
    """The items in rows of this size."""
    return [items[at : at + size] for at in range(0, len(items), size)]


def days(dates: Iterable[date]) -> list[float]:
    """Dates as numbers a panel counts in."""
    return [float(day.toordinal()) for day in dates]


class Multiples:
    """Where the seven panels stand, worked out before anything is drawn."""

    marks: Sequence[Mark] = ()
    lane = 0.0  # room over the panels for the marks' numbers

    def __init__(  # noqa: PLR0917 (what is drawn, for whom, where)
        self,
        table: pd.DataFrame,
        texts: Texts,
        width: float,
        top: float,
        ticks: Ticks,
        marks: Sequence[Mark] = (),
    ) -> None:
        """`table` has round, date and question; `top` is where the heading ends."""
        self.texts, self.ticks, self.marks = texts, ticks, marks
        self.lane = LANE if marks else self.lane
        wide = width > NARROW
        self.columns, self.height, gutter = (4, 150.0, 24.0) if wide else (2, 110.0, 18.0)
        self.left = MARGIN + 10 + max(width_of(words, SMALL) for words in ticks.words)
        self.width = (width - self.left - MARGIN - gutter * (self.columns - 1)) / self.columns
        self.pitch = self.width + gutter
        self.titles = [wrap(texts.question(key), TITLE, self.width, bold=True) for key in QUESTIONS]
        hidden = set(table.loc[table["status"] == "hidden", "question"])
        # Words under a panel need room, in the rows where there are any.
        feet = [36.0 if hidden & set(part) else 20.0 for part in batched(QUESTIONS, self.columns)]
        heads = [max(map(len, part)) * LINE + 8 + self.lane for part in batched(self.titles, self.columns)]
        self.tops = [
            top + sum(heads[: row + 1]) + sum(feet[:row]) + row * (self.height + 18) for row in range(len(feet))
        ]
        self.feet = feet
        self.bottom = self.tops[-1] + self.height + feet[-1] + 18
        rounds = table.drop_duplicates("round").sort_values("date")
        self.rounds, self.days = list(rounds["round"]), days(rounds["date"])
        span = (self.days[-1] - self.days[0]) or 365.0
        self.across = (self.days[0] - 0.05 * span, self.days[-1] + 0.05 * span)

    def corner(self, number: int) -> tuple[float, float]:
        """The top left of a panel's plot."""
        row, column = divmod(number, self.columns)
        return self.left + column * self.pitch, self.tops[row]

    def x(self, number: int, day: float) -> float:
        """Where a day stands on the sheet."""
        first, last = self.across
        return self.corner(number)[0] + self.width * (day - first) / (last - first)

    def y(self, number: int, value: float) -> float:
        """Where a value stands on the sheet."""
        low, high = self.ticks.values[0], self.ticks.values[-1]
        return self.corner(number)[1] + self.height * (high - value) / (high - low)

    def panel(self, page: Page, number: int, bold: bool) -> Axes:
        """A panel with its title, its light grid and the rounds at its foot."""
        x, y = self.corner(number)
        low, high = self.ticks.values[0], self.ticks.values[-1]
        panel = page.panel((x, y, self.width, self.height), self.across, (low, high))
        lines = self.titles[number]
        first = y - 9 - self.lane - (len(lines) - 1) * TITLE * 1.25
        page.lines(x, first, lines, TITLE, bold=bold)
        for value, words in zip(self.ticks.values, self.ticks.words, strict=True):
            panel.plot(self.across, [value] * 2, color=style.GRID, linewidth=1, zorder=0, clip_on=False)
            if number % self.columns == 0:
                page.text(x - 7, self.y(number, value) + 4, words, SMALL, color=style.SOFT, align="right")
        self._rounds(page, number)
        at = [self.x(number, mark.day.toordinal()) for mark in self.marks]
        draw_marks(page, panel, self.marks, at, (x + self.width, y))
        return panel

    def _rounds(self, page: Page, number: int) -> None:
        x, y = self.corner(number)
        y += self.height + self.feet[number // self.columns] - 2
        first, last = (self.texts.round_name(key) for key in (self.rounds[0], self.rounds[-1]))
        if len(self.rounds) == 1:
            page.text(x + self.width / 2, y, first, SMALL, color=style.SOFT, align="center")
            return
        if width_of(first, SMALL) + width_of(last, SMALL) + 10 > self.width:
            first, last = self.rounds[0], self.rounds[-1]
        page.text(x, y, first, SMALL, color=style.SOFT)
        page.text(x + self.width, y, last, SMALL, color=style.SOFT, align="right")

    def notes(self, page: Page, notes: Sequence[str]) -> None:
        """What the marks are, in the place after the last panel."""
        x, y = self.corner(len(QUESTIONS))
        for note in notes:
            lines = wrap(note, SMALL + 0.5, self.width)
            page.lines(x, y, lines, SMALL + 0.5, color=style.SOFT)
            y += len(lines) * (SMALL + 0.5) * 1.25 + 6

    def breaks(self, panel: Axes, question: str, broken: Sequence[str]) -> None:
        """A dotted line before each round in which this question's wording was new."""
        for key in broken:
            at = self.rounds.index(key)
            day = (self.days[at - 1] + self.days[at]) / 2
            panel.axvline(day, color=style.SOFT, linewidth=1.2, linestyle=(0, (1, 2)), gid=f"break-{question}-{key}")

    def hidden(self, page: Page, panel: Axes, number: int, kinds: Mapping[str, str]) -> None:
        """A cross at the foot of each hidden round; its words once a stretch, where they have room."""
        low, occupied = self.ticks.values[0], self.corner(number)[0] - 6
        stretches: list[tuple[str, list[float]]] = []
        for key, day in zip(self.rounds, self.days, strict=True):
            kind = kinds.get(key, "")
            if kind:
                color = style.ROLE_COLOR.get(kind, style.SOFT)
                gid = f"hidden-{QUESTIONS[number]}-{key}"
                panel.plot([day], [low], "x", color=color, markersize=5, clip_on=False, gid=gid)
            if kind and stretches and stretches[-1][0] == kind:
                stretches[-1][1].append(day)
            else:
                stretches.append((kind, [day]))
        x, y = self.corner(number)
        for kind, stretch in stretches:
            if not kind:
                continue
            words = say(self.texts, HIDDEN[kind])
            if width_of(words, SMALL) > self.width:
                words = say(self.texts, HIDDEN["both"])
            wide = width_of(words, SMALL)
            middle = self.x(number, (stretch[0] + stretch[-1]) / 2)
            start = max(min(middle - wide / 2, x + self.width - wide), occupied + 6)
            if start + wide <= x + self.width + 8:
                color = style.ROLE_COLOR.get(kind, style.SOFT)
                page.text(start, y + self.height + 17, words, SMALL, color=color)
                occupied = start + wide


def hidden_kinds(sides: Sequence[Sequence[Row]]) -> dict[str, str]:
    """Whose answers were too few in each round of one question: patient, provider or both."""
    found: dict[str, str] = {}
    for row in (row for side in sides for row in side if row["status"] == "hidden"):
        role = row["role"]
        found[row["round"]] = "both" if found.get(row["round"], role) != role else role
    return found


def band(panel: Axes, run: Sequence[Row], color: str, alpha: float) -> None:
    """The intervals of a run as a band; of a single round as a thick line."""
    x, low, high = days(row["date"] for row in run), [r["low"] for r in run], [r["high"] for r in run]
    if len(run) > 1:
        corners = [*zip(x, low, strict=True), *zip(reversed(x), reversed(high), strict=True)]
        panel.add_patch(Polygon(corners, facecolor=color, alpha=alpha, linewidth=0))
    else:
        panel.plot(x * 2, low + high, color=color, alpha=2 * alpha, linewidth=5, solid_capstyle="butt")
