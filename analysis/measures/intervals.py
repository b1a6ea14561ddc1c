"""Intervals for one share and for the difference between two shares, also where noise was added to the counts.

For everything that prints a share: no share stands without its interval. Without noise the limits are Wilson's, of a
difference Newcombe's, and the p value is the score test's; noise adds its variance inside the same equations.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from analysis.measures import noise as added
from analysis.measures.arrays import Floats
from analysis.measures.distributions import normal_quantile, normal_tail

Sides = tuple[float, float, float, float]  # successes and base of the first group, then of the second
Noises = Sequence[tuple[float, float]]  # the noise of the first group and of the second, one pair a difference


@dataclass(frozen=True)
class Interval:
    """A closed interval, in shares (0 to 1) or differences of shares (−1 to 1)."""

    low: float
    high: float

    @property
    def half_width(self) -> float:
        """Half the distance between the limits."""
        return (self.high - self.low) / 2

    def excludes(self, value: float) -> bool:
        """Return whether `value` lies strictly outside."""
        return value < self.low or value > self.high


@dataclass(frozen=True)
class Count:
    """Successes of a base, with the variance of their noise: both may be below 0."""

    yes: float
    base: float
    noise: float = 0.0

    @property
    def share(self) -> float:
        """The share as it is printed; a half where noise has left no base at all."""
        return added.clip_share(added.share(self.yes, self.base, self.noise)) if self.base > 0 else 0.5

    def interval(self, level: float = 0.95) -> Interval:
        """Return the share's interval."""
        return share_interval(self.yes, self.base, level, self.noise)


def z_of(level: float) -> float:
    """Return the number of standard deviations that a two-sided interval of this level reaches."""
    if not 0 < level < 1:
        raise ValueError(f"a level lies between 0 and 1, not {level}")
    return quantile(0.5 + level / 2)


@lru_cache(maxsize=64)
def quantile(p: float) -> float:
    """Return the normal distribution's quantile, cached: SciPy is slow, and a page asks a thousand times for it."""
    return float(normal_quantile(p))


def center(successes: Floats, base: Floats, noise: Floats) -> Floats:
    """Return the shares as they are printed; a half where noise has left no base."""
    there = base > 0
    safe = np.where(there, base, 1.0)
    return np.where(there, added.share(successes, safe, noise).clip(0, 1), 0.5)


def limits(
    share: Floats, base: Floats, noise: Floats, level: float = 0.95, part: Floats | float = 1.0
) -> tuple[Floats, Floats]:
    """Solve (share − p)² = z²[part · p(1−p)/base + noise · (1−p+p²)/base²]: without noise Wilson's limits.

    `part` is what is left of chance where the base is much of all there are. A base that noise has eaten says nothing.
    """
    z = z_of(level)
    safe = np.where(base > 0, base, 1.0)
    k = z**2 * noise / safe**2
    h = z**2 * part / safe - k
    turn = 2 * share + h
    root = np.sqrt(np.maximum(0.0, turn**2 - 4 * (1 + h) * (share**2 - k)))
    blind = (base <= 0) | (h <= -1)
    wide = np.where(blind, 1.0, 2 * (1 + h))
    # At 0 and at all of n the formula leaves a speck of rounding: the limit there is the share itself.
    low = np.where(blind, 0.0, np.minimum(share, (turn - root) / wide)).clip(0, 1)
    high = np.where(blind, 1.0, np.maximum(share, (turn + root) / wide)).clip(0, 1)
    return low, high


def share_interval(
    successes: float, base: float, level: float = 0.95, noise: float = 0.0, headcount: float | None = None
) -> Interval:
    """Return the score interval of a share; counts may be fractional: a whole percent times a rounded base.

    It answers for all who could have answered, staff like these. With `headcount` it answers for those who work here
    now: where most of them have answered, little is left to chance, and then only the noise.
    """
    added.check_counts(successes, base, noise)
    part = 1.0
    if headcount is not None:
        part = min(1.0, max(0.0, (headcount - base) / (headcount - 1))) if headcount > 1 else 0.0
    middle = center(np.array([successes]), np.array([base]), np.array([noise]))
    return limits_of(float(middle[0]), base, noise, level, part)


def limits_of(share: float, base: float, noise: float = 0.0, level: float = 0.95, part: float = 1.0) -> Interval:
    """Return `limits` of one share."""
    low, high = limits(np.array([share]), np.array([base]), np.array([noise]), level, part)
    return Interval(float(low[0]), float(high[0]))


