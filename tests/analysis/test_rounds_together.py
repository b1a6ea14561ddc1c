"""Several rounds read as one: counts and noise add up, and another wording is another question."""

import pytest

from analysis.frames.frame import cells, records
from analysis.frames.rounds_together import cells_together, gaps_together
from tests.followup import editions as invented

PLACE = "brunflo"


def test_counts_and_noise_add_up_and_the_interval_is_narrower() -> None:
    bodies = invented.bodies()
    each = [row for row in records(cells(bodies, PLACE)) if (row["role"], row["question"]) == ("provider", "overblick")]
    together = {(row["role"], row["question"]): row for row in records(cells_together(bodies, PLACE, 4))}
    found = together["provider", "overblick"]
    assert found["noise"] == pytest.approx(sum(row["noise"] for row in each[-4:]))
    assert found["base"] == pytest.approx(sum(row["base"] for row in each[-4:]))
    assert found["high"] - found["low"] < 0.95 * min(row["high"] - row["low"] for row in each if row["high"] > 0)


def test_rounds_in_other_words_are_left_out() -> None:
    bodies = invented.bodies(4)
    together = {(row["role"], row["question"]): row for row in records(cells_together(bodies, PLACE, 4))}
    n = {row["round"]: row["n"] for row in records(cells(bodies, PLACE)) if row["role"] == "patient"}
    assert together["patient", "overblick"]["n"] == sum(n.values())
    assert together["patient", invented.REWORDED[0]]["n"] == n["v23"] + n["h23"]


def test_rounds_before_others_went_up_in_the_place_are_of_another_place() -> None:
    bodies = invented.bodies()
    n = {row["round"]: row["n"] for row in records(cells(bodies, PLACE)) if row["role"] == "patient"}
    for number, still in ((3, ["h23", "v24"]), (4, [])):
        grown = invented.bodies()
        for each in grown[number]["places"]:
            each["joined"] = each["key"] == PLACE
        together = {(row["role"], row["question"]): row for row in records(cells_together(grown, PLACE, 4))}
        found = together.get(("patient", "overblick"), {"n": 0})
        assert found["n"] == sum(n[key] for key in still)


def test_one_round_is_not_several() -> None:
    assert cells_together(invented.bodies(1), PLACE, 4).empty
    assert "berg-hemsjukvard" not in set(cells_together(invented.bodies(), "berg-hemsjukvard", 4)["place"])


def test_gaps_of_several_rounds_are_read_as_those_of_one() -> None:
    """All of the place's seven together: an interval off zero alone may be chance."""
    four = {"place": PLACE, "rounds": 4, "se": 10.0}
    strong = four | {"question": "trygghet", "gap": 40.0, "low": 20.0, "high": 60.0}
    weak = [four | {"question": f"q{n}", "gap": 21.0, "low": 1.0, "high": 41.0} for n in range(6)]
    two = strong | {"rounds": 2, "gap": 5.0, "low": -20.0, "high": 30.0}
    bodies = [*invented.bodies()[:-1], invented.bodies()[-1] | {"gaps_together": [strong, *weak, two]}]
    found = gaps_together(bodies, PLACE)
    assert [question for question, row in found.items() if row["distinct"]] == ["trygghet"]
    assert found["trygghet"]["rounds"] == 4 and found["q0"]["low"] > 0
    assert gaps_together(bodies, "froso") == {}
