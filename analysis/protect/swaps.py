"""A quick look before the linear programs: how far a hidden count can move by a swap of four.

For the audit. One answer more here and one less there, in two places that share a sum, with the opposite between two
counts that share another, changes no sum at all. What such swaps already leave open needs no program.
"""

from collections.abc import Collection, Iterator, Mapping
from math import inf
from typing import Any, Protocol

Id = Any
Bounds = Mapping[Id, tuple[float, float]]

_LOOKED_AT = 8


class Sums(Protocol):
    """Counts and the rows of sums they stand in."""

    values: Mapping[Id, int]
    rows: list[dict[Id, int]]
    at: dict[Id, list[int]]


def room_to_swap(sums: Sums, name: Id, hidden: Collection[Id], bounds: Bounds) -> float:
    """How many steps there are between the least and the greatest value that swaps can reach; often too few."""
    up = down = 0.0
    for other, against, back in _swaps(sums, name, hidden):
        less, more = (other, against), (name, back)
        up = max(up, min(_room(sums, more, bounds, 1), _room(sums, less, bounds, -1)))
        down = max(down, min(_room(sums, more, bounds, -1), _room(sums, less, bounds, 1)))
    return up + down


def _room(sums: Sums, names: Collection[Id], bounds: Bounds, way: int) -> float:
    """How far all of these can go up, or down."""
    end = 1 if way > 0 else 0
    return min(way * (bounds.get(name, (0, inf))[end] - sums.values[name]) for name in names)


def _swaps(sums: Sums, name: Id, hidden: Collection[Id]) -> Iterator[tuple[Id, Id, Id]]:
    """Three counts that can move with this one: one less for each more, its twin against it, and that one's back."""
    rows = sums.at.get(name, ())
    for shared in rows:
        for other in _beside(sums, name, shared, hidden):
            for within in rows:
                for against in _beside(sums, name, within, hidden) if within != shared else ():
                    back = _corner(sums, other, against, hidden, name)
                    if back is not None and _even(sums, {name: 1, other: -1, against: -1, back: 1}):
                        yield other, against, back


def _beside(sums: Sums, name: Id, row: int, hidden: Collection[Id]) -> list[Id]:
    members = sums.rows[row]
    if members[name] > 0:
        return []
    return [each for each in members if each != name and members[each] < 0 and each in hidden][:_LOOKED_AT]


def _corner(sums: Sums, other: Id, against: Id, hidden: Collection[Id], name: Id) -> Id | None:
    near = {each for row in sums.at[against] for each in sums.rows[row]}
    for row in sums.at[other]:
        for each in sums.rows[row]:
            if each in near and each in hidden and each not in (name, other, against):
                return each
    return None


def _even(sums: Sums, moves: Mapping[Id, int]) -> bool:
    rows = {row for name in moves for row in sums.at[name]}
    return all(sum(way * sums.rows[row].get(name, 0) for name, way in moves.items()) == 0 for row in rows)
