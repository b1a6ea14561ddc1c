"""CSV that a Swedish Excel opens right, without being asked how: semicolons, a decimal comma, UTF-8 with its mark."""

import csv
import io
from collections.abc import Sequence
from datetime import date

from analysis.spreadsheets.table import Table, Value, defused, format_day


def write(tables: Sequence[Table], _day: date) -> bytes:
    """Write the first of the tables: this format has room for no more."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow([_cell(name) for name in tables[0].columns])
    writer.writerows([_cell(value) for value in row] for row in tables[0].rows)
    return file.getvalue().encode("utf-8-sig")


def _cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return format_day(value)
    if isinstance(value, float):
        return f"{value:.15g}".replace(".", ",")
    return str(defused(value))
