"""The gap from sums over matched units, weighted and noised at closing, where single units are too uncertain.

For regions and municipalities. One draw of noise over a whole place's sums costs far less than one a unit, so this is
the gap that is shown where there are such sums; `gap.pooled_gap` is for few units and for named groups.
"""

import math
from dataclasses import dataclass

from analysis.measures import noise as added
from analysis.measures.gap import Estimate, PooledGap, gap_of_sides
from analysis.measures.intervals import Interval, limits_of


@dataclass(frozen=True)
class Side:
    """One side's sums over matched units, each unit times its public weight w.

    Σ w·yes and Σ w·not yes as they were noised together, Σ w·n and Σ w²·n of everybody who answered, and the noise.
    """

    yes: float
    not_yes: float
    answers: float
    squares: float
    noise: float


def matched_gap(provider: Side, patient: Side, level: float = 0.95) -> PooledGap:
    """Return the unit-matched gap from sums that were weighted and noised at closing."""
    first, second = (_matched_side(side, level) for side in (provider, patient))
    return gap_of_sides(first, second)


def _matched_side(side: Side, level: float) -> Estimate:
    """Return one side's share, limits and variance, by its effective number of unweighted answers."""
    base = side.yes + side.not_yes
    if not (side.answers > 0 and side.squares > 0 and side.noise >= 0 and math.isfinite(base)):
        raise ValueError("matched sums need weighted answers above 0 and no negative noise")
    if base <= 0:
        return Estimate(0.5, 1.0, Interval(0.0, 1.0))
    estimate = float(added.share(side.yes, base, side.noise))
    # The part `base / answers` of all weighted answers is yes or not yes; the rest stand outside the base.
    as_many = base**2 / (side.squares * base / side.answers)
    noise = side.noise * (as_many / base) ** 2
    held = added.clip_share(estimate)
    variance = held * (1 - held) / as_many + float(added.noise_variance(held, as_many, noise))
    return Estimate(estimate, variance, limits_of(held, as_many, noise, level))
