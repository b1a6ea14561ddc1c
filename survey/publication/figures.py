"""Figures over several units: the gap and how it has changed, from counts inside the gate, and how they are rounded.

For the gaps. Everything printed of such a figure comes from `rounded`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import ceil, floor
from typing import Protocol

import numpy as np
import pandas as pd

from analysis.gap import gap_change, pooled_gap

Name = tuple[str, str, str, str]
Values = Mapping[Name, int]

_SIDES = (("provider", "1"), ("patient", "2"))
_EDGE = 1e-7


def frame(values: Values, units: Sequence[str], question: str) -> pd.DataFrame:
    """The units' counts as `analysis.gap` wants them: side 1 the providers, side 2 the patients."""
    columns = {
        f"{name}_{side}": np.array([values[role, kind, unit, question] for unit in units], dtype=np.float64)
        for role, side in _SIDES
        for name, kind in (("successes", "yes"), ("base", "base"))
    }
    return pd.DataFrame(columns, copy=False)


def rounded(estimate: float, reach: float, step: int, loose: bool) -> tuple[int, int, int]:
    """A figure in steps of points, to the nearest, and an interval around it that holds the exact one.

    A loose interval has half a step to spare: where the exact one ends just at a step, that would tell of counts.
    """
    said = floor(estimate / step + 0.5) * step
    wide = ceil((reach + abs(estimate - said)) / step + loose / 2 - _EDGE) * step
    return said, said - wide, said + wide


class Exact(Protocol):
    """A figure over some units, before it is rounded."""

    @property
    def units(self) -> tuple[str, ...]:
        """The units that stand in it."""

    def exact(self, values: Values) -> tuple[float, float]:
        """The figure in points, and how far its interval reaches."""


@dataclass(frozen=True)
class Gap:
    """The gap over several units."""

    units: tuple[str, ...]
    question: str

    def exact(self, values: Values) -> tuple[float, float]:
        """The gap in points, and how far its interval reaches."""
        gap = pooled_gap(frame(values, self.units, self.question))
        return 100 * gap.estimate, 100 * max(gap.high - gap.estimate, gap.estimate - gap.low)


@dataclass(frozen=True)
class Change:
    """How the gap over the units of two rounds has changed, seen from one of them; the other stands as it is."""

    units: tuple[str, ...]
    question: str
    other: Values = field(compare=False)
    other_round: str
    after: bool

    def exact(self, values: Values) -> tuple[float, float]:
        """The change in points, and how far its interval reaches."""
        here, there = frame(values, self.units, self.question), self._there
        change = gap_change(there, here) if self.after else gap_change(here, there)
        return 100 * change.change, 100 * max(change.high - change.change, change.change - change.low)

    @cached_property
    def _there(self) -> pd.DataFrame:
        return frame(self.other, self.units, self.question)


@dataclass(frozen=True)
class Said:
    """A figure as it is published: in steps of so many points."""

    unrounded: Gap | Change
    step: int
    loose: bool

    @property
    def units(self) -> tuple[str, ...]:
        """The units that stand in it."""
        return self.unrounded.units

    @property
    def question(self) -> str:
        """What it is about."""
        return self.unrounded.question

    def says(self, values: Values) -> tuple[int, int, int]:
        """The figure and its interval as they are printed."""
        return rounded(*self.unrounded.exact(values), self.step, self.loose)


@dataclass(frozen=True)
class Slope:
    """A figure where it stands, and how it and its reach move with one more of each hidden count."""

    estimate: float
    reach: float
    shift: dict[Name, float]
    widen: dict[Name, float]
