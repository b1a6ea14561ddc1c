"""Shares standardised to the population's groups, or to those of the round before.

For a look beside the published share, never instead of it: answers are not silently weighted. Groups are gender × age.
A group that is hidden has no say, and how much of the population that is, is stated.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.measures import noise as added
from analysis.measures.arrays import Floats
from analysis.measures.gap import p_of
from analysis.measures.intervals import Interval, Noises, Sides, errors_if_equal, limits, mover, z_of


@dataclass(frozen=True)
class Standardised:
    """A directly standardised share, its interval, and the part of the population without a figure."""

    share: float
    low: float
    high: float
    left_out: float


@dataclass(frozen=True)
class MixChange:
    """A change of a share: the crude one, the one at fixed groups with its interval, and the one from the mix.

    crude = real + mix. `left_out` is the largest part of either round's answers that no common group holds. `se`: the
    standard error of `real` if nothing has changed in any group.
    """

    crude: float
    real: float
    low: float
    high: float
    mix: float
    left_out: float
    se: float

    @property
    def p_value(self) -> float:
        """The two-sided p of no change at fixed groups, to adjust over a page's questions."""
        return p_of(self.real, self.se)


def standardised(
    successes: Sequence[float] | Floats,
    bases: Sequence[float] | Floats,
    population: Sequence[float] | Floats,
    level: float = 0.95,
    noises: Sequence[float] | Floats | None = None,
) -> Standardised:
    """Return the direct standardisation: the groups' shares weighted by their part of the population.

    The interval puts the groups' Wilson intervals together (MOVER, as the gap's change does), so that it neither leaves
    0 to 1 nor vanishes where all in a group answer alike. A group without a figure (NaN) is left out.
    """
    x, n, people = (np.asarray(column, dtype=np.float64) for column in (successes, bases, population))
    s = np.zeros_like(x) if noises is None else np.asarray(noises, dtype=np.float64)
    if not (len(x) == len(n) == len(people) == len(s) > 0 and (people >= 0).all() and people.sum() > 0):
        raise ValueError("each group has successes, a base and a number of people, and somebody lives here")
    there = np.isfinite(x) & np.isfinite(n) & (n > 0) & (people > 0)
    if not there.any():
        raise ValueError("no group has a figure")
    added.check_counts(x[there], n[there], s[there])
    weights = people[there] / people[there].sum()
    share, extent = _weighted(x[there], n[there], s[there], weights, level)
    left_out = 1 - float(people[there].sum() / people.sum())
    return Standardised(added.clip_share(share), max(0.0, extent.low), min(1.0, extent.high), left_out)


def _weighted(x: Floats, n: Floats, s: Floats, weights: Floats, level: float) -> tuple[float, Interval]:
    """Return the weighted mean of the groups' shares, and its limits by MOVER."""
    shares = added.share(x, n, s)
    held = shares.clip(0, 1)
    low, high = limits(held, n, s, level)
    share = float(np.sum(weights * shares))
    under, over = (math.sqrt(float(np.sum((weights * off) ** 2))) for off in (held - low, high - held))
    return share, Interval(share - under, share + over)


def mix_change(
    before: pd.DataFrame,
    after: pd.DataFrame,
    weights: pd.Series | None = None,
    level: float = 0.95,
    extra: float = 0.0,
) -> MixChange:
    """Split a change between two rounds into the part at fixed weights of the groups and the part from their mix.

    Frames with the group as index: successes, base and perhaps noise. Groups of both rounds count; each weighs as its
    mean part of the two rounds' bases, or by `weights` (the population). `extra` is 2τ².
    """
    common = before.index.intersection(after.index)
    if common.empty:
        raise ValueError("no group is in both rounds")
    sides = []
    for frame in (before, after):
        own = frame.loc[common]
        s = own["noise"].to_numpy(dtype=np.float64) if "noise" in own else np.zeros(len(own))
        sides.append((own["successes"].to_numpy(dtype=np.float64), own["base"].to_numpy(dtype=np.float64), s))
    parts = [n / n.sum() for _, n, _ in sides]
    fixed = (parts[0] + parts[1]) / 2 if weights is None else weights.loc[common].to_numpy(dtype=np.float64)
    fixed = fixed / fixed.sum()
    then, now = (_weighted(*side, fixed, level) for side in sides)
    moved = mover(now[0], now[1], then[0], then[1], z_of(level) * math.sqrt(extra))
    crude = [float(np.sum(part * added.share(*side))) for part, side in zip(parts, sides, strict=True)]
    real = now[0] - then[0]
    left_out = max(1 - float(frame.loc[common, "base"].sum() / frame["base"].sum()) for frame in (before, after))
    change = crude[1] - crude[0]
    error = math.sqrt(float(np.sum((fixed * errors_if_equal(*_pairs(*sides))) ** 2)) + extra)
    return MixChange(change, real, max(-1.0, moved.low), min(1.0, moved.high), change - real, left_out, error)


def _pairs(then: tuple[Floats, Floats, Floats], now: tuple[Floats, Floats, Floats]) -> tuple[list[Sides], Noises]:
    """Return each group's two rounds, the newer first, and their noise."""
    (x1, n1, s1), (x2, n2, s2) = now, then
    return list(zip(x1, n1, x2, n2, strict=True)), list(zip(s1, s2, strict=True))
