"""Files for people: opened by a Swedish Excel as they are meant, harmless, and the same bytes each time."""

import csv
import io
import time
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.spreadsheets import table
from analysis.spreadsheets.formats import FORMATS
from analysis.spreadsheets.table import FORMULA_STARTS, HIDING_STARTS, Table, defused
from survey.domain.clock import in_sweden
from tests.analysis.spreadsheets.opened import days, first_sheet, sheets

DAY = date(2026, 11, 29)
MOMENT = in_sweden(datetime(2026, 6, 15, 8, 4, tzinfo=UTC))
MIXED = Table(
    "Enheter: 1/2",
    ["Namn", "Antal", "Andel", "Dag", "När"],
    [['Åre; Östra "hc"', 1234, 0.25, DAY, MOMENT], [None, -3, 1e6, None, None]],
)


def test_csv_is_what_a_swedish_spreadsheet_expects() -> None:
    content = FORMATS["excel"].write([MIXED], DAY)
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig").split("\r\n") == [
        "Namn;Antal;Andel;Dag;När",
        '"Åre; Östra ""hc""";1234;0,25;2026-11-29;2026-06-15 10:04',
        ";-3;1000000;;",
        "",
    ]


def test_a_spreadsheet_has_real_days_and_numbers_a_filter_and_a_heading_that_stays() -> None:
    content = FORMATS["xlsx"].write([MIXED], DAY)
    assert sheets(content) == {
        "Enheter  1 2": [
            ["Namn", "Antal", "Andel", "Dag", "När"],
            ['Åre; Östra "hc"', "1234", "0.25", "46355", "46188.41944444444"],
            ["-3", "1000000"],
        ]
    }
    assert days(content) == {"D2": "yyyy-mm-dd", "E2": "yyyy-mm-dd hh:mm"}
    assert first_sheet(content) == ("A1:E3", "A2")


@pytest.mark.parametrize("kind", sorted(FORMATS))
def test_the_same_table_is_the_same_bytes(kind: str) -> None:
    first = FORMATS[kind].write([MIXED], DAY)
    time.sleep(1.1)  # a moment in the file would show
    assert FORMATS[kind].write([MIXED], DAY) == first


@pytest.mark.parametrize("kind", sorted(FORMATS))
@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1"])
def test_no_format_runs_a_formula(kind: str, evil: str) -> None:
    found = read(kind, FORMATS[kind].write([Table("t", [evil, "b"], [[evil, -3]])], DAY))
    assert found == [[f"'{evil}", "b"], [f"'{evil}", "-3"]]


def read(kind: str, content: bytes) -> list[list[str]]:
    if kind == "xlsx":
        return [[str(cell).replace("_x000D_", "\r") for cell in row] for row in sheets(content)["t"]]
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


@settings(deadline=None)
@given(st.text())
def test_no_text_is_left_to_start_a_formula(text: str) -> None:
    found = str(defused(text))
    assert not found.lstrip().startswith(FORMULA_STARTS)
    assert not found.startswith(HIDING_STARTS)
    assert found.endswith(text)


def test_the_guard_sees_a_formula_that_slips_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "FORMULA_STARTS", ())
    with pytest.raises(AssertionError):
        test_no_format_runs_a_formula("excel", "=1+1")


@pytest.mark.parametrize("kind", sorted(FORMATS))
def test_an_empty_table_has_its_headings(kind: str) -> None:
    assert read(kind, FORMATS[kind].write([Table("t", ["Namn", "Antal"], [])], DAY)) == [["Namn", "Antal"]]
