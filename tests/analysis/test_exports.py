"""Files to take home: read back as they were, and harmless in a spreadsheet."""

import csv
import io
import json
import time

import pandas as pd
import pytest

from analysis.charts import AMONG_REGIONS, NAMES, table_of
from analysis.files.codebook import code_book
from analysis.files.column_descriptions import COLUMNS
from analysis.files.column_titles import TITLES, WORDS
from analysis.files.exports import EXPORTS
from analysis.files.readable import readable
from analysis.frames import frame
from analysis.frames.resident_groups import groups
from analysis.localisation import PlainLocalisation
from tests.analysis import small_nation
from tests.analysis.invented import editions
from tests.analysis.spreadsheets.opened import sheets
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
    assert rows[1][rows[0].index("share")] == str(cells.loc[0, "share"])
    assert EXPORTS["csv"](cells).startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1"])
def test_formulas_are_defused(evil: str) -> None:
    table = pd.DataFrame({"place": [evil, "Östersund"], evil: [-3.0, None]})
    rows = read(EXPORTS["csv"](table))
    assert rows[0][1] == f"'{evil}"
    assert rows[1][0] == f"'{evil}"
    assert rows[1][1] == "-3"
    assert rows[2] == ["Östersund", ""]


def test_a_spreadsheet_has_figures_codes_questions_and_method() -> None:
    made = editions()[:3]
    cells = frame.cells(made, "odensala")
    codes = code_book(
        made, PlainLocalisation.from_editions(made), {("underlag-2021", "patient", "trygghet"): "Känner du dig trygg?"}
    )
    found = sheets(EXPORTS["xlsx"](cells, codes))
    assert list(found) == ["Siffror", "Förklaringar", "Frågor", "Metod"]
    assert found["Siffror"][0][:6] == ["Mätomgång", "Sista dag", "Plats", "Nivå", "Vems svar", "Fråga"]
    assert len(found["Siffror"]) == len(cells) + 1
    first = ["Våren 2022", "44666", "Odensala hälsocentral", "Enhet", "Patienter och andra invånare", "Trygghet", "ja"]
    assert found["Siffror"][1][:7] == first
    word = "Odensala hälsocentral"
    assert ["Plats", word, word, "place", "odensala"] in found["Förklaringar"]
    assert ["Visas", "för få svar", "För få har svarat, eller ingen.", "status", "hidden"] in found["Förklaringar"]
    assert not [row for row in found["Förklaringar"] if row[3:] == ["place", "region"]]
    assert len(found["Frågor"]) == 1 + 3 * 14
    assert any("Wilson" in str(row[0]) for row in found["Metod"])


@pytest.mark.parametrize("name", sorted(EXPORTS))
def test_the_same_edition_gives_the_same_bytes(name: str) -> None:
    def written() -> bytes:
        made = editions()[:2]
        return EXPORTS[name](frame.cells(made), code_book(made, PlainLocalisation.from_editions(made)))

    first = written()
    time.sleep(1.1)  # a moment in the file would show
    assert written() == first


WITH_CODES = {
    "level",
    "majority",
    "stage",
    "role",
    "question",
    "status",
    "patient_status",
    "provider_status",
    "reason",
    "kind",
    "round",
}


NATIONAL = [small_nation.edition(at, dict.fromkeys("abcdef", 10.0)) for at in range(2)]


def national_tables() -> list[pd.DataFrame]:
    """The tables that set a nation's regions beside each other."""
    return [table_of(name, NATIONAL, small_nation.NATION) for name in AMONG_REGIONS]


def test_every_column_and_code_has_its_meaning() -> None:
    made = editions()
    codes = code_book([*made, *NATIONAL], PlainLocalisation.from_editions([*made, *NATIONAL]))
    cells, gaps = frame.cells(made, "odensala"), frame.gaps(made, "odensala")
    region = made[-1]["places"][0]["key"]
    tables = [cells, gaps, *(table_of(name, made, region) for name in NAMES if name not in AMONG_REGIONS)]
    for table in [*tables, *national_tables()]:
        meant = {(row.column, row.code) for row in codes.of(table).itertuples()}
        assert {name for name, code in meant if not code} == set(table.columns)
        for name in sorted(WITH_CODES & set(table.columns)):
            assert {(name, code) for code in set(table[name].dropna()) - {""}} <= meant


def test_every_column_has_a_title_that_no_other_has() -> None:
    made = editions()
    codes, region = code_book(made, PlainLocalisation.from_editions(made)), made[-1]["places"][0]["key"]
    own = [table_of(each, made, region) for each in NAMES if each not in AMONG_REGIONS]
    for table in [frame.cells(made), frame.gaps(made), groups([body(5)]), *own, *national_tables()]:
        columns = readable(table.assign(note="påhittade svar"), codes)[0].columns
        assert not set(columns) & {*table.columns, "note"}
        assert len(columns) == len(set(columns)) == len(table.columns) + 1
    known = {of: set(each["code"]) - {""} for of, each in codes.codes.groupby("column")}
    assert {of: set(words) for of, words in WORDS.items()} == {of: known[of] for of in WORDS}


def test_a_column_without_a_title_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(TITLES, "share")  # type: ignore[arg-type]
    with pytest.raises(AssertionError):
        test_every_column_has_a_title_that_no_other_has()


def test_figures_open_in_a_swedish_spreadsheet_as_they_are_meant() -> None:
    made = editions()[:3]
    gaps = frame.gaps(made, "odensala").assign(p=0.0302, distinct=True)
    lines = (
        EXPORTS["excel"](gaps, code_book(made, PlainLocalisation.from_editions(made))).decode("utf-8-sig").split("\r\n")
    )
    headings, first = (line.split(";") for line in lines[:2])
    said = dict(zip(headings, first, strict=True))
    assert (said["Mätomgång"], said["Sista dag"], said["Plats"]) == (
        "Våren 2022",
        "2022-04-15",
        "Odensala hälsocentral",
    )
    assert (said["p-värde"], said["Skild från noll"]) == ("0,0302", "ja")
    assert said["Skillnad"].lstrip("-").replace(",", "").isdecimal()


def test_a_column_without_a_meaning_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(COLUMNS, "share")  # type: ignore[arg-type]
    with pytest.raises(AssertionError):
        test_every_column_and_code_has_its_meaning()


@pytest.mark.parametrize("name", sorted(EXPORTS))
def test_no_format_runs_a_formula(name: str) -> None:
    content = EXPORTS[name](pd.DataFrame({"place": ["=1+1"], "=2": [-3.0]}))
    if name == "xlsx":
        assert sheets(content)["figures"] == [["place", "'=2"], ["'=1+1", "-3"]]
    elif name == "excel":
        assert content.decode("utf-8-sig") == "place;'=2\r\n'=1+1;-3\r\n"
    elif name == "json":
        assert json.loads(content)["figures"] == [{"place": "'=1+1", "'=2": -3}]
    else:
        assert read(content) == [["place", "'=2"], ["'=1+1", "-3"]]


def test_the_groups_of_residents_have_their_meanings_too() -> None:
    made = [body(5)]
    codes, table = code_book(made, PlainLocalisation.from_editions(made)), groups(made)
    meant = {(row.column, row.code) for row in codes.of(table).itertuples()}
    assert {name for name, code in meant if not code} == set(table.columns)
    for name in ("grouping", "group"):
        assert {(name, code) for code in table[name]} <= meant
