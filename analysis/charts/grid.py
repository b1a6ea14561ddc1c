"""A panel a question on one grid: where they stand, their titles, the light lines behind them, and the notes.

For every chart of seven panels. What runs across a panel, and what stands at its foot, is each chart's own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from matplotlib.axes import Axes

from analysis.charts import style
from analysis.charts.page import MARGIN, NARROW, Page, width_of, wrap
from analysis.frame import QUESTIONS
from analysis.texts import Texts

T = TypeVar("T")

TITLE, SMALL = 13.5, 11.0
LINE = 17.0


@dataclass(frozen=True)
class Ticks:
    """Values up the side of the panels, with their words; the first and the last are its ends."""

    values: tuple[float, ...]
    words: tuple[str, ...]


def batched(items: Sequence[T], size: int) -> list[Sequence[T]]:
    """The items in rows of this size."""
    return [items[at : at + size] for at in range(0, len(items), size)]


class Grid:
    """Where the seven panels stand, worked out before anything is drawn."""

    across: tuple[float, float] = (0.0, 1.0)
    lane = 0.0  # room between a title and its panel

    def __init__(self, texts: Texts, width: float, top: float, ticks: Ticks, feet: Sequence[float]) -> None:
        """`top` is where the heading ends; `feet` is the room that each question's panel needs under it."""
        self.texts, self.ticks = texts, ticks
        wide = width > NARROW
        self.columns, self.height, gutter = (4, 150.0, 24.0) if wide else (2, 110.0, 18.0)
        self.left = MARGIN + 10 + max(width_of(words, SMALL) for words in ticks.words)
        self.width = (width - self.left - MARGIN - gutter * (self.columns - 1)) / self.columns
        self.pitch = self.width + gutter
        self.titles = [wrap(texts.question(key), TITLE, self.width, bold=True) for key in QUESTIONS]
        self.feet = [max(part) for part in batched(feet, self.columns)]
        heads = [max(map(len, part)) * LINE + 8 + self.lane for part in batched(self.titles, self.columns)]
        self.tops = [
            top + sum(heads[: row + 1]) + sum(self.feet[:row]) + row * (self.height + 18)
            for row in range(len(self.feet))
        ]
        self.bottom = self.tops[-1] + self.height + self.feet[-1] + 18

    def corner(self, number: int) -> tuple[float, float]:
        """The top left of a panel's plot."""
        row, column = divmod(number, self.columns)
        return self.left + column * self.pitch, self.tops[row]

    def x(self, number: int, value: float) -> float:
        """Where a value of the scale across stands on the sheet."""
        first, last = self.across
        return self.corner(number)[0] + self.width * (value - first) / (last - first)

    def y(self, number: int, value: float) -> float:
        """Where a value of the scale upwards stands on the sheet."""
        low, high = self.ticks.values[0], self.ticks.values[-1]
        return self.corner(number)[1] + self.height * (high - value) / (high - low)

    def panel(self, page: Page, number: int, bold: bool) -> Axes:
        """A panel with its title, its light grid and its foot."""
        x, y = self.corner(number)
        low, high = self.ticks.values[0], self.ticks.values[-1]
        panel = page.panel((x, y, self.width, self.height), self.across, (low, high))
        lines = self.titles[number]
        first = y - 9 - self.lane - (len(lines) - 1) * TITLE * 1.25
        page.lines(x, first, lines, TITLE, bold=bold)
        for value, words in zip(self.ticks.values, self.ticks.words, strict=True):
            panel.plot(self.light(), [value] * 2, color=style.GRID, linewidth=1, zorder=0, clip_on=False)
            if number % self.columns == 0:
                page.text(x - 7, self.y(number, value) + 4, words, SMALL, color=style.SOFT, align="right")
        self.foot(page, number)
        return panel

    def light(self) -> tuple[float, float]:
        """From where to where the light lines run, on the scale across."""
        return self.across

    def foot(self, page: Page, number: int) -> None:
        """What stands under a panel."""

    def notes_height(self, notes: Sequence[str]) -> float:
        """How far down the notes reach after the last panel, from its top."""
        return sum(len(wrap(note, SMALL + 0.5, self.width)) * (SMALL + 0.5) * 1.25 + 6 for note in notes)

    def notes(self, page: Page, notes: Sequence[str]) -> None:
        """What the marks are, in the place after the last panel."""
        x, y = self.corner(len(QUESTIONS))
        for note in notes:
            lines = wrap(note, SMALL + 0.5, self.width)
            page.lines(x, y, lines, SMALL + 0.5, color=style.SOFT)
            y += len(lines) * (SMALL + 0.5) * 1.25 + 6
