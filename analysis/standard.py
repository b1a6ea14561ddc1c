"""What a share would be if those who answered were made up as the population is: by gender and age.

For a look beside the published share, never instead of it: answers are not silently weighted. A group that is hidden
has no say, and how much of the population that is, is told.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.intervals import share_interval

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Standardised:
    """A share as the population is made up, its interval, and the part of the population that has no figure."""

    share: float
    low: float
    high: float
    left_out: float


def standardised(
    successes: Sequence[float] | Floats,
    bases: Sequence[float] | Floats,
    population: Sequence[float] | Floats,
    level: float = 0.95,
) -> Standardised:
    """Direct standardisation: the groups' shares weighted by their part of the population.

    The interval puts the groups' Wilson intervals together (MOVER, as the gap's change does), so that it neither leaves
    0 to 1 nor vanishes where all in a group answer alike. A group without a figure (NaN) is left out.
    """
    x, n, people = (np.asarray(column, dtype=np.float64) for column in (successes, bases, population))
    if not (len(x) == len(n) == len(people) > 0 and (people >= 0).all() and people.sum() > 0):
        raise ValueError("each group has successes, a base and a number of people, and somebody lives here")
    there = np.isfinite(x) & np.isfinite(n) & (people > 0)
    if not there.any():
        raise ValueError("no group has a figure")
    weights = people[there] / people[there].sum()
    shares = x[there] / n[there]
    limits = [share_interval(float(some), float(base), level) for some, base in zip(x[there], n[there], strict=True)]
    share = float(np.sum(weights * shares))
    under = math.sqrt(sum((w * (p - each.low)) ** 2 for w, p, each in zip(weights, shares, limits, strict=True)))
    over = math.sqrt(sum((w * (each.high - p)) ** 2 for w, p, each in zip(weights, shares, limits, strict=True)))
    left_out = 1 - float(people[there].sum() / people.sum())
    return Standardised(share, max(0.0, share - under), min(1.0, share + over), left_out)
