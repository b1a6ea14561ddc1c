"""Small multiples: a panel a question on one grid, with the round's date across.

For `trend`, `gap-trend` and `control`. Holds what they share: the rounds at the foot, dotted breaks with
their reason under them, and "för få svar" where a round is hidden.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

import pandas as pd

from analysis.charts.drawing import style
from analysis.charts.drawing.annotations import LANE, Annotation
from analysis.charts.drawing.annotations import draw as draw_annotations
from analysis.charts.drawing.canvas import Canvas, shortened, width_of
from analysis.charts.drawing.grid import AXIS_HEIGHT, LINE, SMALL, TITLE, Finding, Grid, Ticks, grid_shape
from analysis.frames.frame import QUESTIONS, Row
from analysis.frames.schema import WITHOUT_FIGURE
from analysis.frames.series import lines
from analysis.localisation import N_, Localisation, translate

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["SMALL", "TITLE", "SmallMultiples", "Ticks", "band", "days", "hidden_kinds"]

HIDDEN_TEXT = {
    "both": N_("för få svar"),
    "patient": N_("patienter: för få svar"),
    "provider": N_("vården: för få svar"),
    "unsure": N_("för osäkert"),
    "unsure patient": N_("patienter: för osäkert"),
    "unsure provider": N_("vården: för osäkert"),
}
BREAK_TEXT = {False: N_("ny formulering"), True: N_("enheter har gått upp i platsen")}
WORDED = re.compile(r"(\w)\w* (?:\d\d)?(\d\d)")

PlacedText = tuple[float, str, str]  # the day that they belong to, the words, their colour


def days(dates: Iterable[date]) -> list[float]:
    """Return dates as the numbers of a panel's scale."""
    return [float(day.toordinal()) for day in dates]


def short(texts: Localisation, key: str, day: float) -> str:
    """Return a round in few letters, for the foot of a panel: "v24" for "våren 2024", else its month."""
    worded = WORDED.fullmatch(texts.round_name(key))
    return "".join(worded.groups()) if worded else date.fromordinal(int(day)).isoformat()[:7]


class SmallMultiples(Grid):
    """The layout of the seven panels, worked out before anything is drawn."""

    annotations: Sequence[Annotation] = ()

    def __init__(  # noqa: PLR0917 (what is drawn, for whom, where)
        self,
        table: pd.DataFrame,
        texts: Localisation,
        width: float,
        top: float,
        ticks: Ticks,
        annotations: Sequence[Annotation] = (),
        findings: Mapping[str, Sequence[Finding]] | None = None,
        end: float = 0.0,
    ) -> None:
        """Lay out a table with round, date and question from `top`; `findings`: those under the titles."""
        self.annotations, self.lane = annotations, LANE if annotations else 0.0
        self.findings, self.end, self.texts = findings or {}, end, texts
        shape = grid_shape(width, ticks, end)
        self.left, self.width, self.pitch, self.columns = shape.left, shape.width, shape.pitch, shape.columns
        self.set_rounds(table)
        feet = [self.axis_height(table, question) for question in QUESTIONS]
        super().__init__(texts, width, top, ticks, feet)

    def set_rounds(self, table: pd.DataFrame) -> None:
        """Take the rounds of a table as the scale across."""
        rounds = table.drop_duplicates("round").sort_values("date")
        self.rounds, self.days = list(rounds["round"]), days(rounds["date"])
        span = (self.days[-1] - self.days[0]) or 365.0
        self.across = (self.days[0] - 0.05 * span, self.days[-1] + 0.05 * span)
        apart = max((other - one for one, other in pairwise(self.days)), default=0.0)
        self.step = self.width * apart / (1.1 * span)  # the widest from one round to the next, on the sheet

    def axis_height(self, table: pd.DataFrame, question: str) -> float:
        """Return the room under a question's panel: for its rounds, and the lines of words that it has."""
        sides = [own for (_, asked), own in lines(table).items() if asked == question]
        kinds = hidden_kinds(sides) if len(sides) > 1 else kinds_of_line(sides[0]) if sides else {}
        lanes = self._pack_lanes([*self._hidden_words(kinds), *break_text(sides, self.texts)])
        return AXIS_HEIGHT + LINE * len(lanes)

    def _hidden_words(self, kinds: Mapping[str, str]) -> list[PlacedText]:
        """Return the words of each stretch of hidden rounds, at its middle."""
        stretches: list[tuple[str, list[float]]] = []
        for key, day in zip(self.rounds, self.days, strict=True):
            kind = kinds.get(key, "")
            if kind and stretches and stretches[-1][0] == kind:
                stretches[-1][1].append(day)
            else:
                stretches.append((kind, [day]))
        return [
            ((stretch[0] + stretch[-1]) / 2, translate(self.texts, HIDDEN_TEXT[kind]), color_of(kind))
            for kind, stretch in stretches
            if kind
        ]

    def _pack_lanes(self, words: Sequence[PlacedText]) -> list[list[tuple[float, str, str]]]:
        """Return the words in lanes, each from where it starts in its panel; once where it would stand twice in one."""
        first, last = self.across
        lanes: list[list[tuple[float, str, str]]] = []
        placed: set[str] = set()
        for day, whole, color in words:
            clipped = shortened(whole, SMALL, self.width + self.end)
            wide = width_of(clipped, SMALL)
            middle = self.width * (day - first) / (last - first)
            start = max(min(middle - wide / 2, self.width + self.end - wide), 0.0)
            lane = next((each for each in lanes if start >= each[-1][0] + width_of(each[-1][1], SMALL) + 10), None)
            if lane is not None:
                lane.append((start, clipped, color))
            elif clipped not in placed:
                lanes.append([(start, clipped, color)])
            placed.add(clipped)
        return lanes

    def panel(self, canvas: Canvas, number: int, bold: bool) -> "Axes":
        """Draw a panel with its title, its light grid, the marks and the rounds at its foot."""
        panel = super().panel(canvas, number, bold)
        x, y = self.corner(number)
        at = [self.x(number, annotation.day.toordinal()) for annotation in self.annotations]
        draw_annotations(canvas, panel, self.annotations, at, (x + self.width, y))
        return panel

    def axis(self, canvas: Canvas, number: int) -> None:
        """Write the first and the last round."""
        x, y = self.corner(number)
        y += self.height + AXIS_HEIGHT - 4
        first, last = (self.texts.round_name(key) for key in (self.rounds[0], self.rounds[-1]))
        if len(self.rounds) == 1:
            canvas.text(x + self.width / 2, y, first, SMALL, color=style.SOFT, align="center")
            return
        if width_of(first, SMALL) + width_of(last, SMALL) + 16 > self.width:
            first, last = (short(self.texts, self.rounds[at], self.days[at]) for at in (0, -1))
        canvas.text(x, y, first, SMALL, color=style.SOFT)
        canvas.text(x + self.width, y, last, SMALL, color=style.SOFT, align="right")

    def breaks(self, panel: "Axes", question: str, broken: Sequence[str]) -> None:
        """Draw a dotted line before each round in which the line begins anew."""
        for key in broken:
            at = self.rounds.index(key)
            day = (self.days[at - 1] + self.days[at]) / 2
            panel.axvline(day, color=style.SOFT, linewidth=1.2, linestyle=(0, (1, 2)), gid=f"break-{question}-{key}")

    def draw_breaks_and_hidden(
        self, canvas: Canvas, panel: "Axes", number: int, sides: Sequence[Sequence[Row]]
    ) -> None:
        """Draw a cross at the foot of each hidden round; write below why rounds are hidden and why a line breaks."""
        kinds = hidden_kinds(sides) if len(sides) > 1 else kinds_of_line(sides[0])
        low = self.ticks.values[0]
        for key, day in zip(self.rounds, self.days, strict=True):
            if kind := kinds.get(key, ""):
                gid = f"hidden-{QUESTIONS[number]}-{key}"
                panel.plot([day], [low], "x", color=color_of(kind), markersize=6, clip_on=False, gid=gid)
        x, y = self.corner(number)
        lanes = self._pack_lanes([*self._hidden_words(kinds), *break_text(sides, self.texts)])
        for at, lane in enumerate(lanes):
            for start, words, color in lane:
                canvas.text(x + start, y + self.height + AXIS_HEIGHT + LINE * (at + 1) - 5, words, SMALL, color=color)


