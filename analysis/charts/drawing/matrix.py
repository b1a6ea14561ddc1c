"""A matrix of figures, each with its number and, under it, its position on a scale and its certainty.

For municipalities by question. A number says the figure, a mark on a line how it compares with those over and under it,
and an arrow that it has moved; what is uncertain is grey and hollow, and what is not shown says so in words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.charts.drawing import style
from analysis.charts.drawing.canvas import MARGIN, MIN_TEXT_SIZE, NARROW, Canvas, Heading, width_of, wrap
from analysis.charts.drawing.names import clipped

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True)
class Cell:
    """A figure: its words (and shorter ones for a narrow sheet), and its mark, where it has one."""

    words: str
    short: str
    certain: bool = False
    bold: bool = False
    direction: int = 0  # 1 has risen, −1 has fallen
    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class MarkStyle:
    """The appearance and the scale of the marks."""

    color: str
    marker: str
    line: Any
    scale: tuple[float, float]
    middle: float | None = None  # a line through each column, the zero of a gap


@dataclass(frozen=True)
class Matrix:
    """The contents: names by key, and the figures by row and column."""

    rows: Mapping[str, str]
    columns: Mapping[str, str]
    cells: Mapping[tuple[str, str], Cell]
    style: MarkStyle
    notes: str


class Layout:
    """The layout, worked out before anything is drawn."""

    def __init__(self, matrix: Matrix, width: float, top: float) -> None:
        """Lay out the matrix from `top`, where the heading ends."""
        self.wide = width > NARROW
        names = 148.0 if self.wide else 0.0
        self.left = MARGIN + names + (16 if self.wide else 0)
        self.right = width - MARGIN
        self.keys = list(matrix.columns)
        self.pitch = (self.right - self.left) / max(len(matrix.columns), 1)
        room = names if self.wide else self.right - MARGIN
        self.names = {
            key: clipped(words, MIN_TEXT_SIZE, room, 3 if self.wide else 2) for key, words in matrix.rows.items()
        }
        self.heads = [self._head(at, words) for at, words in enumerate(matrix.columns.values())]
        self.turns = self.wide and any(
            width_of(line, MIN_TEXT_SIZE, True) > self.pitch - 6 for h in self.heads for line in h
        )
        if self.wide and not self.turns:
            self.heads = [wrap(words, MIN_TEXT_SIZE, self.pitch - 6, bold=True) for words in matrix.columns.values()]
        self.top = top + self._heads_height() + 12
        self.tall = [self._row_height(key) for key in matrix.rows]
        self.tops = [self.top + sum(self.tall[:at]) for at in range(len(self.tall))]
        self.bottom = self.top + sum(self.tall)

    def middle(self, column: int) -> float:
        """Return the middle of a column."""
        return self.left + self.pitch * (column + 0.5)

    def _head(self, column: int, words: str) -> list[str]:
        if not self.wide:
            return clipped(words, MIN_TEXT_SIZE, 165.0, 3, bold=True)
        # The last one stands against the edge, so it has less.
        return clipped(words, MIN_TEXT_SIZE, self.pitch * (1.4 if column == len(self.keys) - 1 else 1.9), 3, bold=True)

    def across(self, column: int) -> float:
        """Return the middle of a column's name: over the column, as far as the sheet goes."""
        return min(
            self.middle(column),
            self.right - max(width_of(line, MIN_TEXT_SIZE, True) for line in self.heads[column]) / 2,
        )

    def _heads_height(self) -> float:
        if not self.wide:
            return max((width_of(line, MIN_TEXT_SIZE, True) for head in self.heads for line in head), default=0.0) + 6
        first, second = (max((len(head) for head in part), default=0) for part in (self.heads[::2], self.heads[1::2]))
        return MIN_TEXT_SIZE * 1.25 * ((first + second) if self.turns else max(first, second)) + (
            6 if self.turns else 0
        )

    def _row_height(self, key: str) -> float:
        lines = len(self.names[key]) * MIN_TEXT_SIZE * 1.25
        return max(54.0, lines + 14) if self.wide else 50.0 + lines


def draw(matrix: Matrix, head: Heading, width: int) -> Canvas:
    """Draw the whole sheet: heading, names, figures and notes."""
    layout = Layout(matrix, width, head.height)
    notes = wrap(matrix.notes, MIN_TEXT_SIZE, width - 2 * MARGIN)
    canvas = Canvas(width, layout.bottom + 18 + len(notes) * MIN_TEXT_SIZE * 1.3)
    canvas.heading(head)
    canvas.lines(MARGIN, layout.bottom + 24, notes, MIN_TEXT_SIZE, color=style.SOFT)
    _heads(canvas, layout)
    for at, key in enumerate(matrix.rows):
        _name(canvas, layout, at, key)
    for column, key in enumerate(matrix.columns):
        box = (layout.middle(column) - layout.pitch / 2 + 6, layout.top, layout.pitch - 12, layout.bottom - layout.top)
        panel = canvas.panel(box, matrix.style.scale, (layout.bottom, layout.top))
        for at, row in enumerate(matrix.rows):
            y = layout.tops[at] + layout.tall[at] - 12
            _figure(canvas, layout, (layout.middle(column), y), matrix.cells[row, key])
            _mark(panel, matrix.cells[row, key], y, matrix.style, f"{row}-{key}")
    return canvas


