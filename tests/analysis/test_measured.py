"""From noised counts to what is shown: which base is asked, and that no small unit's figure stops a page."""

from typing import Any

import pytest

from analysis import beside, charts, frame, over_time
from analysis.measured import measured
from tests.analysis.drawn import SWEDISH
from tests.analysis.invented import cell_of, edition, linked, shown_cell
from tests.analysis.long import UNITS
from tests.analysis.long import edition as long_edition
from tests.analysis.said import all_cells

OUTSIDE = dict.fromkeys(frame.QUESTIONS, 0.05)
EATEN = cell_of(4, -4, 8, noise=3.163)  # eight answered, and noise has eaten their base


def in_place(cell: dict[str, Any], place: str) -> dict[str, Any]:
    """One staff cell as the publication measures it."""
    return measured([{"place": place, "role": "provider", "question": "trygghet", **cell}], 5, OUTSIDE)[0]


def test_the_threshold_asks_the_base_as_it_stands_and_not_the_steadied_one() -> None:
    assert in_place(EATEN, "odensala")["status"] == "unsure"
    assert in_place(cell_of(5, -0.01, 3, noise=3.163), "odensala")["status"] == "unsure"
    assert in_place(cell_of(5, 0, 3, noise=3.163), "odensala")["status"] == "interval"


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
    own = over_time.lines(table)["provider", "trygghet"]
    assert {row["base"] for row in own} == {0} and over_time.comparable(own) == []
    assert charts.CHARTS["trend"].draw(table, SWEDISH)
    body = long_edition(0)
    for cell in body["cells"]:
        if (cell["place"], cell["role"], cell["question"]) == (UNITS[5], "provider", "trygghet"):
            cell.update(EATEN | {"status": "hollow", "share": 98.0, "low": 50.0, "high": 100.0})
    units = charts.table_of("funnel-provider", [body], "region")
    judged = units[(units["question"] == "trygghet") & units["target"].notna()]
    assert len(judged) >= beside.LEAST and UNITS[5] not in set(judged["unit"])
    assert charts.chart_of("funnel-provider").draw(units, SWEDISH)
