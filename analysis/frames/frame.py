"""Editions as frames: every cell and every gap of some rounds, worked out from the noised counts that are published.

For everything else in `analysis`, and for the pages that read it. The columns are `analysis.frames.schema`'s.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.frames.gap_rows import gap_rows
from analysis.frames.measured import with_steady_counts
from analysis.frames.schema import (
    CELLS,
    GAPS,
    QUESTIONS,
    ROLES,
    Edition,
    FrameError,
    Row,
    check,
    is_known,
    newest_by_round,
    records,
    to_frame,
)
from survey.domain.questions.answer_scale import NON_SUBSTANTIVE, NOT_YES

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
    "gaps",
    "is_known",
    "newest_by_round",
    "non_substantive_part",
    "records",
    "shown_figures",
    "to_frame",
    "units_under",
]

ROWS_BY_PLACE = ("cells", "gaps", "gap_changes", "respondents")  # the edition's rows that are of one place each


def units_under(edition: Edition, place: str) -> set[str]:
    """Return the units that belong to a place, through all places between; of a group, those it names."""
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
    """Return every published cell of the editions as one frame, `CELLS`; of one place, if one is named.

    With `units`, also those of the units under it.
    """
    rows = [row for edition in newest_by_round(editions) for row in _cell_rows(edition, place, units)]
    return to_frame(with_steady_counts(rows), CELLS)


def _cell_rows(edition: Edition, place: str | None, units: bool) -> Iterable[dict[str, Any]]:
    wanted = {None, place} | (units_under(edition, place) if units and place else set())
    levels = {place["key"]: place["level"] for place in edition["places"]}
    when = {"round": edition["round"]["key"], "date": edition["round"]["closes"]}
    for cell in edition["cells"]:
        if not place or cell["place"] in wanted:
            wording = edition["wordings"][cell["role"]].get(cell["question"], "")
            about = {
                "level": levels[cell["place"]],
                "wording": wording,
                "non_substantive_part": non_substantive_part(edition, cell),
            }
            yield when | dict(cell) | shown_figures(cell) | about


def non_substantive_part(edition: Edition, cell: Row) -> float | None:
    """Return the part outside the base of a cell's question in the whole place; None where the edition lacks it."""
    part: float | None = edition.get("non_substantive", {}).get(cell["role"], {}).get(cell["question"])
    return part


def shown_figures(cell: Row) -> dict[str, Any]:
    """Return a published cell's counts by name, its base, and the part of each code, as far as the cell is shown."""
    counts = cell["counts"]
    if counts is None:
        return {}
    base = counts["yes"] + counts["not_yes"]
    found = {f"{name}_count": value for name, value in counts.items()} | {"base": base}
    if cell["share"] is None:
        return found
    share = cell["share"]
    found |= {"yes": share, "not_yes": round(100 - share, 1)}
    left = 100 - share
    *nearest, last = [code for code in NOT_YES if code in counts] or [""]
    for code in nearest:
        found[code] = round(min(max(100 * counts[code] / base, 0.0), left), 1)
        left -= found[code]
    if nearest:
        found[last] = round(left, 1)
    answered = base + counts["non_substantive"]
    for code in NON_SUBSTANTIVE:
        if code in counts and answered > 0:
            found[code] = round(min(max(100 * counts[code] / answered, 0.0), 100.0), 1)
    return found


def gaps(editions: Sequence[Edition], place: str | Collection[str] | None = None) -> pd.DataFrame:
    """Return a gap for every round, place and question, `GAPS`; of one place or of several, if they are named."""
    newest = newest_by_round(editions)
    wanted = [place] if isinstance(place, str) else place
    if wanted is None:
        wanted = dict.fromkeys(each["key"] for edition in newest for each in edition["places"])
    order = {edition["round"]["key"]: number for number, edition in enumerate(newest)}
    each = [_split_by_place(edition, set(wanted)) for edition in newest]
    rows = [row for key in wanted for row in gap_rows([found[key] for found in each if key in found], key)]
    return to_frame(sorted(rows, key=lambda row: order[row["round"]]), GAPS)


def _split_by_place(edition: Edition, wanted: Collection[str]) -> Mapping[str, Edition]:
    """Cut the edition down to each place that was there, in one walk through its rows for all places."""
    there = {about["key"]: about for about in edition["places"] if about["key"] in wanted}
    rows: dict[str, dict[str, list[Row]]] = {key: {name: [] for name in ROWS_BY_PLACE} for key in there}
    for name in ROWS_BY_PLACE:
        for row in edition[name]:
            if row["place"] in rows:
                rows[row["place"]][name].append(row)
    return {key: {**edition, "places": [about], **rows[key]} for key, about in there.items()}
