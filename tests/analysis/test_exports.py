"""Files to take home: read back as they were, and harmless in a spreadsheet."""

import csv
import io
import json
import time
import zipfile
from xml.etree import ElementTree

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import exports, frame
from analysis.background import groups
from analysis.charts import CHARTS, IN_MUNICIPALITIES, table_of
from analysis.codebook import book
from analysis.exports import EXPORTS, FORMULA_STARTS, HIDING, defused
from analysis.meanings import COLUMNS
from analysis.texts import PlainTexts
from tests.analysis.invented import editions
from tests.followup.editions import body


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


def sheets(content: bytes) -> dict[str, list[list[str | None]]]:
    """A spreadsheet's cells by sheet, read as the format says; a formula or a number that is text shows as such."""
    space = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        texts = ["".join(t.itertext()) for t in ElementTree.fromstring(parts.read("xl/sharedStrings.xml"))]
        names = [
            s.get("name", "")
            for s in ElementTree.fromstring(parts.read("xl/workbook.xml")).iterfind(".//m:sheet", space)
        ]
        found: dict[str, list[list[str | None]]] = {}
        for number, name in enumerate(names, start=1):
            sheet = ElementTree.fromstring(parts.read(f"xl/worksheets/sheet{number}.xml"))
            assert not sheet.findall(".//m:f", space), "a formula"
            found[name] = [
                [
                    texts[int(cell.findtext("m:v", "", space))]
                    if cell.get("t") == "s"
                    else cell.findtext("m:v", None, space)
                    for cell in row
                ]
                for row in sheet.iterfind(".//m:row", space)
            ]
    return found


def test_a_spreadsheet_has_figures_codes_questions_and_method() -> None:
    made = editions()[:3]
    cells = frame.cells(made, "odensala")
    codes = book(
        made, PlainTexts.from_editions(made), {("underlag-2021", "patient", "trygghet"): "Känner du dig trygg?"}
    )
    found = sheets(EXPORTS["xlsx"](cells, codes))
    assert list(found) == ["figures", "codes", "questions", "method"]
    assert found["figures"][0] == list(cells.columns)
    assert len(found["figures"]) == len(cells) + 1
    assert ["place", "odensala", "Odensala hälsocentral"] in found["codes"]
    assert not [row for row in found["codes"] if row[:2] == ["place", "region"]]
    assert len(found["questions"]) == 1 + 3 * 14
    assert any("Wilson" in str(row[0]) for row in found["method"])


@pytest.mark.parametrize("name", sorted(EXPORTS))
def test_the_same_edition_gives_the_same_bytes(name: str) -> None:
    def written() -> bytes:
        made = editions()[:2]
        return EXPORTS[name](frame.cells(made), book(made, PlainTexts.from_editions(made)))

    first = written()
    time.sleep(1.1)  # a moment in the file would show
    assert written() == first


WITH_CODES = {
    "level",
    "half",
    "stage",
    "role",
    "question",
    "status",
    "patient_status",
    "provider_status",
    "why",
    "kind",
    "round",
}


def test_every_column_and_code_has_its_meaning() -> None:
    made = editions()
    codes = book(made, PlainTexts.from_editions(made))
    cells, gaps = frame.cells(made, "odensala"), frame.gaps(made, "odensala")
    names = (*CHARTS, *IN_MUNICIPALITIES, *frame.QUESTIONS)
    region = made[-1]["places"][0]["key"]
    tables = [cells, gaps, *(table_of(name, made, region) for name in names)]
    for table in tables:
        meant = {(row.column, row.code) for row in codes.of(table).itertuples()}
        assert {name for name, code in meant if not code} == set(table.columns)
        for name in sorted(WITH_CODES & set(table.columns)):
            assert {(name, code) for code in set(table[name].dropna()) - {""}} <= meant


def test_a_column_without_a_meaning_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(COLUMNS, "share")  # type: ignore[arg-type]
    with pytest.raises(AssertionError):
        test_every_column_and_code_has_its_meaning()


@pytest.mark.parametrize("name", sorted(EXPORTS))
def test_no_format_runs_a_formula(name: str) -> None:
    content = EXPORTS[name](pd.DataFrame({"place": ["=1+1"], "=2": [-3.0]}))
    if name == "xlsx":
        assert sheets(content)["figures"] == [["place", "'=2"], ["'=1+1", "-3"]]
    elif name == "json":
        assert json.loads(content)["figures"] == [{"place": "'=1+1", "'=2": -3}]
    else:
        assert read(content) == [["place", "'=2"], ["'=1+1", "-3"]]


def test_the_groups_of_residents_have_their_meanings_too() -> None:
    made = [body(5)]
    codes, table = book(made, PlainTexts.from_editions(made)), groups(made)
    meant = {(row.column, row.code) for row in codes.of(table).itertuples()}
    assert {name for name, code in meant if not code} == set(table.columns)
    for name in ("grouping", "group"):
        assert {(name, code) for code in table[name]} <= meant
