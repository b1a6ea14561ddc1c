"""The gap between providers and patients, in a unit, over several units, and whether it has changed.

For the follow-up group's main figure. g = provider − patient, so side 1 is the provider's and side 2 the
patient's, in the same order as `difference_interval` gives p1 − p2. Providers and patients are compared
within each unit first: subtracting two region-wide shares mixes the gap with which units have many staff.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from analysis.measures import noise as added
from analysis.measures.arrays import Floats
from analysis.measures.distributions import normal_tail
from analysis.measures.intervals import (
    Interval,
    Sides,
    center,
    difference_intervals,
    errors_if_equal,
    limits_of,
    mover,
    z_of,
)
from analysis.measures.unit_frame import by_unit, common_weight, sides_of, weights_of

MIN_COMMON_WEIGHT = (
    0.8  # the part of both rounds' weight that the common units carry before the matched sums are compared
)


def p_of(estimate: float, se: float) -> float:
    """Return the two-sided p of the estimate being zero, by the normal distribution."""
    if se == 0:
        return 1.0 if estimate == 0 else 0.0
    return float(2 * normal_tail(abs(estimate) / se))


@dataclass(frozen=True)
class PooledGap:
    """A gap in shares (0.12 is 12 percentage points), its standard error and its limits.

    Of one unit the error is that of two equal sides, so that its p is the score test's.
    """

    estimate: float
    se: float
    low: float
    high: float

    @property
    def p_value(self) -> float:
        """The two-sided p of no gap, from the estimate and its standard error."""
        return p_of(self.estimate, self.se)

    @property
    def interval(self) -> Interval:
        """The limits as an Interval, in shares."""
        return Interval(self.low, self.high)


@dataclass(frozen=True)
class Estimate:
    """One side of a gap: its share, perhaps outside 0 to 1, its variance and its limits."""

    share: float
    variance: float
    limits: Interval


@dataclass(frozen=True)
class GapChange:
    """The change of a gap, after − before, in shares; from units in both rounds or from the matched sums."""

    change: float
    low: float
    high: float
    se: float
    source: Literal["units", "matched"] = "units"

    @property
    def p_value(self) -> float:
        """The two-sided p of no change, to adjust over a page's questions."""
        return p_of(self.change, self.se)


def _pooled_side(side: tuple[Floats, Floats, Floats], weights: Floats, level: float) -> Estimate:
    """Return one side's weighted share over the units, its variance and its limits.

    The variance takes each unit's share a little towards the half, (x+1)/(n+2): where all in a heavy unit answered
    alike, that is not certainty.
    """
    x, n, s = side
    estimate = float(np.sum(weights * added.share(x, n, s)))
    drawn = (x.clip(0, n) + 1) / (n + 2)
    middle = float(np.sum(weights * drawn))
    held = added.clip_share(estimate)
    t: Floats = added.noise_variance(np.full_like(n, held), n, s)
    chance = float(np.sum(weights**2 * (drawn * (1 - drawn) + t) / (n - 1)))
    as_many = middle * (1 - middle) / chance
    # Noise is no chance: it does not lessen towards 0 and 1, so it stands beside it and not in the number of answers.
    noise = as_many**2 * float(np.sum(weights**2 * s / n**2))
    variance = chance + float(np.sum(weights**2 * t))
    return Estimate(estimate, variance, limits_of(held, as_many, noise, level))


def pooled_gap(units: pd.DataFrame, level: float = 0.95) -> PooledGap:
    """Return the unit-matched gap G = Σ W_u (p1_u − p2_u), with its variance from within the units.

    `units` has one row a unit: successes_1, base_1 (providers), successes_2, base_2 (patients), and if there are such:
    noise_1, noise_2, the published numbers of answers n_1, n_2, and weight. Bases must be 2 or more; that both
    sides are over their thresholds is the caller's to see to, and to say how many units fell out.
    """
    first, second = sides_of(units)
    weights = weights_of(units)
    return gap_of_sides(_pooled_side(first, weights, level), _pooled_side(second, weights, level))


def gap_of_sides(first: Estimate, second: Estimate) -> PooledGap:
    """Return the gap of two sides.

    Its limits start from shares held between 0 and 1; the estimate does not, so that it has no bias.
    """
    limits = mover(added.clip_share(first.share), first.limits, added.clip_share(second.share), second.limits)
    se = math.sqrt(first.variance + second.variance)
    return PooledGap(first.share - second.share, se, max(-1.0, limits.low), min(1.0, limits.high))


