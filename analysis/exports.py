"""Tables as files to take home: one entry a format, one function each.

For the follow-up group's downloads and for `python -m analysis`. A file opens in a spreadsheet, so no text in
it may be taken for a formula. The same table and code book give the same bytes, today and in a year.
"""

import io
import json as _json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import pandas as pd

from analysis.codebook import Book

# What spreadsheets start a formula with, and what can hide one behind it.
FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
HIDING = ("\t", "\r", "\n")
EARLIEST = date(2000, 1, 1)  # where no edition says of what day a file is


@dataclass(frozen=True)
class Export:
    """A format: how a table becomes bytes, and how the file is named and served."""

    write: Callable[[pd.DataFrame, Book | None], bytes]
    suffix: str
    media_type: str

    def __call__(self, table: pd.DataFrame, book: Book | None = None) -> bytes:
        """The table as a file, with its code book where the format has room for one."""
        return self.write(table, book)


def defused(value: object) -> object:
    """Text that a spreadsheet would run gets an apostrophe before it; numbers stay numbers."""
    if isinstance(value, str) and (value.lstrip().startswith(FORMULA_STARTS) or value[:1] in HIDING):
        return f"'{value}"
    return value


def _plain(table: pd.DataFrame) -> pd.DataFrame:
    """Whole numbers without decimals, dates as days, texts and column names defused, and no index."""
    plain = table.convert_dtypes()
    for position, dtype in enumerate(plain.dtypes):
        name = plain.columns[position]
        if pd.api.types.is_datetime64_any_dtype(dtype):
            plain[name] = plain[name].dt.strftime("%Y-%m-%d")
        elif pd.api.types.is_string_dtype(dtype) or pd.api.types.is_object_dtype(dtype):
            plain[name] = plain[name].map(defused, na_action="ignore")
    return plain.set_axis([str(defused(str(name))) for name in plain.columns], axis="columns")


def csv(table: pd.DataFrame, book: Book | None = None) -> bytes:
    """Comma-separated UTF-8 with a mark at the start, without which spreadsheets misread å, ä and ö."""
    text: str = _plain(table).to_csv(index=False, lineterminator="\r\n")
    return text.encode("utf-8-sig")


def xlsx(table: pd.DataFrame, book: Book | None = None) -> bytes:
    """A spreadsheet: the figures, what their columns and codes mean, what was asked, how it is counted."""
    from xlsxwriter import Workbook

    file = io.BytesIO()
    with Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        # Else the moment would stand in the file, and the same figures would not be the same bytes.
        workbook.set_properties({"created": datetime.combine(book.day if book else EARLIEST, time())})
        for name, content in _sheets(table, book).items():
            _fill(workbook.add_worksheet(name), _plain(content), workbook.add_format({"bold": True}))
    return file.getvalue()


def _sheets(table: pd.DataFrame, book: Book | None) -> dict[str, pd.DataFrame]:
    if book is None:
        return {"figures": table}
    codes, method = book.of(table), pd.DataFrame({"method": list(book.method)})
    return {"figures": table, "codes": codes, "questions": book.questions, "method": method}


def _fill(sheet: Any, content: pd.DataFrame, bold: Any) -> None:
    """A row a figure under a bold heading that stays in sight."""
    sheet.freeze_panes(1, 0)
    for at, name in enumerate(content.columns):
        values = [None if pd.isna(value) else value for value in content[name].tolist()]
        sheet.write_string(0, at, str(name), bold)
        for row, value in enumerate(values, start=1):
            if isinstance(value, str):
                sheet.write_string(row, at, value)
            elif value is not None:
                sheet.write(row, at, value)
        widest = max((len(str(value)) for value in (name, *values) if value is not None), default=0)
        sheet.set_column(at, at, min(widest, 90) + 2)


def json(table: pd.DataFrame, book: Book | None = None) -> bytes:
    """The same rows for programs, with the code book beside them; what is not known is null."""
    content: dict[str, Any] = {name: _rows(_plain(each)) for name, each in _sheets(table, book).items()}
    if book is not None:
        content["method"] = list(book.method)
    return (_json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode()


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    columns = {name: [None if pd.isna(value) else value for value in table[name].tolist()] for name in table.columns}
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXPORTS = {
    "csv": Export(csv, ".csv", "text/csv; charset=utf-8"),
    "xlsx": Export(xlsx, ".xlsx", SPREADSHEET),
    "json": Export(json, ".json", "application/json"),
}
