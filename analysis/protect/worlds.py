"""Other worlds: different hidden counts that would have given exactly the same published figures.

For figures that are no sums of counts, such as the gap over several units. A hidden count is safe behind such a
figure when at least three of its values stand in a world that fits all that is shown, and gives the same figures.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds as Limits
from scipy.optimize import LinearConstraint, milp
from scipy.sparse import csr_matrix, hstack, vstack

from analysis.protect.audit import Bounds, Component, Id, System


@dataclass(frozen=True)
class Figure:
    """A figure that is a weighted sum of counts: how far it may move before its rounding shows."""

    weights: Mapping[Id, float]
    low: float
    high: float


def other_world(
    system: System,
    around: Sequence[Id],
    bounds: Bounds,
    fixed: Mapping[Id, int],
    figures: Sequence[Figure],
) -> dict[Id, int] | None:
    """Whole counts for these hidden names that fit every sum, hold `fixed`, and move the figures as little as can be.

    `low` and `high` of a figure are how far it may move down and up from where it is. None when there is no such world.
    """
    component = Component(system, list(around), bounds)
    count, extra = len(component.names), len(figures)
    true = np.array([system.values[name] for name in component.names], dtype=np.float64)
    limits = component.limits.copy()
    for name, value in fixed.items():
        limits[component.index[name]] = value
    moves = (
        csr_matrix((extra, count))
        if not figures
        else csr_matrix(
            np.array([[figure.weights.get(name, 0.0) for name in component.names] for figure in figures])
        )
    )
    at = moves @ true
    # Each figure has a variable of its own for how far it moves, up or down; their sum is kept small.
    eye = csr_matrix(np.eye(extra))
    constraints = (
        [
            LinearConstraint(
                hstack([component.left, csr_matrix((len(component.right), extra))]),
                component.right,
                component.right,
            )
        ]
        if component.right
        else []
    )
    if figures:
        least, most = (np.array([getattr(figure, side) for figure in figures]) for side in ("low", "high"))
        constraints += [
            LinearConstraint(hstack([moves, csr_matrix((extra, extra))]), at + least, at + most),
            LinearConstraint(
                vstack([hstack([moves, -eye]), hstack([-moves, -eye])]), -np.inf, np.concatenate([at, -at])
            ),
        ]
    found = milp(
        np.concatenate([np.zeros(count), np.ones(extra)]),
        integrality=np.concatenate([np.ones(count), np.zeros(extra)]),
        bounds=Limits(
            np.concatenate([limits[:, 0], np.zeros(extra)]),
            np.concatenate([limits[:, 1], np.full(extra, np.inf)]),
        ),
        constraints=constraints,
        options={"time_limit": 5.0},
    )
    if found.x is None:
        return None
    return {name: round(float(value)) for name, value in zip(component.names, found.x, strict=False)}
