"""Fair p values when many comparisons stand on one page.

For every page that marks a difference as told from zero: seven questions at a time, or a list of units.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt
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
