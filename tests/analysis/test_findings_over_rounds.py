"""Sentences of what changes over the rounds: never more than the interval and the usual variation carry."""

from typing import Any

import pandas as pd
import pytest

from analysis.charts import gap_trend, trend
from analysis.frames import frame
from analysis.frames.series import first_against_last, lines, segments
from analysis.frames.trend_direction import gap_directions
from analysis.sentences import over_rounds as told
from analysis.sentences import trend as progress
from tests.analysis.invented import edition, editions, hidden_cell, linked, shown_cell
from tests.analysis.sentences_of import TEXTS, all_cells, table_of


def two_rounds(first: int, last: int, n: int) -> list[dict[str, Any]]:
    """Only patients' trygghet moves."""
    made = []
    for number, share in ((0, first), (1, last)):
        cells = all_cells(shown_cell(50, 60), shown_cell(50, 60))
        cells = [
            {**cell, **shown_cell(share, n)} if (cell["role"], cell["question"]) == ("patient", "trygghet") else cell
            for cell in cells
        ]
        made.append(edition(number, cells))
    return linked(made)


def test_a_change_is_told_when_it_is_distinct_and_only_then() -> None:
    assert "Större andel patienter" in trend.headline(table_of(trend, two_rounds(30, 80, 60)), TEXTS)
    assert "Mindre andel patienter" in trend.headline(table_of(trend, two_rounds(80, 30, 60)), TEXTS)
    nothing = "Ingen förändring över tid är säkert mer än slump"
    assert trend.headline(table_of(trend, two_rounds(45, 55, 60)), TEXTS) == nothing


def test_uncertain_shares_are_not_tested() -> None:
    changes = first_against_last(lines(table_of(trend, two_rounds(30, 80, 15))))
    assert ("patient", "trygghet") not in set(zip(changes["role"], changes["question"], strict=True))
    assert len(changes) == 13


def test_no_change_is_told_across_a_new_wording() -> None:
    made = two_rounds(30, 80, 60)
    made[1]["wordings"]["patient"]["trygghet"] = "another"
    changes = first_against_last(lines(table_of(trend, made)))
    assert len(changes) == 13
    assert "Större" not in trend.headline(table_of(trend, made), TEXTS)
    series = table_of(gap_trend, made)
    assert series.loc[(series["question"] == "trygghet"), "since"].to_list() == ["", ""]


def test_nothing_tested_is_not_called_unchanged() -> None:
    made = [edition(number, all_cells(shown_cell(50, 15), hidden_cell())) for number in (0, 1)]
    assert trend.headline(table_of(trend, made), TEXTS) == progress.TREND
    assert "För få svar" in gap_trend.headline(table_of(gap_trend, made), TEXTS)


def gap_rounds(gaps: list[tuple[int, int]]) -> list[dict[str, Any]]:
    """Only trygghet moves, after a round in which nothing does: else it would be what rounds vary by themselves."""
    gaps = [gaps[0], *gaps] if len(gaps) == 2 else gaps
    still = all_cells(shown_cell(50, 200), shown_cell(50, 200))
    made = []
    for number, pair in enumerate(gaps):
        shares = dict(zip(frame.ROLES, pair, strict=True))
        cells = [
            {**cell, **shown_cell(shares[cell["role"]], 200)} if cell["question"] == "trygghet" else cell
            for cell in still
        ]
        made.append(edition(number, cells))
    return linked(made)


@pytest.mark.parametrize(
    ("gaps", "words"),
    [
        ([(30, 80), (70, 80)], "svarar mer lika"),
        ([(70, 80), (30, 80)], "svarar mer olika"),
        ([(80, 30), (80, 70)], "svarar mer lika"),
        ([(30, 80), (80, 30)], "har ändrats"),
        ([(50, 60), (50, 62)], "är säkert mer än slump"),
    ],
)
def test_the_gap_over_time(gaps: list[tuple[int, int]], words: str) -> None:
    assert words in gap_trend.headline(table_of(gap_trend, gap_rounds(gaps)), TEXTS)


def test_what_all_questions_do_at_once_is_usual_variation() -> None:
    made = [edition(n, all_cells(shown_cell(share, 200), shown_cell(80, 200))) for n, share in ((0, 30), (1, 70))]
    said = gap_trend.headline(table_of(gap_trend, linked(made)), TEXTS)
    assert said.startswith("Ingen förändring av skillnaden")


def test_no_change_names_the_round_that_it_is_compared_with() -> None:
    said = gap_trend.headline(table_of(gap_trend, gap_rounds([(50, 60), (50, 61), (50, 62)])), TEXTS)
    assert said == "Ingen förändring av skillnaden är säkert mer än slump, jämfört med 2022-spring"


