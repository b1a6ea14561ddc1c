"""Contrast in the pictures, by WCAG 2.2 (1.4.3, 1.4.11): letters 4.5 to 1, marks that carry meaning 3 to 1.

Measured on what is drawn, light and dark: each letter against the paper or the field behind it.
`python -m tests.analysis.test_contrast` prints the least of each picture.
"""

import sys
from itertools import product

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex, to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from analysis.charts import CHARTS, IN_MUNICIPALITIES, NARROW, WIDE, chart_of, table_of
from analysis.charts.drawing import style
from tests.analysis import long
from tests.analysis.drawn import MADE, SWEDISH

LETTERS, MARKS = 4.5, 3.0
NAMES = (*CHARTS, "trygghet", "control-gap", "units-trygghet", "municipalities-trygghet", "municipalities-gap")
THEMES = ("light", "dark")
MEANING = (style.INK, style.SOFT, style.PATIENT, style.PROVIDER)

Color = tuple[float, float, float]


def shade(color: str | tuple[float, ...], theme: str) -> tuple[float, float, float, float]:
    """The colour as it is in the theme, with its own transparency."""
    *_, alpha = to_rgba(color)
    plain = to_hex(color)
    found = {key.lower(): value for key, value in style.DARK.items()}.get(plain, plain) if theme == "dark" else plain
    red, green, blue, _ = to_rgba(found)
    return red, green, blue, alpha


def over(color: tuple[float, float, float, float], behind: Color) -> Color:
    """A transparent colour on another."""
    *plain, alpha = color
    red, green, blue = (alpha * one + (1 - alpha) * other for one, other in zip(plain, behind, strict=True))
    return red, green, blue


def luminance(color: Color) -> float:
    """Relative luminance, WCAG 2.2."""
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in color)
    return float(0.2126 * red + 0.7152 * green + 0.0722 * blue)


def contrast(one: Color, other: Color) -> float:
    """From 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def paper(theme: str) -> Color:
    return shade(style.PAPER, theme)[:3]


def letters(figure: Figure, theme: str) -> dict[str, float]:
    """The contrast of each text that is drawn, with the field that lies behind its middle."""
    FigureCanvasAgg(figure).draw()
    fields = [each for each in figure.findobj(Rectangle) if each.get_gid()]
    found: dict[str, float] = {}
    for text in figure.findobj(Text):
        if not text.get_text().strip() or not text.get_visible():
            continue
        box, behind = text.get_window_extent(), paper(theme)
        middle = ((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2)
        for field in fields:
            if field.get_window_extent().contains(*middle):
                behind = over(shade(field.get_facecolor(), theme), behind)
        value = contrast(over(shade(text.get_color(), theme), behind), behind)
        found[text.get_text()] = min(value, found.get(text.get_text(), 21.0))
    return found


def figures(name: str) -> list[Figure]:
    """The picture of a few rounds and of many, wide and narrow."""
    every = [table_of(name, MADE, "region"), table_of(name, long.editions(), "region")]
    every += [] if name in IN_MUNICIPALITIES else [table_of(name, MADE, "odensala")]
    return [chart_of(name).draw(table, SWEDISH, width) for table in every for width in (WIDE, NARROW)]


def least(name: str, theme: str) -> tuple[float, str]:
    """The least contrast of a picture's letters, and where."""
    return min((value, words) for figure in figures(name) for words, value in letters(figure, theme).items())


@pytest.mark.slow
@pytest.mark.parametrize(("name", "theme"), list(product(NAMES, THEMES)))
def test_every_letter_can_be_read(name: str, theme: str) -> None:
    value, words = least(name, theme)
    assert value >= LETTERS, words


@pytest.mark.parametrize(("color", "theme"), list(product(MEANING, THEMES)))
def test_every_mark_that_means_something_stands_out(color: str, theme: str) -> None:
    assert contrast(shade(color, theme)[:3], paper(theme)) >= MARKS


def test_the_two_sides_are_told_apart_without_colour() -> None:
    assert len(set(style.ROLE_MARKER.values())) == 2
    assert style.ROLE_LINE["patient"] != style.ROLE_LINE["provider"]


def test_the_measure_is_the_one_that_is_published() -> None:
    assert contrast((0, 0, 0), (1, 1, 1)) == pytest.approx(21)
    assert contrast((119 / 255,) * 3, (1, 1, 1)) == pytest.approx(4.48, abs=0.01), "#777 on white, just too little"


def test_a_pale_letter_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(style, "SOFT", style.GRID)
    value, _ = least("trend", "light")
    assert value < LETTERS


if __name__ == "__main__":
    for name in NAMES:
        told = ", ".join(f"{theme} {least(name, theme)[0]:.1f}" for theme in THEMES)
        sys.stdout.write(f"{name}: {told}\n")
    for color, theme in product(MEANING, THEMES):
        sys.stdout.write(f"{color} {theme}: {contrast(shade(color, theme)[:3], paper(theme)):.1f}\n")
