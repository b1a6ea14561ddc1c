"""Trends over the rounds, and fair p values when many comparisons stand on one page.

For every page that marks a difference as told from zero: seven questions at a time, or a list of units.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.stats import chi2 as chi2_distribution
from scipy.stats import t as t_distribution
from statsmodels.genmod import families
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.stats.multitest import multipletests

Floats = npt.NDArray[np.float64]


def _holm(values: Floats) -> Floats:
    # Three lines of our own: statsmodels' Holm collects all garbage at each call, 80 ms in a full process,
    # and a page asks for it once a round and unit.
    order = np.argsort(values)
    adjusted = np.empty_like(values)
    adjusted[order] = np.maximum.accumulate(values[order] * np.arange(len(values), 0, -1))
    return np.minimum(adjusted, 1.0)


def _benjamini_hochberg(values: Floats) -> Floats:
    adjusted: Floats = multipletests(values, method="fdr_bh")[1]
    return adjusted


_METHODS = {"holm": _holm, "bh": _benjamini_hochberg}


def adjust(p_values: Sequence[float] | Floats, method: Literal["holm", "bh"] = "holm") -> Floats:
    """P values adjusted for their number: Holm within a page, Benjamini–Hochberg over lists.

    A missing p (a hidden figure) stays missing and is not counted as a comparison.
    """
    if method not in _METHODS:
        raise ValueError(f"method is one of {', '.join(_METHODS)}, not {method}")
    values = np.asarray(p_values, dtype=np.float64)
    adjusted = np.full(values.shape, np.nan)
    known = ~np.isnan(values)
    if known.any():
        adjusted[known] = _METHODS[method](values[known])
    return adjusted


@dataclass(frozen=True)
class TrendTest:
    """Whether shares rise or fall with their scores: one degree of freedom, two-sided p, 1 up, −1 down, 0 neither."""

    chi2: float
    p: float
    direction: int


@dataclass(frozen=True)
class LogisticTrend:
    """A straight line through the log odds. φ tells how much more the shares vary than chance alone would make them."""

    intercept: float
    slope: float
    se: float
    phi: float
    rounds: int

    @property
    def p_value(self) -> float:
        """Two-sided p of no slope, with t on the rounds less the two that the line takes."""
        return float(2 * t_distribution.sf(abs(self.slope) / self.se, self.rounds - 2))


def _series(*columns: Sequence[float] | Floats, least: int) -> list[Floats]:
    """The columns as numbers: successes, bases and where they stand, which must not all be the same."""
    x, n, at = (np.asarray(column, dtype=np.float64) for column in columns)
    if not len(x) == len(n) == len(at) >= least:
        raise ValueError(f"a trend takes at least {least} rounds, each with successes, base and place")
    if not (np.isfinite([x, n, at]).all() and (n > 0).all() and (x >= 0).all() and (x <= n).all()):
        raise ValueError("successes lie between 0 and a base above 0, and no number is missing")
    if np.ptp(at) == 0:
        raise ValueError("a trend needs rounds at more than one date")
    return [x, n, at]


def cochran_armitage(
    successes: Sequence[float] | Floats, bases: Sequence[float] | Floats, scores: Sequence[float] | Floats
) -> TrendTest:
    """Cochran's and Armitage's test of a linear trend in shares; the scores are the rounds' dates.

    It takes chance alone for what makes a unit's shares vary, so it is for one unit; above it, `logistic_trend`.
    """
    x, n, at = _series(successes, bases, scores, least=2)
    pooled = float(x.sum() / n.sum())
    off = at - float(np.sum(n * at) / n.sum())
    leaning = float(np.sum(x * off))
    variance = pooled * (1 - pooled) * float(np.sum(n * off**2))
    if variance <= 0:  # everyone has answered alike, in every round
        return TrendTest(0.0, 1.0, 0)
    chi2 = leaning**2 / variance
    return TrendTest(chi2, float(chi2_distribution.sf(chi2, 1)), int(np.sign(leaning)))


def logistic_trend(
    successes: Sequence[float] | Floats,
    bases: Sequence[float] | Floats,
    x: Sequence[float] | Floats,
    overdispersed: bool = False,
) -> LogisticTrend:
    """Logistic regression of a share on `x`, a region's or a municipality's: `overdispersed` takes φ = max(1, χ²/df).

    Shares with n as weights and not two columns of counts: statsmodels forgets n there when φ is estimated.
    """
    yes, n, at = _series(successes, bases, x, least=3)
    if yes.sum() in (0, n.sum()):
        raise ValueError("where everyone has answered alike there is no line to fit")
    middle, wide = float(at.mean()), float(np.ptp(at))
    # Dates are large numbers: they are moved to the middle and shortened for the fit, and put back after.
    columns = np.column_stack([np.ones_like(at), (at - middle) / wide])
    fit = GLM(yes / n, columns, family=families.Binomial(), var_weights=n).fit()
    phi = max(1.0, float(fit.pearson_chi2) / (len(at) - 2)) if overdispersed else 1.0
    slope = float(fit.params[1]) / wide
    se = float(np.sqrt(phi * fit.cov_params(scale=1.0)[1, 1])) / wide
    return LogisticTrend(float(fit.params[0]) - slope * middle, slope, se, phi, len(at))
