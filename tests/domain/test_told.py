"""What a unit is told of how many have answered: one answer never shows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.domain.disclosure.count_rounding import STEPS, round_down_to_ten, rounded_interval


@given(st.integers(0, 10_000))
def test_while_a_round_is_open_the_number_moves_by_ten(answers: int) -> None:
    assert round_down_to_ten(answers) <= answers < round_down_to_ten(answers) + 10
    assert (round_down_to_ten(answers + 1) - round_down_to_ten(answers)) in (0, 10)


@given(st.integers(0, 400), st.integers(5, 60), st.sampled_from(["patient", "provider"]))
def test_at_close_the_number_lies_between_those_that_are_told(answers: int, threshold: int, role: str) -> None:
    told = rounded_interval(role, answers, threshold)
    if answers < threshold:
        assert told is None
        return
    assert told is not None
    low, high = told
    assert low <= answers and (high is None or answers <= high)
    # At least five numbers are meant, so that the one whose answer is missing can't be told.
    assert high is None or high - low >= 4 or low == threshold


@pytest.mark.parametrize(
    ("role", "answers", "threshold", "said"),
    [
        ("patient", 9, 10, None),
        ("patient", 10, 10, (10, 19)),
        ("patient", 123, 10, (120, 129)),
        ("provider", 4, 5, None),
        ("provider", 5, 5, (5, 9)),
        ("provider", 8, 7, (7, 9)),
        ("provider", 63, 5, (50, 74)),
        ("provider", 250, 5, (STEPS[-1], None)),
    ],
)
def test_what_is_said(role: str, answers: int, threshold: int, said: object) -> None:
    assert rounded_interval(role, answers, threshold) == said
