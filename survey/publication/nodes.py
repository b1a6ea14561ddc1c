"""Nodes: a round's published figures at every place, noised, and averaged where two draws cover the same persons.

For the edition. A place above the units has a draw of its own, and the sum of what lies below it has the noise of each
part; both are unbiased, so they are averaged, each weighed by how little noise it has. Levels need not add up.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from analysis.measures.noise import count_variance, variance
from survey.domain.disclosure.matching import units_below
from survey.domain.disclosure.noised import CLASSES_OF, EVERYONE, REST, THREE
from survey.domain.disclosure.protection import Protection
from survey.domain.places.place_tree import Place
from survey.domain.questions.answer_scale import NOT_YES, QUESTIONS, TOLD_APART


class FiguresError(Exception):
    """A tally that lacks figures a closing writes; nothing may be published from it."""


@dataclass(frozen=True)
class Cell:
    """One node's figures for one question.

    `noise`: the variance added to each of the first three; `noise_part`: to the codes counted separately.
    """

    yes: float
    not_yes: float
    non_substantive: float
    noise: float
    apart: Mapping[str, float] = field(default_factory=dict)
    noise_part: float | None = None

    def counts(self) -> dict[str, float]:
        """Return the figures that are there, by code."""
        every = {name: getattr(self, name) for name in THREE} | dict(self.apart)
        return {name: round(value, 2) for name, value in every.items()}


@dataclass(frozen=True)
class Node:
    """One place of a round and role: the number of answers, and a cell for each question."""

    n: int
    cells: Mapping[str, Cell]


EMPTY_CELL = Cell(0, 0, 0, 0)


@dataclass
class Nodes:
    """One role's nodes, by place or group of units; and residents' collection modes at the top."""

    role: str
    places: Mapping[str, Place]
    nodes: dict[str, Node] = field(default_factory=dict)
    by_mode: dict[str, Node] = field(default_factory=dict)
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def children(self) -> dict[str, list[str]]:
        """The places right below each place."""
        found: dict[str, list[str]] = {key: [] for key, each in sorted(self.places.items()) if each.level != "unit"}
        for key, place in sorted(self.places.items()):
            if place.parent is not None:
                found[place.parent].append(key)
        return found

    @cached_property
    def top(self) -> str:
        """The place above all others."""
        return next(key for key, place in self.places.items() if place.parent is None)

    @cached_property
    def non_substantive(self) -> dict[str, float]:
        """The part of all answers outside the base, by question, which steadies the base of a small unit."""
        cells = self.nodes[self.top].cells
        return {
            question: round(
                min(1.0, max(0.0, cell.non_substantive / max(1.0, cell.yes + cell.not_yes + cell.non_substantive))), 6
            )
            for question, cell in cells.items()
        }

    def units_below(self, place: str) -> list[str]:
        """Return every unit of a place."""
        return units_below(self.children, place)

    def units_of(self, node: str) -> list[str]:
        """Return the units of a place or a group; a unit's own is itself."""
        if node in self.groups:
            return list(self.groups[node])
        return [node] if self.places[node].level == "unit" else self.units_below(node)

    def combined(self, units: Iterable[str]) -> Node:
        """Add several units up to one node: noised figures may be added, and so are their variances."""
        each = [self.nodes[unit] for unit in units]
        return Node(sum(node.n for node in each), {question: _sum(each, question) for question in QUESTIONS})


def build_nodes(
    role: str,
    answer_counts: Iterable[tuple[str, str, str, int]],
    rows: Iterable[Mapping[str, Any]],
    places: Iterable[Place],
    protection: Protection,
) -> Nodes:
    """Build every node of a role from the tally: the numbers of answers, and the figures of places and their parts."""
    known = {place.key: place for place in places}
    written = {(row["place"], row["part"], row["question"]): row for row in rows if row["role"] == role}
    found = Nodes(role, known)
    return _NodeBuilder(found, written, _counts_by_mode(role, answer_counts, known), protection).build()


