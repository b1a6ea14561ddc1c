"""The gap from matched sums, and G from units beside it: coverage in eleven designs, each with a form that fails."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.measures.gap import PooledGap, change_of_gaps, pooled_gap, unit_gap
from analysis.measures.intervals import difference_interval
from analysis.measures.matched_gap import Side, matched_gap
from analysis.measures.noise import variance
from bench.coverage_places import from_sums, from_units
from bench.invented_rounds import DESIGNS


def held(found: list[tuple[PooledGap, float]]) -> float:
    return sum(gap.low <= truth <= gap.high for gap, truth in found) / len(found)


@settings(deadline=None)
@given(st.integers(1, 49), st.integers(1, 199), st.integers(1, 7))
def test_equal_weights_and_no_noise_are_newcombes_limits(x1: int, x2: int, weight: int) -> None:
    sides = (Side(weight * x, weight * (n - x), weight * n, weight**2 * n, 0.0) for x, n in ((x1, 50), (x2, 200)))
    found, plain = matched_gap(*sides), difference_interval(x1, 50, x2, 200)
    assert found.estimate == pytest.approx(x1 / 50 - x2 / 200)
    assert (found.low, found.high) == pytest.approx((plain.low, plain.high))


def test_those_outside_the_base_are_taken_out_of_the_weights_squares() -> None:
    """Two hundred answered, half of them within the base: as precise as a hundred."""
    half = matched_gap(Side(60, 40, 200, 200, 0.0), Side(50, 50, 100, 100, 0.0))
    whole = matched_gap(Side(60, 40, 100, 100, 0.0), Side(50, 50, 100, 100, 0.0))
    assert (half.low, half.high, half.se) == pytest.approx((whole.low, whole.high, whole.se))


def test_sums_that_noise_has_eaten_say_nothing() -> None:
    found = matched_gap(Side(3, -4, 100, 100, 3.0), Side(50, 50, 100, 100, 3.0))
    assert found.high - found.low > 1
    for side in (Side(1, 1, 0, 1, 0.0), Side(1, 1, 1, 1, -1.0), Side(math.nan, 1, 1, 1, 0.0)):
        with pytest.raises(ValueError, match="matched"):
            matched_gap(side, side)


@pytest.mark.parametrize("name", DESIGNS)
def test_g_holds_the_truth_in_each_design(name: str) -> None:
    rng = np.random.default_rng(21)
    units = DESIGNS[name](rng)
    pooled = [each for each in (from_units(rng, units) for _ in range(150)) if each]
    matched = [from_sums(rng, units.times(3)) for _ in range(150)]
    for found in (pooled, matched):
        assert 0.9 <= held(found) <= 1.0
        assert abs(np.mean([gap.estimate - truth for gap, truth in found])) < 0.03
    moved = [change_of_gaps(then[0], now[0]) for then, now in zip(matched[::2], matched[1::2], strict=True)]
    assert sum(each.low <= 0 <= each.high for each in moved) / len(moved) >= 0.9


def test_the_form_before_fails_where_a_heavy_units_staff_answer_alike() -> None:
    """Σ W²p(1−p)/(n−1), as it was: one unit with 5 staff, all alike nine times of ten, makes it certain of nothing."""
    rng, before, now, draws = np.random.default_rng(5), 0, 0, 600
    n1, n2, p1, p2 = np.array([5, 12, 12]), np.array([400, 30, 30]), np.array([0.98, 0.5, 0.5]), 0.6
    weights = np.minimum(n2, 6 * n1) / np.minimum(n2, 6 * n1).sum()
    heavy = n2 / n2.sum()
    for _ in range(draws):
        x1, x2 = rng.binomial(n1, p1), rng.binomial(n2, p2)
        frame = pd.DataFrame({"successes_1": x1, "base_1": n1, "successes_2": x2, "base_2": n2})
        gap = pooled_gap(frame)
        now += gap.low <= float(np.sum(weights * (p1 - p2))) <= gap.high
        q1, q2 = x1 / n1, x2 / n2
        se = math.sqrt(np.sum(heavy**2 * (q1 * (1 - q1) / (n1 - 1) + q2 * (1 - q2) / (n2 - 1))))
        before += abs(np.sum(heavy * (q1 - q2)) - np.sum(heavy * (p1 - p2))) <= 1.96 * se
    assert now / draws >= 0.93
    assert before / draws < 0.93


def test_a_units_gap_and_its_change_with_noise() -> None:
    s = variance(1.0)
    wide = unit_gap((9, 12, 30, 60), noise_1=s, noise_2=s)
    plain = unit_gap((9, 12, 30, 60))
    assert wide.interval.half_width > plain.interval.half_width + 0.01
    moved, more = change_of_gaps(plain, wide), change_of_gaps(plain, wide, extra=0.01)
    assert more.high - more.low > moved.high - moved.low
    assert more.p_value > moved.p_value
