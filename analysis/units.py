"""The gap in one unit, from its published cells and from nothing else.

For `analysis.frame`. A unit's gap must not give away more than its cells already do, so it is worked out
from the whole percents and rounded bases that anyone can read. A capped share enters as its band.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from analysis.intervals import Interval, Sides, difference_intervals, difference_p_values
from analysis.trend import adjust

Cell = Mapping[str, Any]


def _ends(cell: Cell) -> tuple[float, float]:
    """The least and the greatest the share can be, in percent."""
    if cell["status"] == "band":
        return float(cell["cap_low"]), float(cell["cap_high"])
    return float(cell["share"]), float(cell["share"])


def _usable(cell: Cell | None) -> bool:
    return cell is not None and cell["status"] in ("shown", "band") and bool(cell["n"])


@dataclass(frozen=True)
class Pair:
    """Both sides' cells of one question."""

    patient: Cell
    provider: Cell

    @property
    def exact(self) -> bool:
        """Whether both shares are shown."""
        return bool(self.patient["status"] == self.provider["status"] == "shown")

    @property
    def overlap(self) -> bool:
        """Whether the shares could be the same."""
        (patient_low, patient_high), (provider_low, provider_high) = _ends(self.patient), _ends(self.provider)
        return provider_low <= patient_high and patient_low <= provider_high

    def corners(self) -> list[Sides]:
        """The pairs of shares at the ends of the bands, as counts; one pair where both are shown."""
        n1, n2 = float(self.provider["n"]), float(self.patient["n"])
        shares = dict.fromkeys((v, p) for v in _ends(self.provider) for p in _ends(self.patient))
        return [(v * n1 / 100, n1, p * n2 / 100, n2) for v, p in shares]

    def gap(self, limits: Sequence[Interval], ps: Sequence[float]) -> dict[str, Any]:
        """The gap, its interval and its own p (not yet adjusted), in percentage points, from those of the corners."""
        (patient_low, patient_high), (provider_low, provider_high) = _ends(self.patient), _ends(self.provider)
        return {
            "status": "shown" if self.exact else "band",
            "kind": "unit",
            "units": 1,
            "units_out": 0,
            "patients": float(self.patient["n"]),
            "providers": float(self.provider["n"]),
            "gap": provider_low - patient_low if self.exact else None,
            "gap_low": provider_low - patient_high,
            "gap_high": provider_high - patient_low,
            "low": round(100 * min(limit.low for limit in limits)),
            "high": round(100 * max(limit.high for limit in limits)),
            # With a band the true shares may stand anywhere in it: the p printed is the weakest of them.
            "p": max(ps) if self.exact or not self.overlap else 1.0,
        }


def unit_gaps(cells: Mapping[tuple[str, str], Cell], questions: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The unit's gaps by question, p adjusted by Holm over those that can be shown; hidden ones left out."""
    pairs = {}
    for question in questions:
        patient, provider = cells.get(("patient", question)), cells.get(("provider", question))
        if patient is not None and provider is not None and _usable(patient) and _usable(provider):
            pairs[question] = Pair(patient, provider)
    corners = [corner for pair in pairs.values() for corner in pair.corners()]
    # All questions in one call: statsmodels takes as long for one as for all.
    limits, ps = iter(difference_intervals(corners)), iter(difference_p_values(corners))
    found = {}
    for question, pair in pairs.items():
        many = len(pair.corners())
        found[question] = pair.gap(list(islice(limits, many)), list(islice(ps, many)))
    adjusted = adjust(np.array([gap["p"] for gap in found.values()]))
    for gap, p in zip(found.values(), adjusted, strict=True):
        gap["p"] = round(float(p), 4)
        gap["distinct"] = (gap["low"] > 0 or gap["high"] < 0) and gap["p"] < 0.05
    return found
