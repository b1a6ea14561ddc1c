"""The rows of a CSV file by line number, with the faults in its form. For every file that is read in."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from survey.domain.text.clean_text import clean_text, one_line
from survey.domain.text.fault import Fault

Row = Mapping[str, str]
Faults = list[tuple[int, Fault]]
_SAYS_SIGN = re.compile(r'"?sep=(.)"?[;,\t]*', re.IGNORECASE)


class RowFault(NamedTuple):
    """A fault of a file and the lines it is on; none where it is the whole file's."""

    lines: tuple[int, ...]
    fault: Fault


def read_rows(text: str, required: Sequence[str], optional: Sequence[str], faults: Faults) -> Iterator[tuple[int, Row]]:
    """Yield each row as the line it begins on and its cells by lower-case header; append faults as they are met.

    Empty rows and columns, which spreadsheets leave behind, are passed over. Raises csv.Error where it is no CSV.
    """
    passed, sign, text = _begun(clean_text(text))
    sign = sign or _sign(text.split("\n", 1)[0], {*required, *optional})
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)
    header = [one_line(cell).casefold() for cell in next(reader, [])]
    named = [name for name in header if name]
    wrong = [Fault("column_missing", column=name) for name in required if name not in named]
    wrong += [Fault("column_unknown", column=name) for name in named if name not in (*required, *optional)]
    wrong += [Fault("column_twice", column=name) for name in dict.fromkeys(named) if named.count(name) > 1]
    if wrong:
        faults += [(passed + 1, fault) for fault in wrong]
        return
    line = passed + reader.line_num
    for cells in reader:
        line, before = passed + reader.line_num, line
        stripped = [one_line(cell) for cell in cells]
        if not any(stripped):
            continue
        if any(stripped[len(header) :]) or any(cell for cell, name in zip(stripped, header, strict=False) if not name):
            faults.append((before + 1, Fault("cell_without_header")))
        yield before + 1, {name: cell for name, cell in zip(header, stripped, strict=False) if name}


def by_fault(faults: Iterable[tuple[int, Fault]]) -> list[RowFault]:
    """Return equal faults once with all their lines, in the order of their first; line 0 is the whole file."""
    lines: dict[Fault, set[int]] = {}
    for line, fault in sorted(faults, key=lambda each: each[0]):
        lines.setdefault(fault, set()).add(line)
    return [RowFault(tuple(sorted(found - {0})), fault) for fault, found in lines.items()]


def _begun(text: str) -> tuple[int, str, str]:
    """Return the number of lines before the header, the delimiter that they declare, and the text after them."""
    lines, passed, sign = text.split("\n"), 0, ""
    for passed, line in enumerate(lines):
        if found := None if sign else _SAYS_SIGN.fullmatch(line):
            sign = found[1]
        elif line.strip(" \t;,"):
            return passed, sign, "\n".join(lines[passed:])
    return 0, sign, ""


def _sign(header: str, known: set[str]) -> str:
    """Return the delimiter: the one that gives most known columns, then most columns."""

    def good(sign: str) -> tuple[int, int]:
        cells = [one_line(cell.strip('"')).casefold() for cell in header.split(sign)]
        return len(known.intersection(cells)), len(cells)

    return max(";,\t", key=good)
