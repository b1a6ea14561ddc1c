"""Municipalities beside each other: the sheet of all questions and the panels of one draw their tables."""

from typing import Any

import pytest
from matplotlib.lines import Line2D
from matplotlib.text import Text

from analysis.charts import IN_MUNICIPALITIES, NARROW, chart_of, gap_trend, trend
from analysis.charts.drawing.small_multiples import days
from analysis.charts.municipalities import _wording
from analysis.frames import frame
from analysis.frames.series import lines
from analysis.frames.trend_direction import gap_directions
from analysis.localisation import INVENTED, PlainLocalisation
from analysis.sentences.over_rounds import gap_findings
from tests.analysis import invented_places as invented
from tests.analysis.drawn import marks, named, points
from tests.analysis.placed import drawn, table_of

SIDES = ("patient", "provider", "gap")


def rows_of(side: str, **more: Any) -> dict[tuple[str, str], frame.Row]:
    table = table_of(f"municipalities-{side}", **more)
    return {(row["place"], row["question"]): row for row in frame.records(table)}


@pytest.mark.parametrize("side", SIDES)
def test_the_sheet_has_every_municipality_by_every_question(side: str) -> None:
    rows = rows_of(side)
    assert set(rows) == {(place, q) for place in invented.MUNICIPALITIES for q in frame.QUESTIONS}
    figure, value = drawn(f"municipalities-{side}", "sv"), "gap" if side == "gap" else "share"
    low, high = (-70, 70) if side == "gap" else (0, 100)
    for (place, question), row in rows.items():
        point = named(figure, rf"point-{place}-{question}")
        assert bool(point) == frame.is_known(row[value])
        if point:
            assert points(point) == {(min(max(row[value], low), high), next(iter(points(point)))[1])}
        line = named(figure, rf"interval-{place}-{question}")
        assert bool(line) == (row["status"] in ("shown", "hollow", "interval"))


@pytest.mark.parametrize("side", SIDES)
def test_an_uncertain_figure_is_hollow_and_grey_and_what_is_not_shown_says_why(side: str) -> None:
    figure, rows = drawn(f"municipalities-{side}", "sv"), rows_of(side)
    sure = {key for key, row in rows.items() if (row["distinct"] if side == "gap" else row["status"] == "shown")}
    hollow = {
        gid.removeprefix("point-")
        for gid, line in named(figure, r"point-.*").items()
        if line.get_markerfacecolor() == "#ffffff"
    }
    seen = {key for key, row in rows.items() if row["status"] in ("shown", "hollow")}
    assert hollow == {"-".join(key) for key in seen - sure}
    words = [text.get_text() for text in figure.findobj(Text)]
    assert words.count("för osäkert") == sum(row["status"] == "unsure" for row in rows.values())
    short = [text.get_text() for text in drawn(f"municipalities-{side}", "en", NARROW).findobj(Text)]
    assert short.count("?") == words.count("för osäkert")


@pytest.mark.parametrize("side", SIDES)
def test_an_arrow_says_what_the_municipality_s_own_page_says(side: str) -> None:
    cells, gaps = invented.cells(), invented.gaps()
    own = set()
    for place in invented.MUNICIPALITIES:
        if side == "gap":
            table = gap_trend.table(cells, gaps, place)
            by_line = lines(table)
            own |= {(place, key) for key in gap_findings(table, gap_directions(by_line), by_line, invented.SWEDISH)}
            continue
        findings = trend.findings_of(lines(trend.table(cells, gaps, place)))
        found = [row for each in findings for row in frame.records(each) if row["distinct"] and row["role"] == side]
        own |= {(place, row["question"]) for row in found}
    assert {key for key, row in rows_of(side).items() if row["direction_distinct"]} == own


