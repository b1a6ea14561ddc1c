"""The contract: which columns the frames of `analysis` have, and how they come out of editions.

For everything else in `analysis`, and for the pages that read it. A frame is long: one row a figure, rounds
in order of time. Shares, gaps and their intervals are in percent and percentage points, as published.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.units import unit_gaps

QUESTIONS = (
    "trygghet",
    "overenskommelse",
    "kontaktvagar",
    "fast_vardkontakt",
    "nasta_steg",
    "nasta_tid",
    "overblick",
)
ROLES = ("patient", "provider")

Edition = Mapping[str, Any]
Row = Mapping[str, Any]

CELLS = {
    "round": "text",
    "date": "date",
    "place": "text",
    "level": "text",
    "role": "text",
    "question": "text",
    "status": "text",  # shown, band or hidden
    "why": "text",  # "", few, uniform or secondary
    "n": "number",
    "share": "number",
    "low": "number",
    "high": "number",
    "cap_low": "number",
    "cap_high": "number",
    "yes": "number",
    "partly": "number",
    "no": "number",
    "not_yes": "number",
    "dont_know": "number",
    "not_needed": "number",
    "wording": "text",
}

GAPS = {
    "round": "text",
    "date": "date",
    "place": "text",
    "level": "text",
    "question": "text",
    "status": "text",  # shown; band (a capped share went in: gap_low to gap_high, no gap); hidden
    "kind": "text",  # unit or pooled
    "units": "number",
    "units_out": "number",
    "patients": "number",
    "providers": "number",
    "gap": "number",
    "gap_low": "number",
    "gap_high": "number",
    "low": "number",
    "high": "number",
    "step": "number",  # a pooled gap's figures are rounded to whole steps of so many points; nan for a unit's
    "p": "number",
    "distinct": "truth",
    "since": "text",  # the earlier round that the published change of the gap is counted from, or ""
    "change": "number",
    "change_low": "number",
    "change_high": "number",
    "change_distinct": "truth",
    "wording_patient": "text",
    "wording_provider": "text",
    "joined": "truth",  # other units have gone up in this one since the round before
}

_KINDS = {
    "text": pd.api.types.is_string_dtype,
    "number": pd.api.types.is_float_dtype,
    "date": pd.api.types.is_datetime64_any_dtype,
    "truth": pd.api.types.is_bool_dtype,
}


class FrameError(ValueError):
    """A frame is not as its contract says."""


def check(frame: pd.DataFrame, contract: Mapping[str, str]) -> pd.DataFrame:
    """Give the frame back, or raise with every fault at once. More columns than the contract's are fine."""
    faults = [f"the column {name} is missing" for name in contract if name not in frame.columns]
    faults += [
        f"the column {name} holds {frame[name].dtype}, not {kind}"
        for name, kind in contract.items()
        if name in frame.columns and not _KINDS[kind](frame[name].dtype)
    ]
    if faults:
        raise FrameError("; ".join(faults))
    return frame


def framed(rows: Iterable[Mapping[str, Any]], contract: Mapping[str, str]) -> pd.DataFrame:
    """The rows as a frame that holds to a contract; what a row does not have is missing."""
    rows = list(rows)
    columns: dict[str, Any] = {}
    for name, kind in contract.items():
        values = [row.get(name) for row in rows]
        if kind == "number":
            columns[name] = np.array([np.nan if v is None else v for v in values], dtype=np.float64)
        elif kind == "date":
            columns[name] = pd.to_datetime(pd.Series(values, dtype="str"), format="%Y-%m-%d")
        elif kind == "truth":
            columns[name] = np.array([bool(v) for v in values], dtype=bool)
        else:
            columns[name] = pd.Series(["" if v is None else v for v in values], dtype="str")
    return check(pd.DataFrame(columns), contract)