def mover(first: float, limits_1: Interval, second: float, limits_2: Interval, reach: float = 0.0) -> Interval:
    """Return limits of first − second from each one's own, independent of each other (MOVER, Newcombe).

    `reach`: any further variation between them, as a standard deviation times z.
    """
    under = math.hypot(first - limits_1.low, limits_2.high - second, reach)
    over = math.hypot(limits_1.high - first, second - limits_2.low, reach)
    return Interval(first - second - under, first - second + over)


def difference_interval(
    successes_1: float,
    base_1: float,
    successes_2: float,
    base_2: float,
    level: float = 0.95,
    *,
    noise_1: float = 0.0,
    noise_2: float = 0.0,
    extra: float = 0.0,
) -> Interval:
    """Return Newcombe's hybrid score interval (his method 10) for p1 − p2, two independent groups.

    `extra` is a variance that neither side has alone: 2τ² for what rounds vary beside chance.
    """
    return difference_intervals([(successes_1, base_1, successes_2, base_2)], level, [(noise_1, noise_2)], extra)[0]


def difference_intervals(
    sides: Sequence[Sides], level: float = 0.95, noises: Noises | None = None, extra: float = 0.0
) -> list[Interval]:
    """Return the same for many pairs of groups at once, which costs hardly more than for one."""
    x1, n1, x2, n2, s1, s2 = _columns(sides, noises)
    reach, sides_of = z_of(level) * math.sqrt(extra), []
    for x, n, s in ((x1, n1, s1), (x2, n2, s2)):
        middles = center(x, n, s)
        ends = zip(*limits(middles, n, s, level), strict=True)
        sides_of.append(
            [(float(p), Interval(float(low), float(high))) for p, (low, high) in zip(middles, ends, strict=True)]
        )
    pairs = zip(*sides_of, strict=True)
    found = (mover(p1, one, p2, other, reach) for (p1, one), (p2, other) in pairs)
    return [Interval(max(-1.0, each.low), min(1.0, each.high)) for each in found]


def difference_p_value(
    successes_1: float,
    base_1: float,
    successes_2: float,
    base_2: float,
    *,
    noise_1: float = 0.0,
    noise_2: float = 0.0,
    extra: float = 0.0,
) -> float:
    """Return the two-sided p of the score test (Miettinen–Nurminen) that the two shares are equal."""
    return difference_p_values([(successes_1, base_1, successes_2, base_2)], [(noise_1, noise_2)], extra)[0]


def difference_p_values(sides: Sequence[Sides], noises: Noises | None = None, extra: float = 0.0) -> list[float]:
    """Return the same for many pairs of groups at once."""
    x1, n1, x2, n2, s1, s2 = _columns(sides, noises)
    errors = np.sqrt(np.square(errors_if_equal(sides, noises)) + extra)
    away = np.abs(center(x1, n1, s1) - center(x2, n2, s2))
    z = np.divide(away, errors, out=np.zeros_like(away), where=_with_bases(n1, n2) & (errors > 0))
    return [float(p) for p in 2 * normal_tail(z)]


def errors_if_equal(sides: Sequence[Sides], noises: Noises | None = None) -> Floats:
    """Return each difference's standard error at one common share of both groups, as in the score test.

    Never from the interval's width: where few have answered it is longer to one side, and half of it says too much.
    """
    x1, n1, x2, n2, s1, s2 = _columns(sides, noises)
    there = _with_bases(n1, n2)
    n1, n2 = np.where(there, n1, 1.0), np.where(there, n2, 1.0)
    total = n1 + n2
    pooled = ((x1 + x2) / total).clip(0, 1)
    chance = pooled * (1 - pooled) * total / (total - 1)
    found: Floats = np.sqrt(
        chance / n1 + chance / n2 + added.noise_variance(pooled, n1, s1) + added.noise_variance(pooled, n2, s2)
    )
    return found


def _with_bases(n1: Floats, n2: Floats) -> npt.NDArray[np.bool_]:
    """Return where noise has left both sides a base, and not hardly one both: else nothing speaks against equality."""
    found: npt.NDArray[np.bool_] = (n1 > 0) & (n2 > 0) & (n1 + n2 > 1)
    return found


def _columns(sides: Sequence[Sides], noises: Noises | None) -> tuple[Floats, ...]:
    counts = np.array(sides, dtype=np.float64).reshape(-1, 4)
    noise = np.zeros((len(counts), 2)) if noises is None else np.array(noises, dtype=np.float64).reshape(-1, 2)
    added.check_counts(counts[:, 0], counts[:, 1], noise[:, 0])
    added.check_counts(counts[:, 2], counts[:, 3], noise[:, 1])
    return (*counts.T, *noise.T)
