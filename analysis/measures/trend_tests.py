"""Trend tests over the rounds, the between-round variance τ², and p values adjusted for their number.

For every page that marks a difference as distinct from zero: seven questions at a time, or a list of units.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from analysis.measures import noise as added
from analysis.measures.arrays import Floats
from analysis.measures.distributions import chi2_tail, t_tail

ITERATIONS = 20  # iterations of τ² and its weights; it converges long before that
SIGNIFICANCE = 0.05  # an adjusted p below it is told
FITS, CLOSE = 100, 1e-10  # iterations of a logistic line at most, and where it stands still
EDGE = 1e-9  # as near as a fitted share comes to none or to all
MIN_ROUNDS = 4  # rounds of one wording from which the trend is tested, and not the first round against the last


def _holm(values: Floats) -> Floats:
    # Of our own, as the next and the logistic fit: statsmodels collects all garbage at each call of this, 80 ms in a
    # full process, and what it loads takes 40 MB of it.
    order = np.argsort(values)
    adjusted = np.empty_like(values)
    adjusted[order] = np.maximum.accumulate(values[order] * np.arange(len(values), 0, -1))
    return np.minimum(adjusted, 1.0)


def _benjamini_hochberg(values: Floats) -> Floats:
    order, count = np.argsort(values)[::-1], len(values)
    adjusted = np.empty_like(values)
    adjusted[order] = np.minimum.accumulate(values[order] * count / np.arange(count, 0, -1))
    return np.minimum(adjusted, 1.0)


_METHODS = {"holm": _holm, "bh": _benjamini_hochberg}


def adjust(p_values: Sequence[float] | Floats, method: Literal["holm", "bh"] = "holm") -> Floats:
    """Adjust p values for their number: Holm within a page, Benjamini–Hochberg over lists.

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


def is_distinct(low: Any, high: Any, p: Any) -> Any:
    """Return whether a difference is distinct from zero: its interval leaves zero out, and its adjusted p is small.

    Of one difference, or of each in an array or column.
    """
    return ((low > 0) | (high < 0)) & (p < SIGNIFICANCE)


@dataclass(frozen=True)
class TrendTest:
    """A test of shares against their scores: χ² with one degree of freedom, two-sided p, 1 up, −1 down, 0 neither."""

    chi2: float
    p: float
    direction: int


@dataclass(frozen=True)
class LogisticTrend:
    """A straight line through the log odds; φ is the overdispersion: the shares' variation relative to chance."""

    intercept: float
    slope: float
    se: float
    phi: float
    rounds: int

    @property
    def p_value(self) -> float:
        """The two-sided p of no slope, by t with two degrees of freedom fewer than rounds."""
        return 2 * t_tail(abs(self.slope) / self.se, self.rounds - 2)


def _series(
    *columns: Sequence[float] | Floats, noises: Sequence[float] | Floats | None, min_rounds: int
) -> list[Floats]:
    """Return the checked columns as arrays: successes, bases, scores (not all the same), and noise variances."""
    x, n, at = (np.asarray(column, dtype=np.float64) for column in columns)
    s = np.zeros_like(x) if noises is None else np.asarray(noises, dtype=np.float64)
    if not len(x) == len(n) == len(at) == len(s) >= min_rounds:
        raise ValueError(f"a trend takes at least {min_rounds} rounds, each with successes, base and place")
    added.check_counts(x, n, s)
    if not (np.isfinite(at).all() and (n > 0).all()):
        raise ValueError("a trend needs a base above 0 and a date in each round")
    if np.ptp(at) == 0:
        raise ValueError("a trend needs rounds at more than one date")
    return [x, n, at, s]


def _pooled(x: Floats, n: Floats) -> float:
    return added.clip_share(float(x.sum() / n.sum()))


def _variances(x: Floats, n: Floats, s: Floats) -> Floats:
    """Return each round's variance of the share by chance and noise, at the rounds' common share."""
    pooled = np.full_like(n, _pooled(x, n))
    return pooled * (1 - pooled) / n + added.noise_variance(pooled, n, s)


def _linear_trend(values: Floats, variances: Floats, at: Floats) -> TrendTest:
    if not (variances > 0).all():  # everyone has answered alike, in every round, and nothing is added to it
        return TrendTest(0.0, 1.0, 0)
    weights = 1 / variances
    off = at - float(np.sum(weights * at) / weights.sum())
    leaning = float(np.sum(weights * off * values))
    chi2 = leaning**2 / float(np.sum(weights * off**2))
    return TrendTest(chi2, chi2_tail(chi2, 1), int(np.sign(leaning)))


def cochran_armitage(
    successes: Sequence[float] | Floats,
    bases: Sequence[float] | Floats,
    scores: Sequence[float] | Floats,
    noises: Sequence[float] | Floats | None = None,
    between: float = 0.0,
) -> TrendTest:
    """Test for a linear trend in shares (Cochran–Armitage); the scores are the rounds' dates.

    Without `between` it takes chance and noise alone for what makes rounds vary. With the τ² of `between_rounds` it
    also answers for places whose rounds vary more than that.
    """
    x, n, at, s = _series(successes, bases, scores, noises=noises, min_rounds=2)
    return _linear_trend(added.share(x, n, s), _variances(x, n, s) + between, at)


