"""A list of recipients as people paste or upload it: one a line, perhaps with a language. For mail and SMS.

Every fault is told by its line, and nothing of the list is kept here.
"""

import csv
import io
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from itertools import count

from survey.domain.marking import N_

_DELIMITERS = "\t;,"
LANDLINE = "no mobile"  # what a check says of a number that no SMS reaches
REASONS = {
    "language": N_("språket finns inte här"),
    "formula": N_("en formel, ingen adress"),
    "landline": N_("numret kan inte ta emot sms"),
    "address": N_("ingen adress eller inget nummer"),
}


@dataclass(frozen=True)
class Recipient:
    """One address or number as it will be sent to, and the language the message will be in."""

    to: str
    language: str


@dataclass(frozen=True)
class Fault:
    """A line that can't be read, and why."""

    line: int
    reason: str


@dataclass(frozen=True)
class Recipients:
    """Who a list names, each once; which lines can't be read; how many lines repeat another."""

    found: tuple[Recipient, ...]
    faulty: tuple[Fault, ...]
    repeated: int


def read(text: str, check: Callable[[str], str], languages: Collection[str], usual: str) -> Recipients:
    """Read a list. `check` gives an address in one spelling or raises ValueError; an unknown language is a fault."""
    found: dict[str, Recipient] = {}
    faulty: list[Fault] = []
    repeated = 0
    for line, (to, language) in _cells(text):
        try:
            known = check(to)
        except ValueError as wrong:
            # The first line may be a heading.
            if line > 1 or any(mark.isdigit() or mark == "@" for mark in to):
                faulty.append(Fault(line, _reason(to, wrong)))
            continue
        if language and language not in languages:
            faulty.append(Fault(line, REASONS["language"]))
        elif known in found:
            repeated += 1
        else:
            found[known] = Recipient(known, language or usual)
    return Recipients(tuple(found.values()), tuple(faulty), repeated)


def _reason(cell: str, wrong: ValueError) -> str:
    if cell.startswith(("=", "@")):
        return REASONS["formula"]
    return REASONS["landline" if str(wrong) == LANDLINE else "address"]


def _cells(text: str) -> Iterator[tuple[int, tuple[str, str]]]:
    """Line number, first cell, second cell in small letters; empty lines are passed over."""
    lines = text.removeprefix("\ufeff").replace("\0", "").splitlines()
    for number, line in zip(count(1), lines, strict=False):
        delimiter = next((mark for mark in _DELIMITERS if mark in line), ";")
        cells = next(csv.reader(io.StringIO(line), delimiter=delimiter), [])
        if any(cell.strip() for cell in cells):
            yield number, (cells[0].strip(), cells[1].strip().lower() if len(cells) > 1 else "")
