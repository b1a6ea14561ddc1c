"""A spreadsheet (XLSX): a sheet a table, real days and numbers, a heading that stays in sight and can be filtered by.

The same tables of the same day are the same bytes.
"""

import io
import re
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from analysis.spreadsheets.table import Table, Value, defused, format_day

_MAX_NAME_LENGTH, _MAX_WIDTH = 31, 90
_FILTER_BUTTON = 4  # letters of a heading that the filter's button hides
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "remove_timezone": True}
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")


def write(tables: Sequence[Table], day: date) -> bytes:
    """Write all the tables, the first in front."""
    from xlsxwriter import Workbook

    file = io.BytesIO()
    with Workbook(file, _OPTIONS) as workbook:
        # Else the moment would stand in the file, and the same figures would not be the same bytes.
        workbook.set_properties({"created": datetime.combine(day, time())})
        looks = {
            "heading": workbook.add_format({"bold": True}),
            "day": workbook.add_format({"num_format": "yyyy-mm-dd"}),
            "moment": workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        }
        for table in tables:
            _write_sheet(workbook.add_worksheet(_sheet_name(table.name)), table, looks)
    return file.getvalue()


def _sheet_name(name: str) -> str:
    return _NOT_IN_NAMES.sub(" ", name).strip("' ")[:_MAX_NAME_LENGTH]


def _write_sheet(sheet: Any, table: Table, looks: dict[str, Any]) -> None:
    sheet.freeze_panes(1, 0)
    if len(table.columns) > 1:
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
    for at, name in enumerate(table.columns):
        values = [row[at] for row in table.rows]
        sheet.write_string(0, at, str(defused(name)), looks["heading"])
        for row, value in enumerate(values, start=1):
            _write_cell(sheet, row, at, value, looks)
        widest = max([len(name) + _FILTER_BUTTON, *(len(_displayed(value)) for value in values)])
        sheet.set_column(at, at, min(widest, _MAX_WIDTH) + 2)


def _write_cell(sheet: Any, row: int, at: int, value: Value, looks: dict[str, Any]) -> None:
    if isinstance(value, str):
        sheet.write_string(row, at, str(defused(value)))
    elif isinstance(value, date):
        sheet.write_datetime(row, at, value, looks["moment" if isinstance(value, datetime) else "day"])
    elif value is not None:
        sheet.write_number(row, at, value)


def _displayed(value: Value) -> str:
    return "" if value is None else format_day(value) if isinstance(value, date) else str(value)
