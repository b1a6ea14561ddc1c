"""The gap between providers and patients over several units, and whether it has changed.

For the follow-up group's main figure. g = provider − patient, so side 1 is the provider's and side 2 the
patient's, in the same order as `difference_interval` gives p1 − p2. Providers and patients are compared
within each unit first: subtracting two region-wide shares mixes the gap with which units have many staff.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import norm

from analysis.intervals import Interval, Sides, difference_interval

COLUMNS = ("successes_1", "base_1", "successes_2", "base_2")

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class PooledGap:
    """A gap over several units, in shares (0.12 is 12 percentage points)."""

    estimate: float
    se: float
    low: float
    high: float

    @property
    def p_value(self) -> float:
        """Two-sided p that the gap is zero, from the estimate and its standard error."""
        if self.se == 0:
            return 1.0 if self.estimate == 0 else 0.0
        return float(2 * norm.sf(abs(self.estimate) / self.se))


@dataclass(frozen=True)
class GapChange:
    """How much the gap has moved, after − before, in shares."""

    change: float
    low: float
    high: float


def _sides(units: pd.DataFrame, least: int) -> tuple[Floats, Floats, Floats, Floats]:
    missing = [name for name in COLUMNS if name not in units.columns]
    if missing:
        raise ValueError(f"a frame of units needs the columns {', '.join(missing)}")
    if units.empty:
        raise ValueError("a gap needs at least one unit")
    x1, n1, x2, n2 = (units[name].to_numpy(dtype=np.float64) for name in COLUMNS)
    for x, n in ((x1, n1), (x2, n2)):
        if not (np.isfinite(x).all() and np.isfinite(n).all()):
            raise ValueError("successes and bases are numbers, none missing")
        if (n < least).any() or (x < 0).any() or (x > n).any():
            raise ValueError(f"each unit needs a base of at least {least} a side, and 0 ≤ successes ≤ base")
    return x1, n1, x2, n2


def _weights(units: pd.DataFrame, default: Floats) -> Floats:
    weights = units["weight"].to_numpy(dtype=np.float64) if "weight" in units.columns else default
    if not np.isfinite(weights).all() or (weights < 0).any() or weights.sum() <= 0:
        raise ValueError("weights are numbers from 0 up, and not all 0")
    shares: Floats = weights / weights.sum()
    return shares


def _side_variance(successes: Floats, bases: Floats, weights: Floats, z: float) -> float:
    p = successes / bases
    variance = float(np.sum(weights**2 * p * (1 - p) / (bases - 1)))
    if variance > 0:
        return variance
    # Everyone in every unit answered alike. That is not certainty: take Wilson's one-sided reach instead,
    # at the base one group would need to be as precise as these weights make it.
    effective = 1 / float(np.sum(weights**2 / bases))
    return (z / (effective + z**2)) ** 2


def pooled_gap(units: pd.DataFrame, level: float = 0.95) -> PooledGap:
    """The unit-matched gap G = Σ W_u (p1_u − p2_u), with its variance from within the units.

    `units` has one row a unit: successes_1, base_1 (providers), successes_2, base_2 (patients) and, if the
    weights are to be other than the unit's share of the patients, weight. Bases must be 2 or more; that both
    sides are over their thresholds is the caller's to see to, and to say how many units fell out.
    """
    x1, n1, x2, n2 = _sides(units, least=2)
    weights = _weights(units, default=n2)
    z = float(norm.ppf(0.5 + level / 2))
    estimate = float(np.sum(weights * (x1 / n1 - x2 / n2)))
    se = math.sqrt(_side_variance(x1, n1, weights, z) + _side_variance(x2, n2, weights, z))
    return PooledGap(estimate, se, max(-1.0, estimate - z * se), min(1.0, estimate + z * se))


def mantel_haenszel(units: pd.DataFrame, level: float = 0.95) -> PooledGap:
    """The Mantel–Haenszel risk difference with Sato's variance: a second opinion on `pooled_gap`.

    It weights by n1·n2/(n1+n2), so it answers for a common gap and not for the average patient; where the
    two differ much the gap is not the same in all units.
    """
    x1, n1, x2, n2 = _sides(units, least=1)
    total = n1 + n2
    weight = float(np.sum(n1 * n2 / total))
    estimate = float(np.sum((x1 * n2 - x2 * n1) / total)) / weight
    p_term = float(np.sum((n1**2 * x2 - n2**2 * x1 + n1 * n2 * (n2 - n1) / 2) / total**2))
    q_term = float(np.sum((x1 * (n2 - x2) + x2 * (n1 - x1)) / (2 * total)))
    # Sato's sum cannot be negative; rounding can.
    se = math.sqrt(max(0.0, estimate * p_term + q_term)) / weight
    z = float(norm.ppf(0.5 + level / 2))
    return PooledGap(estimate, se, max(-1.0, estimate - z * se), min(1.0, estimate + z * se))


def _in_both(before: pd.DataFrame, after: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    if "unit" in before.columns and "unit" in after.columns:
        before, after = before.set_index("unit"), after.set_index("unit")
    if not (before.index.is_unique and after.index.is_unique):
        raise ValueError("a unit stands once in each round")
    common = before.index[before.index.isin(after.index)]
    return before.loc[common], after.loc[common]


def _gap(units: pd.DataFrame, level: float) -> tuple[float, Interval]:
    if len(units) > 1:
        pooled = pooled_gap(units, level)
        return pooled.estimate, Interval(pooled.low, pooled.high)
    x1, n1, x2, n2 = (float(side[0]) for side in _sides(units, least=1))
    return _single((x1, n1, x2, n2), level)


def gap_change(before: pd.DataFrame, after: pd.DataFrame, level: float = 0.95) -> GapChange:
    """Has the gap itself changed between two rounds: two independent gaps, put together by MOVER.

    Each frame is as for `pooled_gap`. Units are matched by a column `unit` if both have one, else by the
    index, and only those in both rounds count. One unit takes its Newcombe limits, several take G's.
    """
    before, after = _in_both(before, after)
    if before.empty:
        raise ValueError("no unit is in both rounds")
    return _moved(_gap(before, level), _gap(after, level))


def single_gap_change(before: Sides, after: Sides, level: float = 0.95) -> GapChange:
    """The same for one unit, from its two sides in each round."""
    return _moved(_single(before, level), _single(after, level))


def _single(sides: Sides, level: float) -> tuple[float, Interval]:
    x1, n1, x2, n2 = sides
    return x1 / n1 - x2 / n2, difference_interval(x1, n1, x2, n2, level)


def _moved(before: tuple[float, Interval], after: tuple[float, Interval]) -> GapChange:
    (gap_0, limits_0), (gap_1, limits_1) = before, after
    change = gap_1 - gap_0
    low = change - math.hypot(gap_1 - limits_1.low, limits_0.high - gap_0)
    high = change + math.hypot(limits_1.high - gap_1, gap_0 - limits_0.low)
    return GapChange(change, max(-2.0, low), min(2.0, high))
