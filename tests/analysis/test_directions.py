"""What rises and falls through the rounds: the right test for the level, and nothing said of too few rounds."""

import numpy as np
import pytest
from scipy.stats import t as student

from analysis import charts, frame
from analysis.charts import trend
from analysis.directions import directions, gap_directions
from analysis.moves import columns
from analysis.over_time import between, lines
from analysis.trend import cochran_armitage, logistic_trend
from tests.analysis import long
from tests.analysis.drawn import CELLS, GAPS, SWEDISH, long_table_of, table_of
from tests.analysis.invented import ROUNDS


def test_a_unit_is_tested_by_cochran_and_armitage_with_the_dates_as_scores() -> None:
    table = table_of("trend", "odensala")
    own = table[(table["question"] == "nasta_steg") & (table["role"] == "patient")]
    days = np.array([day.toordinal() for day in own["date"]], dtype=float)
    one = {("patient", "nasta_steg"): lines(table)["patient", "nasta_steg"]}
    test = cochran_armitage(own["yes_count"], own["base"], days, noises=own["noise"], between=between(one))
    alone = directions(one, True)
    assert alone["p"][0] == pytest.approx(test.p) and alone["rounds"][0] == 7
    # Holm over all that is tested, with what rounds vary taken from all the lines.
    assert len(directions(lines(table), True)) > 1


def test_above_the_unit_the_rounds_may_vary_by_more_than_chance() -> None:
    table = long_table_of("trend")
    own = lines(table)["patient", "trygghet"]
    x, n, noises = columns(own)
    line = logistic_trend(x, n, [row["date"].toordinal() for row in own], overdispersed=True, noises=noises)
    alone = directions({("patient", "trygghet"): own}, False)
    assert alone["p"][0] == pytest.approx(2 * student.sf(abs(line.slope) / line.se, len(own) - 2))


def test_four_rounds_of_one_wording_are_needed() -> None:
    table = table_of("trend", "region")  # three questions have two rounds of their new wording
    assert set(directions(lines(table), False)["question"]) == {"kontaktvagar", "nasta_steg", "nasta_tid", "overblick"}
    early = CELLS["round"].isin(ROUNDS[:3])
    three = trend.table(CELLS[early], GAPS[GAPS["round"].isin(ROUNDS[:3])], "region")
    assert directions(lines(three), False).empty
    assert "över omgångarna" not in trend.headline(three, SWEDISH)


def test_the_headline_says_what_rises_and_what_falls() -> None:
    assert "patienter som svarar ja stiger över omgångarna" in trend.headline(table_of("trend", "region"), SWEDISH)
    cells = CELLS.copy()
    here = (cells["place"] == "region") & (cells["role"] == "provider") & (cells["question"] == "nasta_tid")
    cells.loc[here, "share"] = [90.0, 85, 80, 75, 70, 65, 60]
    cells.loc[here, "yes_count"] = cells.loc[here, "share"] * cells.loc[here, "base"] / 100
    falling = trend.describe(trend.table(cells, GAPS, "region"), SWEDISH)
    assert "Andelen i vården som svarar ja sjunker över omgångarna: Nästa tid." in falling
    still = trend.describe(charts.table_of("trend", long.editions(), "u05"), SWEDISH)
    assert still.startswith("Inga förändringar över tid går att skilja från noll.")


def test_what_gaps_vary_beside_chance_is_part_of_their_test() -> None:
    by_line = lines(table_of("samsyn", "region"))
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
    cells.loc[here, "share"], cells.loc[here, "yes_count"] = 100.0, cells.loc[here, "base"]
    table = trend.table(cells, GAPS, "region")
    assert (directions(lines(table), False)["p"] == 1).all()
    assert frame.records(table)
