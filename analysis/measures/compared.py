"""Comparisons of two groups on several questions at once, and of what else may lie behind a difference.

For women against men, for the open link against a unit's own codes, for a jump in how many a question did not concern,
and for the question whose two scales differ.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from analysis.measures import noise as added
from analysis.measures.gap import PooledGap
from analysis.measures.intervals import Count, Interval, difference_intervals, difference_p_values, mover, z_of
from analysis.measures.trend_tests import adjust
from analysis.measures.unit_frame import COLUMNS

MIN_JUMP = 0.05  # a larger change in "behövs inte" is mentioned beside a change of the share


def compare_pairs(
    pairs: pd.DataFrame, level: float = 0.95, method: Literal["holm", "bh"] = "holm", extra: float = 0.0
) -> pd.DataFrame:
    """Test pairs of groups as one family; a row has successes_1, base_1, successes_2, base_2, perhaps noise_1, noise_2.

    Returns them with difference (first − second, in shares), low, high (Newcombe), p (score test, adjusted over all
    rows) and distinct: the interval leaves zero out and the adjusted p is below 1 − level.
    """
    x1, n1, x2, n2 = (pairs[name].to_numpy(dtype=np.float64) for name in COLUMNS)
    s1, s2 = (
        pairs[name].to_numpy(dtype=np.float64) if name in pairs else np.zeros(len(pairs))
        for name in ("noise_1", "noise_2")
    )
    sides = list(zip(*(column.tolist() for column in (x1, n1, x2, n2)), strict=True))
    noises = list(zip(s1.tolist(), s2.tolist(), strict=True))
    limits = difference_intervals(sides, level, noises, extra)
    p = adjust(difference_p_values(sides, noises, extra), method)
    difference = added.share(x1, n1, s1) - added.share(x2, n2, s2)
    low, high = (np.array([getattr(each, end) for each in limits], dtype=np.float64) for end in ("low", "high"))
    distinct = ((low > 0) | (high < 0)) & (p < 1 - level)
    return pairs.assign(difference=difference, low=low, high=high, p=p, distinct=distinct)


@dataclass(frozen=True)
class NonSubstantive:
    """Answers outside the base (vet inte, behövs inte): their count of all n answers, and its noise as a variance.

    n is exact: the noise moves answers between the three groups, and never their number.
    """

    count: float
    n: float
    noise: float = 0.0

    @property
    def part(self) -> float:
        """The part of all answers, from 0 to 1."""
        return added.clip_share(self.count / self.n)

    @property
    def variance(self) -> float:
        """The variance of that part by chance and noise; also above zero where nobody stands outside."""
        drawn = (min(max(self.count, 0.0), self.n) + 1) / (self.n + 2)
        return drawn * (1 - drawn) / self.n + self.noise / self.n**2


@dataclass(frozen=True)
class Jump:
    """The change of the part outside, in shares, its interval, and whether it is large enough to be flagged."""

    change: float
    low: float
    high: float
    flagged: bool


def non_substantive_jump(
    before: NonSubstantive, after: NonSubstantive, level: float = 0.95, extra: float = 0.0
) -> Jump:
    """Compare the parts outside the base in two rounds: where they jump, a share changes with them.

    Flagged where it is more than five points and its interval leaves zero out: at a unit noise alone makes five points.
    `extra` is 2τ² of such parts: they too vary between rounds beside chance.
    """
    change = after.part - before.part
    reach = z_of(level) * float(np.sqrt(before.variance + after.variance + extra))
    limits = Interval(change - reach, change + reach)
    return Jump(change, limits.low, limits.high, abs(change) > MIN_JUMP and limits.excludes(0))


def gap_with_partly(
    gap: PooledGap,
    provider: tuple[float, float, float, float] | None = None,
    patient: tuple[float, float, float, float] | None = None,
    level: float = 0.95,
) -> PooledGap:
    """Recompute a gap with "delvis" as yes, on the side or sides whose scale has it.

    A side is partly, base, noise and the noise of partly, of the whole place: matched sums have no partly. Taken for
    independent of the gap, which makes the interval a little too wide and never too narrow. Partly has noise of its
    own; the share's variance gets at most 4/3 of it in the place of the exact factor.
    """
    estimate, limits, variance = gap.estimate, gap.interval, gap.se**2
    for sign, side in ((1, provider), (-1, patient)):
        if side is None:
            continue
        partly, base, noise, noise_partly = side
        as_yes = Count(partly, base, noise + noise_partly * 4 / 3)
        own = as_yes.interval(level)
        limits = mover(estimate, limits, -sign * as_yes.share, _times(-sign, own))
        estimate += sign * as_yes.share
        variance += as_yes.share * (1 - as_yes.share) / base + float(
            added.noise_variance(as_yes.share, base, as_yes.noise)
        )
    return PooledGap(estimate, float(np.sqrt(variance)), max(-1.0, limits.low), min(1.0, limits.high))


def _times(sign: int, interval: Interval) -> Interval:
    return interval if sign > 0 else Interval(-interval.high, -interval.low)