def _heads(canvas: Canvas, layout: Layout) -> None:
    """Write the columns' names: in one row, in two that alternate where a name is wider than its column, or upright."""
    step = MIN_TEXT_SIZE * 1.25
    first = max((len(head) for head in layout.heads[::2]), default=0) if layout.turns else 0
    for column, lines in enumerate(layout.heads):
        x, y = layout.middle(column), layout.top - 12
        if not layout.wide:
            for at, line in enumerate(lines):
                across = x + (at - len(lines) / 2) * step
                canvas.text(across, y, line, MIN_TEXT_SIZE, bold=True, rotation=90)
            continue
        if layout.turns and column % 2:
            y -= first * step + 6
            canvas.sheet.plot([x, x], [y + 6, layout.top - 6], color=style.GRID, linewidth=1, zorder=0)
        canvas.lines(
            layout.across(column), y - (len(lines) - 1) * step, lines, MIN_TEXT_SIZE, bold=True, align="center"
        )


def _name(canvas: Canvas, layout: Layout, at: int, key: str) -> None:
    """Write a row's name, with a light line over it."""
    y, lines, step = layout.tops[at], layout.names[key], MIN_TEXT_SIZE * 1.25
    canvas.sheet.plot([MARGIN, layout.right], [y, y], color=style.GRID, linewidth=1, zorder=0)
    first = y + layout.tall[at] / 2 + 5 - (len(lines) - 1) * step / 2 if layout.wide else y + 18
    canvas.lines(MARGIN, first, lines, MIN_TEXT_SIZE)


def _figure(canvas: Canvas, layout: Layout, at: tuple[float, float], cell: Cell) -> None:
    """Write the number over its mark, or why there is none."""
    x, y = at
    words = cell.words if layout.wide else cell.short
    marked = cell.low is not None
    lines = [words] if marked else wrap(words, MIN_TEXT_SIZE, layout.pitch - 8)
    bold, color = cell.bold, style.INK if cell.certain else style.SOFT
    shift = 6.0 if cell.direction else 0.0
    first = y - 11 if marked else y - 8 - (len(lines) - 1) * MIN_TEXT_SIZE * 0.6
    canvas.lines(x - shift, first, lines, MIN_TEXT_SIZE + (1 if marked else 0), color=color, bold=bold, align="center")
    if cell.direction:
        _arrow(canvas, x - shift + width_of(words, MIN_TEXT_SIZE + 1, bold) / 2 + 9, first - 5, cell.direction)


def _arrow(canvas: Canvas, x: float, y: float, direction: int) -> None:
    """Draw an arrow up or down, as a shape and not a letter: not every reader's typeface has one."""
    canvas.sheet.plot([x, x], [y + 5, y - 5], color=style.INK, linewidth=1.8, solid_capstyle="butt", zorder=3)
    mark_style: dict[str, Any] = {"markersize": 7.5, "color": style.INK, "markeredgewidth": 0, "zorder": 3}
    canvas.sheet.plot(
        [x], [y - 4 * direction], "^" if direction > 0 else "v", gid=f"arrow-{x:.0f}-{y:.0f}", **mark_style
    )


def _mark(panel: "Axes", cell: Cell, y: float, mark_style: MarkStyle, gid: str) -> None:
    """Draw the scale, the interval on it, and the figure: full, hollow, or the interval alone."""
    if cell.low is None or cell.high is None:
        return
    panel.plot(mark_style.scale, [y, y], color=style.GRID, linewidth=3, solid_capstyle="butt", zorder=0)
    if mark_style.middle is not None:
        panel.plot([mark_style.middle] * 2, [y - 5, y + 5], color=style.SOFT, linewidth=1, zorder=1)
    low, high = (min(max(end, mark_style.scale[0]), mark_style.scale[1]) for end in (cell.low, cell.high))
    panel.plot(
        [low, high], [y, y], color=mark_style.color, linewidth=1.8, linestyle=mark_style.line, gid=f"interval-{gid}"
    )
    if cell.value is None:
        panel.plot([low, high], [y, y], "|", color=mark_style.color, markersize=8, markeredgewidth=1.6, clip_on=False)
        return
    face, edge = (mark_style.color, style.PAPER) if cell.certain else (style.PAPER, mark_style.color)
    value = min(max(cell.value, mark_style.scale[0]), mark_style.scale[1])
    shape: dict[str, Any] = {"markersize": 8, "markerfacecolor": face, "markeredgecolor": edge, "markeredgewidth": 1.4}
    panel.plot([value], [y], mark_style.marker, zorder=3, clip_on=False, gid=f"point-{gid}", **shape)
