"""Intervals and tests of shares, against published tables and against their own definitions."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.stats import norm

from analysis.measures.intervals import (
    Interval,
    center,
    difference_interval,
    difference_p_value,
    difference_p_values,
    limits,
    share_interval,
)
from analysis.measures.noise import share, variance
from bench.invented_rounds import answers, drawn

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


S = variance(1.0)


@settings(deadline=None)
@given(st.integers(-4, 60), st.integers(10, 60), st.sampled_from([1.309, 3.163, 13.166]), st.floats(0.5, 0.99))
def test_limits_with_noise_solve_the_equation(x: int, n: int, noise: float, level: float) -> None:
    found, z = share_interval(x, n, level, noise), norm.ppf(0.5 + level / 2)
    middle = min(1.0, max(0.0, share(float(x), float(n), noise)))
    assert 0 <= found.low <= middle <= found.high <= 1
    for limit in (found.low, found.high):
        if 0 < limit < 1:
            spread = limit * (1 - limit) / n + noise * (1 - limit + limit**2) / n**2
            assert abs(middle - limit) / math.sqrt(spread) == pytest.approx(z, rel=1e-6)


def test_a_base_that_noise_has_eaten_says_nothing() -> None:
    for x, n in ((0, 0), (3, -2), (1, 1)):
        assert share_interval(x, n, noise=S) == Interval(0, 1)
        assert difference_p_value(x, n, 0, 30, noise_1=S, noise_2=S) == (1 if n < 1 else pytest.approx(0.5, abs=0.5))
    assert difference_interval(0, 0, 30, 30, noise_1=S, noise_2=S).high > 0


def test_noise_widens_and_extra_widens_more() -> None:
    plain, wide = share_interval(9, 12), share_interval(9, 12, noise=S)
    assert plain.half_width + 0.03 < wide.half_width < 0.4
    sides = (9, 12, 30, 60)
    reaches = [
        difference_interval(*sides).half_width,
        difference_interval(*sides, noise_1=S, noise_2=S).half_width,
        difference_interval(*sides, noise_1=S, noise_2=S, extra=2 * 0.04**2).half_width,
    ]
    assert reaches == sorted(set(reaches))
    ps = [difference_p_value(30, 60, 45, 60, extra=extra) for extra in (0.0, 0.0032)]
    assert ps[0] < 0.01 < ps[1]
    assert difference_p_values([(30, 60, 45, 60)], [(0, 0)]) == [ps[0]]


def test_those_who_work_here_are_known_where_all_have_answered() -> None:
    assert share_interval(9, 12, headcount=12) == Interval(0.75, 0.75)
    here, like = share_interval(9, 12, noise=S, headcount=12), share_interval(9, 12, noise=S)
    assert 0.2 < here.half_width < like.half_width
    assert share_interval(9, 12, headcount=10**6).low == pytest.approx(share_interval(9, 12).low, abs=1e-4)
    assert share_interval(1, 1, headcount=1) == Interval(1, 1)


def test_a_headcount_holds_the_share_of_those_who_work_here() -> None:
    rng, held, held_as_others = np.random.default_rng(8), 0, 0
    for _ in range(1000):
        saying_yes, here = rng.binomial(20, 0.6), 20
        x = rng.hypergeometric(saying_yes, here - saying_yes, 12)
        truth = saying_yes / here
        held += not share_interval(x, 12, headcount=here).excludes(truth)
        held_as_others += not share_interval(x, 12).excludes(truth)
    assert 0.93 <= held / 1000 <= 0.98
    assert held_as_others / 1000 > 0.985, "as if there were many more of them it is too wide, or this proves nothing"


@pytest.mark.parametrize(("least", "most", "k"), [(5, 15, 5), (15, 80, 10)])
@pytest.mark.parametrize("p", [0.5, 0.85])
def test_noised_intervals_hold_the_truth(least: int, most: int, k: int, p: float) -> None:
    rng = np.random.default_rng(11)
    n = rng.integers(least, most + 1, 4000)
    counts = answers(rng, n, p, 0.05) + drawn(rng, n.shape, 1.0)
    x, b = counts[:, 0].astype(float), counts.sum(axis=1).astype(float)
    x, b = x[b >= k], b[b >= k]

    def held(noise: float) -> float:
        s = np.full_like(b, noise)
        low, high = limits(center(x, b, s), b, s)
        return float(((low <= p) & (p <= high)).mean())

    assert 0.93 <= held(S) <= 0.985
    assert held(0.0) < (0.9 if most < 20 else 0.935), "as if nothing had been added it fails, or this proves nothing"
