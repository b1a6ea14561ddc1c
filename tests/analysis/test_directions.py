"""What rises and falls through the rounds: the right test for the level, and nothing said of too few rounds."""

import numpy as np
import pytest
from scipy.stats import t as student

from analysis import charts, frame
from analysis.charts import trend
from analysis.directions import direction_sentence, directions
from analysis.over_time import lines
from analysis.trend import cochran_armitage, logistic_trend
from tests.analysis import long
from tests.analysis.drawn import CELLS, GAPS, SWEDISH, long_table_of, table_of
from tests.analysis.invented import ROUNDS


def of(table: object, unit: bool, question: str, role: str = "patient") -> dict[str, float]:
    found = directions(lines(table), unit)  # type: ignore[arg-type]
    return dict(found[(found["question"] == question) & (found["role"] == role)].iloc[0])


def test_a_unit_is_tested_by_cochran_and_armitage_with_the_dates_as_scores() -> None:
    table = table_of("trend", "odensala")
    own = table[(table["question"] == "nasta_steg") & (table["role"] == "patient")]
    days = np.array([day.toordinal() for day in own["date"]], dtype=float)
    test = cochran_armitage(own["share"] * own["n"] / 100, own["n"], days)
    found = of(table, True, "nasta_steg")
    # Holm over what is tested: four patients' questions have kept their wording, and no provider's has 30 answers.
    alone = directions({("patient", "nasta_steg"): lines(table)["patient", "nasta_steg"]}, True)
    assert alone["p"][0] == pytest.approx(test.p)
    assert found["p"] >= test.p and found["rounds"] == 7
    assert set(directions(lines(table), True)["role"]) == {"patient"}


def test_above_the_unit_the_rounds_may_vary_by_more_than_chance() -> None:
    table = long_table_of("trend")
    own = lines(table)["patient", "trygghet"]
    n = np.array([row["n"] for row in own])
    x = np.array([row["share"] for row in own]) * n / 100
    line = logistic_trend(x, n, [row["date"].toordinal() for row in own], overdispersed=True)
    alone = directions({("patient", "trygghet"): own}, False)
    assert alone["p"][0] == pytest.approx(2 * student.sf(abs(line.slope) / line.se, len(own) - 2))


def test_four_rounds_of_one_wording_are_needed() -> None:
    table = table_of("trend", "region")  # three questions have two rounds of their new wording
    assert set(directions(lines(table), False)["question"]) == {"kontaktvagar", "nasta_steg", "nasta_tid", "overblick"}
    early = CELLS["round"].isin(ROUNDS[:3])
    three = trend.table(CELLS[early], GAPS[GAPS["round"].isin(ROUNDS[:3])], "region")
    assert directions(lines(three), False).empty
    assert direction_sentence(three, SWEDISH) == ""
    assert "Sett över omgångarna" not in trend.subtitle(three, SWEDISH)


def test_the_sentence_says_what_rises_and_what_falls() -> None:
    said = trend.subtitle(table_of("trend", "region"), SWEDISH)
    assert "Sett över omgångarna stiger andelen patienter som svarar ja: Nästa steg, Nästa tid." in said
    cells = CELLS.copy()
    here = (cells["place"] == "region") & (cells["role"] == "provider") & (cells["question"] == "nasta_tid")
    cells.loc[here, "share"] = [90.0, 85, 80, 75, 70, 65, 60]
    falling = trend.describe(trend.table(cells, GAPS, "region"), SWEDISH)
    assert "Sett över omgångarna sjunker andelen i vården som svarar ja: Nästa tid." in falling
    still = trend.describe(charts.table_of("trend", long.editions(), "u05"), SWEDISH)
    assert "går ingen stigande eller sjunkande andel att skilja från slump" in still


def test_rounds_where_all_answer_alike_have_no_line_and_no_fault() -> None:
    cells = CELLS.copy()
    cells.loc[cells["place"] == "region", "share"] = 100.0
    table = trend.table(cells, GAPS, "region")
    assert (directions(lines(table), False)["p"] == 1).all()
    assert frame.records(table)
