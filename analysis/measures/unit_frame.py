"""The frame of units that gaps are worked out from: a row a unit, both sides' counts, and each unit's weight.

Side 1 is the providers', side 2 the patients'. successes_1, base_1, successes_2 and base_2 must be there. If they are:
noise_1 and noise_2 (variances), n_1 and n_2 (the exact numbers of answers), non_substantive_1 and non_substantive_2
(the part of the answers outside the base in the whole place), weight, and unit (its name, if the index has none).
"""

import numpy as np
import pandas as pd

from analysis.measures import noise as added
from analysis.measures.arrays import Floats

COLUMNS = ("successes_1", "base_1", "successes_2", "base_2")
MAX_PATIENTS_PER_STAFF = (
    6  # a unit weighs by its patients, but no more than this many for each who answered of its staff
)


def sides_of(units: pd.DataFrame) -> tuple[tuple[Floats, Floats, Floats], tuple[Floats, Floats, Floats]]:
    """Return successes, bases and noise of the providers, and of the patients; raise ValueError for a faulty frame."""
    missing = [name for name in COLUMNS if name not in units.columns]
    if missing:
        raise ValueError(f"a frame of units needs the columns {', '.join(missing)}")
    if units.empty:
        raise ValueError("a gap needs at least one unit")
    x1, n1, x2, n2 = (units[name].to_numpy(dtype=np.float64) for name in COLUMNS)
    s1, s2 = (_column(units, f"noise_{side}", np.zeros_like(x1)) for side in (1, 2))
    for x, n, s in ((x1, n1, s1), (x2, n2, s2)):
        added.check_counts(x, n, s)
        if not (n >= 2).all():
            raise ValueError("each unit needs a base of at least 2 a side")
    return (*_steady_counts(units, 1, x1, n1, s1), s1), (*_steady_counts(units, 2, x2, n2, s2), s2)


def _steady_counts(units: pd.DataFrame, side: int, x: Floats, n: Floats, s: Floats) -> tuple[Floats, Floats]:
    """Return the steadied base, where the frame has the numbers of answers and the part outside the base."""
    answers, outside = (_column(units, f"{name}_{side}", np.full_like(n, np.nan)) for name in ("n", "non_substantive"))
    if np.isnan([answers, outside]).any():
        return x, n
    return added.steady_counts(x, n, s, answers, outside)


def _column(units: pd.DataFrame, name: str, default: Floats) -> Floats:
    return units[name].to_numpy(dtype=np.float64) if name in units.columns else default


def weights_of(units: pd.DataFrame) -> Floats:
    """Return each unit's weight: by its patients, as far as its staff carry it, or as the frame says.

    By the published numbers of answers (n_1, n_2) where they are there: a base that is noised would weigh by its noise.
    """
    n1, n2 = (_column(units, f"n_{side}", units[f"base_{side}"].to_numpy(dtype=np.float64)) for side in (1, 2))
    weights = _column(units, "weight", np.minimum(n2, MAX_PATIENTS_PER_STAFF * n1))
    if not np.isfinite(weights).all() or (weights < 0).any() or weights.sum() <= 0:
        raise ValueError("weights are numbers from 0 up, and not all 0")
    shares: Floats = weights / weights.sum()
    return shares


def by_unit(before: pd.DataFrame, after: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return two rounds' frames with the unit as index."""
    if "unit" in before.columns and "unit" in after.columns:
        before, after = before.set_index("unit"), after.set_index("unit")
    if not (before.index.is_unique and after.index.is_unique):
        raise ValueError("a unit stands once in each round")
    return before, after


def common_weight(before: pd.DataFrame, after: pd.DataFrame) -> float:
    """Return the least part of either round's weight that the units in both rounds carry."""
    before, after = by_unit(before, after)
    return min(
        float(weights_of(one)[one.index.isin(other.index)].sum()) for one, other in ((before, after), (after, before))
    )
