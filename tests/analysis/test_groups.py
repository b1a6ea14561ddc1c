"""Residents' groups in pictures: every dot is the table's, and only women and men are tested, as one family."""

import re

import pandas as pd
import pytest
from matplotlib.text import Text

from analysis.charts import OF_GROUPS, chart_of
from analysis.frames import frame, resident_groups
from analysis.frames.resident_groups import GROUPINGS
from analysis.measures.compared import compare_pairs
from tests.analysis.drawn import named, points
from tests.analysis.placed import TEXTS, drawn, table_of


@pytest.mark.parametrize("grouping", GROUPINGS)
def test_every_group_is_a_dot_with_its_interval_on_each_question(grouping: str) -> None:
    table, figure = table_of(f"groups-{grouping}"), drawn(f"groups-{grouping}", "sv")
    for row in frame.records(table):
        gid = re.escape(f"{row['group']}-{row['question']}")
        dot, line = named(figure, rf"point-{gid}"), named(figure, rf"interval-{gid}")
        assert bool(dot) == frame.is_known(row["share"]) and bool(line) == frame.is_known(row["low"])
        if dot:
            assert {x for x, _ in points(dot)} == {row["share"]}
            assert {x for x, _ in points(line)} == {row["low"], row["high"]}
            hollow = next(iter(dot.values())).get_markerfacecolor() == "#ffffff"
            assert hollow == (row["status"] == "hollow")
    assert set(OF_GROUPS) == {f"groups-{each}" for each in GROUPINGS}


def test_women_and_men_are_one_family_and_no_other_groups_are_tested() -> None:
    table = table_of("groups-gender")
    by_key = {(row["group"], row["question"]): row for row in frame.records(table)}
    rows = [
        {
            f"{name}_{side}": by_key[group, question][column]
            for side, group in ((1, "woman"), (2, "man"))
            for name, column in (("successes", "steady_yes"), ("base", "steady_base"), ("noise", "noise"))
        }
        for question in frame.QUESTIONS
    ]
    expected = compare_pairs(pd.DataFrame(rows))
    told = [by_key["woman", question]["distinct"] for question in frame.QUESTIONS]
    assert told == expected["distinct"].tolist() and sum(told) == 1
    assert by_key["woman", "nasta_steg"]["p"] == pytest.approx(expected["p"][4], abs=1e-4)
    for grouping in ("age", "gender_age", "language", "help"):
        other = table_of(f"groups-{grouping}")
        assert other["p"].isna().all() and not other["distinct"].any()


def test_uncertain_shares_of_women_and_men_are_not_tested() -> None:
    table = table_of("groups-gender")
    here = (table["question"] == "overblick") & (table["group"] == "man")
    plain = table.drop(columns=["difference", "difference_low", "difference_high", "p", "distinct"])
    found = resident_groups.with_tests(plain.assign(status=plain["status"].mask(here, "hollow")))
    untested = found.loc[found["p"].isna() & found["group"].isin(resident_groups.TESTED_PAIR), "question"]
    assert set(untested) == {"overblick"} | set(table.loc[table["p"].isna() & (table["group"] == "man"), "question"])


def test_the_words_claim_of_gender_alone_and_say_that_the_others_are_untested() -> None:
    table = table_of("groups-gender")
    chart = chart_of("groups-gender")
    assert chart.headline(table, TEXTS["sv"]) == "Större andel kvinnor än män svarar ja: Nästa steg"
    assert "alla sju frågor tillsammans" in chart.subtitle(table, TEXTS["sv"])
    words = " ".join(text.get_text() for text in drawn("groups-gender", "sv").findobj(Text))
    assert "kvinnor minus män: +" in words
    age = table_of("groups-age")
    assert "inte prövade mot varandra" in chart_of("groups-age").subtitle(age, TEXTS["sv"])
    assert "65–79 år" in chart_of("groups-age").describe(age, TEXTS["sv"])


def test_groups_stand_in_the_questionnaires_order_with_the_others_last() -> None:
    assert list(dict.fromkeys(table_of("groups-gender")["group"])) == ["woman", "man", "other"]
    age = list(dict.fromkeys(table_of("groups-age")["group"]))
    assert age == ["0-17", "18-34", "35-49", "50-64", "65-79", "80+"]
    assert list(dict.fromkeys(table_of("groups-language")["group"]))[-1] == "other"


def test_a_round_without_groups_says_so() -> None:
    table = table_of("groups-gender").head(0)
    for chart in OF_GROUPS.values():
        assert chart.headline(table, TEXTS["sv"]) == "Inga grupper att visa: för få har berättat om sig"
