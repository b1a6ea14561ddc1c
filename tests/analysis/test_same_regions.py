"""The nation's gap in the same regions: no region that comes or goes moves it, and it says how many it is of."""

from typing import Any

import pytest

from analysis.charts import chart_of, drawing, table_of
from analysis.frames.frame import QUESTIONS
from analysis.frames.same_regions import editions_of_same
from analysis.localisation import PlainLocalisation
from tests.analysis.small_nation import NATION, edition


def gaps_of(found: list[dict[str, Any]], question: str = "trygghet") -> list[float]:
    """The nation's gap of a question, round by round."""
    return [row["gap"] for each in found for row in each["gaps"] if row["question"] == question]


def test_a_region_that_comes_or_goes_moves_nothing() -> None:
    same = {"a": 10.0, "b": 12.0, "c": 8.0}
    every = [edition(0, same), edition(1, same | {"far": -60.0}), edition(2, same | {"new": 70.0})]
    found, many = editions_of_same(every, NATION)
    assert many == dict.fromkeys(QUESTIONS, 3)
    assert all(abs(gap - 10) < 6 for gap in gaps_of(list(map(dict, found))))
    assert [each["places"][0]["joined"] for each in found] == [False] * 3


def test_it_goes_back_for_as_long_as_half_of_todays_regions_were_there() -> None:
    four = dict.fromkeys("abcd", 10.0)
    every = [edition(0, {"a": 10.0}), edition(1, {"a": 10.0, "b": 10.0}), edition(2, four), edition(3, four)]
    found, many = editions_of_same(every, NATION)
    assert [each["round"]["key"] for each in found] == ["r1", "r2", "r3"]
    assert set(many.values()) == {2}


def test_the_newest_rounds_weights_stand_in_all_of_them() -> None:
    first, last = edition(0, {"a": 0.0, "b": 40.0}), edition(1, {"a": 0.0, "b": 40.0})
    last["regions"][1]["weights"] = dict.fromkeys(QUESTIONS, 300)
    found, _many = editions_of_same([first, last], NATION)
    own = {row["place"]: row["gap"] for row in first["gaps"] if row["question"] == "trygghet"}
    assert gaps_of(list(map(dict, found)))[0] == pytest.approx((own["a"] + 3 * own["b"]) / 4, abs=0.01)
    row = next(row for row in found[0]["gaps"] if row["question"] == "trygghet")
    assert row["se"] == pytest.approx(2 * (0.25**2 + 0.75**2) ** 0.5, abs=0.01)


def test_other_words_begin_a_line_of_their_own() -> None:
    two = {"a": 10.0, "b": 10.0}
    every = [edition(0, two, wording="old"), edition(1, two), edition(2, two)]
    rows = table_of("same-regions", every, NATION)
    own = rows[rows["question"] == "trygghet"]
    assert list(own["segment"]) == [0, 1, 1] and set(own["status"]) == {"shown"}
    assert list(own["since"])[-1] == "r1"


def test_a_change_of_the_same_regions_is_told_and_no_change_hardly_ever() -> None:
    told = 0
    for seed in range(40):
        steady = [edition(at, dict.fromkeys("abcd", 10.0), seed=seed) for at in range(5)]
        rows = table_of("same-regions", steady, NATION)
        told += bool((rows["direction"] != 0).any())
    # Seven questions are one family: one picture in twenty by chance, at most.
    assert told <= 6
    rising = [edition(at, dict.fromkeys("abcd", 10.0 + 4 * at)) for at in range(5)]
    assert set(table_of("same-regions", rising, NATION)["direction"]) == {1}


def test_it_is_drawn_and_says_how_many_regions_it_is_of() -> None:
    every = [edition(at, dict.fromkeys("abc", 10.0)) for at in range(3)]
    texts = PlainLocalisation.from_editions(every)
    rows = table_of("same-regions", every, NATION)
    assert "Regioner som är med i varje omgång: 3." in chart_of("same-regions").subtitle(rows, texts)
    assert drawing("same-regions", rows, texts).startswith(b"<")