def color_of(kind: str) -> str:
    """Return the colour of a hidden side's words; soft where it is both, or neither's alone."""
    return style.ROLE_COLOR.get(kind.removeprefix("unsure "), style.SOFT)


def break_text(sides: Sequence[Sequence[Row]], texts: Localisation) -> list[PlacedText]:
    """Return why the line of one question begins anew, at each dotted line."""
    found: dict[float, str] = {}
    for before, row in (pair for own in sides for pair in pairwise(own)):
        if row["segment"] != before["segment"]:
            middle = sum(days([before["date"], row["date"]])) / 2
            found[middle] = translate(texts, BREAK_TEXT[bool(row.get("joined"))])
    return [(day, words, style.SOFT) for day, words in sorted(found.items())]


def kinds_of_line(own: Sequence[Row]) -> dict[str, str]:
    """Return the words of each round of a single line of which nothing is drawn."""
    kinds = {"hidden": "both", "unsure": "unsure"}
    return {row["round"]: kinds[row["status"]] for row in own if row["status"] in WITHOUT_FIGURE}


def hidden_kinds(sides: Sequence[Sequence[Row]]) -> dict[str, str]:
    """Return whose answers were too few, or too uncertain, by round of one question: patient, provider or both."""
    found: dict[str, str] = {}
    for row in (row for side in sides for row in side if row["status"] in WITHOUT_FIGURE):
        role, unsure = row["role"], row["status"] == "unsure"
        if row["round"] in found:
            found[row["round"]] = "unsure" if unsure or found[row["round"]].startswith("unsure") else "both"
        else:
            found[row["round"]] = f"unsure {role}" if unsure else role
    return found


def band(panel: "Axes", run: Sequence[Row], color: str, alpha: float) -> None:
    """Draw the intervals of a run as a band; of a single round as a thick line."""
    from analysis.charts.drawing.backend import Polygon

    x, low, high = days(row["date"] for row in run), [r["low"] for r in run], [r["high"] for r in run]
    if len(run) > 1:
        corners = [*zip(x, low, strict=True), *zip(reversed(x), reversed(high), strict=True)]
        panel.add_patch(Polygon(corners, facecolor=color, alpha=alpha, linewidth=0))
    else:
        panel.plot(x * 2, low + high, color=color, alpha=2 * alpha, linewidth=5, solid_capstyle="butt")
