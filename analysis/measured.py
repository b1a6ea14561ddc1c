"""From noised counts to what is shown: the share, its interval, and how far they may be told.

For the publication, which keeps it beside the counts in the edition, so that whoever reads one needs no arithmetic.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from analysis.intervals import Interval, center, limits
from analysis.noise import steadied
from analysis.precision import Precision, precision

STATUS = {
    Precision.SHARE: "shown",
    Precision.HOLLOW: "hollow",
    Precision.INTERVAL: "interval",
    Precision.UNCERTAIN: "unsure",
}
NOTHING: Mapping[str, Any] = dict.fromkeys(("share", "low", "high"))

Row = dict[str, Any]


def measured(rows: Sequence[Row], least: int, outside: Mapping[str, float] | None = None) -> list[Row]:
    """The rows with status, share and the limits of its interval in percent; those without counts are hidden.

    Each has `counts` (yes, not_yes and outside) and `noise`. `least`: how many its base must be to say anything.
    `outside`: what part takes no stand in the whole place, by question, which steadies a small unit's base.
    """
    told = [row for row in rows if row["counts"] is not None]
    found = iter(_measures(told, least, outside) if told else [])
    hidden = {"status": "hidden", **NOTHING}
    return [row | (hidden if row["counts"] is None else next(found)) for row in rows]


def _measures(told: Sequence[Row], least: int, outside: Mapping[str, float] | None) -> list[Row]:
    """All in one go: a region has twenty thousand."""
    names = ("yes", "not_yes", "outside")
    yes, not_yes, no_stand = (np.array([row["counts"][name] for row in told], dtype=np.float64) for name in names)
    noise = np.array([row["noise"] for row in told], dtype=np.float64)
    base = took_a_stand = yes + not_yes
    if outside is not None:
        part = np.array([outside[row["question"]] for row in told], dtype=np.float64)
        yes, base = steadied(yes, base, noise, base + no_stand, part)
    share = center(yes, base, noise)
    low, high = limits(share, base, noise)
    # The threshold asks the base that is published: the steadied one is nowhere near 0, whatever noise has left.
    columns = [values.tolist() for values in (share, low, high, took_a_stand)]
    return [_measure(Interval(low, high), share, base, least) for share, low, high, base in zip(*columns, strict=True)]


def _measure(interval: Interval, share: float, base: float, least: int) -> Row:
    status = STATUS[precision(interval, base, least)]
    ends = {"low": round(100 * interval.low, 1), "high": round(100 * interval.high, 1)}
    if status == "unsure":
        return {"status": status, **NOTHING}
    return {"status": status, "share": None if status == "interval" else round(100 * share, 1), **ends}
