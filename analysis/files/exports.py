"""Tables as files to take home: one entry a format. People's are in `spreadsheets`, programs' here.

For the follow-up group's downloads and for `python -m analysis`. A file opens in a spreadsheet, so no text in
it may be taken for a formula. The same table and code book give the same bytes, today and in a year.
"""

import json as _json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.files.codebook import CodeBook
from analysis.files.readable import readable
from analysis.spreadsheets.formats import FORMATS, Format
from analysis.spreadsheets.table import NO_DAY, defused


@dataclass(frozen=True)
class Export:
    """A format: its name for a reader, its writer, its file ending and its media type."""

    name: str
    write: Callable[[pd.DataFrame, CodeBook | None], bytes]
    suffix: str
    media_type: str

    def __call__(self, table: pd.DataFrame, book: CodeBook | None = None) -> bytes:
        """Return the table as a file's bytes, with its code book where the format has room for one."""
        return self.write(table, book)


def _plain(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table as plain values: whole numbers, days, defused texts and column names, and no index."""
    plain = table.convert_dtypes()
    for position, dtype in enumerate(plain.dtypes):
        name = plain.columns[position]
        if pd.api.types.is_datetime64_any_dtype(dtype):
            plain[name] = plain[name].dt.strftime("%Y-%m-%d")
        elif pd.api.types.is_string_dtype(dtype) or pd.api.types.is_object_dtype(dtype):
            plain[name] = plain[name].map(defused, na_action="ignore")
    return plain.set_axis([str(defused(str(name))) for name in plain.columns], axis="columns")


def csv(table: pd.DataFrame, book: CodeBook | None = None) -> bytes:
    """Return comma-separated UTF-8 with a mark at the start, without which spreadsheets misread å, ä and ö."""
    text: str = _plain(table).to_csv(index=False, lineterminator="\r\n")
    return text.encode("utf-8-sig")


def _for_people(form: Format) -> Export:
    """Make an Export from a spreadsheet format, in the reader's language."""

    def write(table: pd.DataFrame, book: CodeBook | None) -> bytes:
        return form.write(readable(table, book), book.day if book else NO_DAY)

    return Export(form.name, write, form.suffix, form.media_type)


def _sheets(table: pd.DataFrame, book: CodeBook | None) -> dict[str, pd.DataFrame]:
    if book is None:
        return {"figures": table}
    codes, method = book.of(table), pd.DataFrame({"method": list(book.method)})
    return {"figures": table, "codes": codes, "questions": book.questions, "method": method}


def json(table: pd.DataFrame, book: CodeBook | None = None) -> bytes:
    """Return the rows as JSON for programs, with the code book beside them; unknown values are null."""
    content: dict[str, Any] = {name: _rows(_plain(each)) for name, each in _sheets(table, book).items()}
    if book is not None:
        content["method"] = list(book.method)
    return (_json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode()


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    columns = {name: [None if pd.isna(value) else value for value in table[name].tolist()] for name in table.columns}
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


EXPORTS = {
    **{kind: _for_people(form) for kind, form in FORMATS.items()},
    "csv": Export("CSV", csv, ".csv", "text/csv; charset=utf-8"),
    "json": Export("JSON", json, ".json", "application/json"),
}
