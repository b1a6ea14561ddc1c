"""The weighed mean of gaps that are independent of each other: a nation's, from its regions'.

For the national edition, and for the picture of the same regions over the rounds. Each gap's distance to its limit is
weighed, squared and added (MOVER).
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

NUMBERS = ("gap", "se", "low", "high")


def weighed_mean(gaps: Sequence[tuple[float, Mapping[str, Any]]], prefix: str = "") -> dict[str, float]:
    """Return gap, error and limits in percentage points, from the rows' columns with this prefix, and under it.

    `gaps`: each one's weight, before the weights are made to add up to one, and its row.
    """
    whole = sum(weight for weight, _row in gaps)
    each = [(weight / whole, *(row[f"{prefix}{name}"] for name in NUMBERS)) for weight, row in gaps]
    middle = sum(part * gap for part, gap, *_ in each)
    error = math.hypot(*(part * se for part, _, se, _, _ in each))
    under = math.hypot(*(part * (gap - low) for part, gap, _, low, _ in each))
    over = math.hypot(*(part * (high - gap) for part, gap, _, _, high in each))
    limits = (middle, error, max(-100.0, middle - under), min(100.0, middle + over))
    return {f"{prefix}{name}": round(value, 2) for name, value in zip(NUMBERS, limits, strict=True)}
