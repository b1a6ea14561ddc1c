"""The pictures of the later measures show their tables and nothing else: spread, change and funnel; and all of them."""

from typing import Any

import pandas as pd
import pytest

from analysis import charts
from analysis.charts import NARROW, WIDE
from analysis.charts.drawing import style
from analysis.charts.drawing.labels import spaced
from analysis.frames import frame, series
from analysis.measures.intervals import difference_interval
from analysis.sentences import change
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

SHOWN = ("control", "change", "distribution", "funnel")


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
    for row in frame.records(table):
        gid = f"{row['role']}-{row['question']}"
        mark, ends = named(figure, gid), named(figure, f"interval-{gid}")
        assert bool(ends) == frame.is_known(row["change"])
        assert bool(mark) == (frame.is_known(row["change"]) and abs(row["change"]) <= change.AXIS_MAX)
        for each in mark.values():
            assert list(each.get_xdata()) == [row["change"]]
            assert (each.get_markerfacecolor() == style.PAPER) == (not row["distinct"])
        for each in ends.values():
            assert list(each.get_xdata()) == [
                max(row["change_low"], -change.AXIS_MAX),
                min(row["change_high"], change.AXIS_MAX),
            ]


def test_change_has_the_noise_and_the_usual_variation_in_and_uncertain_shares_are_not_tested() -> None:
    table, by_line = long_table_of("change"), series.lines(long_table_of("trend"))
    row = table[(table["question"] == long.MOVED) & (table["role"] == "patient")].iloc[0]
    then, now = by_line["patient", long.MOVED][-2:]
    limits = difference_interval(
        now["steady_yes"],
        now["steady_base"],
        then["steady_yes"],
        then["steady_base"],
        noise_1=now["noise"],
        noise_2=then["noise"],
        extra=2 * series.between_round_variance(by_line),
    )
    assert (row["change_low"], row["change_high"]) == (round(100 * limits.low, 1), round(100 * limits.high, 1))
    assert row["distinct"] and row["change"] == pytest.approx(row["share"] - row["before_share"])
    staff = table_of("change", "odensala")
    assert staff.loc[staff["role"] == "provider", ["change", "p"]].isna().all(axis=None)


def test_change_is_never_across_two_wordings() -> None:
    made = long.editions()[: long.FRESH_SINCE + 1]  # the first round of the new wording
    table = charts.table_of("change", made, "region")
    fresh = table[table["question"] == long.FRESH]
    assert (fresh["before"] == "").all() and (fresh["reason"] == "wording").all() and fresh["change"].isna().all()
    assert "ny formulering" in charts.CHARTS["change"].describe(table, SWEDISH)
    alone = charts.table_of("change", made[:1], "region")
    assert charts.CHARTS["change"].headline(alone, SWEDISH).startswith("Ingen tidigare mätomgång")


def test_numbers_step_apart() -> None:
    assert spaced([50, 52], 14, 0, 100) == [44, 58]
    assert spaced([52, 50], 14, 0, 100) == [58, 44]
    assert spaced([99, 100], 14, 0, 100) == [86, 100]
    assert spaced([10, 80], 14, 0, 100) == [10, 80]
    assert spaced([5], 14, 10, 100) == [10]


@pytest.mark.parametrize("name", SHOWN)
def test_only_what_is_published_enters(name: str) -> None:
    """Each table is the same when it is made anew from these parts of the editions, and from nothing else."""
    parts = ("number", "round", "wordings", "places", "respondents", "cells", "gaps", "gap_changes")
    made = [{key: edition[key] for key in parts} for edition in long.editions()]
    pd.testing.assert_frame_equal(charts.table_of(name, made, "region"), long_table_of(name))


@pytest.mark.parametrize("name", SHOWN)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_hidden_figure_is_said_and_never_zero(name: str, language: str) -> None:
    made = [dict(edition) for edition in long.editions()]
    nothing = dict.fromkeys(("n", "share", "low", "high", "counts", "noise", "noise_part"))
    for edition in made:
        edition["cells"] = [dict(cell) | nothing | {"status": "hidden"} for cell in edition["cells"]]
    chart, texts = charts.CHARTS[name], LANGUAGES[language]
    table = charts.table_of(name, made, "region")
    words = {"sv": "För få", "en": "Too few"}[language]
    assert chart.headline(table, texts).startswith(words)
    figure = chart.draw(table, texts, WIDE)
    assert overlapping(figure) == []
    assert not named(figure, r"(points|few|then|now|line|outside|apart)-.*")
