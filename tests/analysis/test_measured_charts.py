"""The pictures of the later measures show their tables and nothing else: spread, change and funnel; and all of them."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import Rectangle

from analysis import beside, charts, frame
from analysis.charts import NARROW, WIDE, funnel, spread, style
from analysis.charts.change import apart
from analysis.intervals import difference_interval
from tests.analysis import long
from tests.analysis.drawn import (
    LANGUAGES,
    PLACES,
    SWEDISH,
    drawn_figure,
    drawn_long,
    long_table_of,
    marks,
    named,
    points,
    table_of,
)
from tests.analysis.test_chart_layout import boxes, overlapping

SHOWN = ("control", "change", "spread", "funnel")


@pytest.mark.parametrize("name", SHOWN)
@pytest.mark.parametrize(
    ("place", "language", "width"), [("region", "sv", WIDE), ("are", "en", NARROW), ("u01", "sv", NARROW)]
)
def test_texts_neither_meet_nor_leave_the_sheet(name: str, place: str, language: str, width: int) -> None:
    figure = drawn_long(name, place, language, width)
    assert overlapping(figure) == []
    for words, box in boxes(figure):
        assert box.x0 >= 0 and box.x1 <= width + 0.5 and box.y0 >= 0, words
        assert box.y1 <= figure.get_size_inches()[1] * 72, words


@pytest.mark.parametrize(("make", "place"), [(table_of, place) for place in PLACES] + [(long_table_of, "region")])
def test_spread_draws_the_table(make: Any, place: str) -> None:
    table = make("spread", place)
    figure = (drawn_long if make is long_table_of else drawn_figure)("spread", place)
    bars = {gid: (bar.get_x(), bar.get_x() + bar.get_width()) for gid, bar in marks(figure, Rectangle).items()}
    for row in frame.records(table):
        key = f"{row['role']}-{row['question']}"
        drawn = {gid.removesuffix(f"-{key}") for gid in bars if gid.endswith(key)}
        if row["status"] == "hidden":
            assert not any(key in gid for gid in bars)
        elif row["status"] == "band":
            assert bars[f"yes-{key}"] == (0, row["cap_low"])
            assert bars[f"field-{key}-1"] == (row["cap_low"], row["cap_high"])
        elif frame.known(row["partly"]):
            assert drawn >= {"yes", "partly"}
            assert bars[f"yes-{key}"] == (0, row["share"])
            assert bars[f"partly-{key}"] == (-row["partly"], 0)
            assert bars[f"no-{key}"] == (-row["partly"] - row["no"], -row["partly"])
        else:
            assert bars[f"yes-{key}"] == (0, row["share"])
            assert bars[f"not_yes-{key}"] == (row["share"] - 100, 0), "partly and no can't be told apart"


def test_spread_tells_from_one_half_only_what_is_outside_its_interval_after_holm() -> None:
    table = table_of("spread", "odensala")
    few = table["n"] < 30
    assert (table.loc[few, "half"] == "").all() and table.loc[few, "p"].isna().all()
    told = table[table["half"] != ""]
    assert ((told["low"] > 50) | (told["high"] < 50)).all() and (told["p"] < 0.05).all()
    chance = (table["high"] < 50) & (table["half"] == "") & ~few
    assert chance.any(), "the interval alone would have told more"
    assert spread.headline(table, SWEDISH) == "Av patienter som tog ställning svarar färre än hälften ja: Överblick"


@pytest.mark.parametrize(("make", "place"), [(table_of, place) for place in PLACES] + [(long_table_of, "region")])
def test_change_draws_the_table(make: Any, place: str) -> None:
    table = make("change", place)
    figure = (drawn_long if make is long_table_of else drawn_figure)("change", place)
    drawn = named(figure, r"(then|now|line|interval-now|interval-then)-.*")
    for row in frame.records(table):
        key = f"{row['role']}-{row['question']}"
        for prefix, name in (("before_", "then"), ("", "now")):
            shown = row[f"{prefix}status"] == "shown"
            assert (f"{name}-{key}" in drawn) == shown
            if shown:
                mark = drawn[f"{name}-{key}"]
                assert list(mark.get_ydata()) == [row[f"{prefix}share"]]
                assert (mark.get_markerfacecolor() == style.PAPER) == (row[f"{prefix}n"] < 30)
                ends = drawn[f"interval-{name}-{key}"]
                assert list(ends.get_ydata()) == [row[f"{prefix}low"], row[f"{prefix}high"]]
        both = row["status"] == row["before_status"] == "shown"
        assert (f"line-{key}" in drawn) == both
        if both:
            assert list(drawn[f"line-{key}"].get_ydata()) == [row["before_share"], row["share"]]


def test_change_is_told_as_newcombe_has_it_and_few_answers_are_not_tested() -> None:
    table = long_table_of("change")
    row = table[(table["question"] == long.MOVED) & (table["role"] == "patient")].iloc[0]
    limits = difference_interval(
        row["share"] * row["n"] / 100, row["n"], row["before_share"] * row["before_n"] / 100, row["before_n"]
    )
    assert (row["change_low"], row["change_high"]) == (round(100 * limits.low), round(100 * limits.high))
    assert row["distinct"] and row["change"] == row["share"] - row["before_share"]
    staff = table_of("change", "odensala")
    assert staff.loc[staff["role"] == "provider", ["change", "p"]].isna().all(axis=None)


def test_change_is_never_across_two_wordings() -> None:
    made = long.editions()[: long.FRESH_SINCE + 1]  # the first round of the new wording
    table = charts.table_of("change", made, "region")
    fresh = table[table["question"] == long.FRESH]
    assert (fresh["before"] == "").all() and (fresh["why"] == "wording").all() and fresh["change"].isna().all()
    assert "ny formulering" in charts.CHARTS["change"].describe(table, SWEDISH)
    alone = charts.table_of("change", made[:1], "region")
    assert charts.CHARTS["change"].headline(alone, SWEDISH).startswith("Ingen tidigare mätomgång")


def test_numbers_step_apart() -> None:
    assert apart([50, 52], 14, 0, 100) == [44, 58]
    assert apart([52, 50], 14, 0, 100) == [58, 44]
    assert apart([99, 100], 14, 0, 100) == [86, 100]
    assert apart([10, 80], 14, 0, 100) == [10, 80]
    assert apart([5], 14, 10, 100) == [10]


@pytest.mark.parametrize("place", ["region", "ostersund"])
def test_funnel_draws_the_table(place: str) -> None:
    table, figure = long_table_of("funnel", place), drawn_long("funnel", place)
    fields = marks(figure, Rectangle)
    for question in frame.QUESTIONS:
        own = table[table["question"] == question]
        shown = own[own["status"] == "shown"]
        assert points(named(figure, rf"(points|few)-{question}")) == set(zip(shown["n"], shown["share"], strict=True))
        assert points(named(figure, rf"few-{question}")) == {
            (row["n"], row["share"]) for row in frame.records(shown) if row["n"] < 30
        }
        told = own[own["apart"]]
        assert points(named(figure, rf"apart-{question}")) == set(zip(told["n"], told["share"], strict=True))
        for row in frame.records(own[own["status"] == "band"]):
            field = fields[f"band-{question}-{row['unit']}"]
            assert (field.get_y(), field.get_height()) == (row["cap_low"], row["cap_high"] - row["cap_low"])
            assert field.get_x() + field.get_width() / 2 == pytest.approx(row["n"])
        for name, column in (("inner-lower", "lower_inner"), ("outer-upper", "upper")):
            drawn = dict(points(named(figure, rf"{name}-{question}")))
            judged = own[own["target"].notna()]
            assert {drawn[n] for n in judged["n"]} == set(judged[column])


def test_funnel_names_the_unit_that_stands_apart_and_no_other() -> None:
    table = long_table_of("funnel")
    here = table[table["question"] == "kontaktvagar"]
    assert list(here.loc[here["apart"], "unit"]) == [long.APART]
    assert "Hälsocentral 4" in charts.CHARTS["funnel"].describe(table, SWEDISH)
    assert (table["n"].isna() == (table["status"] == "hidden")).all()
    assert table.loc[table["n"] < 30, "target"].isna().all(), "few answers are not judged"
    assert table["unit"].tolist() == sorted(long.UNITS) * 7, "by key, never by share"


def test_funnel_counts_units_apart_where_they_are_too_many_to_name() -> None:
    table = long_table_of("funnel").copy()
    here = (table["question"] == "overblick") & (table["n"] >= 30)
    table.loc[here, "apart"] = True
    assert f"enheter utanför: {here.sum()}" in charts.CHARTS["funnel"].describe(table, SWEDISH)
    figure = charts.CHARTS["funnel"].draw(table, SWEDISH, NARROW)
    assert overlapping(figure) == []


def test_funnel_judges_no_list_by_chance_alone() -> None:
    """Units that are all alike: hardly ever is one told apart, over all units and questions of the picture."""
    rng, told, draws = np.random.default_rng(20261127), 0, 100
    for _ in range(draws):
        n = np.tile(5 * rng.integers(6, 40, 20), 7).astype(float)
        share = np.rint(100 * rng.binomial(n.astype(int), 0.55) / n)
        units = pd.DataFrame({"question": np.repeat(frame.QUESTIONS, 20), "status": "shown", "n": n, "share": share})
        told += bool(beside.judged(units, dict.fromkeys(frame.QUESTIONS, 55.0))["apart"].any())
    assert told / draws <= 0.1


def test_funnel_holds_the_units_under_the_place_and_no_other() -> None:
    assert set(long_table_of("funnel", "are")["unit"]) == set(long.UNITS[11:])
    assert set(long_table_of("funnel", "ostersund")["unit"]) == set(long.UNITS[:11])
    assert set(long_table_of("funnel", "region")["unit"]) == set(long.UNITS)
    alone = long_table_of("funnel", "u05")
    assert set(alone["unit"]) == {""} and set(alone["status"]) == {"hidden"}
    assert funnel.headline(alone, SWEDISH).startswith("För få enheter")


def test_a_whole_that_is_hidden_has_no_funnel() -> None:
    made = long.editions()[-1:]
    cells, gaps = frame.cells(made, "region", units=True), frame.gaps(made, "region")
    cells.loc[cells["place"] == "region", ["status", "share"]] = ["hidden", np.nan]
    table = funnel.table(cells, gaps, "region")
    assert table["target"].isna().all() and not table["apart"].any()


@pytest.mark.parametrize("name", SHOWN)
def test_only_what_is_published_enters(name: str) -> None:
    """Each table is the same when it is made anew from the cells as they are printed, and from nothing else."""
    made = [
        {key: edition[key] for key in ("number", "round", "wordings", "places", "cells", "gaps", "gap_changes")}
        for edition in long.editions()
    ]
    for edition in made:
        edition["cells"] = [{key: cell[key] for key in cell if key not in ("why",)} for cell in edition["cells"]]
    pd.testing.assert_frame_equal(charts.table_of(name, made, "region"), long_table_of(name))


@pytest.mark.parametrize("name", SHOWN)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_hidden_figure_is_said_and_never_zero(name: str, language: str) -> None:
    made = [dict(edition) for edition in long.editions()]
    nothing = dict.fromkeys(("n", "share", "low", "high", "cap_low", "cap_high", "codes", "outside"))
    for edition in made:
        edition["cells"] = [dict(cell) | nothing | {"status": "hidden", "why": "few"} for cell in edition["cells"]]
    chart, texts = charts.CHARTS[name], LANGUAGES[language]
    table = charts.table_of(name, made, "region")
    words = {"sv": "För få", "en": "Too few"}[language]
    assert chart.headline(table, texts).startswith(words)
    figure = chart.draw(table, texts, WIDE)
    assert overlapping(figure) == []
    assert not named(figure, r"(points|few|then|now|line|outside|apart)-.*")
