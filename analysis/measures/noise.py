"""The variance of the noise that was added at closing, and the correction of the bias it gives a share.

For every measure: a published count is yes + u of a base + u + v, where u and v were drawn once, never published. Noise
is known by its variance alone, a plain number that stands beside the counts; 0 means that nothing was added.
"""

import math
from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from analysis.measures.arrays import Floats

Numbers = TypeVar("Numbers", float, Floats)


def variance(epsilon: float) -> float:
    """Return the variance that the draw h(ε) adds to each of three counts; any two covary by minus half of it."""
    a, lost = _decay(epsilon)
    total = 1 + 6 * a / lost**2
    return 6 * (5 * a * (1 + 4 * a + a**2) / lost**4 + a / lost**2) / (9 * total)


def count_variance(epsilon: float) -> float:
    """Return the variance of a count with a draw of its own (delvis, vet inte, behövs inte): the discrete Laplace's."""
    a, lost = _decay(epsilon)
    return 2 * a / lost**2


def _decay(epsilon: float) -> tuple[float, float]:
    if not epsilon > 0:
        raise ValueError(f"ε lies above 0, not at {epsilon}")
    return math.exp(-epsilon), -math.expm1(-epsilon)


def share(successes: Numbers, base: Numbers, noise: Numbers) -> Numbers:
    """Return the share without the bias of a noised base.

    Not held between 0 and 1, so that sums of it stay unbiased.
    """
    plain = successes / base
    return plain - (plain - 0.5) * noise / base**2


def clip_share(estimate: float) -> float:
    """Clip a share to 0 and 1, as it is printed: noise may have taken it outside."""
    return min(1.0, max(0.0, estimate))


def noise_variance(estimate: Numbers, base: Numbers, noise: Numbers) -> Numbers:
    """Return the variance that noise adds to a share."""
    return noise * (1 - estimate + estimate**2) / base**2


def steady_counts(
    successes: Floats, base: Floats, noise: Floats, answers: Floats, non_substantive: Floats | float
) -> tuple[Floats, Floats]:
    """Return successes and base whose share is unbiased in a small unit too, also where too small bases fell out.

    A place's three counts add up to its exact number of answers, so its base is known better than as it was noised:
    with `non_substantive`, the part outside the base in the whole place, it lies between what that gives and the noised
    one, nearer to the surer of them. yes − base/2 owes nothing to the base's noise; that is put over the steadier base.
    To be done last: rounds and units are added as they are.
    """
    expected = answers * (1 - non_substantive)
    vary = answers * non_substantive * (1 - non_substantive)
    sure = np.divide(vary, vary + noise, out=np.ones_like(base), where=vary + noise > 0)
    steady = np.minimum(answers, np.maximum(1.0, expected + sure * (base - expected)))
    # `share` will subtract a bias that these counts don't have: it is added first.
    taken = np.maximum(0.1, 1 - noise / steady**2)
    with_noise = noise > 0
    found = steady / 2 + (successes - base / 2) / taken
    return np.where(with_noise, found, successes), np.where(with_noise, steady, base)


def effective_n(base: Floats, estimate: float, noise: Floats | float) -> Floats:
    """Return the number of answers without noise that is as precise as these are with it, at a share of `estimate`."""
    chance = estimate * (1 - estimate)
    if chance <= 0:
        return np.asarray(base, dtype=np.float64)
    found: Floats = base / (1 + noise * (1 - estimate + estimate**2) / (base * chance))
    return found


def check_counts(successes: Floats | float, base: Floats | float, noise: Floats | float = 0.0) -> None:
    """Raise ValueError where counts are impossible. With noise any finite ones are possible."""
    x, n, s = (np.asarray(value, dtype=np.float64) for value in (successes, base, noise))
    exact = (n > 0) & (x >= 0) & (x <= n)
    if not (np.isfinite(x) & np.isfinite(n) & (s >= 0) & (exact | (s > 0))).all():
        raise ValueError(f"successes must lie between 0 and a base above 0, not {successes} of {base}")


def effective_counts(
    successes: Sequence[float] | Floats, bases: Sequence[float] | Floats, noises: Sequence[float] | Floats | None
) -> tuple[Floats, Floats]:
    """Return rounds or units as equally precise counts without noise, for methods that know none."""
    x, n = np.asarray(successes, dtype=np.float64), np.asarray(bases, dtype=np.float64)
    s = np.zeros_like(x) if noises is None else np.asarray(noises, dtype=np.float64)
    if not (len(x) == len(n) == len(s) > 0 and (n > 0).all()):
        raise ValueError("each round or unit has successes, and a base above 0")
    check_counts(x, n, s)
    alike = effective_n(n, clip_share(float(x.sum() / n.sum())), s)
    return share(x, n, s).clip(0, 1) * alike, alike
