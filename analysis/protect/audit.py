"""The attack: how closely hidden counts can be worked out from everything that is shown.

For the gate, which hides more until the attack fails, and for the tests, which try it on what was published. Shown
counts are taken as exactly known, and sums as known to be sums; linear programs give the least and the greatest value
of each hidden count. Only what hangs together is solved together.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import inf
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import block_diag

from analysis.protect.swaps import room_to_swap
from analysis.protect.system import Bounds, BrokenTable, Component, Equation, Floats, Id, Range, System, steps_between

# How many unknowns one program takes; larger ones are slower than several.
_AT_ONCE = 4000


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
    # The solver takes sparse matrices; its type stubs do not know.
    sums: Any = block_diag([component.left for component, _ in wanted], format="csr")
    found = linprog(
        np.concatenate(weights),
        A_eq=sums,
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