def mantel_haenszel(units: pd.DataFrame, level: float = 0.95) -> PooledGap:
    """Return the Mantel–Haenszel risk difference with Sato's variance: a second opinion on `pooled_gap`.

    It weights by n1·n2/(n1+n2), so it answers for a common gap and not for the average patient; where the
    two differ much the gap is not the same in all units.
    """
    (x1, n1, s1), (x2, n2, s2) = sides_of(units)
    total = n1 + n2
    weight = float(np.sum(n1 * n2 / total))
    estimate = float(np.sum((x1 * n2 - x2 * n1) / total)) / weight
    p_term = float(np.sum((n1**2 * x2 - n2**2 * x1 + n1 * n2 * (n2 - n1) / 2) / total**2))
    q_term = float(np.sum((x1 * (n2 - x2) + x2 * (n1 - x1)) / (2 * total)))
    of_noise = float(np.sum((n1 * n2 / total) ** 2 * (_noise_of(x1, n1, s1) + _noise_of(x2, n2, s2))))
    # Sato's sum cannot be negative; rounding can, and noise.
    se = math.sqrt(max(0.0, estimate * p_term + q_term) + of_noise) / weight
    z = z_of(level)
    return PooledGap(estimate, se, max(-1.0, estimate - z * se), min(1.0, estimate + z * se))


def _noise_of(x: Floats, n: Floats, s: Floats) -> Floats:
    return added.noise_variance(np.full_like(n, added.clip_share(float(x.sum() / n.sum()))), n, s)


def gap_change(
    before: pd.DataFrame,
    after: pd.DataFrame,
    level: float = 0.95,
    extra: float = 0.0,
    matched: tuple[PooledGap, PooledGap] | None = None,
) -> GapChange:
    """Return the change of a gap between two rounds: the difference of two independent gaps by MOVER.

    Each frame is as for `pooled_gap`. Units are matched by a column `unit` if both have one, else by the index, and
    only those in both rounds count; raises ValueError without any. `matched` is both rounds' gap from the matched
    sums: it is taken where the units in both rounds carry most of each one's weight, so that the same units answer in
    both. `extra` is 2τ².
    """
    before, after = by_unit(before, after)
    if matched is not None and common_weight(before, after) >= MIN_COMMON_WEIGHT:
        return change_of_gaps(*matched, extra, level, source="matched")
    common = before.index[before.index.isin(after.index)]
    if common.empty:
        raise ValueError("no unit is in both rounds")
    return change_of_gaps(gap_of(before.loc[common], level), gap_of(after.loc[common], level), extra, level)


def gap_of(units: pd.DataFrame, level: float = 0.95) -> PooledGap:
    """Return the gap over the units of a frame, also of one."""
    return pooled_gap(units, level) if len(units) > 1 else unit_gaps(units, level)[0]


def unit_gaps(units: pd.DataFrame, level: float = 0.95) -> list[PooledGap]:
    """Return each unit's own gap with Newcombe's limits, all in one call."""
    return _gaps_of(*sides_of(units), level)


def unit_gap(sides: Sides, level: float = 0.95, noise_1: float = 0.0, noise_2: float = 0.0) -> PooledGap:
    """Return the gap of one unit, from its two sides."""
    x1, n1, x2, n2, s1, s2 = (np.array([value], dtype=np.float64) for value in (*sides, noise_1, noise_2))
    return _gaps_of((x1, n1, s1), (x2, n2, s2), level)[0]


def _gaps_of(first: tuple[Floats, ...], second: tuple[Floats, ...], level: float) -> list[PooledGap]:
    (x1, n1, s1), (x2, n2, s2) = first, second
    pairs, noises = (list(zip(*each, strict=True)) for each in ((x1, n1, x2, n2), (s1, s2)))
    # Shares as they are shown: clipped to 0 and 1 where noise has taken them outside.
    estimates = center(x1, n1, s1) - center(x2, n2, s2)
    each = zip(estimates, errors_if_equal(pairs, noises), difference_intervals(pairs, level, noises), strict=True)
    return [PooledGap(float(estimate), float(se), limit.low, limit.high) for estimate, se, limit in each]


def change_of_gaps(
    before: PooledGap,
    after: PooledGap,
    extra: float = 0.0,
    level: float = 0.95,
    source: Literal["units", "matched"] = "units",
) -> GapChange:
    """Return the difference of two independent gaps by MOVER on their limits, which must be of the same level."""
    now, then = (min(max(gap.estimate, gap.low), gap.high) for gap in (after, before))
    limits = mover(now, after.interval, then, before.interval, z_of(level) * math.sqrt(extra))
    se = math.sqrt(before.se**2 + after.se**2 + extra)
    return GapChange(after.estimate - before.estimate, max(-2.0, limits.low), min(2.0, limits.high), se, source)
