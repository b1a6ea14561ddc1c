"""Intervals and tests of shares, against published tables and against their own definitions."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.stats import norm

from analysis.intervals import Interval, difference_interval, difference_p_value, share_interval

# Newcombe 1998a (single proportion), method 3.
SINGLE = [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]

# Newcombe 1998b (difference of two), table II, method 10.
DIFFERENCE = [
    (56, 70, 48, 80, 0.0524, 0.3339),
    (9, 10, 3, 10, 0.1705, 0.8090),
    (6, 7, 2, 7, 0.0582, 0.8062),
    (5, 56, 0, 29, -0.0381, 0.1926),
    (0, 10, 0, 20, -0.1611, 0.2775),
    (0, 10, 0, 10, -0.2775, 0.2775),
    (10, 10, 0, 20, 0.6791, 1.0),
    (10, 10, 0, 10, 0.6075, 1.0),
]


@st.composite
def counts(draw: st.DrawFn) -> tuple[int, int]:
    base = draw(st.integers(1, 400))
    return draw(st.integers(0, base)), base


@pytest.mark.parametrize(("x", "n", "low", "high"), SINGLE)
def test_share_as_published(x: int, n: int, low: float, high: float) -> None:
    found = share_interval(x, n)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(("x1", "n1", "x2", "n2", "low", "high"), DIFFERENCE)
def test_difference_as_published(x1: int, n1: int, x2: int, n2: int, low: float, high: float) -> None:
    found = difference_interval(x1, n1, x2, n2)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


@settings(deadline=None)
@given(counts(), st.floats(0.5, 0.999))
def test_share_limits_are_where_the_score_test_turns(sample: tuple[int, int], level: float) -> None:
    x, n = sample
    found, z = share_interval(x, n, level), norm.ppf(0.5 + level / 2)
    assert 0 <= found.low <= x / n <= found.high <= 1
    for limit in (found.low, found.high):
        if 0 < limit < 1:
            assert abs(x / n - limit) / math.sqrt(limit * (1 - limit) / n) == pytest.approx(z, rel=1e-6)


@settings(deadline=None)
@given(counts(), counts())
def test_difference_turned_round_is_mirrored(one: tuple[int, int], other: tuple[int, int]) -> None:
    found, turned = difference_interval(*one, *other), difference_interval(*other, *one)
    assert (found.low, found.high) == pytest.approx((-turned.high, -turned.low))
    assert -1 <= found.low <= one[0] / one[1] - other[0] / other[1] <= found.high <= 1


@settings(deadline=None)
@given(counts(), counts())
def test_p_is_that_of_the_score_statistic(one: tuple[int, int], other: tuple[int, int]) -> None:
    (x1, n1), (x2, n2) = one, other
    p = difference_p_value(x1, n1, x2, n2)
    assert p == pytest.approx(difference_p_value(x2, n2, x1, n1), abs=1e-9)
    pooled, total = (x1 + x2) / (n1 + n2), n1 + n2
    if pooled in (0, 1):
        assert p == 1
        return
    variance = pooled * (1 - pooled) * (1 / n1 + 1 / n2) * total / (total - 1)
    assert p == pytest.approx(2 * norm.sf(abs(x1 / n1 - x2 / n2) / math.sqrt(variance)), abs=1e-9)


def test_fractional_counts_are_taken() -> None:
    """A published 62 % of about 45 is 27.9 answers; its interval solves the score equation there too."""
    found = share_interval(0.62 * 45, 45)
    low = brentq(lambda p: 0.62 - p - 1.959964 * math.sqrt(p * (1 - p) / 45), 0.01, 0.62)
    assert found.low == pytest.approx(low, abs=1e-6)


@pytest.mark.parametrize(("x", "n"), [(1, 0), (-1, 5), (6, 5), (float("nan"), 5), (1, float("nan"))])
def test_impossible_counts_are_refused(x: float, n: float) -> None:
    for call in (
        lambda: share_interval(x, n),
        lambda: difference_interval(x, n, 1, 2),
        lambda: difference_p_value(1, 2, x, n),
    ):
        with pytest.raises(ValueError, match="successes"):
            call()


@pytest.mark.parametrize("level", [0, 1, 95, -0.1])
def test_impossible_levels_are_refused(level: float) -> None:
    with pytest.raises(ValueError, match="level"):
        share_interval(1, 2, level)


def test_excludes() -> None:
    assert Interval(0.1, 0.2).excludes(0)
    assert not Interval(0.0, 0.2).excludes(0)
