"""Small multiples: a panel a question on one grid, with the round's date across.

For `trend`, `samsyn` and `control`. Holds what they share beside the grid: the rounds at the foot, dotted breaks where
a wording changed, and "för få svar" where a round is hidden.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Polygon

from analysis.charts import style
from analysis.charts.grid import SMALL, TITLE, Grid, Ticks
from analysis.charts.marks import LANE, Mark
from analysis.charts.marks import draw as draw_marks
from analysis.charts.page import Page, width_of
from analysis.findings import NO_POOL
from analysis.frame import QUESTIONS, Row
from analysis.texts import N_, Texts, say

__all__ = ["SMALL", "TITLE", "Multiples", "Ticks", "band", "days", "hidden_kinds"]

HIDDEN = {
    "both": N_("för få svar"),
    "pooled": NO_POOL,
    "patient": N_("patienter: för få svar"),
    "provider": N_("vården: för få svar"),
}


def days(dates: Iterable[date]) -> list[float]:
    """Dates as numbers a panel counts in."""
    return [float(day.toordinal()) for day in dates]


class Multiples(Grid):
    """Where the seven panels stand, worked out before anything is drawn."""

    said: Mapping[str, str] = {}
    marks: Sequence[Mark] = ()

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
        self.marks, self.lane = marks, LANE if marks else 0.0
        hidden = set(table.loc[table["status"] == "hidden", "question"])
        # Words under a panel need room, in the rows where there are any.
        feet = [20.0 + 16 * (question in hidden) + 16 * (question in self.said) for question in QUESTIONS]
        super().__init__(texts, width, top, ticks, feet)
        rounds = table.drop_duplicates("round").sort_values("date")
        self.rounds, self.days = list(rounds["round"]), days(rounds["date"])
        span = (self.days[-1] - self.days[0]) or 365.0
        self.across = (self.days[0] - 0.05 * span, self.days[-1] + 0.05 * span)

    def panel(self, page: Page, number: int, bold: bool) -> Axes:
        """A panel with its title, its light grid, the marks and the rounds at its foot."""
        panel = super().panel(page, number, bold)
        x, y = self.corner(number)
        at = [self.x(number, mark.day.toordinal()) for mark in self.marks]
        draw_marks(page, panel, self.marks, at, (x + self.width, y))
        return panel

    def foot(self, page: Page, number: int) -> None:
        """The first and the last round."""
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

    def breaks(self, panel: Axes, question: str, broken: Sequence[str]) -> None:
        """A dotted line before each round in which the line begins anew."""
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
