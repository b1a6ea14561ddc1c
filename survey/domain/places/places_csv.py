"""Places from a CSV file, as `flask places import` takes it. For the coordinator, who keeps a spreadsheet.

Every fault is told at once and by line. Rows may come in any order and may name places that are here.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from survey.domain.places.place import LEVEL_NAMES, Place, place_faults, tree_faults
from survey.domain.text.csv_rows import Faults, Row, RowFault, by_fault, read_rows
from survey.domain.text.fault import Fault

REQUIRED = ("nyckel", "namn", "nivå", "hör_till", "huvudman", "hsa_id")
FIELD_OF = {
    "filial_till": "filial_of",
    "från": "valid_from",
    "till": "valid_to",
    "uppgår_i": "merged_into",
    "personal": "headcount",
}
OPTIONAL = tuple(FIELD_OF)
LEVEL_OF = {swedish: level for level, swedish in LEVEL_NAMES.items()}


def read_csv(text: str, known: Iterable[Place] = ()) -> tuple[list[Place], list[RowFault]]:
    """Read the places in the file; return them and the faults, and save nothing when there is any fault."""
    faults: Faults = []
    lines: dict[str, int] = {}
    places: dict[str, Place] = {}
    here = {place.key: place for place in known}
    try:
        for line, row in read_rows(text, REQUIRED, OPTIONAL, faults):
            place = _place(row, line, faults)
            if place.key in here:
                place = replace(place, **_as_it_was(here[place.key], row))
            if place.key in lines:
                faults.append((line, Fault("key_twice", key=place.key, line=lines[place.key])))
                continue
            if place.key in here and here[place.key].level != place.level:
                faults.append((line, Fault("level_changed", key=place.key)))
            lines[place.key], places[place.key] = line, place
            faults += [(line, fault) for fault in place_faults(place)]
    except csv.Error as error:
        faults.append((len(text.splitlines()), Fault("no_csv", error=str(error))))
    faults += [(lines.get(key, 0), _named(key, fault, lines)) for key, fault in tree_faults({**here, **places})]
    return list(places.values()), by_fault(faults)


def _as_it_was(known: Place, row: Row) -> dict[str, Any]:
    """Carry over the known place's values for which the file has no column."""
    return {field: getattr(known, field) for column, field in FIELD_OF.items() if column not in row}


def _named(key: str, fault: Fault, lines: Mapping[str, int]) -> Fault:
    return fault if key in lines else Fault("not_in_file", key=key, fault=fault)


def _place(row: Row, line: int, faults: Faults) -> Place:
    def day(name: str) -> date | None:
        try:
            return date.fromisoformat(row[name]) if row.get(name) else None
        except ValueError:
            faults.append((line, Fault("no_date", column=name)))
            return None

    def number(name: str) -> int | None:
        if not (text := row.get(name, "")):
            return None
        if not (text.isascii() and text.isdigit() and len(text) <= 4):
            faults.append((line, Fault("no_whole_number", column=name)))
            return None
        return int(text)

    return Place(
        key=row.get("nyckel", ""),
        name=row.get("namn", ""),
        level=LEVEL_OF.get(row.get("nivå", "").casefold(), ""),
        parent=row.get("hör_till") or None,
        huvudman=row.get("huvudman", ""),
        hsa_id=row.get("hsa_id", ""),
        filial_of=row.get("filial_till") or None,
        valid_from=day("från"),
        valid_to=day("till"),
        merged_into=row.get("uppgår_i") or None,
        headcount=number("personal"),
    )
