"""Records of one kind from a CSV file in the plan's own columns: all faults by line, and all rows or none.

For the follow-up group, which keeps its plan in a spreadsheet.
"""

import csv
from collections.abc import Mapping
from datetime import date
from typing import TypeVar

from survey.domain.records.record_types import TOO_LONG, Column, Record, normalised, parse_record
from survey.domain.text.csv_rows import Row, fault_sentences, read_rows

T = TypeVar("T", bound=Record)


def headers(kind: type[Record]) -> tuple[str, ...]:
    """Return the column headers of this kind's file."""
    return tuple(column.header for column in kind.COLUMNS if column.header)


def read_csv(kind: type[T], text: str, today: date) -> tuple[list[T], list[str]]:
    """Read the records in the file; return them and the faults, and save nothing when there is any fault."""
    faults: list[tuple[int, str]] = []
    found: dict[tuple[str, ...], tuple[int, T]] = {}
    columns = [column for column in kind.COLUMNS if column.header]
    try:
        for line, row in read_rows(text, headers(kind), (), faults):
            thing, wrong = parse_record(kind, {column.name: _raw(column, row) for column in columns}, {}, today)
            faults += [(line, _describe_fault(kind, fault.name, fault.message)) for fault in wrong]
            if thing is None:
                continue
            earlier = found.setdefault(thing.identity(), (line, thing))[0]
            if earlier != line:
                faults.append((line, f"samma {columns[0].header} finns redan på rad {earlier}."))
    except csv.Error as error:
        faults.append((len(text.splitlines()), f"filen kan inte läsas som CSV ({error})."))
    return [thing for _line, thing in found.values()], fault_sentences(faults)


def _raw(column: Column, row: Row) -> str:
    """Return the cell as raw text of the form: a choice by its code."""
    cell = row.get(column.header, "")
    return known_words(column).get(normalised(cell), cell) if column.kind == "choice" else cell


def known_words(column: Column) -> Mapping[str, str]:
    """Return every word that a file may use for a choice, with its code: the code, its label, and other words."""
    words = {normalised(word): code for code, word in column.options.items()}
    return {**{code: code for code in column.options}, **column.synonyms, **words}


def _describe_fault(kind: type[Record], name: str, said: str) -> str:
    column = next((each for each in kind.COLUMNS if each.name == name), None)
    if column is None:
        return said
    more = f" Det kan stå: {', '.join(column.options.values())}." if column.kind == "choice" else ""
    more += f" Högst {column.max_length} tecken." if said == TOO_LONG else ""
    return f"”{column.header or column.title}”: {said[:1].lower()}{said[1:]}{more}"
