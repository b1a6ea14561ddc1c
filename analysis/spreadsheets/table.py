"""Tables of a file: headings and rows in the reader's words, and no text that a spreadsheet would run."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

NO_DAY = date(2000, 1, 1)  # the day of a file that shall not tell when it was made
Value = str | int | float | date | datetime | None

# Signs that start a formula in a spreadsheet, and those that can hide one behind them.
FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
HIDING_STARTS = ("\t", "\r", "\n")


@dataclass(frozen=True)
class Table:
    """A table of texts, numbers, days and moments; a moment is shown in the reader's own hours."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Value]]


def defused(value: object) -> object:
    """Put an apostrophe before a text that a spreadsheet would run; return anything else as it is."""
    if isinstance(value, str) and (value.lstrip().startswith(FORMULA_STARTS) or value[:1] in HIDING_STARTS):
        return f"'{value}"
    return value


def format_day(moment: date) -> str:
    """Format a day or a moment as Swedish spreadsheets write it, and read it back as one."""
    return moment.strftime("%Y-%m-%d %H:%M") if isinstance(moment, datetime) else moment.isoformat()
