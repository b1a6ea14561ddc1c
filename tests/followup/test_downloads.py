"""Taking data home: the same safe cells in three formats, and the whole edition from the command line."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from xlsxwriter.utility import xl_col_to_name

from survey.domain.questions.questionnaire import QUESTIONS
from survey.store.database.engine import read_transaction
from survey.store.published import editions
from survey.web.request.services import Services
from tests.analysis.spreadsheets.opened import days, first_sheet, sheets
from tests.followup.staffed import StaffBrowser

KINDS = ("csv", "excel", "json", "xlsx")
Enter = Callable[..., StaffBrowser]


def taken(browser: StaffBrowser, address: str) -> bytes:
    """A file's bytes."""
    reply = browser.client.get(address)
    assert reply.status_code == 200
    assert "no-store" in reply.headers["Cache-Control"]
    return bytes(reply.data)


@pytest.mark.parametrize("name", ["figures", "gap", "trend", "gap-trend", *QUESTIONS])
def test_every_table_comes_as_json_and_as_a_spreadsheet(name: str, as_person: Enter) -> None:
    browser = as_person("Freja")
    rows = json.loads(taken(browser, f"/staff/followup/5/ostersund/{name}.json"))
    lines = taken(browser, f"/staff/followup/5/ostersund/{name}.csv").decode("utf-8-sig").splitlines()
    assert len(rows["figures"]) == len(lines) - 1
    assert ",".join(rows["figures"][0]) == lines[0]
    with zipfile.ZipFile(io.BytesIO(taken(browser, f"/staff/followup/5/ostersund/{name}.xlsx"))) as parts:
        names = parts.read("xl/workbook.xml").decode()
    assert all(f'name="{sheet}"' in names for sheet in ("Siffror", "Förklaringar", "Frågor", "Metod"))


def test_the_code_book_says_what_was_asked_in_the_readers_language(as_person: Enter) -> None:
    swedish = json.loads(taken(as_person("Freja"), "/staff/followup/5/jh/figures.json"))
    asked = {(row["round"], row["role"], row["question"]): row for row in swedish["questions"]}
    assert len(asked) == 5 * 14
    assert all(row["text"] and row["version"] and row["wording"] for row in asked.values())
    assert any("Färre än 10" in sentence for sentence in swedish["method"])


def test_what_people_open_is_in_their_language_and_what_programs_read_is_not(as_person: Enter) -> None:
    browser = as_person("Freja")
    address = "/staff/followup/5/ostersund/figures"
    plain = taken(browser, f"{address}.csv")
    swedish = taken(browser, f"{address}.excel").decode("utf-8-sig").splitlines()
    assert swedish[0].startswith("Mätomgång;Sista dag;Plats;Nivå;Vems svar;Fråga;Visas")
    assert swedish[1].split(";")[2:4] == ["Östersund", "Kommun"]
    assert "Frösö" not in swedish[1] and len(swedish) == len(plain.splitlines())
    browser.post("/staff/language", {"language": "en", "next": "/staff/account/"}, 302)
    english = taken(browser, f"{address}.excel").decode("utf-8-sig").splitlines()
    assert english[0].startswith("Round;Last day;Place;Level;Whose answers;Question;Shown")
    spreadsheet = taken(browser, f"{address}.xlsx")
    assert list(sheets(spreadsheet)) == ["Figures", "Explanations", "Questions", "Method"]
    assert set(days(spreadsheet).values()) == {"yyyy-mm-dd"}
    lines = len(english)
    last = xl_col_to_name(english[0].count(";"))
    assert first_sheet(spreadsheet) == (f"A1:{last}{lines}", "A2")
    assert taken(browser, f"{address}.csv") == plain
    reply = browser.client.get(f"{address}.excel")
    assert reply.headers["Content-Disposition"] == 'attachment; filename="ostersund-5-figures.excel.csv"'


def test_the_same_file_is_the_same_bytes(as_person: Enter) -> None:
    browser = as_person("Freja")
    for kind in KINDS:
        address = f"/staff/followup/5/jh/figures.{kind}"
        assert taken(browser, address) == taken(browser, address)


def test_the_page_offers_each_format_by_a_name_of_its_own(as_person: Enter) -> None:
    page = as_person("Freja").get("/staff/followup/5/jh")
    links = {link.get("href"): link.get("aria-label") for link in page.all("a") if "figures." in link.get("href", "")}
    assert sorted(address.rpartition(".")[2] for address in links if address) == sorted(KINDS)
    assert len(set(links.values())) == len(KINDS)


@pytest.mark.parametrize("kind", ["xls", "exe", "csv.exe", "light.svg"])
def test_another_format_is_not_there(kind: str, as_person: Enter) -> None:
    as_person("Freja").get(f"/staff/followup/5/jh/figures.{kind}", 404)


def test_a_unit_takes_no_other_unit_home(as_person: Enter) -> None:
    for kind in KINDS:
        as_person("Brita").get(f"/staff/followup/5/froso/figures.{kind}", 403)


def test_an_edition_is_had_as_a_file(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        result = app.test_cli_runner().invoke(args=["edition", "--out", str(tmp_path / "out")])
        refused = app.test_cli_runner().invoke(args=["edition", "9", "--out", str(tmp_path / "none")])
        (tmp_path / "file").touch()
        nowhere = app.test_cli_runner().invoke(args=["edition", "--out", str(tmp_path / "file" / "out")])
    assert result.exit_code == 0, result.output
    files = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert files == [f"edition-{number}.json" for number in range(1, 6)]
    house: Services = app.extensions["services"]
    with read_transaction(house.engine) as connection:
        kept = editions.get(connection, 5)
    assert kept is not None
    assert (tmp_path / "out" / "edition-5.json").read_text(encoding="utf-8") == kept.body
    assert refused.exit_code == 1
    assert "There is no edition 9." in refused.output
    assert not (tmp_path / "none").exists()
    assert (nowhere.exit_code, "Can't write to" in nowhere.output) == (1, True)
