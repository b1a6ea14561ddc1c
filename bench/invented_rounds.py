"""Invented answers with noise, for the bench's coverage: who answers, what, and the draw that is added at closing."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from analysis.measures import noise

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Random = np.random.Generator

UNIT, REGION, GAP_STAFF, GAP_RESIDENTS = 1.0, 0.25, 0.5, 0.25  # ε at closing
STAFF, RESIDENTS = 5, 10  # fewer answers than this are not shown
OUTSIDE = (0.05, 0.15)  # of staff and of residents, so many are outside the base
SCALE, HEAVIEST = 1000, 6  # the public weights of matched units


@lru_cache
def _table(epsilon: float) -> tuple[Floats, Ints]:
    """Every (u, v) within reach and how likely, cumulated. Where ε is tiny, on a grid as fine as a tenth of the SD."""
    reach = int(np.ceil(30 / epsilon))
    step = max(1, reach // 160)
    axis = np.arange(-(reach // step), reach // step + 1) * step
    u, v = (grid.ravel() for grid in np.meshgrid(axis, axis))
    weights = np.exp(-epsilon * np.maximum(np.maximum(abs(u), abs(v)), abs(u + v)))
    return np.cumsum(weights / weights.sum()), np.column_stack([u, v])


def drawn(rng: Random, shape: tuple[int, ...], epsilon: float) -> Ints:
    """Draws of h(ε), (u, v) in the last axis; what is added to the third group is what these two lost."""
    cumulated, pairs = _table(epsilon)
    at = np.searchsorted(cumulated, rng.random(shape)).clip(0, len(pairs) - 1)
    return pairs[at]


def answers(rng: Random, n: npt.ArrayLike, share: npt.ArrayLike, outside: float) -> Ints:
    """(yes, not yes) in the last axis, of n who answer."""
    base = rng.binomial(np.asarray(n), 1 - outside)
    yes = rng.binomial(base, np.asarray(share).clip(0, 1))
    return np.stack([yes, base - yes], axis=-1)


class Units(NamedTuple):
    """A place's units: how many answer, and the true shares."""

    staff: Ints
    residents: Ints
    p_staff: Floats
    p_residents: Floats

    @property
    def weights(self) -> Floats:
        """Each unit's part of the gap."""
        return np.minimum(self.residents, HEAVIEST * self.staff).astype(float)

    @property
    def gap(self) -> float:
        """The truth."""
        return float(np.sum(self.weights * (self.p_staff - self.p_residents)) / self.weights.sum())

    def times(self, many: int) -> "Units":
        """So many of each."""
        return Units(*(np.tile(column, many) for column in self))


def _of(staff: npt.ArrayLike, residents: npt.ArrayLike, p_staff: npt.ArrayLike, p_residents: npt.ArrayLike) -> Units:
    columns = np.broadcast_arrays(*(np.atleast_1d(column) for column in (staff, residents, p_staff, p_residents)))
    return Units(*columns)


def _usual(rng: Random, units: int) -> tuple[Ints, Ints]:
    return rng.integers(6, 16, units), rng.integers(15, 81, units)


def _weak(rng: Random, units: int, turned: bool) -> Units:
    """The weaker a unit, the more (or fewer) of its staff answer; the gap is ten points everywhere."""
    quality = np.sort(rng.uniform(size=units))
    p = 0.2 + 0.65 * quality
    share = 1 - quality if not turned else quality
    return _of(np.rint(6 + 9 * share).astype(int), rng.integers(20, 80, units), p + 0.1, p)


DESIGNS: Mapping[str, Callable[[Random], Units]] = {
    "six usual units": lambda rng: _of(*_usual(rng, 6), 0.75, 0.6),
    "three usual units": lambda rng: _of(*_usual(rng, 3), 0.75, 0.6),
    "one heavy unit with few staff": lambda rng: _of([6, 12, 12, 12, 12], [400, 30, 30, 30, 30], 0.7, 0.6),
    "one heavy unit with many staff": lambda rng: _of([40, 8, 8, 8, 8], [400, 30, 30, 30, 30], 0.7, 0.6),
    "unanimous staff (97 %)": lambda rng: _of(*_usual(rng, 6), 0.97, 0.7),
    "the heavy unit's staff unanimous": lambda rng: _of([6, 12, 12, 12], [300, 30, 30, 30], [0.98, 0.5, 0.5, 0.5], 0.6),
    "unanimous residents (97 %)": lambda rng: _of(*_usual(rng, 6), 0.7, 0.97),
    "both sides unanimous": lambda rng: _of(*_usual(rng, 5), 0.96, 0.97),
    "weak units have more staff": lambda rng: _weak(rng, 20, turned=False),
    "weak units have fewer staff": lambda rng: _weak(rng, 20, turned=True),
    "gaps of 30 points both ways": lambda rng: _of(
        rng.integers(6, 16, 6), rng.integers(15, 81, 6), [0.8, 0.5] * 3, [0.5, 0.8] * 3
    ),
}


class Published(NamedTuple):
    """One side of a unit-by-unit round: yes, base and noise of each unit."""

    yes: Floats
    base: Floats
    noise: float


def sides(rng: Random, units: Units, epsilon: float = UNIT) -> tuple[Published, Published]:
    """Staff's and residents' noised counts of every unit, and what stood before the noise is forgotten."""
    found = []
    for n, p, outside in zip((units.staff, units.residents), (units.p_staff, units.p_residents), OUTSIDE, strict=True):
        counts = answers(rng, n, p, outside) + drawn(rng, n.shape, epsilon)
        found.append(Published(counts[:, 0].astype(float), counts.sum(axis=1).astype(float), noise.variance(epsilon)))
    return found[0], found[1]
