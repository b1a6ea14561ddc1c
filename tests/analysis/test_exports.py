"""Files to take home: read back as they were, and harmless in a spreadsheet."""

import csv
import io

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import exports, frame
from analysis.exports import EXPORTS, FORMULA_STARTS, HIDING, defused
from tests.analysis.invented import editions


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("name", sorted(EXPORTS))
def test_every_export_writes_every_table(name: str) -> None:
    export = EXPORTS[name]
    assert export.suffix.startswith(".")
    assert "/" in export.media_type
    for table in (frame.cells(editions()[:1]), frame.gaps(editions()[:1]), frame.cells([])):
        assert export(table)


def test_csv_reads_back() -> None:
    cells = frame.cells(editions()[:2])
    rows = read(EXPORTS["csv"](cells))
    assert rows[0] == list(cells.columns)
    assert len(rows) == len(cells) + 1
    assert rows[1][rows[0].index("date")] == "2022-04-15"
    assert rows[1][rows[0].index("share")] == str(int(cells.loc[0, "share"]))
    assert EXPORTS["csv"](cells).startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1"])
def test_formulas_are_defused(evil: str) -> None:
    table = pd.DataFrame({"place": [evil, "Östersund"], evil: [-3.0, None]})
    rows = read(EXPORTS["csv"](table))
    assert rows[0][1] == f"'{evil}"
    assert rows[1][0] == f"'{evil}"
    assert rows[1][1] == "-3"
    assert rows[2] == ["Östersund", ""]


@settings(deadline=None)
@given(st.text())
def test_no_text_is_left_to_start_a_formula(text: str) -> None:
    found = str(defused(text))
    assert not found.lstrip().startswith(FORMULA_STARTS)
    assert not found.startswith(HIDING)
    assert found.endswith(text)


def test_the_guard_sees_a_formula_that_slips_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "defused", lambda value: value)
    rows = read(EXPORTS["csv"](pd.DataFrame({"place": ["=1+1"]})))
    assert rows[1][0].startswith(FORMULA_STARTS)
