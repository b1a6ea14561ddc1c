"""Pooling of two or four rounds, where one round of a place is too thin to say anything.

Counts are added as they stand, below zero too: what is cut before it is added becomes bias. The answer is for the mean
of these rounds. The same persons may have answered in several; then it speaks for them and not for more people.
"""

from collections.abc import Sequence

import pandas as pd

from analysis.measures.unit_frame import COLUMNS

_ADDED = (*COLUMNS, "noise_1", "noise_2", "n_1", "n_2")


def sum_rounds_by_unit(rounds: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Add frames of units (a column `unit`), one a round, to one frame with each unit's sums, for `pooled_gap`.

    A unit need not be in every round: it counts with what it has.
    """
    if not rounds:
        raise ValueError("there is no round to read")
    every = pd.concat(list(rounds), ignore_index=True)
    columns = [name for name in _ADDED if name in every.columns]
    return every.groupby("unit", sort=True, as_index=False)[columns].sum()
