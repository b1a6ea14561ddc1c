"""What a unit's gap most likely is, when the other units are known too: the estimate that is shrunken towards them.

For a unit's page, beside its own gap and never instead of it. A unit with few answers has a gap that is mostly chance;
among units that are much alike the best guess of it lies near their middle. Empirical Bayes, normal: the middle and
how much units truly differ (τ²) come from all units of the place, by Paule's and Mandel's equation.
"""

import math

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import brentq

from analysis import noise as added
from analysis.gap import sides_of
from analysis.intervals import z_of

Floats = npt.NDArray[np.float64]

LEAST = 3  # fewer units than this tell nothing of how much units differ


def shrunken_gaps(units: pd.DataFrame, level: float = 0.95) -> pd.DataFrame:
    """For each row of units (as for `pooled_gap`): gap, shrunken, low, high, and how much of its own gap is kept.

    A unit's variance is taken at the units' common shares: at its own it would be smallest where all happened to
    answer alike. The interval has room for that the middle is estimated.
    """
    if len(units) < LEAST:
        raise ValueError(f"it takes {LEAST} units to know how units differ")
    gaps, variances = np.zeros(len(units)), np.zeros(len(units))
    for sign, (x, n, s) in zip((1, -1), sides_of(units), strict=True):
        gaps += sign * added.share(x, n, s)
        # Two answers more, one of each: where all of all units answered alike there is chance all the same.
        common = np.full_like(n, added.shown(float((x.sum() + 1) / (n.sum() + 2))))
        variances += common * (1 - common) / n + added.spread(common, n, s)
    tau2 = _between(gaps, variances)
    weights = 1 / (variances + tau2)
    middle = float(np.sum(weights * gaps) / weights.sum())
    kept = tau2 / (tau2 + variances)
    shrunken = middle + kept * (gaps - middle)
    reach = z_of(level) * np.sqrt(kept * variances + (1 - kept) ** 2 / weights.sum())
    found = pd.DataFrame(
        {"gap": gaps, "shrunken": shrunken, "low": shrunken - reach, "high": shrunken + reach, "kept": kept},
        index=units.index,
    )
    found.attrs |= {"middle": middle, "tau2": tau2}
    return found


def _between(gaps: Floats, variances: Floats) -> float:
    """τ² at which the gaps vary as much around their middle as they should."""

    def left(tau2: float) -> float:
        weights = 1 / (variances + tau2)
        middle = np.sum(weights * gaps) / weights.sum()
        return float(np.sum(weights * (gaps - middle) ** 2)) - (len(gaps) - 1)

    most = float(np.ptp(gaps)) ** 2 + 1e-9
    if left(0.0) <= 0 or math.isclose(most, 0.0):
        return 0.0
    return float(brentq(left, 0.0, max(most, 1.0) * len(gaps)))
