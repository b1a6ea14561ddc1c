"""The pictures of the later measures show their tables and nothing else: spread, change and funnel; and all of them."""

from typing import Any

import pandas as pd
import pytest

from analysis import charts, frame
from analysis.charts import NARROW, WIDE, style
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
    named,
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
