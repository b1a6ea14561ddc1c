"""What others have measured, and numbered days on the trend: the pictures show the table and nothing else."""

from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text

from analysis.charts import CHARTS, NARROW, OF_QUESTION, WIDE, annotated_trend, drawing, external_measures, trend
from analysis.charts.drawing import annotations, style
from analysis.charts.drawing.small_multiples import days
from analysis.localisation import PlainLocalisation
from tests.analysis.drawn import PLACES, SWEDISH, named, table_of

PANEL: dict[str, Any] = {
    **{"series": "Har en fast läkare, enligt befolkningen", "date": date(2022, 12, 31), "qualifier": "exact"},
    **{"value": 29.0, "unit_of_measure": "%", "respondents": "En panel", "source": "Panelen"},
}
CHIEFS = {
    **PANEL,
    "series": "Har en fast läkare, enligt cheferna",
    "qualifier": "over",
    "value": 55.0,
    "respondents": "Chefer",
}
LATER = {**PANEL, "date": date(2023, 12, 31), "value": 31.5}
PEOPLE = {**PANEL, "series": "Invånare per läkare", "unit_of_measure": "personer", "value": 1240.0}
TEXTS = PlainLocalisation()


def points(figure: Figure) -> set[tuple[float, float]]:
    """The values that are drawn."""
    lines = named(figure, r"value-\d+-\d+").values()
    return {(float(x), float(y)) for line in lines for x, y in zip(*line.get_data(), strict=True)}


def written(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("rows", [[PANEL], [PANEL, CHIEFS], [LATER, PANEL, CHIEFS, PEOPLE]])
def test_the_picture_shows_the_table(rows: list[dict[str, Any]], width: int) -> None:
    table = external_measures.table(rows)
    figure = external_measures.draw(table, TEXTS, width)
    assert points(figure) == {(days([row["date"]])[0], row["value"]) for row in rows}
    said = written(figure)
    assert all(external_measures.value_text(row, TEXTS) in said for row in rows)
    assert "Mäter inte samma sak" in " ".join(said)
    right = max(text.get_window_extent().x1 for text in figure.findobj(Text) if text.get_text())
    assert right <= width and min(text.get_window_extent().x0 for text in figure.findobj(Text) if text.get_text()) >= 0
    colours = {style.PATIENT, style.PROVIDER}
    assert not colours & {str(line.get_color()).lower() for line in figure.findobj(Line2D)}


def test_what_is_only_known_to_be_more_is_hollow_and_says_so() -> None:
    figure = external_measures.draw(external_measures.table([PANEL, CHIEFS]), TEXTS)
    faces = {gid: line.get_markerfacecolor() for gid, line in named(figure, r"value-.*").items()}
    assert faces == {"value-0-0": style.INK, "value-1-0": style.PAPER}
    assert "mer än 55\u00a0%" in written(figure)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (PANEL, "29\u00a0%"),
        (LATER, "31,5\u00a0%"),
        (CHIEFS, "mer än 55\u00a0%"),
        (PEOPLE, "1\u00a0240\u00a0personer"),
        ({**PANEL, "qualifier": "under", "value": 0.0}, "mindre än 0\u00a0%"),
        ({**PANEL, "value": -2.25, "unit_of_measure": "steg"}, "\u22122,25\u00a0steg"),
    ],
)
def test_a_value_in_words(row: dict[str, Any], words: str) -> None:
    assert external_measures.value_text(row, TEXTS) == words


def test_the_words_tell_all_and_claim_nothing() -> None:
    table = external_measures.table([PANEL, LATER, CHIEFS])
    assert external_measures.headline(table, TEXTS) == (
        "Har en fast läkare, enligt befolkningen, 2023: 31,5\u00a0%. "
        "Har en fast läkare, enligt cheferna, 2022: mer än 55\u00a0%"
    )
    said = external_measures.describe(table, TEXTS)
    assert "2022 29\u00a0%, 2023 31,5\u00a0%" in said and "Tillfrågade: Chefer" in said
    assert (
        external_measures.headline(external_measures.table([PANEL, CHIEFS, PEOPLE]), TEXTS)
        == "Mätningar utifrån: 3 serier"
    )


