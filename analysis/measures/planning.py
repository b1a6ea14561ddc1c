"""Detectable gaps for a number of answers, and the answers that a gap takes: for a page, and before a round.

All by the normal approximation at the variance of one common share; at a share of a half the answer is the most
cautious. Told apart means: a 95 % interval that leaves zero out, four times of five when the gap is as large.
"""

import math

from analysis.measures.intervals import quantile, z_of
from analysis.measures.noise import noise_variance

POWER = 0.8
MAX_ANSWERS = 100_000  # more answers a side than any place has


def detectable(se: float, level: float = 0.95, power: float = POWER) -> float:
    """Return the smallest gap, or change, that a figure with this standard error tells from zero at this power."""
    if not (se >= 0 and 0 < power < 1):
        raise ValueError("a standard error lies from 0 up, and power between 0 and 1")
    return (z_of(level) + quantile(power)) * se


def _variance(base: float, share: float, noise: float) -> float:
    return share * (1 - share) / base + noise_variance(share, base, noise)


def detectable_gap(
    base_1: float,
    base_2: float,
    share: float = 0.5,
    *,
    noise_1: float = 0.0,
    noise_2: float = 0.0,
    level: float = 0.95,
    power: float = POWER,
) -> float:
    """Return the detectable gap for so many answers a side, in shares; 1 means none."""
    if not (base_1 > 0 and base_2 > 0 and 0 < share < 1):
        raise ValueError("a gap takes answers on both sides and a share between 0 and 1")
    variance = _variance(base_1, share, noise_1) + _variance(base_2, share, noise_2)
    return min(1.0, detectable(math.sqrt(variance), level, power))


def answers_needed(
    gap: float,
    share: float = 0.5,
    *,
    noise_1: float = 0.0,
    noise_2: float = 0.0,
    base_1: float | None = None,
    base_2: float | None = None,
    level: float = 0.95,
    power: float = POWER,
) -> int | None:
    """Return the number of answers a side that it takes to tell a gap of this size from zero.

    With neither base: as many on both sides. With one: how many the other side takes; None where the given side is too
    thin for it, however many answer on the other.
    """
    if not 0 < gap < 1:
        raise ValueError(f"a gap to plan for lies between 0 and 1, not at {gap}")
    allowed = (gap / detectable(1.0, level, power)) ** 2
    if base_1 is not None and base_2 is not None:
        raise ValueError("one side at most is given")
    noises = [noise for noise, base in ((noise_1, base_1), (noise_2, base_2)) if base is None]
    for base, noise in ((base_1, noise_1), (base_2, noise_2)):
        if base is not None:
            allowed -= _variance(base, share, noise)
    # Σ [p(1−p)/n + t/n²] = allowed, for the same n on every side that is not given: a quadratic in 1/n.
    chance, t = len(noises) * share * (1 - share), sum(noise_variance(share, 1.0, noise) for noise in noises)
    if allowed <= 0:
        return None
    needed = (chance + math.sqrt(chance**2 + 4 * t * allowed)) / (2 * allowed)
    return math.ceil(needed - 1e-9) if needed <= MAX_ANSWERS else None


def codes_needed(answers: int, rate: float) -> int:
    """Return the number of links or codes to hand out for so many answers at this response rate."""
    if not 0 < rate <= 1:
        raise ValueError(f"a response rate lies above 0 and up to 1, not at {rate}")
    return math.ceil(answers / rate - 1e-9)