def records(frame: pd.DataFrame) -> list[Row]:
    """The frame's rows, one mapping each."""
    # Column by column: pandas' own way takes each value apart three times.
    columns = [frame[name].tolist() for name in frame.columns]
    names = [str(name) for name in frame.columns]
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]


def known(value: object) -> bool:
    """Whether a frame's number is there."""
    return isinstance(value, (int, float)) and not math.isnan(value)


def newest_by_round(editions: Sequence[Edition]) -> list[Edition]:
    """One edition a round, the last of each, in order of the rounds' closing days."""
    by_round = {edition["round"]["key"]: edition for edition in sorted(editions, key=lambda e: e["number"])}
    return sorted(by_round.values(), key=lambda e: (e["round"]["closes"], e["round"]["key"]))


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
    return framed((row for edition in newest_by_round(editions) for row in _cell_rows(edition, place, units)), CELLS)


def _cell_rows(edition: Edition, place: str | None, units: bool) -> Iterable[dict[str, Any]]:
    wanted = {None, place} | (units_under(edition, place) if units and place else set())
    levels = {place["key"]: place["level"] for place in edition["places"]}
    when = {"round": edition["round"]["key"], "date": edition["round"]["closes"]}
    for cell in edition["cells"]:
        if place and cell["place"] not in wanted:
            continue
        yield (
            when
            | {name: cell.get(name) for name in CELLS if name in cell}
            | (cell.get("codes") or {})
            | (cell.get("outside") or {})
            | {
                "level": levels[cell["place"]],
                "wording": edition["wordings"][cell["role"]].get(cell["question"], ""),
            }
        )


def gaps(editions: Sequence[Edition], place: str | None = None) -> pd.DataFrame:
    """A gap for every round, place and question, `GAPS`: the edition's own, or a unit's from its cells.

    Of one place, if one is named: a unit's seven gaps take some milliseconds a round.
    """
    rows: list[dict[str, Any]] = []
    newest = newest_by_round(editions)
    age = {edition["round"]["key"]: number for number, edition in enumerate(newest)}
    for edition in newest:
        rows += _gap_rows(edition, place, age)
    return framed(rows, GAPS)


def _gap_rows(edition: Edition, only: str | None, age: Mapping[str, int]) -> list[dict[str, Any]]:
    published = {(gap["place"], gap["question"]): gap for gap in edition["gaps"]}
    by_place: dict[str, dict[tuple[str, str], Any]] = {}
    for cell in edition["cells"]:
        by_place.setdefault(cell["place"], {})[cell["role"], cell["question"]] = cell
    when = {"round": edition["round"]["key"], "date": edition["round"]["closes"]}
    changes = _published_changes(edition, age)
    rows = []
    for place in edition["places"]:
        key, level = place["key"], place["level"]
        if only not in (None, key):
            continue
        computed = unit_gaps(by_place.get(key, {}), QUESTIONS) if level == "unit" else {}
        for question in QUESTIONS:
            own = computed.get(question) or published.get((key, question))
            own = own or {"status": "hidden", "kind": "unit" if level == "unit" else "pooled"}
            gap = {"gap_low": own.get("gap"), "gap_high": own.get("gap")} | dict(own)
            wordings = {f"wording_{role}": edition["wordings"][role].get(question, "") for role in ROLES}
            about = {"place": key, "level": level, "question": question, "joined": place.get("joined", False)}
            rows.append(when | gap | changes.get((key, question), {}) | wordings | about)
    return rows


def _published_changes(edition: Edition, age: Mapping[str, int]) -> dict[tuple[str, str], dict[str, Any]]:
    """The change counted from the earliest round, where an edition has several of one gap."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for change in sorted(edition["gap_changes"], key=lambda row: age.get(row["since"], len(age)), reverse=True):
        found[change["place"], change["question"]] = {
            "since": change["since"],
            "change": change["change"],
            "change_low": change["low"],
            "change_high": change["high"],
            "change_distinct": change["distinct"],
        }
    return found
