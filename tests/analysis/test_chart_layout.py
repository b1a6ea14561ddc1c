"""The pictures: no text meets another or leaves the sheet, in either language, wide or narrow, on odd tables too."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from analysis.charts import CHARTS, NARROW, WIDE, chart_of
from analysis.charts.drawing.canvas import MIN_TEXT_SIZE, Canvas, heading, width_of, wrap
from analysis.frames import frame
from tests.analysis.drawn import LANGUAGES, PLACES, drawn_figure
from tests.analysis.invented import cell_of, edition, hidden_cell, linked, shown_cell, unsure_cell

NAMES = (*sorted(CHARTS), "fast_vardkontakt")  # the seven questions' own pictures are one

every_picture = pytest.mark.parametrize(
    ("name", "place", "language", "width"),
    [(n, p, lang, w) for n in NAMES for p in PLACES for lang in LANGUAGES for w in (WIDE, NARROW)],
)


def boxes(figure: Figure) -> Iterator[tuple[str, Any]]:
    figure.set_dpi(720)  # at 72 letters are moved to whole pixels, which no browser does
    renderer = RendererAgg(1, 1, figure.dpi)  # measures letters only; a sheet of this size would be 250 MB
    for text in figure.findobj(Text):
        if text.get_text().strip():
            box = text.get_window_extent(renderer)
            yield text.get_text(), Bbox(box.get_points() / 10)


def overlapping(figure: Figure) -> list[tuple[str, str]]:
    """Texts whose letters meet, a pixel of slack allowed: line boxes have room over and under the letters."""
    found = []
    for (one, a), (other, b) in combinations(boxes(figure), 2):
        across = min(a.x1, b.x1) - max(a.x0, b.x0)
        down = min(a.y1, b.y1) - max(a.y0, b.y0)
        if across > 1 and down > 2.5:
            found.append((one, other))
    return found


def too_small(figure: Figure) -> list[str]:
    """Words under 12 pixels on a phone, or 8 points in a pack."""
    return [
        text.get_text()
        for text in figure.findobj(Text)
        if text.get_text().strip() and text.get_fontsize() < MIN_TEXT_SIZE
    ]


@pytest.mark.slow
@every_picture
def test_no_letter_is_too_small(name: str, place: str, language: str, width: int) -> None:
    assert too_small(drawn_figure(name, place, language, width)) == []


def test_the_least_letter_is_twelve_pixels_on_a_phone_and_eight_points_in_print() -> None:
    phone, paper = 328, 178 / 25.4 * 96  # the text's width on a phone of 360 pixels, and on A4, in CSS pixels
    assert MIN_TEXT_SIZE * phone / NARROW >= 12
    assert MIN_TEXT_SIZE * paper / WIDE * 72 / 96 >= 8
    page = Canvas(400, 100)
    page.text(20, 50, "patienter", MIN_TEXT_SIZE - 0.1)
    assert too_small(page.figure) == ["patienter"]


@pytest.mark.slow
@every_picture
def test_texts_neither_meet_nor_leave_the_sheet(name: str, place: str, language: str, width: int) -> None:
    figure = drawn_figure(name, place, language, width)
    assert overlapping(figure) == []
    for words, box in boxes(figure):
        assert box.x0 >= 0, words
        assert box.x1 <= width + 0.5, words
        assert box.y0 >= 0, words
        assert box.y1 <= figure.get_size_inches()[1] * 72, words


def test_the_overlap_guard_sees_two_words_on_each_other() -> None:
    page = Canvas(400, 100)
    page.text(20, 50, "patienter", 13)
    page.text(40, 52, "vården", 13)
    assert overlapping(page.figure) == [("patienter", "vården")]


def whole_edition(patient: dict[str, Any], provider: dict[str, Any], number: int = 0) -> dict[str, Any]:
    return edition(
        number,
        [
            {"place": place, "role": role, "question": question, **cell}
            for place in PLACES
            for question in frame.QUESTIONS
            for role, cell in (("patient", patient), ("provider", provider))
        ],
    )


ODD = {
    "all hidden": [whole_edition(hidden_cell(), hidden_cell())],
    "one side hidden": [whole_edition(shown_cell(50, 60), hidden_cell(), n) for n in (0, 1)],
    "one round": [whole_edition(shown_cell(50, 60), shown_cell(60, 35))],
    "both at the top": [whole_edition(shown_cell(100, 60), shown_cell(100, 35), n) for n in (0, 1, 2)],
    "both at the bottom": [whole_edition(shown_cell(0, 60), shown_cell(0, 35), n) for n in (0, 1, 2)],
    "far apart": [whole_edition(shown_cell(0, 600), shown_cell(100, 350), n) for n in (0, 1, 2)],
    "only intervals": [whole_edition(cell_of(5, 5, 0, 3.163), cell_of(4, 3, 0, 3.163), n) for n in (0, 1)],
    "only unsure": [whole_edition(unsure_cell(20), unsure_cell(10), n) for n in (0, 1)],
    "hollow": [whole_edition(shown_cell(50, 15), shown_cell(60, 15), n) for n in range(7)],
    "five rounds": [
        whole_edition(shown_cell(share, 90), shown_cell(90 - share, 60), n)
        for n, share in enumerate((30, 47, 41, 62, 58))
    ],
    "hidden now and then": [
        whole_edition(*(shown_cell(60, 60) if (n + r) % 2 else hidden_cell() for r in (0, 1)), n) for n in range(7)
    ],
}


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("case", sorted(ODD))
@pytest.mark.parametrize(("language", "width"), [("sv", WIDE), ("en", NARROW)])
def test_odd_tables_are_drawn_without_overlap(name: str, case: str, language: str, width: int) -> None:
    made = linked(ODD[case])
    cells, gaps = frame.cells(made, "odensala"), frame.gaps(made, "odensala")
    table = chart_of(name).table(cells, gaps, "odensala")
    figure = chart_of(name).draw(table, LANGUAGES[language], width)
    assert overlapping(figure) == []
    assert chart_of(name).describe(table, LANGUAGES[language])


def test_headline_is_wrapped_to_the_sheet() -> None:
    words = heading("Vården svarar ja oftare än patienterna " * 4, "Andel som svarar ja " * 12, NARROW)
    for line in words.headline:
        assert width_of(line, words.large, bold=True) <= NARROW - 28
    for line in words.subtitle:
        assert width_of(line, words.small) <= NARROW - 28
    assert wrap("ett", 12, 1) == ["ett"]
    assert np.isfinite(words.height)
