"""From noised counts to what is shown: which base is asked, and that no small unit's figure stops a page."""

from typing import Any

import numpy as np
import pytest

from analysis import charts
from analysis.frames import frame, series, unit_comparison
from analysis.frames.measured import with_intervals
from analysis.frames.rounds_together import cells_together
from analysis.measures import noise
from analysis.measures.intervals import center, share_interval
from tests.analysis.drawn import SWEDISH
from tests.analysis.invented import cell_of, edition, linked, shown_cell
from tests.analysis.long import UNITS
from tests.analysis.long import edition as long_edition
from tests.analysis.sentences_of import all_cells
from tests.followup import editions as invented

OUTSIDE = dict.fromkeys(frame.QUESTIONS, 0.05)
EATEN = cell_of(4, -4, 8, noise=3.163)  # eight answered, and noise has eaten their base


def in_place(cell: dict[str, Any], place: str) -> dict[str, Any]:
    """One staff cell as the publication measures it."""
    return with_intervals([{"place": place, "role": "provider", "question": "trygghet", **cell}], 5, OUTSIDE)[0]


def test_the_threshold_asks_the_base_as_it_stands_and_not_the_steadied_one() -> None:
    assert in_place(EATEN, "odensala")["status"] == "unsure"
    assert in_place(cell_of(5, -0.01, 3, noise=3.163), "odensala")["status"] == "unsure"
    assert in_place(cell_of(5, 0, 3, noise=3.163), "odensala")["status"] == "interval"


def test_what_is_printed_is_what_is_tested_in_every_place() -> None:
    """From the published editions: the counts that every test takes give the printed share and its printed limits."""
    steadied = 0
    for row in frame.records(frame.cells(invented.bodies())):
        if frame.is_known(row["share"]):
            yes, base, added = series.counts(row)
            one = (np.array([value]) for value in (yes, base, added))
            limits = share_interval(yes, base, noise=added)
            printed = (center(*one)[0], limits.low, limits.high)
            assert [row["share"], row["low"], row["high"]] == pytest.approx([100 * x for x in printed], abs=0.06)
            steadied += abs(base - row["base"]) > 1
    assert steadied > 50, "the control: the counts as they stand are others"


def test_several_rounds_together_are_steadied_as_one_round_is() -> None:
    bodies = invented.bodies()
    for row in frame.records(cells_together(bodies, "brunflo", 4)):
        of = (row["role"], row["question"])
        there = [
            (cell, body["non_substantive"][of[0]][of[1]])
            for body in bodies[-4:]
            for cell in body["cells"]
            if (cell["place"], cell["role"], cell["question"]) == ("brunflo", *of)
            and body["wordings"][of[0]][of[1]] == row["wording"]
        ]
        n = np.array([sum(cell["counts"][name] for name in ("yes", "not_yes", "non_substantive")) for cell, _ in there])
        part = float(np.average([each for _, each in there], weights=n))
        sums = (sum(cell["counts"][name] for cell, _ in there) for name in ("yes", "not_yes"))
        yes, not_yes = sums
        values = (np.array([each], dtype=float) for each in (yes, yes + not_yes, row["noise"], n.sum(), part))
        found = noise.steady_counts(*values)
        assert [row["steady_yes"], row["steady_base"]] == pytest.approx([each[0] for each in found], abs=0.001)
        if frame.is_known(row["share"]):
            printed = center(*found, np.array([row["noise"]]))[0]
            assert row["share"] == pytest.approx(100 * printed, abs=0.06)


def test_an_edition_that_does_not_say_what_part_is_outside_is_tested_as_it_was_counted() -> None:
    bodies = invented.bodies()
    for body in bodies:
        del body["non_substantive"]
    for row in frame.records(frame.cells(bodies, "brunflo")):
        assert (row["steady_yes"], row["steady_base"]) == pytest.approx((row["yes_count"], row["base"]), nan_ok=True)


def rounds_of_a_unit(number: int = 4) -> list[dict[str, Any]]:
    """Rounds in which the noise has eaten the staff's base on one question."""
    made = [edition(at, all_cells(shown_cell(60, 200), shown_cell(50, 200))) for at in range(number)]
    for body in made:
        key = ("odensala", "provider", "trygghet")
        at = next(i for i, c in enumerate(body["cells"]) if (c["place"], c["role"], c["question"]) == key)
        body["cells"][at] = in_place(EATEN, "odensala")
    return linked(made)


@pytest.mark.parametrize("name", sorted(charts.CHARTS))
def test_a_unit_whose_base_is_eaten_has_every_picture(name: str) -> None:
    table = charts.table_of(name, rounds_of_a_unit(), "odensala")
    chart = charts.CHARTS[name]
    assert chart.describe(table, SWEDISH) and chart.draw(table, SWEDISH)


def test_units_beside_each_other_bear_one_whose_base_is_eaten() -> None:
    body = long_edition(0)
    for at, cell in enumerate(body["cells"]):
        if (cell["place"], cell["role"], cell["question"]) == (UNITS[5], "provider", "trygghet"):
            body["cells"][at] = in_place(EATEN, UNITS[5])
    table = charts.table_of("funnel-provider", [body], "region")
    assert charts.chart_of("funnel-provider").draw(table, SWEDISH)


def test_an_edition_from_before_that_rule_stops_no_page() -> None:
    """Where such a cell stands as hollow, in an edition that is never changed, it is neither compared nor judged."""
    made = rounds_of_a_unit()
    for body in made:
        for cell in body["cells"]:
            if cell["counts"]["not_yes"] < 0:
                cell.update({"status": "hollow", "share": 98.0, "low": 50.0, "high": 100.0})
    table = charts.table_of("trend", made, "odensala")
    own = series.lines(table)["provider", "trygghet"]
    assert {row["base"] for row in own} == {0} and series.comparable(own) == []
    assert charts.CHARTS["trend"].draw(table, SWEDISH)
    body = long_edition(0)
    for cell in body["cells"]:
        if (cell["place"], cell["role"], cell["question"]) == (UNITS[5], "provider", "trygghet"):
            cell.update(EATEN | {"status": "hollow", "share": 98.0, "low": 50.0, "high": 100.0})
    units = charts.table_of("funnel-provider", [body], "region")
    judged = units[(units["question"] == "trygghet") & units["target"].notna()]
    assert len(judged) >= unit_comparison.MIN_UNITS and UNITS[5] not in set(judged["unit"])
    assert charts.chart_of("funnel-provider").draw(units, SWEDISH)
