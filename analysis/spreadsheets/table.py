"""What a file is made of: headings and rows in the reader's words, and no text that a spreadsheet would run."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

NO_DAY = date(2000, 1, 1)  # of what is made now and shall not tell when
Value = str | int | float | date | datetime | None

# What spreadsheets start a formula with, and what can hide one behind it.
FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
HIDING = ("\t", "\r", "\n")


@dataclass(frozen=True)
class Table:
    """One table. Its numbers, days and moments are just that; a moment is told in the reader's own hours."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Value]]


def defused(value: object) -> object:
    """Text that a spreadsheet would run gets an apostrophe before it; numbers stay numbers."""
    if isinstance(value, str) and (value.lstrip().startswith(FORMULA_STARTS) or value[:1] in HIDING):
        return f"'{value}"
    return value


def in_digits(moment: date) -> str:
    """A day or a moment as Swedish spreadsheets write it, and read it back as one."""
    return moment.strftime("%Y-%m-%d %H:%M") if isinstance(moment, datetime) else moment.isoformat()
