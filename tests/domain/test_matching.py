"""Which units stand on both sides of a gap over several units, and how much each answer there weighs."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.domain.disclosure.matching import MAX_WEIGHT, WEIGHT_SCALE, matched_units, units_below, weights

NUMBERS = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 20))


def test_the_units_under_a_place_are_told_sorted_and_without_the_places_between() -> None:
    below = {"region": ["west", "east"], "west": ["w2", "w1"], "east": ["e1", "bare"], "bare": []}
    assert units_below(below, "region") == ["e1", "w1", "w2"]
    assert units_below(below, "west") == ["w1", "w2"]
    assert units_below(below, "bare") == units_below(below, "w1") == []


@given(NUMBERS, NUMBERS)
def test_a_matched_unit_has_a_crowd_on_both_sides(patients: dict[str, int], providers: dict[str, int]) -> None:
    found = matched_units({"patient": patients, "provider": providers}, {"patient": 10, "provider": 5})
    assert found == [unit for unit in "abcdef" if patients.get(unit, 0) >= 10 and providers.get(unit, 0) >= 5]


@given(st.integers(1, 500), st.integers(1, 5000))
def test_both_sides_of_a_unit_weigh_the_same_whatever_they_are(n_staff: int, n_residents: int) -> None:
    found = weights({"provider": {"u": n_staff}, "patient": {"u": n_residents}}, ["u"])
    staff, residents = found["provider"]["u"], found["patient"]["u"]
    # As much as its residents; or, with few staff, at most six times its staff.
    assert staff == int(WEIGHT_SCALE * min(Fraction(MAX_WEIGHT), Fraction(n_residents, n_staff)))
    assert residents == max(1, staff * n_staff // n_residents)
    assert residents * n_residents <= staff * n_staff or residents == 1


@pytest.mark.parametrize(
    ("n_staff", "n_residents", "expected"),
    [(5, 10, (2000, 1000)), (10, 5, (500, 1000)), (5, 30, (6000, 1000)), (5, 60, (6000, 500)), (1, 9000, (6000, 1))],
)
def test_weights_are_in_thousandths_of_one_resident(n_staff: int, n_residents: int, expected: tuple[int, int]) -> None:
    found = weights({"provider": {"u": n_staff, "v": 1}, "patient": {"u": n_residents, "v": 1}}, ["u"])
    assert found == {"provider": {"u": expected[0]}, "patient": {"u": expected[1]}}
