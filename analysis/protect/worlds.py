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

from analysis.protect.system import Bounds, Component, Floats, Id, System

# A limit on the search and not on its time: a figure must not depend on how busy the machine is.
_NODES = 300


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
        self.sums = [LinearConstraint(self.component.left, right, right)] if len(right) else []
        weights = [[figure.weights.get(name, 0.0) for name in names] for figure in figures]
        self.rows = csr_matrix(np.array(weights).reshape(len(figures), len(names)))
        at = self.rows @ np.array([system.values[name] for name in names], dtype=np.float64)
        self.least = at - np.array([figure.down for figure in figures])
        self.most = at + np.array([figure.up for figure in figures])

    def other(self, fixed: Mapping[Id, int], off: Floats | None = None) -> dict[Id, int] | None:
        """Whole counts that fit every sum, hold what is fixed and leave the figures alone; None where none are found.

        `off`: by how much each figure, last time, moved further than its weights say.
        """
        figures = []
        if len(self.least):
            drift = np.zeros(len(self.least)) if off is None else off
            figures = [LinearConstraint(self.rows, self.least - drift, self.most - drift)]
        limits = self.component.limits.copy()
        for name, value in fixed.items():
            limits[self.component.index[name]] = value
        found = milp(
            np.zeros(len(limits)),
            integrality=np.ones(len(limits), dtype=np.int64),
            bounds=Limits(limits[:, 0], limits[:, 1]),
            constraints=[*self.sums, *figures],
            options={"node_limit": _NODES},
        )
        if found.x is None:
            return None
        return {name: round(float(value)) for name, value in zip(self.component.names, found.x, strict=True)}
