"""Fair p values when many comparisons stand on one page.

For every page that marks a difference as told from zero: seven questions at a time, or a list of units.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt
from statsmodels.stats.multitest import multipletests

_METHODS = {"holm": "holm", "bh": "fdr_bh"}


def adjust(
    p_values: Sequence[float] | npt.NDArray[np.float64], method: Literal["holm", "bh"] = "holm"
) -> npt.NDArray[np.float64]:
    """P values adjusted for their number: Holm within a page, Benjamini–Hochberg over lists.

    A missing p (a hidden figure) stays missing and is not counted as a comparison.
    """
    if method not in _METHODS:
        raise ValueError(f"method is one of {', '.join(_METHODS)}, not {method}")
    values = np.asarray(p_values, dtype=np.float64)
    adjusted = np.full(values.shape, np.nan)
    known = ~np.isnan(values)
    if known.any():
        adjusted[known] = multipletests(values[known], method=_METHODS[method])[1]
    return adjusted