def gap_trend(
    gaps: Sequence[float] | Floats,
    ses: Sequence[float] | Floats,
    scores: Sequence[float] | Floats,
    between: float = 0.0,
) -> TrendTest:
    """Test for a linear trend in gaps, each weighted by its own standard error and the gaps' τ²."""
    values, errors, at = (np.asarray(column, dtype=np.float64) for column in (gaps, ses, scores))
    if not (len(values) == len(errors) == len(at) >= 2 and np.isfinite([values, errors, at]).all()):
        raise ValueError("a gap's trend takes at least two rounds, each with a gap, its error and its date")
    if np.ptp(at) == 0:
        raise ValueError("a trend needs rounds at more than one date")
    return _linear_trend(values, errors**2 + between, at)


@dataclass(frozen=True)
class Line:
    """A figure over the rounds, oldest first, and each one's variance by chance and noise."""

    values: Floats
    variances: Floats


def share_line(
    successes: Sequence[float] | Floats, bases: Sequence[float] | Floats, noises: Sequence[float] | Floats | None = None
) -> Line:
    """Return a share's line over rounds of one wording, for `between_rounds`."""
    x, n, _, s = _series(successes, bases, np.arange(len(successes), dtype=np.float64), noises=noises, min_rounds=2)
    return Line(added.share(x, n, s), _variances(x, n, s))


def between_rounds(lines: Iterable[Line]) -> float:
    """Estimate τ², the variance between rounds beside chance and noise: one figure for all lines of a page.

    From each line's steps from one round to the next, minus what chance and noise make of them, never below 0. Precise
    lines weigh more. A lasting trend moves it little, for each of its steps is small.
    """
    steps, chance = [np.empty(0)], [np.empty(0)]
    for line in lines:
        steps.append(np.diff(line.values) ** 2)
        chance.append(line.variances[1:] + line.variances[:-1])
    squares, within = np.concatenate(steps), np.concatenate(chance)
    tau2 = 0.0
    if not len(squares) or not (within > 0).all():
        return tau2
    for _ in range(ITERATIONS):
        weights = (within + 2 * tau2) ** -2
        tau2 = max(0.0, float(np.sum(weights * (squares - within)) / weights.sum() / 2))
    return tau2


def logistic_trend(
    successes: Sequence[float] | Floats,
    bases: Sequence[float] | Floats,
    x: Sequence[float] | Floats,
    overdispersed: bool = False,
    noises: Sequence[float] | Floats | None = None,
) -> LogisticTrend:
    """Fit a logistic regression of a region's or a municipality's share on `x`.

    `overdispersed` takes φ = max(1, χ²/df). Noise makes each round count as the fewer answers that would tell as much.
    """
    yes, n, at, s = _series(successes, bases, x, noises=noises, min_rounds=3)
    pooled = _pooled(yes, n)
    if pooled in (0, 1):
        raise ValueError("where everyone has answered alike there is no line to fit")
    middle, wide = float(at.mean()), float(np.ptp(at))
    # Dates are large numbers: they are moved to the middle and shortened for the fit, and put back after.
    columns = np.column_stack([np.ones_like(at), (at - middle) / wide])
    shares, as_many = added.share(yes, n, s).clip(0, 1), added.effective_n(n, pooled, s)
    (start, rise), covariance, pearson = _logistic(shares, columns, as_many)
    phi = max(1.0, pearson / (len(at) - 2)) if overdispersed else 1.0
    slope, se = float(rise) / wide, float(np.sqrt(phi * covariance[1, 1])) / wide
    return LogisticTrend(float(start) - slope * middle, slope, se, phi, len(at))


def _logistic(shares: Floats, columns: Floats, weights: Floats) -> tuple[Floats, Floats, float]:
    """Fit a logistic line by iterated weighted least squares: its coefficients, their covariance, and Pearson's χ²."""
    fitted, before = (shares + 0.5) / 2, np.full(columns.shape[1], np.inf)
    for _ in range(FITS):
        chance = fitted * (1 - fitted)
        working = np.log(fitted / (1 - fitted)) + (shares - fitted) / chance
        weighted = columns.T * (weights * chance)
        found = np.asarray(np.linalg.solve(weighted @ columns, weighted @ working), dtype=np.float64)
        # Where all rounds but the last are alike the best line is ever steeper, and a fit of just 0 or 1 has no weight.
        fitted = (1 / (1 + np.exp(-columns @ found))).clip(EDGE, 1 - EDGE)
        if np.abs(found - before).max() < CLOSE:
            break
        before = found
    chance = fitted * (1 - fitted)
    covariance = np.asarray(np.linalg.inv((columns.T * (weights * chance)) @ columns), dtype=np.float64)
    return found, covariance, float(np.sum(weights * (shares - fitted) ** 2 / chance))
