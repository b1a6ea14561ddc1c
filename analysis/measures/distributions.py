"""The tails and quantiles of the four distributions that the measures rest on.

The same as in `scipy.stats`, from the functions below it: `scipy.stats` itself takes 31 MB more of each process that
shows a figure.
"""

import numpy as np
from scipy import special

from analysis.measures.arrays import Floats

Number = float | Floats


def normal_quantile(p: Number) -> Floats:
    """Return the value that a standard normal is below with probability p."""
    return np.asarray(special.ndtri(p), dtype=np.float64)


def normal_tail(z: Number) -> Floats:
    """Return the probability that a standard normal is above z."""
    return np.asarray(special.ndtr(-np.asarray(z)), dtype=np.float64)


def t_tail(t: float, freedom: float) -> float:
    """Return the probability that Student's t of these degrees of freedom is above t."""
    return float(special.stdtr(freedom, -t))


def chi2_tail(x: float, freedom: float) -> float:
    """Return the probability that chi-square of these degrees of freedom is above x."""
    return float(special.chdtrc(freedom, x))


def binomial_below(k: Number, n: Number, p: Number) -> Floats:
    """Return the probability of at most k of n; `p`: of each."""
    k, n, p = np.broadcast_arrays(*(np.asarray(each, dtype=np.float64) for each in (k, n, p)))
    inside = special.betainc(np.maximum(n - k, 1e-9), np.maximum(k, 0) + 1, 1 - p)
    return np.where(k < 0, 0.0, np.where(k >= n, 1.0, inside))


def binomial_above(k: Number, n: Number, p: Number) -> Floats:
    """Return the probability of more than k of n; `p`: of each."""
    return binomial_below(np.asarray(n) - np.asarray(k) - 1, n, 1 - np.asarray(p))


def binomial_of(k: Number, n: Number, p: Number) -> Floats:
    """Return the probability of k of n; `p`: of each."""
    k, n = np.asarray(k, dtype=np.float64), np.asarray(n, dtype=np.float64)
    ways = special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1)
    return np.asarray(np.exp(ways + special.xlogy(k, p) + special.xlog1py(n - k, -np.asarray(p))), dtype=np.float64)


def binomial_quantile(q: Number, n: Number, p: Number) -> Floats:
    """Return the least k for which k or fewer of n come with probability q; `p`: of each."""
    q, n, p = np.broadcast_arrays(*(np.asarray(each, dtype=np.float64) for each in (q, n, p)))
    low, high = np.full(n.shape, -1.0), n.copy()
    while (high - low > 1).any():
        middle = np.floor((low + high) / 2)
        # one that is met but for the last digit is met, in either tail
        enough = binomial_below(middle, n, p) >= q - 1e-12 * np.minimum(q, 1 - q)
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return high
