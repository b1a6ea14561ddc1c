"""Shown figures from noised counts: the share, its interval, and its status.

For the publication, which keeps it beside the counts in the edition, so that whoever reads one needs no arithmetic.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.measures.intervals import Interval, center, limits
from analysis.measures.noise import steadied
from analysis.measures.precision import Precision, precision

STATUS = {
    Precision.SHARE: "shown",
    Precision.HOLLOW: "hollow",
    Precision.INTERVAL: "interval",
    Precision.UNCERTAIN: "unsure",
}
NOTHING: Mapping[str, Any] = dict.fromkeys(("share", "low", "high"))

Row = dict[str, Any]
Floats = npt.NDArray[np.float64]


def measured(rows: Sequence[Row], least: int, outside: Mapping[str, float] | None = None) -> list[Row]:
    """Return the rows with status, share and the limits of its interval in percent; those without counts are hidden.

    Each has `counts` (yes, not_yes and outside) and `noise`. `least`: how many its base must be to say anything.
    `outside`: what part takes no stand in the whole place, by question, which steadies a small unit's base.
    """
    told = [row for row in rows if row["counts"] is not None]
    found = iter(_measures(told, least, outside) if told else [])
    hidden = {"status": "hidden", **NOTHING}
    return [row | (hidden if row["counts"] is None else next(found)) for row in rows]


def steady(rows: Sequence[Row]) -> list[Row]:
    """Return the rows with the yes and the base that their share is worked out from: what a test of a share takes.

    `non_substantive_part`, where a row has it, is the part that takes no stand in the whole place. Rows without counts
    stay.
    """
    told = [row for row in rows if row.get("counts") is not None]
    if not told:
        return list(rows)
    yes, base, _ = _worked_from(told, [row.get("non_substantive_part") for row in told])
    found = iter(zip(yes.round(4).tolist(), base.round(4).tolist(), strict=True))
    names = ("steady_yes", "steady_base")
    return [row if row.get("counts") is None else row | dict(zip(names, next(found), strict=True)) for row in rows]


def _worked_from(told: Sequence[Row], outside: Sequence[float | None]) -> tuple[Floats, Floats, Floats]:
    """Return yes and base, steadied where the part outside is known, and the variance of their noise."""
    names = ("yes", "not_yes", "non_substantive")
    yes, not_yes, no_stand = (np.array([row["counts"][name] for row in told], dtype=np.float64) for name in names)
    noise, part = (np.array(each, dtype=np.float64) for each in ([row["noise"] for row in told], outside))
    base, known = yes + not_yes, np.isfinite(part)
    own = (each[known] for each in (yes, base, noise, base + no_stand, part))
    yes[known], base[known] = steadied(*own)
    return yes, base, noise


def _measures(told: Sequence[Row], least: int, outside: Mapping[str, float] | None) -> list[Row]:
    """Measure all rows in one go: a region has twenty thousand."""
    yes, base, noise = _worked_from(told, [(outside or {}).get(row["question"]) for row in told])
    share = center(yes, base, noise)
    low, high = limits(share, base, noise)
    ends = zip(*(values.tolist() for values in (share, low, high)), strict=True)
    # The threshold asks the base that is published: the steadied one is nowhere near 0, whatever noise has left.
    took_a_stand = [row["counts"]["yes"] + row["counts"]["not_yes"] for row in told]
    return [
        _measure(Interval(low, high), share, base, least)
        for (share, low, high), base in zip(ends, took_a_stand, strict=True)
    ]


def _measure(interval: Interval, share: float, base: float, least: int) -> Row:
    status = STATUS[precision(interval, base, least)]
    ends = {"low": round(100 * interval.low, 1), "high": round(100 * interval.high, 1)}
    if status == "unsure":
        return {"status": status, **NOTHING}
    return {"status": status, "share": None if status == "interval" else round(100 * share, 1), **ends}
