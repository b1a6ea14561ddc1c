"""Counts and the sums that hold between them, and what of it is still open once the plain conclusions are drawn.

For the audit. A shown count is known; a sum with one unknown gives it away; what is left hangs together in components.
"""

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, inf
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

# Whatever the caller names its counts by: a text, or a tuple of texts.
Id = Any
Equation = tuple[Id, Sequence[Id]]
Bounds = Mapping[Id, tuple[float, float]]
Range = tuple[float, float]

Floats = npt.NDArray[np.float64]

_SPECK = 1e-5
_ANY = (0, inf)


class BrokenTable(ValueError):
    """The counts do not add up as their equations say, or no counts at all would fit what is shown."""


def steps_between(low: float, high: float) -> float:
    """How many whole steps there are from the least to the greatest whole number of a range."""
    return inf if high == inf else floor(high + _SPECK) - ceil(low - _SPECK)


class System:
    """Counts and the sums that hold between them."""

    def __init__(self, values: Mapping[Id, int], equations: Iterable[Equation]) -> None:
        """Raises BrokenTable when a sum does not hold."""
        self.values = values
        self.rows: list[dict[Id, int]] = []
        self.at: dict[Id, list[int]] = {}
        for total, parts in equations:
            if values[total] != sum(values[part] for part in parts):
                raise BrokenTable(f"the parts of {total} do not add up to it")
            row = dict.fromkeys(parts, -1) | {total: 1}
            for name in row:
                self.at.setdefault(name, []).append(len(self.rows))
            self.rows.append(row)
        self.ceiling = 10.0 * max(values.values(), default=0) + 1000

    def around(self, starts: Iterable[Id], hidden: Collection[Id]) -> list[Id]:
        """Every hidden count that hangs together with these through sums, the nearest first."""
        found = {start: None for start in starts if start in hidden}
        waiting, looked = deque(found), set[int]()
        while waiting:
            for row in self.at.get(waiting.popleft(), ()):
                if row not in looked:
                    looked.add(row)
                    for name in self.rows[row]:
                        if name in hidden and name not in found:
                            found[name] = None
                            waiting.append(name)
        return list(found)

    def components(self, around: Sequence[Id], bounds: Bounds) -> list["Component"]:
        """What of these counts is still open once single unknowns and exhausted sums are filled in."""
        left = self._undetermined(around, bounds)
        components = []
        while left:
            members = self.around([next(iter(left))], left)
            for name in members:
                del left[name]
            components.append(Component(self, members, bounds))
        return components

    def component_of(self, name: Id, around: Sequence[Id], bounds: Bounds) -> "Component | None":
        """Of these components, the one that this count stands in; None when nothing of it is open."""
        left = self._undetermined(around, bounds)
        return Component(self, self.around([name], left), bounds) if name in left else None

    def _undetermined(self, around: Sequence[Id], bounds: Bounds) -> dict[Id, None]:
        left = dict.fromkeys(around)
        waiting = dict.fromkeys(row for name in around for row in self.at.get(name, ()))
        for name, (low, high) in bounds.items():
            if low == high:
                left.pop(name, None)
        while waiting:
            number, _ = waiting.popitem()
            row = self.rows[number]
            opened = [name for name in row if name in left]
            if opened and (len(opened) == 1 or self._exhausted(row, opened, bounds)):
                for name in opened:
                    del left[name]
                    waiting.update(dict.fromkeys(self.at[name]))
        return left

    def _exhausted(self, row: Mapping[Id, int], opened: Sequence[Id], bounds: Bounds) -> bool:
        """Whether the known total is all used up by what the parts have at least, or only reached by their most."""
        at_least = at_most = True
        for name in opened:
            low, high = bounds.get(name, _ANY)
            at_least = at_least and self.values[name] == low
            at_most = at_most and self.values[name] == high
            if row[name] > 0 or not (at_least or at_most):
                return False
        return True


@dataclass
class Component:
    """Hidden counts that hang together, and what is known of them."""

    system: System
    names: list[Id]
    bounds: Bounds

    def __post_init__(self) -> None:
        """Write the sums down as a matrix."""
        self.index = {name: column for column, name in enumerate(self.names)}
        rows = dict.fromkeys(row for name in self.names for row in self.system.at.get(name, ()))
        entries: list[tuple[float, int, int]] = []
        right: list[float] = []
        for number, row in enumerate(rows):
            known = 0.0
            for name, factor in self.system.rows[row].items():
                if name in self.index:
                    entries.append((factor, number, self.index[name]))
                else:
                    known += factor * self.system.values[name]
            right.append(-known)
        factors, at_row, at_column = zip(*entries, strict=True) if entries else ((), (), ())
        self.left = csr_matrix((factors, (at_row, at_column)), shape=(len(rows), len(self.names)), dtype=float)
        self.right = np.array(right, dtype=np.float64)
        self.limits = np.array([self._limit(name) for name in self.names], dtype=np.float64).reshape(-1, 2)

    def _limit(self, name: Id) -> Range:
        low, high = self.bounds.get(name, _ANY)
        return low, min(high, self.system.ceiling)
