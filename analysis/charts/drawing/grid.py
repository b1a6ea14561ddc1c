"""A grid with a panel a question: positions, titles, light lines in the background, and the notes.

For every chart of seven panels. What runs across a panel, and what stands at its foot, is each chart's own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from analysis.charts.drawing import style
from analysis.charts.drawing.canvas import MARGIN, MIN_TEXT_SIZE, NARROW, Canvas, width_of, wrap
from analysis.frames.frame import QUESTIONS
from analysis.localisation import Localisation

if TYPE_CHECKING:
    from matplotlib.axes import Axes

T = TypeVar("T")

TITLE, SMALL = 16.0, MIN_TEXT_SIZE
LINE = 19.0  # from one line of small words to the next
AXIS_HEIGHT = 22.0  # under a panel, for the names of its ends

Finding = tuple[str, str]  # words for under a title, and their colour


@dataclass(frozen=True)
class Ticks:
    """Values up the side of the panels, with their words; the first and the last are its ends."""

    values: tuple[float, ...]
    words: tuple[str, ...]


@dataclass(frozen=True)
class GridShape:
    """The shape of a grid: panels across a sheet, left edge, and each plot's width and height."""

    columns: int
    left: float
    width: float
    height: float
    pitch: float


def grid_shape(width: float, ticks: Ticks, end: float = 0.0) -> GridShape:
    """Return the shape: three panels across a wide sheet, one on a phone's; `end` is the room right of each plot."""
    columns, height, gutter = (3, 140.0, 26.0) if width > NARROW else (1, 104.0, 0.0)
    left = MARGIN + 10 + max(width_of(words, SMALL) for words in ticks.words)
    pitch = (width - left - MARGIN + gutter) / columns
    return GridShape(columns, left, pitch - gutter - end, height, pitch)


def batched(items: Sequence[T], size: int) -> list[Sequence[T]]:
    """Return the items in rows of this size."""
    return [items[at : at + size] for at in range(0, len(items), size)]


class Grid:
    """A layout of the seven panels, worked out before anything is drawn."""

    across: tuple[float, float] = (0.0, 1.0)
    lane = 0.0  # room between a title and its panel
    end = 0.0  # room between a plot and the end of its panel
    findings: Mapping[str, Sequence[Finding]] = {}  # what stands under a title: the finding of its panel

    def __init__(self, texts: Localisation, width: float, top: float, ticks: Ticks, feet: Sequence[float]) -> None:
        """Lay out the panels from `top`, where the heading ends; `feet`: the room under each question's panel."""
        self.texts, self.ticks, shape = texts, ticks, grid_shape(width, ticks, self.end)
        self.columns, self.left, self.pitch = shape.columns, shape.left, shape.pitch
        self.width, self.height = shape.width, shape.height
        self.titles = [wrap(texts.question(key), TITLE, self.width + self.end, bold=True) for key in QUESTIONS]
        self.findings_by_panel = [self._wrapped(key) for key in QUESTIONS]
        self.feet = [max(part) for part in batched(feet, self.columns)]
        heads = [
            max(part) + self.lane for part in batched([*map(self._title_height, range(len(QUESTIONS)))], self.columns)
        ]
        self.tops = [
            top + sum(heads[: row + 1]) + sum(self.feet[:row]) + row * (self.height + 12)
            for row in range(len(self.feet))
        ]
        self.bottom = self.tops[-1] + self.height + self.feet[-1] + 18

    def _wrapped(self, question: str) -> list[Finding]:
        room = self.width + self.end
        return [(line, color) for words, color in self.findings.get(question, ()) for line in wrap(words, SMALL, room)]

    def _title_height(self, number: int) -> float:
        """Return the room over a panel's plot, without the lane."""
        return len(self.titles[number]) * TITLE * 1.25 + len(self.findings_by_panel[number]) * LINE + 10

    def corner(self, number: int) -> tuple[float, float]:
        """Return the top left of a panel's plot; after the last row, of what stands under them all."""
        row, column = divmod(number, self.columns)
        if row >= len(self.tops):
            return MARGIN, self.bottom
        return self.left + column * self.pitch, self.tops[row]

    def x(self, number: int, value: float) -> float:
        """Return the position on the sheet of a value on the scale across."""
        first, last = self.across
        return self.corner(number)[0] + self.width * (value - first) / (last - first)

    def y(self, number: int, value: float) -> float:
        """Return the position on the sheet of a value on the scale upwards."""
        low, high = self.ticks.values[0], self.ticks.values[-1]
        return self.corner(number)[1] + self.height * (high - value) / (high - low)

    def panel(self, canvas: Canvas, number: int, bold: bool) -> "Axes":
        """Draw a panel's title, its finding, its light grid and its foot."""
        x, y = self.corner(number)
        low, high = self.ticks.values[0], self.ticks.values[-1]
        panel = canvas.panel((x, y, self.width, self.height), self.across, (low, high))
        lines, finding_lines = self.titles[number], self.findings_by_panel[number]
        first = y - 8 - self.lane - len(finding_lines) * LINE - (len(lines) - 1) * TITLE * 1.25
        canvas.lines(x, first, lines, TITLE, bold=bold)
        for at, (words, color) in enumerate(finding_lines):
            canvas.text(x, y - 8 - self.lane - (len(finding_lines) - 1 - at) * LINE, words, SMALL, color=color)
        for value, words in zip(self.ticks.values, self.ticks.words, strict=True):
            panel.plot(self.light(), [value] * 2, color=style.GRID, linewidth=1, zorder=0, clip_on=False)
            if number % self.columns == 0:
                canvas.text(x - 7, self.y(number, value) + 5, words, SMALL, color=style.SOFT, align="right")
        self.axis(canvas, number)
        return panel

    def light(self) -> tuple[float, float]:
        """Return start and end of the light lines, on the scale across."""
        return self.across

    def axis(self, canvas: Canvas, number: int) -> None:
        """Draw the foot under a panel."""

    def _notes_width(self, page_width: float) -> float:
        """Return the width for the notes: what is left of the last row, or the sheet."""
        left, _ = self.corner(len(QUESTIONS))
        return page_width - MARGIN - left

    def notes_height(self, notes: Sequence[str], width: float = 0.0) -> float:
        """Return the height of the notes, on a sheet of this width."""
        room = self._notes_width(width) if width else self.width
        return sum(len(wrap(note, SMALL, room)) * LINE + 5 for note in notes)

    def end_of(self, notes: Sequence[str], width: float) -> float:
        """Return the bottom of a sheet of this width, with its notes."""
        top = self.corner(len(QUESTIONS))[1]
        return max(self.bottom, top + self.notes_height(notes, width) + 4)

    def notes(self, canvas: Canvas, notes: Sequence[str]) -> None:
        """Write the legend of the marks, in the place after the last panel, or under them all."""
        x, y = self.corner(len(QUESTIONS))
        for note in notes:
            lines = wrap(note, SMALL, self._notes_width(canvas.width))
            for words in lines:
                canvas.text(x, y + 11, words, SMALL, color=style.SOFT)
                y += LINE
            y += 5
