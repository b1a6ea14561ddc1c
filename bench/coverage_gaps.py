"""How often a place's page tells a gap, or a change of one, that is not there.

A page is seven questions on which both sides have one share. What is told is what `analysis` says is told: the interval
leaves zero out, and Holm's p over the seven is under 0.05.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.measures import noise
from analysis.measures.gap import PooledGap, change_of_gaps, gap_of
from analysis.measures.trend_tests import adjust
from bench.invented_rounds import OUTSIDE, RESIDENTS, STAFF, UNIT, Ints, Random, answers, drawn
from bench.sheet import Row, show

SEED, QUESTIONS = 20261201, 7
SIZES = ((7, 20), (10, 35), (15, 80), (30, 150))  # staff and residents of a unit
SHARES = (0.3, 0.6, 0.85)
UNITS = (1, 2, 3, 6)
COLUMNS = [f"{what}, {units} unit{'s' if units > 1 else ''}" for units in UNITS for what in ("gap", "change")]


def page(rng: Random, size: tuple[int, int], share: float, units: int) -> list[PooledGap]:
    """The gaps of one round that can be shown: of the units that n and base carry, as a place's page has them."""
    sides = []
    for n, outside in zip(size, OUTSIDE, strict=True):
        shape = (QUESTIONS, units)
        sides.append(answers(rng, np.full(shape, n), share, outside) + drawn(rng, shape, UNIT))
    found = []
    for staff, residents in zip(*sides, strict=True):
        there = (staff.sum(axis=1) >= STAFF) & (residents.sum(axis=1) >= RESIDENTS)
        if there.any():
            found.append(gap_of(_frame(staff[there], residents[there], size)))
    return found


def _frame(staff: Ints, residents: Ints, size: tuple[int, int]) -> pd.DataFrame:
    columns: dict[str, object] = {}
    for side, counts in enumerate((staff, residents), start=1):
        columns |= {f"successes_{side}": counts[:, 0].astype(float), f"base_{side}": counts.sum(axis=1).astype(float)}
        columns |= {f"noise_{side}": noise.variance(UNIT), f"n_{side}": size[side - 1]}
        columns |= {f"non_substantive_{side}": OUTSIDE[side - 1]}
    return pd.DataFrame(columns)


def is_distinct(found: Sequence[PooledGap]) -> bool:
    """Whether a page tells any of these gaps."""
    return _any([(each.low, each.high, each.p_value) for each in found])


def moved(then: Sequence[PooledGap], now: Sequence[PooledGap]) -> bool:
    """Whether it tells that any of them has changed."""
    changes = [change_of_gaps(*pair) for pair in zip(then, now, strict=False)]
    return _any([(each.low, each.high, each.p_value) for each in changes])


def _any(found: Sequence[tuple[float, float, float]]) -> bool:
    p = adjust(np.array([each[2] for each in found]))
    return any((low > 0 or high < 0) and own < 0.05 for (low, high, _), own in zip(found, p, strict=True))


def false_alarms(size: tuple[int, int], share: float, units: int, draws: int) -> tuple[float, float]:
    """The percent of pages that tell a gap where there is none, and of those that tell a change of it."""
    rng = np.random.default_rng([SEED, *size, round(100 * share), units])
    pages = [page(rng, size, share, units) for _ in range(draws)]
    gaps = [is_distinct(each) for each in pages if each]
    changes = [moved(*pair) for pair in zip(pages[::2], pages[1::2], strict=True)]
    return 100 * float(np.mean(gaps)), 100 * float(np.mean(changes))


def gaps(draws: int) -> None:
    """Print them in twelve designs, for a unit and for places of a few."""
    rows = []
    for staff, residents in SIZES:
        for share in SHARES:
            each = [false_alarms((staff, residents), share, units, draws) for units in UNITS]
            rows.append(Row(f"staff {staff}, residents {residents}, p {share:.0%}", [x for pair in each for x in pair]))
    show("Pages that tell a gap, or its change, that is not there, percent", rows, COLUMNS)
