"""What noise does to a figure, against the enumerated distribution of the draw."""

import math

import numpy as np
import numpy.typing as npt
import pytest

from analysis.measures import noise
from analysis.measures.noise import (
    clip_share,
    count_variance,
    effective_counts,
    effective_n,
    noise_variance,
    share,
    steady_counts,
    variance,
)
from bench.invented_rounds import drawn

Floats = npt.NDArray[np.float64]


def enumerated(epsilon: float, reach: int = 60) -> tuple[Floats, Floats, Floats]:
    """Every (u, v) of h(ε) and its probability."""
    u, v = (grid.ravel().astype(float) for grid in np.meshgrid(*[np.arange(-reach, reach + 1)] * 2))
    weights = np.exp(-epsilon * np.maximum(np.maximum(abs(u), abs(v)), abs(u + v)))
    return u, v, weights / weights.sum()


@pytest.mark.parametrize(
    ("epsilon", "published"), [(0.25, 53.166), (0.5, 13.166), (0.75, 5.757), (1, 3.163), (1.5, 1.309)]
)
def test_the_variance_of_the_draw(epsilon: float, published: float) -> None:
    u, v, p = enumerated(epsilon, 200)
    assert variance(epsilon) == pytest.approx(published, abs=5e-4)
    assert variance(epsilon) == pytest.approx(float(np.sum(p * u**2)), rel=1e-9)
    assert float(np.sum(p * u * v)) == pytest.approx(-variance(epsilon) / 2, rel=1e-9)
    whole = np.arange(-400, 401)
    laplace = np.exp(-epsilon * abs(whole))
    assert count_variance(epsilon) == pytest.approx(float(np.sum(laplace * whole**2) / laplace.sum()), rel=1e-9)


def test_a_weighted_persons_share_of_epsilon_is_as_good_as_continuous() -> None:
    """Matched sums divide ε by weights of thousands: the formula keeps its digits there."""
    assert variance(0.5 / 6000) == pytest.approx(10 / 3 / (0.5 / 6000) ** 2, rel=1e-6)
    for nothing in (0.0, -1.0, math.nan):
        with pytest.raises(ValueError, match="ε"):
            variance(nothing)


def test_the_draw_of_the_simulations_is_that_draw() -> None:
    pairs = drawn(np.random.default_rng(3), (40_000,), 1.0).astype(float)
    assert pairs.mean(axis=0) == pytest.approx([0, 0], abs=0.03)
    assert np.cov(pairs.T).ravel() == pytest.approx([3.163, -1.58, -1.58, 3.163], abs=0.08)


@pytest.mark.parametrize("p", [0.5, 0.8, 0.95])
def test_bias_and_variance_of_a_share_by_enumeration(p: float) -> None:
    """Of 40 exact answers: what the plain share is off by is taken back; its variance is what `noise_variance` says."""
    u, v, weights = enumerated(1.0, 25)
    yes, base, s = 40 * p + u, 40 + u + v, variance(1.0)
    there = base > 0
    plain = float(np.sum((weights * yes / np.where(there, base, 1))[there]))
    found = share(yes[there], base[there], np.full(there.sum(), s))
    assert float(np.sum(weights[there] * found)) == pytest.approx(p, abs=1e-4)
    if p > 0.5:
        assert abs(plain - p) > 4e-4, "without it there is a bias, or this proves nothing"
    off = float(np.sum(weights[there] * (found - p) ** 2))
    assert off == pytest.approx(noise_variance(p, 40.0, s), rel=0.03)


@pytest.mark.parametrize("n", [5, 8, 12])
def test_a_steadied_base_leaves_no_bias_where_small_bases_fall_out(n: int) -> None:
    """By enumeration, outside binomial: without it a staff unit of five is pulled nine points towards the half."""
    p, outside, s = 0.9, 0.05, variance(1.0)
    u, v, weights = enumerated(1.0, 25)
    sums = np.zeros(3)
    for base in range(n + 1):
        chance = math.comb(n, base) * (1 - outside) ** base * outside ** (n - base)
        yes, noised = base * p + u, base + u + v
        there = noised >= 5
        own = chance * weights[there]
        columns = yes[there], noised[there], np.full(there.sum(), s)
        steady = steady_counts(*columns, np.full(there.sum(), float(n)), outside)
        sums += [own.sum(), np.sum(own * share(*columns)), np.sum(own * share(*steady, columns[2]))]
    assert sums[2] / sums[0] == pytest.approx(p, abs=0.005)
    if n == 5:
        assert sums[1] / sums[0] < p - 0.06, "or this proves nothing"


def test_without_noise_nothing_is_steadied() -> None:
    x, n = np.array([3.0, 9.0]), np.array([5.0, 10.0])
    found = steady_counts(x, n, np.zeros(2), np.array([6.0, 12.0]), 0.1)
    assert [column.tolist() for column in found] == [x.tolist(), n.tolist()]


def test_as_many_answers_without_noise_tell_as_much() -> None:
    n, s = np.array([12.0, 60.0]), variance(1.0)
    alike = effective_n(n, 0.7, s)
    assert 0.21 / alike == pytest.approx(0.21 / n + noise_variance(0.7, n, np.full(2, s)))
    x, many = effective_counts([9, 40], n, [s, s])
    assert (many < n).all() and (x <= many).all()
    assert effective_counts([9, 40], n, None)[1].tolist() == n.tolist()
    assert effective_n(n, 1.0, s).tolist() == n.tolist()
    assert (clip_share(-0.1), clip_share(0.4), clip_share(1.2)) == (0, 0.4, 1)


def test_counts_below_zero_are_counts_only_with_noise() -> None:
    noise.check_counts(-2.0, 9.0, 3.163)
    for bad in ((-2.0, 9.0, 0.0), (math.nan, 9.0, 3.0), (1.0, 5.0, -1.0), (1.0, math.inf, 3.0)):
        with pytest.raises(ValueError, match="successes"):
            noise.check_counts(*bad)