def test_what_is_counted_in_something_else_has_its_own_scale() -> None:
    other = {**PANEL, "unit_of_measure": "personer", "value": 1240.0, "date": date(2023, 1, 1)}
    figure = external_measures.draw(external_measures.table([PANEL, other]), TEXTS)
    assert {"value-0-0", "value-1-0"} == set(named(figure, r"value-.*"))
    assert "100\u00a0%" in written(figure) and "2\u00a0000\u00a0personer" in written(figure)


def test_two_of_a_year_are_told_by_their_day() -> None:
    table = external_measures.table([PANEL, {**PANEL, "date": date(2022, 3, 1), "value": 30.0}])
    assert "2022-03-01 30\u00a0%, 2022-12-31 29\u00a0%" in external_measures.describe(table, TEXTS)


def test_it_is_drawn_the_same_each_time_and_is_in_no_registry() -> None:
    table = external_measures.table([PANEL, CHIEFS])
    one, two = (style.svg(external_measures.draw(table, TEXTS), "a", "b") for _ in range(2))
    assert one == two
    assert not {external_measures, annotated_trend} & set(CHARTS.values()) and "outside" not in OF_QUESTION


def some_marks(place: str, number: int = 3) -> list[annotations.Annotation]:
    """Days spread over the rounds of a place."""
    dates = sorted(set(table_of("trend", place)["date"]))
    step = (dates[-1] - dates[0]) / number
    return [annotations.Annotation(n + 1, (dates[0] + step * n).date(), f"Händelse {n}") for n in range(number)]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_marks_are_a_line_in_each_panel_and_change_nothing_else(place: str, width: int) -> None:
    table, days_of = table_of("trend", place), some_marks(place)
    plain, figure = trend.draw(table, SWEDISH, width), annotated_trend.draw(table, SWEDISH, days_of, width)
    lines = [line for line in figure.findobj(Line2D) if str(line.get_gid()).startswith("mark-")]
    assert sorted(float(line.get_xdata()[0]) for line in lines) == sorted(
        float(mark.day.toordinal()) for mark in days_of for _panel in range(7)
    )
    for pattern in (r"points-.*", r"few-.*", r"line-.*", r"break-.*", r"hidden-.*"):
        before, after = (
            {gid: [[float(value) for value in axis] for axis in line.get_data()] for gid, line in found.items()}
            for found in (named(plain, pattern), named(figure, pattern))
        )
        assert before == after
    assert annotations.NOTE.split(":")[0] in " ".join(written(figure))


def test_without_marks_the_trend_is_the_editions_own() -> None:
    for place in PLACES:
        table = table_of("trend", place)
        assert annotated_trend.drawing(table, SWEDISH, []) == drawing("trend", table, SWEDISH)
        assert annotated_trend.drawing(table, SWEDISH, some_marks(place)) != drawing("trend", table, SWEDISH)


@pytest.mark.parametrize(("width", "rows"), [(WIDE, 3), (NARROW, 7)])
def test_only_a_marked_trend_gives_room_to_numbers(width: int, rows: int) -> None:
    table = table_of("trend", "region")
    tall = [annotated_trend.draw(table, SWEDISH, days_of, width).bbox.height for days_of in ([], some_marks("region"))]
    # On a phone the marks' own note may take a line or two besides.
    assert rows * annotations.LANE - 0.01 <= tall[1] - tall[0] < (rows + 2) * annotations.LANE


def test_the_marks_are_told_in_words() -> None:
    said = annotated_trend.describe(table_of("trend"), SWEDISH, some_marks("odensala", 2))
    assert "Streck 1, 2022-" in said and "Händelse 1" in said


@pytest.mark.parametrize("at", [[10, 11, 12], [0, 50, 99], [98, 99, 100], [5] * 9])
def test_numbers_never_touch_and_stay_within(at: list[float]) -> None:
    widths = [7.0] * len(at)
    placed = annotations.spaced(widths, at, 100)
    assert all(b - a >= 7 + annotations.MIN_DISTANCE - 1e-9 for a, b in pairwise(placed))
    assert placed[-1] + 3.5 <= 100 and placed[0] - 3.5 >= -4
