"""Tables as files to take home: one entry a format, one function each.

For the follow-up group's downloads and for `python -m analysis`. A file opens in a spreadsheet, so no text in
it may be taken for a formula.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

# What spreadsheets start a formula with, and what can hide one behind it.
FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
HIDING = ("\t", "\r", "\n")


@dataclass(frozen=True)
class Export:
    """A format: how a table becomes bytes, and how the file is named and served."""

    write: Callable[[pd.DataFrame], bytes]
    suffix: str
    media_type: str

    def __call__(self, table: pd.DataFrame) -> bytes:
        """The table as a file."""
        return self.write(table)


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


def csv(table: pd.DataFrame) -> bytes:
    """Comma-separated UTF-8 with a mark at the start, without which spreadsheets misread å, ä and ö."""
    text: str = _plain(table).to_csv(index=False, lineterminator="\r\n")
    return text.encode("utf-8-sig")


EXPORTS = {"csv": Export(csv, ".csv", "text/csv; charset=utf-8")}
