"""What is hidden of a table so far, and one step further. For the search of what more must be hidden."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from analysis.protect.system import Bounds, Id


class Unprotectable(Exception):
    """Something hidden can be worked out, and nothing is left to hide. Nothing may be published."""


@dataclass(frozen=True)
class Step:
    """One way to show less: the counts it hides, what stays known of them, and how far away they must be kept.

    `via`: the count through which the step was come upon.
    """

    name: Id
    cost: float
    cells: tuple[Id, ...]
    bounds: Mapping[Id, tuple[float, float]] = field(default_factory=dict)
    needs: Mapping[Id, int] = field(default_factory=dict)
    via: Id = None

    def together_with(self, other: "Step") -> "Step":
        """Both steps as one."""
        return Step(
            (self.name, other.name),
            self.cost + other.cost,
            self.cells + other.cells,
            {**self.bounds, **other.bounds},
            {**self.needs, **other.needs},
            other.via,
        )


@dataclass
class Hiding:
    """What is hidden so far: the counts, what is known of them all the same, and the steps each must have."""

    hidden: set[Id] = field(default_factory=set)
    bounds: dict[Id, tuple[float, float]] = field(default_factory=dict)
    needs: dict[Id, int] = field(default_factory=dict)
    taken: list[Step] = field(default_factory=list)

    def with_step(self, step: Step) -> tuple[set[Id], Bounds]:
        """What would be hidden and known after the step."""
        kept = {name: bound for name, bound in self.bounds.items() if name not in step.cells}
        return self.hidden | set(step.cells), kept | dict(step.bounds)

    def copy(self) -> "Hiding":
        """The same, to go on from."""
        return Hiding(set(self.hidden), dict(self.bounds), dict(self.needs), list(self.taken))

    def become(self, other: "Hiding") -> None:
        """Take over what the other hides."""
        self.hidden, self.bounds, self.needs, self.taken = other.hidden, other.bounds, other.needs, other.taken

    def take(self, step: Step) -> None:
        """Hide more, for good."""
        self.hidden.update(step.cells)
        for name in step.cells:
            self.bounds.pop(name, None)
        self.bounds.update(step.bounds)
        for name, need in step.needs.items():
            self.needs[name] = max(need, self.needs.get(name, 0))
        self.taken.append(step)


@dataclass(frozen=True)
class Pattern:
    """What is hidden because it is small, and what is hidden to protect that."""

    primary: frozenset[Id]
    secondary: frozenset[Id]

    @property
    def hidden(self) -> frozenset[Id]:
        """All that is hidden."""
        return self.primary | self.secondary