@pytest.mark.parametrize("side", SIDES)
def test_an_arrow_stands_where_a_change_is_told_and_nowhere_else(side: str) -> None:
    rows = rows_of(side)
    told = [row for row in rows.values() if row["direction_distinct"]]
    arrows = marks(drawn(f"municipalities-{side}", "sv"), Line2D)
    assert sum(gid.startswith("arrow") for gid in arrows) == len(told)
    assert told or side == "provider"
    if side != "gap":
        assert all(row["status"] == "shown" and row["since"] for row in told)
    first = rows_of(side, rounds=1)
    assert not any(row["direction_distinct"] for row in first.values())


def test_the_headlines_say_where_who_and_which_way() -> None:
    names = {side: f"municipalities-{side}" for side in SIDES}
    said = {side: chart_of(name).headline(table_of(name), invented.SWEDISH) for side, name in names.items()}
    assert "Större andel patienter svarar ja än förut: Nästa steg" in said["patient"]
    assert "Vården svarar ja oftare än patienterna: " in said["gap"]
    many = [row for row in rows_of("gap").values() if row["distinct"]]
    assert many, "the sentence is of something"
    alone = table_of("municipalities-patient", rounds=1)
    said_alone = chart_of("municipalities-patient").headline(alone, invented.SWEDISH)
    assert said_alone == "Så svarar patienterna, kommun för kommun"
    hidden = table_of("municipalities-provider", hidden=True)
    assert chart_of("municipalities-provider").headline(hidden, invented.SWEDISH).startswith("För få svar från vården")


def test_long_names_are_counted_in_the_headline() -> None:
    table = table_of("municipalities-gap")
    said = chart_of("municipalities-gap").headline(table, invented.long_named())
    assert invented.LONG[:30] not in said and "of 8 municipalities" in said


def test_the_words_tell_each_municipality_by_name_in_order() -> None:
    said = chart_of("municipalities-patient").describe(table_of("municipalities-patient"), invented.SWEDISH)
    order = [said.index(f" {name}: ") for name in ("Berg", "Bräcke", "Härjedalen", "Krokom", "Åre", "Östersund")]
    assert order == sorted(order)
    assert "har stigit sedan hösten 2023" in said and "(osäkert)" in said


def test_the_panels_of_one_question_draw_their_own_table_and_tell_the_same_changes() -> None:
    name = "municipalities-nasta_steg"
    figure, table = drawn(name, "sv"), table_of(name)
    for key in invented.MUNICIPALITIES:
        for role in frame.ROLES:
            own = table[(table["place"] == key) & (table["role"] == role) & table["share"].notna()]
            found = points(named(figure, rf"{key}-(points|few)-{role}-.*"))
            assert found == set(zip(days(own["date"]), own["share"], strict=True))
    sheet = {place for (place, q), row in rows_of("patient").items() if q == "nasta_steg" and row["direction_distinct"]}
    assert sheet == set(table.loc[(table["role"] == "patient") & (table["direction"] != 0), "place"])
    every = [each.get_gid() for each in figure.findobj() if each.get_gid()]
    assert len(every) == len(set(every)) > 2


def test_that_answers_are_invented_is_said_once() -> None:
    texts = PlainLocalisation({}, {"region": "Regionen", **invented.NAMES}, invented=True)
    mark = (INVENTED % {"place": ""}).strip()
    for name in ("municipalities-gap", "municipalities-trygghet"):
        chart, table = IN_MUNICIPALITIES[name], table_of(name)
        assert chart.subtitle(table, texts).count(mark) == 1
        assert mark not in chart.headline(table, texts)


def test_a_gap_begins_anew_where_either_side_was_asked_otherwise() -> None:
    row = {"wording_patient": "a", "wording_provider": "b"}
    assert (
        len({_wording(row), _wording(row | {"wording_provider": "c"}), _wording(row | {"wording_patient": "c"})}) == 3
    )
    assert _wording({"wording": "a"}) == "a" and _wording({"wording_patient": None, "wording_provider": None}) == ""
