"""Editions as frames: every cell and every gap of some rounds, worked out from the noised counts that are published.

For everything else in `analysis`, and for the pages that read it. The columns are the contract's (`analysis.contract`).
"""

from collections.abc import Iterable, Sequence
from typing import Any

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
from analysis.measured import steady

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
    "newest_by_round",
    "outside_part",
    "records",
    "told",
    "units_under",
]


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
    return framed(steady(rows), CELLS)


def _cell_rows(edition: Edition, place: str | None, units: bool) -> Iterable[dict[str, Any]]:
    wanted = {None, place} | (units_under(edition, place) if units and place else set())
    levels = {place["key"]: place["level"] for place in edition["places"]}
    when = {"round": edition["round"]["key"], "date": edition["round"]["closes"]}
    for cell in edition["cells"]:
        if not place or cell["place"] in wanted:
            wording = edition["wordings"][cell["role"]].get(cell["question"], "")
            about = {"level": levels[cell["place"]], "wording": wording, "outside_part": outside_part(edition, cell)}
            yield when | dict(cell) | told(cell) | about


def outside_part(edition: Edition, cell: Row) -> float | None:
    """What part takes no stand on a cell's question in the whole place; None in an edition that doesn't say."""
    part: float | None = edition.get("outside", {}).get(cell["role"], {}).get(cell["question"])
    return part


def told(cell: Row) -> dict[str, Any]:
    """A published cell's counts by name, its base, and what part each code is, as far as the cell is shown."""
    counts = cell["counts"]
    if counts is None:
        return {}
    base = counts["yes"] + counts["not_yes"]
    found = {f"{name}_count": value for name, value in counts.items()} | {"base": base}
    if cell["share"] is None:
        return found
    share = cell["share"]
    found |= {"yes": share, "not_yes": round(100 - share, 1)}
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
