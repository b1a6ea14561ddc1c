"""A matrix of figures, each with its number and, under it, its position on a scale and its certainty.

For municipalities by question. A number says the figure, a mark on a line how it compares with those over and under it,
and an arrow that it has moved; what is uncertain is grey and hollow, and what is not shown says so in words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.charts.drawing import style
from analysis.charts.drawing.canvas import LEAST, MARGIN, NARROW, Heading, Page, width_of, wrap
from analysis.charts.drawing.names import clipped

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True)
class Cell:
    """A figure: its words (and shorter ones for a narrow sheet), and its mark, where it has one."""

    words: str
    short: str
    sure: bool = False
    bold: bool = False
    way: int = 0  # 1 has risen, −1 has fallen
    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Look:
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
    look: Look
    notes: str


class Plan:
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
        self.names = {key: clipped(words, LEAST, room, 3 if self.wide else 2) for key, words in matrix.rows.items()}
        self.heads = [self._head(at, words) for at, words in enumerate(matrix.columns.values())]
        self.turns = self.wide and any(width_of(line, LEAST, True) > self.pitch - 6 for h in self.heads for line in h)
        if self.wide and not self.turns:
            self.heads = [wrap(words, LEAST, self.pitch - 6, bold=True) for words in matrix.columns.values()]
        self.top = top + self._heads_height() + 12
        self.tall = [self._row_height(key) for key in matrix.rows]
        self.tops = [self.top + sum(self.tall[:at]) for at in range(len(self.tall))]
        self.bottom = self.top + sum(self.tall)

    def middle(self, column: int) -> float:
        """Return the middle of a column."""
        return self.left + self.pitch * (column + 0.5)

    def _head(self, column: int, words: str) -> list[str]:
        if not self.wide:
            return clipped(words, LEAST, 165.0, 3, bold=True)
        # The last one stands against the edge, so it has less.
        return clipped(words, LEAST, self.pitch * (1.4 if column == len(self.keys) - 1 else 1.9), 3, bold=True)

    def across(self, column: int) -> float:
        """Return the middle of a column's name: over the column, as far as the sheet goes."""
        return min(
            self.middle(column), self.right - max(width_of(line, LEAST, True) for line in self.heads[column]) / 2
        )

    def _heads_height(self) -> float:
        if not self.wide:
            return max((width_of(line, LEAST, True) for head in self.heads for line in head), default=0.0) + 6
        first, second = (max((len(head) for head in part), default=0) for part in (self.heads[::2], self.heads[1::2]))
        return LEAST * 1.25 * ((first + second) if self.turns else max(first, second)) + (6 if self.turns else 0)

    def _row_height(self, key: str) -> float:
        lines = len(self.names[key]) * LEAST * 1.25
        return max(54.0, lines + 14) if self.wide else 50.0 + lines


def draw(matrix: Matrix, head: Heading, width: int) -> Page:
    """Draw the whole sheet: heading, names, figures and notes."""
    plan = Plan(matrix, width, head.height)
    notes = wrap(matrix.notes, LEAST, width - 2 * MARGIN)
    page = Page(width, plan.bottom + 18 + len(notes) * LEAST * 1.3)
    page.heading(head)
    page.lines(MARGIN, plan.bottom + 24, notes, LEAST, color=style.SOFT)
    _heads(page, plan)
    for at, key in enumerate(matrix.rows):
        _name(page, plan, at, key)
    for column, key in enumerate(matrix.columns):
        box = (plan.middle(column) - plan.pitch / 2 + 6, plan.top, plan.pitch - 12, plan.bottom - plan.top)
        panel = page.panel(box, matrix.look.scale, (plan.bottom, plan.top))
        for at, row in enumerate(matrix.rows):
            y = plan.tops[at] + plan.tall[at] - 12
            _figure(page, plan, (plan.middle(column), y), matrix.cells[row, key])
            _mark(panel, matrix.cells[row, key], y, matrix.look, f"{row}-{key}")
    return page


