"""What rises and falls through the rounds: one test at every level, and nothing said of too few rounds."""

import copy

import numpy as np
import pytest

from analysis import charts
from analysis.charts import trend
from analysis.frames import frame
from analysis.frames.measured import with_intervals
from analysis.frames.movements import movements
from analysis.frames.series import between_round_variance, lines
from analysis.frames.trend_direction import directions, gap_directions, share_trend
from analysis.measures.trend_tests import cochran_armitage
from tests.analysis import long
from tests.analysis.drawn import CELLS, GAPS, SWEDISH, long_table_of, table_of
from tests.analysis.invented import NOISE, ROUNDS, cell_of, editions


def test_a_unit_is_tested_by_cochran_and_armitage_with_the_dates_as_scores() -> None:
    table = table_of("trend", "odensala")
    own = table[(table["question"] == "nasta_steg") & (table["role"] == "patient")]
    days = np.array([day.toordinal() for day in own["date"]], dtype=float)
    one = {("patient", "nasta_steg"): lines(table)["patient", "nasta_steg"]}
    test = cochran_armitage(
        own["steady_yes"], own["steady_base"], days, noises=own["noise"], between=between_round_variance(one)
    )
    alone = directions(one)
    assert alone["p"][0] == pytest.approx(test.p) and alone["rounds"][0] == 7
    # Holm over all that is tested, with what rounds vary taken from all the lines.
    assert len(directions(lines(table))) > 1


def test_every_level_and_every_page_tests_a_line_in_one_way() -> None:
    """On its own page, and beside other places: the same p, over the place's own seven questions."""
    for place in ("region", "are", "u05"):
        every = lines(long_table_of("trend", place))
        tests = directions(every)
        told = {(row["role"], row["question"]): row for row in frame.records(tests)}
        assert told
        for key, row in told.items():
            listed = movements(every)[key]
            assert (listed.p, listed.direction, listed.distinct) == (row["p"], row["direction"], row["distinct"])
        own = {("patient", long.MOVED): lines(long_table_of("trend", place))["patient", long.MOVED]}
        alone = directions(own)
        listed = movements(own)["patient", long.MOVED]
        assert (alone["p"][0], alone["direction"][0]) == (pytest.approx(listed.p), listed.direction)
        assert share_trend(own["patient", long.MOVED], between_round_variance(own)).p == pytest.approx(listed.p)


def test_in_a_list_two_rounds_are_compared_only_where_both_are_sure() -> None:
    own = lines(long_table_of("trend"))["patient", long.MOVED][-2:]
    assert set(movements({("patient", long.MOVED): own})) == {("patient", long.MOVED)}
    for which in (0, 1):
        rows = [dict(row) | ({"status": "hollow"} if at == which else {}) for at, row in enumerate(own)]
        assert movements({("patient", long.MOVED): rows}) == {}


def test_four_rounds_of_one_wording_are_needed() -> None:
    table = table_of("trend", "region")  # three questions have two rounds of their new wording
    assert set(directions(lines(table))["question"]) == {"kontaktvagar", "nasta_steg", "nasta_tid", "overblick"}
    early = CELLS["round"].isin(ROUNDS[:3])
    three = trend.table(CELLS[early], GAPS[GAPS["round"].isin(ROUNDS[:3])], "region")
    assert directions(lines(three)).empty
    assert "alla omgångar" not in trend.headline(three, SWEDISH)


def test_the_headline_says_what_rises_and_what_falls() -> None:
    assert "patienter som svarar ja stiger, sett över alla omgångar" in trend.headline(
        table_of("trend", "region"), SWEDISH
    )
    cells = CELLS.copy()
    here = (cells["place"] == "region") & (cells["role"] == "provider") & (cells["question"] == "nasta_tid")
    cells.loc[here, "share"] = [90.0, 85, 80, 75, 70, 65, 60]
    cells.loc[here, "steady_yes"] = cells.loc[here, "share"] * cells.loc[here, "steady_base"] / 100
    falling = trend.describe(trend.table(cells, GAPS, "region"), SWEDISH)
    assert "Andelen i vården som svarar ja sjunker, sett över alla omgångar: Nästa tid." in falling
    still = trend.describe(charts.table_of("trend", long.editions(), "u05"), SWEDISH)
    assert still.startswith("Ingen förändring över tid är säkert mer än slump.")


def test_what_gaps_vary_beside_chance_is_part_of_their_test() -> None:
    by_line = lines(table_of("gap-trend", "region"))
    found = gap_directions(by_line)
    assert set(found["question"]) == {"kontaktvagar", "nasta_steg", "nasta_tid", "overblick"}
    one = {("", "nasta_steg"): by_line["", "nasta_steg"]}
    # Another question whose gap leaps to and fro makes this one's slope less sure.
    leaping = [row | {"gap": row["gap"] + 30 * (n % 2)} for n, row in enumerate(by_line["", "nasta_tid"])]
    both = gap_directions(one | {("", "nasta_tid"): leaping})
    assert both["p"][0] > 100 * gap_directions(one)["p"][0]


def test_rounds_where_all_answer_alike_have_no_line_and_no_fault() -> None:
    cells = CELLS.copy()
    here = cells["place"] == "region"
    cells.loc[here, "share"], cells.loc[here, "steady_yes"] = 100.0, cells.loc[here, "steady_base"]
    table = trend.table(cells, GAPS, "region")
    assert (directions(lines(table))["p"] == 1).all()
    assert frame.records(table)


@pytest.mark.parametrize(("yes", "not_yes"), [((40, 38, 41, 39), (2, -3, -1, -2)), ((2, -3, -1, -2), (40, 38, 41, 39))])
def test_rounds_whose_noise_takes_the_whole_beyond_none_or_all_have_no_line(
    yes: tuple[int, ...], not_yes: tuple[int, ...]
) -> None:
    """A municipality where nearly all answer alike: noise may leave fewer than nobody on the other side."""
    made = copy.deepcopy(editions()[:4])
    for body, one, other in zip(made, yes, not_yes, strict=True):
        for number, cell in enumerate(body["cells"]):
            if (cell["place"], cell["role"], cell["question"]) == ("ostersund", "provider", "trygghet"):
                counted = {**cell, **cell_of(one, other, 3, NOISE["municipality"][0] or 0.0)}
                body["cells"][number] = with_intervals([counted], 5)[0]
    table = charts.table_of("trend", made, "ostersund")
    found = directions(lines(table)).set_index(["role", "question"])
    assert found.loc[("provider", "trygghet"), "p"] > 0.5
    assert trend.headline(table, SWEDISH)
