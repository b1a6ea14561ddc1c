"""Figures over several units, worked out from counts inside the gate, and whether their rounding hides enough.

For the gaps. A gap over units is no sum, so the attack by sums does not see it. A figure may be published when each
protected count still has at least three values in worlds that fit everything shown and give the very same figures.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Any, Protocol

import pandas as pd

from analysis.gap import gap_change, pooled_gap
from analysis.protect import Figure, System, narrow, other_world
from analysis.protect.audit import Bounds
from survey.domain.scale import ROLES
from survey.publication.gate import Gated
from survey.publication.lattice import equations_of

Name = tuple[str, str, str, str]
Values = Mapping[Name, int]

_SIDES = (("provider", "1"), ("patient", "2"))
_EDGE = 1e-7
_FOLDED = ("partly", "no", "dont_know", "not_needed", "skipped")


def frame(values: Values, units: Iterable[str], question: str) -> pd.DataFrame:
    """The units' counts as `analysis.gap` wants them: side 1 the providers, side 2 the patients."""
    rows: list[dict[str, Any]] = []
    for unit in units:
        row: dict[str, Any] = {"unit": unit}
        for role, side in _SIDES:
            row[f"successes_{side}"] = values[role, "yes", unit, question]
            row[f"base_{side}"] = values[role, "base", unit, question]
        rows.append(row)
    return pd.DataFrame(rows)


def rounded(estimate: float, low: float, high: float, step: int) -> tuple[int, int, int]:
    """A figure in steps of points: to the nearest, its interval outwards."""
    return (
        floor(100 * estimate / step + 0.5) * step,
        floor(100 * low / step + _EDGE) * step,
        ceil(100 * high / step - _EDGE) * step,
    )


class Said(Protocol):
    """A published figure: what it says of some counts, and what it weighs them with."""

    units: tuple[str, ...]
    question: str
    step: int

    def says(self, values: Values) -> tuple[int, int, int]:
        """The figure and its interval as they are printed."""

    def exact(self, values: Values) -> float:
        """The figure before rounding, in points."""


@dataclass(frozen=True)
class Gap:
    """The gap over several units."""

    units: tuple[str, ...]
    question: str
    step: int

    def says(self, values: Values) -> tuple[int, int, int]:
        """The gap and its interval as they are printed."""
        gap = pooled_gap(frame(values, self.units, self.question))
        return rounded(gap.estimate, gap.low, gap.high, self.step)

    def exact(self, values: Values) -> float:
        """The gap before rounding, in points."""
        return 100 * pooled_gap(frame(values, self.units, self.question)).estimate


@dataclass(frozen=True)
class Change:
    """How the gap over the units of two rounds has changed, seen from one of them; the other stands as it is."""

    units: tuple[str, ...]
    question: str
    step: int
    other: Values
    after: bool

    def _changed(self, values: Values) -> tuple[float, float, float]:
        here, there = (frame(each, self.units, self.question) for each in (values, self.other))
        change = gap_change(there, here) if self.after else gap_change(here, there)
        return change.change, change.low, change.high

    def says(self, values: Values) -> tuple[int, int, int]:
        """The change and its interval as they are printed."""
        return rounded(*self._changed(values), self.step)

    def exact(self, values: Values) -> float:
        """The change before rounding, in points."""
        return 100 * self._changed(values)[0]


