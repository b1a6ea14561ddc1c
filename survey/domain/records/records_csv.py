"""Records of one kind from a CSV file in the plan's own columns: all faults by line, and all rows or none.

For the follow-up group, which keeps its plan in a spreadsheet.
"""

import csv
from collections.abc import Mapping
from datetime import date
from typing import TypeVar

from survey.domain.records.record_types import Column, Record, RecordFault, normalised, parse_record
from survey.domain.text.csv_rows import Faults, Row, RowFault, by_fault, read_rows
from survey.domain.text.fault import Fault

T = TypeVar("T", bound=Record)


def headers(kind: type[Record]) -> tuple[str, ...]:
    """Return the column headers of this kind's file."""
    return tuple(column.header for column in kind.COLUMNS if column.header)


def read_csv(kind: type[T], text: str, today: date) -> tuple[list[T], list[RowFault]]:
    """Read the records in the file; return them and the faults, and save nothing when there is any fault."""
    faults: Faults = []
    found: dict[tuple[str, ...], tuple[int, T]] = {}
    columns = [column for column in kind.COLUMNS if column.header]
    try:
        for line, row in read_rows(text, headers(kind), (), faults):
            thing, wrong = parse_record(kind, {column.name: _raw(column, row) for column in columns}, {}, today)
            faults += [(line, _in_column(kind, fault)) for fault in wrong]
            if thing is None:
                continue
            earlier = found.setdefault(thing.identity(), (line, thing))[0]
            if earlier != line:
                faults.append((line, Fault("record_twice", column=columns[0].header, line=earlier)))
    except csv.Error as error:
        faults.append((len(text.splitlines()), Fault("no_csv", error=str(error))))
    return [thing for _line, thing in found.values()], by_fault(faults)


def _raw(column: Column, row: Row) -> str:
    """Return the cell as raw text of the form: a choice by its code."""
    cell = row.get(column.header, "")
    return known_words(column).get(normalised(cell), cell) if column.kind == "choice" else cell


def known_words(column: Column) -> Mapping[str, str]:
    """Return every word that a file may use for a choice, with its code: the code, its label, and other words."""
    words = {normalised(word): code for code, word in column.options.items()}
    return {**{code: code for code in column.options}, **column.synonyms, **words}


def _in_column(kind: type[Record], found: RecordFault) -> Fault:
    column = next((each for each in kind.COLUMNS if each.name == found.name), None)
    if column is None:
        return found.fault
    header = column.header or column.title
    if column.kind == "choice":
        words = tuple(column.options.values())
        return Fault("in_column_of_choices", column=header, fault=found.fault, options=words)
    if found.fault.code == "too_long":
        return Fault("in_column_of_texts", column=header, fault=found.fault, most=column.max_length)
    return Fault("in_column", column=header, fault=found.fault)
