"""Other worlds: different hidden counts that would have given exactly the same published figures.

For figures that are no sums of counts, such as the gap over several units. A hidden count is safe behind such a
figure when at least three of its values stand in a world that fits all that is shown, and gives the same figures.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds as Limits
from scipy.optimize import LinearConstraint, milp
from scipy.sparse import csr_matrix

from analysis.protect.audit import Bounds, Component, Id, System

_SECONDS = 5.0


@dataclass(frozen=True)
class Figure:
    """A figure as a weighted sum of counts, and how far it may move down and up before its rounding shows."""

    weights: Mapping[Id, float]
    down: float
    up: float


class Worlds:
    """The hidden counts that hang together, their sums, and the figures that must stay as they are."""

    def __init__(self, system: System, around: Sequence[Id], bounds: Bounds, figures: Sequence[Figure]) -> None:
        """Write everything down as constraints, once for all questions asked of it."""
        self.component = Component(system, list(around), bounds)
        names, right = self.component.names, self.component.right
        self.constraints = [LinearConstraint(self.component.left, right, right)] if right else []
        if figures:
            rows = csr_matrix([[figure.weights.get(name, 0.0) for name in names] for figure in figures])
            at = rows @ np.array([system.values[name] for name in names], dtype=np.float64)
            down, up = (np.array([getattr(figure, way) for figure in figures]) for way in ("down", "up"))
            self.constraints.append(LinearConstraint(rows, at - down, at + up))

    def other(self, fixed: Mapping[Id, int]) -> dict[Id, int] | None:
        """Whole counts that fit every sum, hold what is fixed and leave the figures alone; None where there are none."""
        limits = self.component.limits.copy()
        for name, value in fixed.items():
            limits[self.component.index[name]] = value
        found = milp(
            np.zeros(len(limits)),
            integrality=np.ones(len(limits)),
            bounds=Limits(limits[:, 0], limits[:, 1]),
            constraints=self.constraints,
            options={"time_limit": _SECONDS},
        )
        if found.x is None:
            return None
        return {name: round(float(value)) for name, value in zip(self.component.names, found.x, strict=True)}