def test_a_change_is_said_with_its_interval() -> None:
    told, not_told = "är mer än slump", "går inte att skilja från noll"
    for gaps, verdict in (([(30, 80), (70, 80)], told), ([(50, 60), (50, 62)], not_told)):
        table = table_of(gap_trend, gap_rounds(gaps))
        row = next(row for row in frame.records(table) if row["since"] and row["question"] == "trygghet")
        said = gap_trend.gap_change_sentences(table, "trygghet", TEXTS)
        limits = f"{TEXTS.points(row['change_low'])} till {TEXTS.points(row['change_high'])}"
        assert f"ändrats med {TEXTS.points(row['change'])} procentenheter sedan 2022-spring" in said
        assert f"intervall {limits})" in said
        assert said.endswith(f"Förändringen {verdict}.")
        assert gap_trend.gap_change_sentences(table.assign(since=""), "trygghet", TEXTS) == ""
        newest = table["since"] != ""
        chance = table.assign(change_distinct=False, change_low=table["change_low"].where(~newest, 1.0))
        assert "Förändringen kan vara slump: intervallet är på en sida" in gap_trend.gap_change_sentences(
            chance, "trygghet", TEXTS
        )
        fewer = table.assign(change_units=2.0, units=3.0)
        assert gap_trend.gap_change_sentences(fewer, "trygghet", TEXTS).startswith(
            "I enheter som räknas båda gångerna, 2, har"
        )
        assert gap_trend.gap_change_sentences(fewer.assign(units=2.0), "trygghet", TEXTS) == said


@pytest.mark.parametrize("gaps", [[(30, 80), (70, 80)], [(30, 80), (40, 80), (50, 80), (60, 80), (70, 80)]])
def test_a_question_s_page_tells_a_change_as_the_headline_does(gaps: list[tuple[int, int]]) -> None:
    """From four rounds the trend speaks on both, under that the first round against the last."""
    table = table_of(gap_trend, gap_rounds(gaps))
    named = "Trygghet" in gap_trend.headline(table, TEXTS)
    assert named
    for question in frame.QUESTIONS:
        said = gap_trend.gap_change_sentences(table, question, TEXTS)
        assert ("är mer än slump" in said) == (question == "trygghet"), said
    assert (table.loc[table["question"] == "trygghet", "direction"].abs() == (len(gaps) > 3)).all()
    shares = table_of(trend, gap_rounds(gaps))
    assert "Trygghet" in trend.headline(shares, TEXTS)
    (moved,) = trend.share_change_sentences(shares, "trygghet", TEXTS)
    assert moved.startswith("Andelen patienter som svarar ja var 30") and moved.endswith("Det är mer än slump.")
    assert trend.share_change_sentences(shares, "overblick", TEXTS) == []


def test_segments_begin_anew_with_the_wording() -> None:
    assert segments(pd.Series(["a", "a", "b", "", "b", "c"])) == [0, 0, 1, 1, 1, 2]
    assert segments(pd.Series([None, "a", "a"])) == [0, 0, 0]


def test_a_wording_that_comes_back_joins_its_rounds_and_a_merger_parts_them() -> None:
    assert segments(["a", "b", "a", "a"]) == [0, 1, 0, 0]
    assert segments(["a", "b", "a"], [False, False, True]) == [0, 1, 2]
    assert segments(["a", "a"], [True, False]) == [0, 0], "nothing was before the first round"


def test_a_line_in_words_has_its_first_figure_with_the_wording_of_now() -> None:
    """What is compared with what is said, also where the wording has changed since the first round."""
    made = editions()
    said = " ".join(progress.trend_lines(trend.table(frame.cells(made), frame.gaps(made), "region"), TEXTS))
    by_line = lines(trend.table(frame.cells(made), frame.gaps(made), "region"))
    own = by_line["patient", "trygghet"]
    first = next(row for row in own if row["segment"] == own[-1]["segment"])
    assert first["round"] != own[0]["round"]
    told = [f"{TEXTS.round_name(row['round'])} {TEXTS.percent(row['share'])}" for row in (own[0], first, own[-1])]
    assert f"Trygghet, patienter: {'; '.join(told)}" in said


def over_rounds(shares: list[int]) -> list[dict[str, Any]]:
    """Only what patients say of trygghet moves."""
    made = []
    for number, share in enumerate(shares):
        cells = all_cells(shown_cell(50, 200), shown_cell(50, 200))
        moving = ("patient", "trygghet")
        cells = [
            cell | shown_cell(share, 200) if (cell["role"], cell["question"]) == moving else cell for cell in cells
        ]
        made.append(edition(number, cells))
    return linked(made)


def test_from_four_rounds_the_trend_speaks_and_the_ends_are_silent() -> None:
    rising = trend.headline(table_of(trend, over_rounds([40, 46, 50, 55, 62])), TEXTS)
    assert rising == "Andelen patienter som svarar ja stiger, sett över alla omgångar: Trygghet"
    # The last round stands far from the first, but nothing leads from one to the other.
    ends = table_of(trend, over_rounds([40, 62, 38, 41, 59]))
    assert first_against_last(lines(ends))["distinct"].any(), "the ends alone would have told a change"
    assert trend.headline(ends, TEXTS) == progress.NO_CHANGE


def test_the_gaps_own_trend_speaks_from_four_rounds() -> None:
    closer = table_of(gap_trend, over_rounds([20, 26, 32, 37, 44]))
    assert gap_trend.headline(closer, TEXTS) == "Vården och patienterna svarar allt mer lika: Trygghet"
    by_line = lines(closer)
    assert told.gap_findings(closer, gap_directions(by_line), by_line, TEXTS) == {"trygghet": "sjunker, +30 → +6"}
    three = table_of(gap_trend, over_rounds([20, 26, 32]))
    assert gap_directions(lines(three)).empty
