"""The gap in one unit, from its published cells and from nothing else.

For `analysis.frame`. A unit's gap must not give away more than its cells already do, so it is worked out
from the whole percents and rounded bases that anyone can read. A capped share enters as its band.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from analysis.intervals import difference_interval, difference_p_value
from analysis.trend import adjust

Cell = Mapping[str, Any]


def _ends(cell: Cell) -> tuple[float, float]:
    """The least and the greatest the share can be, in percent."""
    if cell["status"] == "band":
        return float(cell["cap_low"]), float(cell["cap_high"])
    return float(cell["share"]), float(cell["share"])


def _usable(cell: Cell | None) -> bool:
    return cell is not None and cell["status"] in ("shown", "band") and bool(cell["n"])


def unit_gap(patient: Cell, provider: Cell) -> dict[str, Any]:
    """One question's gap, its interval and its own p (not yet adjusted), in percentage points."""
    (patient_low, patient_high), (provider_low, provider_high) = _ends(patient), _ends(provider)
    corners = [(v, p) for v in (provider_low, provider_high) for p in (patient_low, patient_high)]
    n1, n2 = float(provider["n"]), float(patient["n"])
    sides = [(v * n1 / 100, n1, p * n2 / 100, n2) for v, p in corners]
    limits = [difference_interval(*side) for side in sides]
    low, high = min(limit.low for limit in limits), max(limit.high for limit in limits)
    overlap = provider_low <= patient_high and patient_low <= provider_high
    exact = patient["status"] == provider["status"] == "shown"
    # With a band the true shares may stand anywhere in it: the p printed is the weakest of them.
    p = max(difference_p_value(*side) for side in sides) if exact or not overlap else 1.0
    return {
        "status": "shown" if exact else "band",
        "kind": "unit",
        "units": 1,
        "units_out": 0,
        "patients": n2,
        "providers": n1,
        "gap": provider_low - patient_low if exact else None,
        "gap_low": provider_low - patient_high,
        "gap_high": provider_high - patient_low,
        "low": round(100 * low),
        "high": round(100 * high),
        "p": p,
    }


def unit_gaps(cells: Mapping[tuple[str, str], Cell], questions: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The unit's gaps by question, p adjusted by Holm over those that can be shown; hidden ones left out."""
    found: dict[str, dict[str, Any]] = {}
    for question in questions:
        patient, provider = cells.get(("patient", question)), cells.get(("provider", question))
        if patient is not None and provider is not None and _usable(patient) and _usable(provider):
            found[question] = unit_gap(patient, provider)
    adjusted = adjust(np.array([gap["p"] for gap in found.values()]))
    for gap, p in zip(found.values(), adjusted, strict=True):
        gap["p"] = round(float(p), 4)
        gap["distinct"] = (gap["low"] > 0 or gap["high"] < 0) and gap["p"] < 0.05
    return found
