"""Intervals for one share and for the difference between two shares.

For everything that prints a share: no share stands without its interval. The arithmetic is statsmodels';
what is ours is the choice of method (Wilson, Newcombe, score) and sane answers at the edges.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    proportion_confint,
    test_proportions_2indep,
)

Sides = tuple[float, float, float, float]  # successes and base of the first group, then of the second


@dataclass(frozen=True)
class Interval:
    """A closed interval, in shares (0 to 1) or differences of shares (−1 to 1)."""

    low: float
    high: float

    def excludes(self, value: float) -> bool:
        """Whether `value` lies strictly outside."""
        return value < self.low or value > self.high


def _check(successes: float, base: float) -> None:
    if not (base > 0 and 0 <= successes <= base):
        raise ValueError(f"successes must lie between 0 and a base above 0, not {successes} of {base}")


def _check_level(level: float) -> None:
    if not 0 < level < 1:
        raise ValueError(f"a level lies between 0 and 1, not {level}")


def share_interval(successes: float, base: float, level: float = 0.95) -> Interval:
    """Wilson's score interval. Counts may be fractional: a published whole percent times a rounded base."""
    _check(successes, base)
    _check_level(level)
    low, high = proportion_confint(successes, base, alpha=1 - level, method="wilson")
    # At 0 and at all of n the formula leaves a speck of rounding: the limit there is the share itself.
    return Interval(
        0.0 if successes == 0 else max(0.0, float(low)), 1.0 if successes == base else min(1.0, float(high))
    )


@lru_cache(maxsize=4096)
def difference_interval(
    successes_1: float, base_1: float, successes_2: float, base_2: float, level: float = 0.95
) -> Interval:
    """Newcombe's hybrid score interval (his method 10) for p1 − p2, two independent groups.

    Remembered, as the p value below: a page's sentences and its pictures ask for the same published figures.
    """
    return difference_intervals([(successes_1, base_1, successes_2, base_2)], level)[0]


def difference_intervals(sides: Sequence[Sides], level: float = 0.95) -> list[Interval]:
    """The same for many pairs of groups at once, which costs hardly more than for one."""
    x1, n1, x2, n2 = _columns(sides)
    _check_level(level)
    low, high = confint_proportions_2indep(x1, n1, x2, n2, method="newcomb", compare="diff", alpha=1 - level)
    return [Interval(max(-1.0, float(least)), min(1.0, float(most))) for least, most in zip(low, high, strict=True)]


@lru_cache(maxsize=4096)
def difference_p_value(successes_1: float, base_1: float, successes_2: float, base_2: float) -> float:
    """Two-sided p of the score test (Miettinen–Nurminen) that the two shares are equal."""
    return difference_p_values([(successes_1, base_1, successes_2, base_2)])[0]


def difference_p_values(sides: Sequence[Sides]) -> list[float]:
    """The same for many pairs of groups at once."""
    x1, n1, x2, n2 = _columns(sides)
    pooled = (x1 + x2) / (n1 + n2)
    with warnings.catch_warnings():
        # statsmodels also works out ratios, dividing by zero where a side has none; only the test is used.
        warnings.simplefilter("ignore", RuntimeWarning)
        test = test_proportions_2indep(x1, n1, x2, n2, method="score", compare="diff")
    # Where everybody answers alike on both sides nothing speaks against equality.
    return [1.0 if share in (0.0, 1.0) else float(p) for share, p in zip(pooled, test.pvalue, strict=True)]


def _columns(sides: Sequence[Sides]) -> npt.NDArray[np.float64]:
    for successes_1, base_1, successes_2, base_2 in sides:
        _check(successes_1, base_1)
        _check(successes_2, base_2)
    return np.array(sides, dtype=np.float64).reshape(-1, 4).T
