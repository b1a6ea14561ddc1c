"""Shown figures from noised counts: the share, its interval, and its status.

For the publication, which keeps it beside the counts in the edition, so that whoever reads one needs no arithmetic.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from analysis.measures.arrays import Floats
from analysis.measures.intervals import Interval, center, limits
from analysis.measures.noise import steady_counts
from analysis.measures.precision import Precision, precision

STATUS = {
    Precision.SHARE: "shown",
    Precision.HOLLOW: "hollow",
    Precision.INTERVAL: "interval",
    Precision.UNCERTAIN: "unsure",
}
NOTHING: Mapping[str, Any] = dict.fromkeys(("share", "low", "high"))


def with_intervals(
    rows: Sequence[dict[str, Any]], threshold: int, non_substantive: Mapping[str, float] | None = None
) -> list[dict[str, Any]]:
    """Return the rows with status, share and the limits of its interval in percent; those without counts are hidden.

    Each has `counts` (yes, not_yes, non_substantive) and `noise`. `threshold`: the least base of any figure.
    `non_substantive`: the part outside the base in the whole place, by question, which steadies a small unit's base.
    """
    counted = [row for row in rows if row["counts"] is not None]
    found = iter(_measures(counted, threshold, non_substantive) if counted else [])
    hidden = {"status": "hidden", **NOTHING}
    return [row | (hidden if row["counts"] is None else next(found)) for row in rows]


def with_steady_counts(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows with the yes and the base that their share is worked out from: what a test of a share takes.

    `non_substantive_part`, where a row has it, is the part that takes no stand in the whole place. Rows without counts
    stay.
    """
    counted = [row for row in rows if row.get("counts") is not None]
    if not counted:
        return list(rows)
    yes, base, _ = _steady_counts(counted, [row.get("non_substantive_part") for row in counted])
    found = iter(zip(yes.round(4).tolist(), base.round(4).tolist(), strict=True))
    names = ("steady_yes", "steady_base")
    return [row if row.get("counts") is None else row | dict(zip(names, next(found), strict=True)) for row in rows]


def _steady_counts(
    counted: Sequence[dict[str, Any]], non_substantive: Sequence[float | None]
) -> tuple[Floats, Floats, Floats]:
    """Return yes and base, steadied where the part outside is known, and the variance of their noise."""
    names = ("yes", "not_yes", "non_substantive")
    yes, not_yes, no_stand = (np.array([row["counts"][name] for row in counted], dtype=np.float64) for name in names)
    noise, part = (np.array(each, dtype=np.float64) for each in ([row["noise"] for row in counted], non_substantive))
    base, known = yes + not_yes, np.isfinite(part)
    own = (each[known] for each in (yes, base, noise, base + no_stand, part))
    yes[known], base[known] = steady_counts(*own)
    return yes, base, noise


def _measures(
    counted: Sequence[dict[str, Any]], threshold: int, non_substantive: Mapping[str, float] | None
) -> list[dict[str, Any]]:
    """Measure all rows in one go: a region has twenty thousand."""
    yes, base, noise = _steady_counts(counted, [(non_substantive or {}).get(row["question"]) for row in counted])
    share = center(yes, base, noise)
    low, high = limits(share, base, noise)
    ends = zip(*(values.tolist() for values in (share, low, high)), strict=True)
    # The threshold asks the base that is published: the steadied one is nowhere near 0, whatever noise has left.
    took_a_stand = [row["counts"]["yes"] + row["counts"]["not_yes"] for row in counted]
    return [
        _measure(Interval(low, high), share, base, threshold)
        for (share, low, high), base in zip(ends, took_a_stand, strict=True)
    ]


def _measure(interval: Interval, share: float, base: float, threshold: int) -> dict[str, Any]:
    status = STATUS[precision(interval, base, threshold)]
    ends = {"low": round(100 * interval.low, 1), "high": round(100 * interval.high, 1)}
    if status == "unsure":
        return {"status": status, **NOTHING}
    return {"status": status, "share": None if status == "interval" else round(100 * share, 1), **ends}
