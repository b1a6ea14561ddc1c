"""Laney's p′ control chart for shares, and Anhøj's rules for runs: has something out of the ordinary happened?

For the chart `control`. Shares over the rounds vary by chance and by all that makes one round unlike another;
Laney's p′ chart takes both for granted and points at what is more than that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from analysis.measures.arrays import Floats
from analysis.measures.distributions import binomial_quantile, normal_tail
from analysis.measures.noise import effective_counts

Stage = Literal["few", "preliminary", "full"]

MIN_ROUNDS, MIN_ROUNDS_SETTLED = (
    8,
    12,
)  # rounds of one wording before there are limits, and before they are more than preliminary
SIGMAS = 3.0
MIN_EXPECTED = 5.0  # fewer answers than this expected on either side: the limits are the binomial's own
MEAN_RANGE = 1.128  # the mean distance between two draws from a normal distribution, in standard deviations
LARGEST_RANGE = 3.267  # a moving range larger than this many mean ones is itself a signal


def stage(rounds: int) -> Stage:
    """Return the stage for so many rounds of one wording: no limits, preliminary ones, or limits and rules for runs."""
    if rounds < MIN_ROUNDS:
        return "few"
    return "preliminary" if rounds < MIN_ROUNDS_SETTLED else "full"


def _sigma_z(z: Floats, screen: bool, floor: bool) -> float:
    """Return Laney's σz: the rounds' variation relative to chance alone, from their moving ranges."""
    ranges = np.abs(np.diff(z))
    if screen and len(ranges):
        ranges = ranges[ranges <= LARGEST_RANGE * ranges.mean()]
    sigma = float(ranges.mean()) / MEAN_RANGE if len(ranges) else 1.0
    return max(1.0, sigma) if floor else sigma


def p_prime_chart(
    successes: Sequence[float] | Floats,
    bases: Sequence[float] | Floats,
    screen: bool = False,
    floor: bool = True,
    noises: Sequence[float] | Floats | None = None,
) -> pd.DataFrame:
    """Return centre, lower and upper limit, σz and signal for each round.

    `screen` leaves out moving ranges that are themselves signals; `floor` never lets the rounds vary less than
    chance. Where few are expected to answer either way, the limits are the binomial's at as unlikely a share.
    Noise makes each round count as the fewer answers that would tell as much.
    """
    x, n = effective_counts(successes, bases, noises)
    center = float(x.sum() / n.sum())
    spread = np.sqrt(center * (1 - center) / n)
    z = np.divide(x / n - center, spread, out=np.zeros_like(x), where=spread > 0)
    sigma = _sigma_z(z, screen, floor)
    lower, upper = center - SIGMAS * sigma * spread, center + SIGMAS * sigma * spread
    small = n * min(center, 1 - center) < MIN_EXPECTED
    beyond, whole = normal_tail(SIGMAS * sigma), np.rint(n)
    lower = np.where(small, binomial_quantile(beyond, whole, center) / whole, lower).clip(0, 1)
    upper = np.where(small, binomial_quantile(1 - beyond, whole, center) / whole, upper).clip(0, 1)
    outside = (x / n < lower - 1e-9) | (x / n > upper + 1e-9)
    return pd.DataFrame({"center": center, "lower": lower, "upper": upper, "sigma_z": sigma, "signal": outside})


@dataclass(frozen=True)
class Runs:
    """The longest run on one side of the centre and the number of crossings, with their limits under chance."""

    n_useful: int
    longest_run: int
    longest_run_max: int
    crossings: int
    crossings_min: int

    @property
    def signal(self) -> bool:
        """Return whether the longest run is longer, or the crossings fewer, than chance would give."""
        return self.n_useful > 0 and (self.longest_run > self.longest_run_max or self.crossings < self.crossings_min)


def runs(values: Sequence[float] | Floats, center: float) -> Runs:
    """Apply Anhøj's two rules; values on the centre itself are left out.

    They were made for the median: around the mean of twenty noisy rounds they raise half as many false alarms again.
    """
    sides = np.sign(np.asarray(values, dtype=np.float64) - center)
    sides = sides[sides != 0]
    n = len(sides)
    if n == 0:
        return Runs(0, 0, 0, 0, 0)
    turns = np.flatnonzero(np.diff(sides)) + 1
    lengths = np.diff(np.concatenate(([0], turns, [n])))
    most, fewest = round(float(np.log2(n)) + 3), int(binomial_quantile(0.05, n - 1, 0.5)) if n > 1 else 0
    return Runs(n, int(lengths.max()), most, len(turns), fewest)
