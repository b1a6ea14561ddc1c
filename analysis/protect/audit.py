"""The attack: how closely hidden counts can be worked out from everything that is shown.

For the gate, which hides more until the attack fails, and for the tests, which try it on what was published. Shown
counts are taken as exactly known, and sums as known to be sums; linear programs give the least and the greatest value
of each hidden count. Only what hangs together is solved together.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, inf
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from analysis.protect.swaps import room_to_swap

Id = Hashable
Equation = tuple[Id, Sequence[Id]]
Bounds = Mapping[Id, tuple[float, float]]
Range = tuple[float, float]

_SPECK = 1e-5


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
            row = {part: -1 for part in parts} | {total: 1}
            for name in row:
                self.at.setdefault(name, []).append(len(self.rows))
            self.rows.append(row)
        self.ceiling = 10.0 * max(values.values(), default=0) + 1000

    def around(self, starts: Iterable[Id], hidden: Collection[Id]) -> list[Id]:
        """Every hidden count that hangs together with these through sums, in a fixed order."""
        found = {start: None for start in starts if start in hidden}
        waiting = list(found)
        while waiting:
            for row in self.at.get(waiting.pop(), ()):
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

    def _undetermined(self, around: Sequence[Id], bounds: Bounds) -> dict[Id, None]:
        left = dict.fromkeys(around)
        waiting = list(dict.fromkeys(row for name in around for row in self.at.get(name, ())))
        for name in around:
            low, high = bounds.get(name, (0, inf))
            if low == high:
                del left[name]
        while waiting:
            row = self.rows[waiting.pop()]
            opened = [name for name in row if name in left]
            if len(opened) == 1 or (opened and self._exhausted(row, opened, bounds)):
                for name in opened:
                    del left[name]
                    waiting.extend(self.at[name])
        return left

    def _exhausted(self, row: Mapping[Id, int], opened: Sequence[Id], bounds: Bounds) -> bool:
        """Whether the known total is all used up by what the parts have at least, or only reached by their most."""
        if any(row[name] > 0 for name in opened):
            return False
        ranges = [bounds.get(name, (0, inf)) for name in opened]
        total = sum(self.values[name] for name in opened)
        return total == sum(low for low, _ in ranges) or total == sum(high for _, high in ranges)


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
        self.right: list[float] = []
        for number, row in enumerate(rows):
            known = 0.0
            for name, factor in self.system.rows[row].items():
                if name in self.index:
                    entries.append((factor, number, self.index[name]))
                else:
                    known += factor * self.system.values[name]
            self.right.append(-known)
        factors, at_row, at_column = zip(*entries, strict=True) if entries else ((), (), ())
        self.left = csr_matrix(
            (factors, (at_row, at_column)), shape=(len(rows), len(self.names)), dtype=float
        )
        self.limits = np.array([self._limit(name) for name in self.names], dtype=np.float64).reshape(-1, 2)

    def _limit(self, name: Id) -> Range:
        low, high = self.bounds.get(name, (0, inf))
        return low, min(high, self.system.ceiling)

    def point(self, objective: Mapping[Id, float]) -> npt.NDArray[np.float64]:
        """Counts that fit everything known and make the objective as small as can be."""
        weights = np.zeros(len(self.names))
        for name, weight in objective.items():
            weights[self.index[name]] = weight
        sums: dict[str, Any] = {"A_eq": self.left, "b_eq": self.right} if self.right else {}
        found = linprog(weights, bounds=self.limits, method="highs-ds", **sums)
        if found.x is None:
            raise BrokenTable(f"no counts fit what is shown: {found.message}")
        point: npt.NDArray[np.float64] = np.asarray(found.x, dtype=np.float64)
        return point

    def range_of(self, name: Id) -> Range:
        """The least and the greatest value of one count; inf where nothing holds it."""
        column = self.index[name]
        low, high = (float(self.point({name: sign})[column]) for sign in (1, -1))
        return low, inf if high >= self.system.ceiling - 1 else high

    def narrow(self, needs: Mapping[Id, int]) -> dict[Id, Range]:
        """Those counts that can be worked out closer than they need, with their ranges.

        A point found for one count is a witness for all others too, so most need no program of their own.
        """
        true = np.array([self.system.values[name] for name in self.names], dtype=np.float64)
        low, high = true.copy(), true.copy()
        asked = [name for name in self.names if name in needs]

        def lacking() -> list[Id]:
            return [
                name
                for name in asked
                if steps_between(low[self.index[name]], high[self.index[name]]) < needs[name]
            ]

        for sign in (1.0, -1.0):
            for swap in (1.0, -1.0):
                together = lacking()
                if len(together) < 3:
                    break
                found = self.point({name: sign * swap**turn for turn, name in enumerate(together)})
                np.minimum(low, found, out=low)
                np.maximum(high, found, out=high)
        failing = {}
        for name in asked:
            column = self.index[name]
            if steps_between(low[column], high[column]) >= needs[name]:
                continue
            for way in (1, -1):
                found = self.point({name: way})
                np.minimum(low, found, out=low)
                np.maximum(high, found, out=high)
            if steps_between(low[column], high[column]) < needs[name]:
                failing[name] = (float(low[column]), float(high[column]))
        return failing


def narrow(system: System, around: Sequence[Id], bounds: Bounds, needs: Mapping[Id, int]) -> dict[Id, Range]:
    """Of these hidden counts, those that can be worked out closer than they need, with their ranges."""
    here = set(around)
    wanted = {
        name: needs[name]
        for name in around
        if needs.get(name, 0) > 0 and room_to_swap(system, name, here, bounds) < needs[name]
    }
    if not wanted:
        return {}
    components = system.components(around, bounds)
    still = {name for component in components for name in component.names}
    failing: dict[Id, Range] = {
        name: (system.values[name], system.values[name]) for name in wanted if name not in still
    }
    for component in components:
        failing |= component.narrow(wanted)
    return failing


def attack(
    cells: Mapping[Id, int],
    equations: Iterable[Equation],
    hidden: Iterable[Id],
    bounds: Bounds | None = None,
) -> dict[Id, Range]:
    """The least and the greatest value of every hidden cell, for one who knows all other cells and all sums.

    `bounds` is what is known of a hidden cell by itself: a printed cap, say.
    """
    system, known = System(cells, equations), bounds or {}
    wanted = list(hidden)
    around = system.around(wanted, set(wanted))
    ranges: dict[Id, Range] = {name: (cells[name], cells[name]) for name in wanted}
    for component in system.components(around, known):
        ranges |= {name: component.range_of(name) for name in component.names}
    return ranges
