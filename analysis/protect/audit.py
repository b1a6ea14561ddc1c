"""The attack: how closely hidden counts can be worked out from everything that is shown.

For the gate, which hides more until the attack fails, and for the tests, which try it on what was published. Shown
counts are taken as exactly known, and sums as known to be sums; linear programs give the least and the greatest value
of each hidden count. Only what hangs together is solved together.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, inf
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog
from scipy.sparse import block_diag, csr_matrix

from analysis.protect.swaps import room_to_swap

# Whatever the caller names its counts by: a text, or a tuple of texts.
Id = Any
Equation = tuple[Id, Sequence[Id]]
Bounds = Mapping[Id, tuple[float, float]]
Range = tuple[float, float]

Floats = npt.NDArray[np.float64]

_SPECK = 1e-5
# How many unknowns one program takes; larger ones are slower than several.
_AT_ONCE = 4000


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
        low, high = self.bounds.get(name, (0, inf))
        return low, min(high, self.system.ceiling)


def points(wanted: Sequence[tuple[Component, Mapping[Id, float]]]) -> list[Floats]:
    """For each component and objective, counts that fit everything known and make the objective as small as can be.

    All are solved as one program with a block for each: a call costs more than the solving.
    """
    found: list[Floats] = []
    some: list[tuple[Component, Mapping[Id, float]]] = []
    for each in wanted:
        some.append(each)
        if sum(len(component.names) for component, _ in some) >= _AT_ONCE:
            found += _solved(some)
            some = []
    return found + _solved(some)


def _solved(wanted: Sequence[tuple[Component, Mapping[Id, float]]]) -> list[Floats]:
    if not wanted:
        return []
    weights = []
    for component, objective in wanted:
        weights.append(np.zeros(len(component.names)))
        for name, weight in objective.items():
            weights[-1][component.index[name]] = weight
    found = linprog(
        np.concatenate(weights),
        A_eq=block_diag([component.left for component, _ in wanted], format="csr"),
        b_eq=np.concatenate([component.right for component, _ in wanted]),
        bounds=[(low, high) for component, _ in wanted for low, high in component.limits.tolist()],
        method="highs",
    )
    if found.x is None:
        raise BrokenTable(f"no counts fit what is shown: {found.message}")
    ends = np.cumsum([len(each) for each in weights])
    return np.split(np.asarray(found.x, dtype=np.float64), ends[:-1])


def ranges(wanted: Sequence[tuple[Component, Id]]) -> list[Range]:
    """The least and the greatest value of one count in each component; inf where nothing holds it."""
    found = points([(component, {name: way}) for component, name in wanted for way in (1.0, -1.0)])
    both: list[Range] = []
    for number, (component, name) in enumerate(wanted):
        low, high = (float(found[2 * number + end][component.index[name]]) for end in (0, 1))
        both.append((low, inf if high >= component.system.ceiling - 1 else high))
    return both


class _Reached:
    """How far each count of a component has been seen to go, beginning where it stands."""

    def __init__(self, component: Component, needs: Mapping[Id, int]) -> None:
        self.component, self.needs = component, needs
        self.low = np.array([component.system.values[name] for name in component.names], dtype=np.float64)
        self.high = self.low.copy()

    def add(self, point: Floats) -> None:
        """A point found for one count is a witness for all others too."""
        np.minimum(self.low, point, out=self.low)
        np.maximum(self.high, point, out=self.high)

    def range_of(self, name: Id) -> Range:
        column = self.component.index[name]
        return float(self.low[column]), float(self.high[column])

    def lacking(self) -> list[Id]:
        return [
            name
            for name in self.component.names
            if name in self.needs and steps_between(*self.range_of(name)) < self.needs[name]
        ]


def _look(reached: Sequence[_Reached], objectives: Callable[[list[Id]], list[Mapping[Id, float]]]) -> None:
    asked = [(each, objective) for each in reached for objective in objectives(each.lacking())]
    found = points([(each.component, objective) for each, objective in asked])
    for (each, _), point in zip(asked, found, strict=True):
        each.add(point)


def _together(lacking: list[Id]) -> list[Mapping[Id, float]]:
    """All at once up, down, and every second against the others: a cheap look that settles most."""
    if len(lacking) < 3:
        return []
    return [
        {name: sign * swap**turn for turn, name in enumerate(lacking)} for sign in (1.0, -1.0) for swap in (1.0, -1.0)
    ]


def _one_by_one(lacking: list[Id]) -> list[Mapping[Id, float]]:
    return [{name: way} for name in lacking for way in (1.0, -1.0)]


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
    reached = [_Reached(component, wanted) for component in components]
    for objectives in (_together, _one_by_one):
        _look(reached, objectives)
    failing: dict[Id, Range] = {
        name: (system.values[name], system.values[name]) for name in wanted if name not in still
    }
    return failing | {name: each.range_of(name) for each in reached for name in each.lacking()}


def attack(
    cells: Mapping[Id, int],
    equations: Iterable[Equation],
    hidden: Iterable[Id],
    bounds: Bounds | None = None,
) -> dict[Id, Range]:
    """The least and the greatest value of every hidden cell, for one who knows all other cells and all sums.

    `bounds` is what is known of a hidden cell by itself: a printed cap, say.
    """
    system, known, wanted = System(cells, equations), bounds or {}, list(hidden)
    found: dict[Id, Range] = {name: (cells[name], cells[name]) for name in wanted}
    components = system.components(system.around(wanted, set(wanted)), known)
    asked = [(component, name) for component in components for name in component.names]
    return found | {name: each for (_, name), each in zip(asked, ranges(asked), strict=True)}