def _counts_by_mode(
    role: str, answer_counts: Iterable[tuple[str, str, str, int]], known: Mapping[str, Place]
) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for place, whose, mode, n in answer_counts:
        if place not in known:
            raise FiguresError(f"the tally names a place that is not there: {place}")
        if whose == role:
            found[place, mode] = found.get((place, mode), 0) + n
    return found


@dataclass
class _NodeBuilder:
    """The building of nodes from a tally's rows, from below."""

    found: Nodes
    written: Mapping[tuple[str, str, str], Mapping[str, Any]]
    counts: Mapping[tuple[str, str], int]
    protection: Protection

    def __post_init__(self) -> None:
        self._own: Counter[str] = Counter()
        for (place, _mode), n in self.counts.items():
            self._own[place] += n

    def build(self) -> Nodes:
        self._add_modes()
        self._node(self.found.top)
        return self.found

    def _node(self, place: str) -> Node:
        level = self.found.places[place].level
        if level == "unit":
            node = self._written_node(place, EVERYONE, self._own[place], variance(float(self.protection.unit)))
        else:
            node = self._aggregate(place, level)
        self.found.nodes[place] = node
        return node

    def _aggregate(self, place: str, level: str) -> Node:
        parts = [self._node(child) for child in self.found.children[place]]
        parts.append(self._written_node(place, REST, self._own[place], variance(float(self.protection.unit))))
        parts = [node for node in parts if node.n]
        if len(parts) < 2:
            # Exactly the persons of one part: its figures were copied, and no other noise was drawn.
            return parts[0] if parts else Node(0, dict.fromkeys(QUESTIONS, EMPTY_CELL))
        epsilon = float(self.protection.of_level(level))
        draws = max(1, len(self.found.by_mode)) if place == self.found.top else 1
        own = self._written_node(
            place, EVERYONE, sum(n.n for n in parts), draws * variance(epsilon), count_variance(epsilon)
        )
        return Node(own.n, {q: _averaged(own.cells[q], _sum(parts, q)) for q in QUESTIONS})

    def _add_modes(self) -> None:
        """Add residents' collection modes, where they had draws of their own."""
        modes = sorted({mode for _place, mode in self.counts})
        top = self.found.top
        drawn = {part for place, part, _question in self.written if place == top}
        if self.found.role != CLASSES_OF or drawn.isdisjoint(modes):
            return
        noise = variance(float(self.protection.of_level(self.found.places[top].level)))
        for mode in modes:
            n = sum(n for (_place, each), n in self.counts.items() if each == mode)
            self.found.by_mode[mode] = self._written_node(top, mode, n, noise)

    def _written_node(self, place: str, part: str, n: int, noise: float, noise_part: float | None = None) -> Node:
        """Return a node as it was written; an empty one where nobody answered."""
        if not n:
            return Node(0, dict.fromkeys(QUESTIONS, EMPTY_CELL))
        cells = {}
        for question in QUESTIONS:
            row = self.written.get((place, part, question))
            if row is None:
                raise FiguresError(f"{place} has answers, and no figures of {question}")
            three = {name: row[name] for name in THREE}
            apart = {code: row[code] for code in TOLD_APART if row[code] is not None} if noise_part else {}
            cells[question] = Cell(**three, noise=noise, apart=apart, noise_part=noise_part)
        return Node(n, cells)


def _sum(nodes: Iterable[Node], question: str) -> Cell:
    each = [node.cells[question] for node in nodes]
    return Cell(*(sum(getattr(cell, name) for cell in each) for name in (*THREE, "noise")))


def _averaged(own: Cell, below: Cell) -> Cell:
    """Average two unbiased figures of the same persons by inverse variance; the separate codes are `own`'s."""
    weight = below.noise / (own.noise + below.noise)
    yes, not_yes, non_substantive = (
        weight * getattr(own, name) + (1 - weight) * getattr(below, name) for name in THREE
    )
    noise = 1 / (1 / own.noise + 1 / below.noise)
    apart = dict(own.apart)
    if here := [code for code in NOT_YES if code in apart]:
        apart[here[-1]] = not_yes - sum(apart[code] for code in here[:-1])
    return Cell(yes, not_yes, non_substantive, noise, apart, own.noise_part)
