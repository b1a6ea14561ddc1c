"""Editions as frames: every cell and every gap of some rounds, worked out from the noised counts that are published.

For everything else in `analysis`, and for the pages that read it. The columns are the contract's (`analysis.contract`).
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.contract import (
    CELLS,
    GAPS,
    QUESTIONS,
    ROLES,
    Edition,
    FrameError,
    Row,
    check,
    framed,
    known,
    newest_by_round,
    records,
)
from analysis.gap_rows import gap_rows
from analysis.intervals import Interval, center, limits
from analysis.precision import Precision, precision

__all__ = [
    "CELLS",
    "GAPS",
    "QUESTIONS",
    "ROLES",
    "Edition",
    "FrameError",
    "Row",
    "cells",
    "check",
    "framed",
    "gaps",
    "known",
    "measured",
    "newest_by_round",
    "records",
    "units_under",
]

STATUS = {
    Precision.SHARE: "shown",
    Precision.HOLLOW: "hollow",
    Precision.INTERVAL: "interval",
    Precision.UNCERTAIN: "unsure",
}


def units_under(edition: Edition, place: str) -> set[str]:
    """The units that belong to a place, through all places between; of a group, those it names."""
    named = next((each["units"] for each in edition["places"] if each["key"] == place and "units" in each), None)
    if named is not None:
        return set(named)
    above = {each["key"]: each["parent"] for each in edition["places"]}
    found = set()
    for each in edition["places"]:
        up = each["parent"] if each["level"] == "unit" else None
        while up and up != place:
            up = above.get(up)
        if up:
            found.add(each["key"])
    return found


def cells(editions: Sequence[Edition], place: str | None = None, units: bool = False) -> pd.DataFrame:
    """Every published cell of the editions as one frame, `CELLS`; of one place, if one is named.

    With `units`, also those of the units under it.
    """
    rows = [row for edition in newest_by_round(editions) for row in _cell_rows(edition, place, units)]
    return framed(measured(rows), CELLS)


def _cell_rows(edition: Edition, place: str | None, units: bool) -> Iterable[dict[str, Any]]:
    wanted = {None, place} | (units_under(edition, place) if units and place else set())
    levels = {place["key"]: place["level"] for place in edition["places"]}
    n = {(row["place"], row["role"]): row["n"] for row in edition["respondents"]}
    when = {"round": edition["round"]["key"], "date": edition["round"]["closes"]}
    for cell in edition["cells"]:
        if place and cell["place"] not in wanted:
            continue
        named = {name: cell[name] for name in ("place", "role", "question")}
        wording = edition["wordings"][cell["role"]].get(cell["question"], "")
        about = {"level": levels[cell["place"]], "wording": wording, "least": edition["thresholds"][cell["role"]]}
        yield when | named | about | {"n": n.get((cell["place"], cell["role"])), "cell": cell}


def measured(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with what their noised counts say: share, interval, and how far they may be shown.

    Each row has its edition's `cell`, and `least`, how many its base must be.
    """
    told = [row for row in rows if row["cell"]["status"] == "told"]
    found = _measures(told) if told else []
    by_id = {id(row): more for row, more in zip(told, found, strict=True)}
    return [row | by_id.get(id(row), {"status": "hidden"}) for row in rows]


def _measures(told: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """All in one go: a page has a hundred cells, and a region's units twenty thousand."""
    counts = [row["cell"]["counts"] for row in told]
    yes, not_yes = (np.array([each[name] for each in counts], dtype=np.float64) for name in ("yes", "not_yes"))
    noise = np.array([row["cell"]["noise"] for row in told], dtype=np.float64)
    base = yes + not_yes
    share = center(yes, base, noise)
    low, high = limits(share, base, noise)
    ends = zip(low.tolist(), high.tolist(), base.tolist(), (row["least"] for row in told), strict=True)
    how = [precision(Interval(least, most), size, k) for least, most, size, k in ends]
    percent = [(100 * values).round(1).tolist() for values in (share, low, high)]
    return [
        _measure(row["cell"], STATUS[how[number]], *(values[number] for values in percent))
        for number, row in enumerate(told)
    ]


def _measure(cell: Row, status: str, share: float, low: float, high: float) -> dict[str, Any]:
    counts = cell["counts"]
    base = counts["yes"] + counts["not_yes"]
    found = {f"{name}_count": value for name, value in counts.items()}
    found |= {"status": status, "base": base, "noise": cell["noise"], "noise_part": cell["noise_part"]}
    if status == "unsure":
        return found
    found |= {"low": low, "high": high}
    if status == "interval":
        return found
    found |= {"share": share, "yes": share, "not_yes": 100 - share}
    if "partly" in counts:
        found["partly"] = round(min(max(100 * counts["partly"] / base, 0.0), 100 - share), 1)
        found["no"] = round(100 - share - found["partly"], 1)
    answered = base + counts["outside"]
    for code in ("dont_know", "not_needed"):
        if code in counts and answered > 0:
            found[code] = round(min(max(100 * counts[code] / answered, 0.0), 100.0), 1)
    return found


def gaps(editions: Sequence[Edition], place: str | None = None) -> pd.DataFrame:
    """A gap for every round, place and question, `GAPS`; of one place, if one is named."""
    newest = newest_by_round(editions)
    every = [place] if place else list(dict.fromkeys(each["key"] for edition in newest for each in edition["places"]))
    order = {edition["round"]["key"]: number for number, edition in enumerate(newest)}
    rows = [row for key in every for row in gap_rows(newest, key)]
    return framed(sorted(rows, key=lambda row: order[row["round"]]), GAPS)
