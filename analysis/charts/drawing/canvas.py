"""A sheet to draw on, in pixels from the top left, with text that is measured before it is set.

For every chart: matplotlib's own layout is slow and guesses; here each line is wrapped to a width that is
known, so nothing overlaps however long another language's words are.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from analysis.charts.drawing import style
from analysis.localisation import NO_BREAK

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDE, NARROW = 900, 400
MARGIN = 14
# The smallest letters of any sheet. A narrow one is shown at 328 pixels and more, a wide one is printed at 178 mm:
# so they are 12 pixels on a phone and 8 points on paper.
MIN_TEXT_SIZE = 14.7

BETWEEN = re.compile(r"(?<=\d) \w{1,3} (?=\d)")  # "5 av 7" is one word where lines are broken


@lru_cache(maxsize=4096)
def width_of(text: str, size: float, bold: bool = False) -> float:
    """Return the width of the text in pixels, at most."""
    from analysis.charts.drawing import backend

    return backend.text_width(text, size, bold=bold)


def wrap(text: str, size: float, width: float, bold: bool = False) -> list[str]:
    """Break at spaces so that each line fits. A single word that is too wide stands alone."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, size, bold) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def shortened(text: str, size: float, width: float, bold: bool = False) -> str:
    """Cut the text to the width, with a mark where it is cut; it stands whole beside the picture."""
    if width_of(text, size, bold) <= width:
        return text
    while text and width_of(f"{text}…", size, bold) > width:
        text = text[:-1].rstrip(" ,;–(")
    return f"{text}…"


@dataclass(frozen=True)
class Heading:
    """A headline and the line under it, wrapped."""

    headline: tuple[str, ...]
    subtitle: tuple[str, ...]
    large: float
    small: float

    @property
    def height(self) -> float:
        """The height in pixels, down to where the drawing may start."""
        return MARGIN + len(self.headline) * self.large * 1.3 + len(self.subtitle) * self.small * 1.45 + 14


def heading(headline: str, subtitle: str, width: float) -> Heading:
    """Wrap both to the sheet's width."""
    headline = BETWEEN.sub(lambda found: found.group().replace(" ", NO_BREAK), headline)
    large, small = (21.0, 15.0) if width >= WIDE else (19.0, MIN_TEXT_SIZE)
    room = width - 2 * MARGIN
    lines = wrap(headline, large, room, bold=True)
    # Lines of like length read better than a full one with a word under it.
    while len(narrower := wrap(headline, large, room - 20, bold=True)) == len(lines) > 1 and room > 120:
        lines, room = narrower, room - 20
    return Heading(tuple(lines), tuple(wrap(subtitle, small, width - 2 * MARGIN)), large, small)


class Canvas:
    """One figure: texts and lines in pixels on the whole sheet, and panels with their own scales."""

    def __init__(self, width: float, height: float) -> None:
        """Make a sheet of paper of this many pixels."""
        from analysis.charts.drawing import backend

        self.width, self.height = width, height
        self.figure = backend.figure(width, height)
        self.sheet = self.panel((0, 0, width, height), (0, width), (height, 0))

    def panel(
        self, box: tuple[float, float, float, float], across: tuple[float, float], up: tuple[float, float]
    ) -> "Axes":
        """Add a part of the sheet (left, top, width, height) with scales of its own; no frame."""
        x, y, width, height = box
        axes = self.figure.add_axes(
            (x / self.width, 1 - (y + height) / self.height, width / self.width, height / self.height)
        )
        axes.set_xlim(*across)
        axes.set_ylim(*up)
        axes.set_axis_off()
        return axes

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: float,
        *,
        color: str = style.INK,
        bold: bool = False,
        align: str = "left",
        **more: Any,
    ) -> None:
        """Write one line of text, its baseline at y."""
        weight = "bold" if bold else "normal"
        self.sheet.text(x, y, words, fontsize=size, color=color, fontweight=weight, ha=align, va="baseline", **more)

    def lines(self, x: float, y: float, lines: Sequence[str], size: float, **more: Any) -> None:
        """Write several lines, the first one's baseline at y."""
        for number, words in enumerate(lines):
            self.text(x, y + number * size * 1.25, words, size, **more)

    def heading(self, words: Heading) -> None:
        """Write the headline and its subtitle, at the top."""
        y: float = MARGIN
        for line in words.headline:
            y += words.large * 1.3
            self.text(MARGIN, y - words.large * 0.3, line, words.large, bold=True)
        for line in words.subtitle:
            y += words.small * 1.45
            self.text(MARGIN, y, line, words.small, color=style.SOFT)