class Behind:
    """One question's counts of both roles in one round, and what may be known of them."""

    def __init__(self, gated: Mapping[str, Gated], question: str) -> None:
        """Put both roles' equations together."""
        self.question = question
        self.values: dict[Name, int] = {}
        self.bounds: dict[Name, tuple[float, float]] = {}
        self.needs: dict[Name, int] = {}
        self.hidden: set[Name] = set()
        equations = []
        for role in ROLES:
            one = gated[role]
            self.values |= {(role, *name): n for name, n in one.system.values.items() if self._mine(name)}
            self.bounds |= {(role, *name): b for name, b in one.hiding.bounds.items() if self._mine(name)}
            self.needs |= {(role, *name): n for name, n in one.hiding.needs.items() if self._mine(name) and n}
            self.hidden |= {(role, *name) for name in one.hiding.hidden if self._mine(name)}
            equations += [
                ((role, *whole), tuple((role, *part) for part in parts))
                for whole, parts in equations_of(one.counts)
                if all(self._mine(name) for name in (whole, *parts))
            ]
        self.system = System(self.values, equations)

    def _mine(self, name: tuple[str, str, str]) -> bool:
        return name[2] in ("", self.question)

    def hides(self, figures: Sequence[Said]) -> bool:
        """Whether every protected count keeps its values behind these figures, all published together."""
        starts = [
            (role, "yes", unit, self.question)
            for role in ROLES
            for unit in dict.fromkeys(unit for figure in figures for unit in figure.units)
        ]
        around = self.system.around(starts, self.hidden)
        left = self._open_needs(around)
        if not left:
            return True
        search = _Search(self, figures, around)
        return all(search.keeps(name, need) for name, need in left.items())

    def _open_needs(self, around: Sequence[Name]) -> dict[Name, int]:
        """The needs that a figure could touch: those that do not hold already with every yes standing still."""
        folded = {name for name in around if name[1] in _FOLDED}
        inside = self.system.around([name for name in around if name in folded], folded)
        needs = {name: self.needs[name] for name in around if name in self.needs}
        loose = {name: need for name, need in needs.items() if name in folded}
        failing = narrow(self.system, inside, self.bounds, loose)
        twin = {name for name in needs if name[1] == "not_yes" and (name[0], "base", *name[2:]) not in self.hidden}
        return {
            name: need
            for name, need in needs.items()
            if (name in failing or name not in folded) and name not in twin
        }


class _Search:
    """Worlds found so far, and the values they give each count."""

    def __init__(self, behind: Behind, figures: Sequence[Said], around: Sequence[Name]) -> None:
        self.behind, self.figures, self.around = behind, figures, around
        self.said = [figure.says(behind.values) for figure in figures]
        self.moves = [self._move(figure) for figure in figures]
        self.seen: dict[Name, set[int]] = {name: {behind.values[name]} for name in around}

    def _move(self, figure: Said) -> Figure:
        """How far the figure may move before it prints differently; it is linear in the counts of yes."""
        values = self.behind.values
        exact = figure.exact(values)
        patients = sum(values["patient", "base", unit, self.behind.question] for unit in figure.units)
        sign = -1 if isinstance(figure, Change) and not figure.after else 1
        weights: dict[Name, float] = {}
        for unit in figure.units:
            share = values["patient", "base", unit, self.behind.question] / patients
            for role, way in (("provider", sign), ("patient", -sign)):
                name = (role, "yes", unit, self.behind.question)
                weights[name] = 100 * way * share / values[role, "base", unit, self.behind.question]
        middle = floor(exact / figure.step + 0.5) * figure.step
        half, edge = figure.step / 2, 1e-4
        return Figure(weights, min(middle - half - exact + edge, 0), max(middle + half - exact - edge, 0))

    def keeps(self, name: Name, need: int) -> bool:
        """Whether worlds are found in which this count takes as many values as it needs."""
        true = self.behind.values[name]
        if need <= 2:
            for value in (true + 1, true - 1, true + 2, true - 2):
                if len(self.seen[name]) > need:
                    break
                self._look(name, value)
            return len(self.seen[name]) > need
        for down in range(need + 1):
            if max(self.seen[name]) - min(self.seen[name]) >= need:
                break
            self._look(name, true - down)
            self._look(name, true + need - down)
        return max(self.seen[name]) - min(self.seen[name]) >= need

    def _look(self, name: Name, value: int) -> None:
        low, high = self.behind.bounds.get(name, (0, float("inf")))
        if value in self.seen[name] or not max(low, 0) <= value <= high:
            return
        world = other_world(self.behind.system, self.around, self.behind.bounds, {name: value}, self.moves)
        if world is None:
            return
        values = {**self.behind.values, **world}
        if all(figure.says(values) == said for figure, said in zip(self.figures, self.said, strict=True)):
            for each, found in world.items():
                self.seen[each].add(found)


__all__ = ["Behind", "Bounds", "Change", "Gap", "Said", "frame", "rounded"]
