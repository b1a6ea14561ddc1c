"""A question in every municipality: each panel draws its table, and the headline says where, who and which way."""

from functools import cache

import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis import charts, frame
from analysis.charts import IN_MUNICIPALITIES, NARROW, WIDE
from analysis.charts.multiples import days
from analysis.texts import INVENTED, PlainTexts
from tests.analysis import long
from tests.analysis.drawn import LANGUAGES, MADE, SWEDISH, marks, named, points
from tests.analysis.invented import band_cell, hidden_cell, shown_cell
from tests.analysis.test_chart_layout import boxes, overlapping

KEYS = ("are", "ostersund")
NAMES = sorted(IN_MUNICIPALITIES)


@cache
def table_of(name: str) -> pd.DataFrame:
    return charts.table_of(name, long.editions(), "region")


@cache
def drawn(name: str, language: str = "sv", width: int = WIDE) -> Figure:
    return IN_MUNICIPALITIES[name].draw(table_of(name), LANGUAGES[language], width)


@pytest.mark.parametrize("name", NAMES)
def test_every_panel_draws_its_own_table(name: str) -> None:
    figure, table = drawn(name), table_of(name)
    assert sorted(set(table["place"])) == sorted(KEYS)
    for key in KEYS:
        for role in frame.ROLES:
            own = table[(table["place"] == key) & (table["role"] == role) & (table["status"] == "shown")]
            found = points(named(figure, rf"{key}-(points|few)-{role}-.*"))
            assert found == set(zip(days(own["date"]), own["share"], strict=True)) and found


def test_what_is_not_shown_is_a_field_or_a_cross() -> None:
    made = [long.edition(number) for number in (0, 1)]
    name = "municipalities-trygghet"
    odd = {("are", "provider"): band_cell(75, 100, 10), ("ostersund", "provider"): hidden_cell()}
    for cell in made[1]["cells"]:
        cell.update(odd.get((cell["place"], cell["role"]), {}))
    figure = IN_MUNICIPALITIES[name].draw(charts.table_of(name, made, "region"), SWEDISH)
    fields = {gid: bar for gid, bar in marks(figure, Rectangle).items() if "band" in gid}
    (field,) = fields.values()
    assert (field.get_y(), field.get_y() + field.get_height()) == (75, 100)
    assert next(iter(fields)).startswith("are-band-provider")
    assert named(figure, r"ostersund-hidden-.*") and not named(figure, r"are-hidden-.*")


def test_no_two_marks_have_one_name() -> None:
    every = [each.get_gid() for each in drawn(NAMES[0]).findobj() if each.get_gid()]
    assert len(every) == len(set(every)) > 2


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("language", "width"), [("sv", WIDE), ("en", NARROW)])
def test_texts_neither_meet_nor_leave_the_sheet(name: str, language: str, width: int) -> None:
    figure = drawn(name, language, width)
    assert overlapping(figure) == []
    for words, box in boxes(figure):
        assert box.x0 >= 0 and box.x1 <= width + 0.5 and box.y0 >= 0, words


def test_the_headline_says_where_who_and_which_way() -> None:
    made = []
    for number, (patients, staff) in enumerate([(40, 80), (70, 40)]):
        edition = long.edition(number)
        for cell in edition["cells"]:
            moves = {("are", "patient"): patients, ("ostersund", "provider"): staff}
            if cell["question"] == "trygghet":
                cell.update(shown_cell(moves.get((cell["place"], cell["role"]), 50), 200))
        made.append(edition)
    chart = IN_MUNICIPALITIES["municipalities-trygghet"]
    said = chart.headline(charts.table_of("municipalities-trygghet", made, "region"), SWEDISH)
    assert said == "Trygghet: större andel patienter svarar ja i Åre; mindre andel i vården svarar ja i Östersund"
    still = charts.table_of("municipalities-trygghet", [long.edition(0)], "region")
    assert chart.headline(still, SWEDISH) == "Trygghet: ingen kommuns förändring går att skilja från noll"


def test_that_answers_are_invented_is_said_once() -> None:
    texts = PlainTexts.from_editions([edition | {"invented": True} for edition in MADE])
    table = charts.table_of("municipalities-trygghet", MADE, "region")
    chart, mark = IN_MUNICIPALITIES["municipalities-trygghet"], (INVENTED % {"place": ""}).strip()
    assert mark in texts.place("ostersund")
    assert chart.subtitle(table, texts).count(mark) == 1
    assert mark not in chart.headline(table, texts)