def _heads(page: Page, plan: Plan) -> None:
    """Write the columns' names: in one row, in two that alternate where a name is wider than its column, or upright."""
    step = LEAST * 1.25
    first = max((len(head) for head in plan.heads[::2]), default=0) if plan.turns else 0
    for column, lines in enumerate(plan.heads):
        x, y = plan.middle(column), plan.top - 12
        if not plan.wide:
            for at, line in enumerate(lines):
                across = x + (at - len(lines) / 2) * step
                page.text(across, y, line, LEAST, bold=True, rotation=90)
            continue
        if plan.turns and column % 2:
            y -= first * step + 6
            page.sheet.plot([x, x], [y + 6, plan.top - 6], color=style.GRID, linewidth=1, zorder=0)
        page.lines(plan.across(column), y - (len(lines) - 1) * step, lines, LEAST, bold=True, align="center")


def _name(page: Page, plan: Plan, at: int, key: str) -> None:
    """Write a row's name, with a light line over it."""
    y, lines, step = plan.tops[at], plan.names[key], LEAST * 1.25
    page.sheet.plot([MARGIN, plan.right], [y, y], color=style.GRID, linewidth=1, zorder=0)
    first = y + plan.tall[at] / 2 + 5 - (len(lines) - 1) * step / 2 if plan.wide else y + 18
    page.lines(MARGIN, first, lines, LEAST)


def _figure(page: Page, plan: Plan, at: tuple[float, float], cell: Cell) -> None:
    """Write the number over its mark, or why there is none."""
    x, y = at
    words = cell.words if plan.wide else cell.short
    marked = cell.low is not None
    lines = [words] if marked else wrap(words, LEAST, plan.pitch - 8)
    bold, color = cell.bold, style.INK if cell.sure else style.SOFT
    shift = 6.0 if cell.way else 0.0
    first = y - 11 if marked else y - 8 - (len(lines) - 1) * LEAST * 0.6
    page.lines(x - shift, first, lines, LEAST + (1 if marked else 0), color=color, bold=bold, align="center")
    if cell.way:
        _arrow(page, x - shift + width_of(words, LEAST + 1, bold) / 2 + 9, first - 5, cell.way)


def _arrow(page: Page, x: float, y: float, way: int) -> None:
    """Draw an arrow up or down, as a shape and not a letter: not every reader's typeface has one."""
    page.sheet.plot([x, x], [y + 5, y - 5], color=style.INK, linewidth=1.8, solid_capstyle="butt", zorder=3)
    look: dict[str, Any] = {"markersize": 7.5, "color": style.INK, "markeredgewidth": 0, "zorder": 3}
    page.sheet.plot([x], [y - 4 * way], "^" if way > 0 else "v", gid=f"arrow-{x:.0f}-{y:.0f}", **look)


def _mark(panel: "Axes", cell: Cell, y: float, look: Look, gid: str) -> None:
    """Draw the scale, the interval on it, and the figure: full, hollow, or the interval alone."""
    if cell.low is None or cell.high is None:
        return
    panel.plot(look.scale, [y, y], color=style.GRID, linewidth=3, solid_capstyle="butt", zorder=0)
    if look.middle is not None:
        panel.plot([look.middle] * 2, [y - 5, y + 5], color=style.SOFT, linewidth=1, zorder=1)
    low, high = (min(max(end, look.scale[0]), look.scale[1]) for end in (cell.low, cell.high))
    panel.plot([low, high], [y, y], color=look.color, linewidth=1.8, linestyle=look.line, gid=f"interval-{gid}")
    if cell.value is None:
        panel.plot([low, high], [y, y], "|", color=look.color, markersize=8, markeredgewidth=1.6, clip_on=False)
        return
    face, edge = (look.color, style.PAPER) if cell.sure else (style.PAPER, look.color)
    value = min(max(cell.value, look.scale[0]), look.scale[1])
    shape: dict[str, Any] = {"markersize": 8, "markerfacecolor": face, "markeredgecolor": edge, "markeredgewidth": 1.4}
    panel.plot([value], [y], look.marker, zorder=3, clip_on=False, gid=f"point-{gid}", **shape)
