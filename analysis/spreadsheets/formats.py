"""The spreadsheet formats that people choose among: one line each. For whoever hands a file out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from analysis.spreadsheets import semicolons, workbook
from analysis.spreadsheets.table import Table


@dataclass(frozen=True)
class Format:
    """A writer of tables as bytes, for a day; with its name for a reader, its file ending and its media type."""

    name: str
    write: Callable[[Sequence[Table], date], bytes]
    suffix: str
    media_type: str


FORMATS: Mapping[str, Format] = {
    "xlsx": Format(
        "XLSX", workbook.write, ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ),
    "excel": Format("CSV (Excel)", semicolons.write, ".excel.csv", "text/csv; charset=utf-8"),
}
