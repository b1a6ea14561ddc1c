"""Funnel limits for units side by side, without a ranking: how far a share may lie from the whole's by chance.

For the chart `funnel`. Few answers spread widely and many do not; a unit is only remarkable when it lies outside
what its own number of answers allows, and when units differ more than that anyway, also outside that.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.measures.arrays import Floats
from analysis.measures.distributions import (
    binomial_above,
    binomial_below,
    binomial_of,
    binomial_quantile,
    normal_quantile,
    normal_tail,
)
from analysis.measures.noise import effective_counts, effective_n

MIN_EXPECTED = 5.0  # fewer answers than this expected on either side: the limits are the binomial's own
WINSORISED = 0.1  # this part of the units at each end is winsorised before their variance is estimated


def _exact(target: float, whole: Floats, tail: float) -> Floats:
    """Interpolate the binomial quantile of a tail between two counts, so that the funnel has no steps."""
    count = binomial_quantile(tail, whole, target)
    above, here = binomial_below(count, whole, target), binomial_of(count, whole, target)
    found: Floats = (count - (above - tail) / here) / whole
    return found


def limits(
    target: float,
    bases: Sequence[float] | Floats,
    level: float,
    tau2: float = 0.0,
    noises: Sequence[float] | Floats | None = None,
) -> pd.DataFrame:
    """Return the lower and upper limit around the target for each base; `tau2`: the variance of units beside chance.

    Noise makes each unit count as the fewer answers that would tell as much.
    """
    n = np.asarray(bases, dtype=np.float64)
    if not (0 <= target <= 1 and 0 < level < 1 and tau2 >= 0 and (n > 0).all()):
        raise ValueError("a funnel takes a target and a level between 0 and 1, bases above 0, and no negative variance")
    if target in (0.0, 1.0):
        return pd.DataFrame({"lower": np.full(n.shape, target), "upper": np.full(n.shape, target)})
    n = effective_n(n, target, 0.0 if noises is None else np.asarray(noises, dtype=np.float64))
    reach = normal_quantile(0.5 + level / 2) * np.sqrt(target * (1 - target) / n + tau2)
    lower, upper, tail = target - reach, target + reach, (1 - level) / 2
    small = n * min(target, 1 - target) < MIN_EXPECTED
    if small.any():
        # Variance beside chance makes each base count as a smaller one with the same total variance.
        whole = np.maximum(1.0, np.rint(n / (1 + tau2 * n / (target * (1 - target)))))
        lower = np.where(small, _exact(target, whole, tail), lower)
        upper = np.where(small, _exact(target, whole, 1 - tail), upper)
    return pd.DataFrame({"lower": np.clip(lower, 0, 1), "upper": np.clip(upper, 0, 1)})


def overdispersion(
    successes: Sequence[float] | Floats,
    bases: Sequence[float] | Floats,
    target: float | None = None,
    noises: Sequence[float] | Floats | None = None,
) -> tuple[float, float]:
    """Estimate Spiegelhalter's φ and τ²: the units' variation beside chance, as a factor and as a variance of shares.

    The outermost tenth at each end is pulled in first, so that a remarkable unit does not hide itself. τ² is 0 until
    the units vary more than chance.
    """
    x, n = effective_counts(successes, bases, noises)
    whole = float(x.sum() / n.sum()) if target is None else target
    if len(x) < 2 or not 0 < whole < 1:
        return 1.0, 0.0
    z = (x / n - whole) / np.sqrt(whole * (1 - whole) / n)
    z = np.clip(z, *np.quantile(z, (WINSORISED, 1 - WINSORISED)))
    phi, weights = float(np.mean(z**2)), n / (whole * (1 - whole))
    units = len(x)
    free = float(weights.sum() - (weights**2).sum() / weights.sum())
    return phi, max(0.0, (units * phi - (units - 1)) / free)


def p_values(
    successes: Sequence[float] | Floats,
    bases: Sequence[float] | Floats,
    target: float,
    tau2: float = 0.0,
    noises: Sequence[float] | Floats | None = None,
) -> Floats:
    """Return two-sided p values of each unit's share being the target, given chance and the variance between units."""
    x, n = effective_counts(successes, bases, noises)
    if target in (0.0, 1.0):
        return np.ones_like(n)
    found: Floats = 2 * normal_tail(np.abs(x / n - target) / np.sqrt(target * (1 - target) / n + tau2))
    small = n * min(target, 1 - target) < MIN_EXPECTED
    counts, whole = np.rint(x), np.rint(n)
    least = np.minimum(binomial_below(counts, whole, target), binomial_above(counts - 1, whole, target))
    return np.where(small, np.maximum(found, np.minimum(1.0, 2 * least)), found)
