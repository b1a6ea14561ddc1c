"""The auditor's room: the log, newest first, page by page, by kind; and nothing else."""

import json
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from flask import Flask

from survey.audit.views import ABOUT, PAGE
from survey.domain.staff.audit_events import AUDIT_EVENTS
from survey.store.database.engine import write_transaction
from survey.store.staff import accounts, audit_log
from survey.web.request.services import Services
from tests.analysis.spreadsheets.opened import days, first_sheet
from tests.followup.staffed import HASH, PEOPLE, StaffBrowser, furnish_instance

ADA = "ada@region.example"


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """A staff app with an auditor."""
    app = furnish_instance(tmp_path, 1)
    house: Services = app.extensions["services"]
    with write_transaction(house.engine) as connection:
        accounts.add_account(connection, ADA, HASH, "auditor", "jh")
    return app


@pytest.fixture
def ada(app: Flask) -> StaffBrowser:
    """The auditor, signed in."""
    browser = StaffBrowser(app)
    browser.sign_in(ADA)
    return browser


def write(app: Flask, count: int) -> None:
    house: Services = app.extensions["services"]
    with write_transaction(house.engine) as connection:
        for number in range(count):
            about: dict[str, str | int] = {"person": f'"what":"signed_in" {number}<b>'}
            at = datetime(2026, 9, 15, 8, number % 60, tzinfo=UTC)
            audit_log.note(connection, who="sven@region.example", what="account_closed", about=about, at=at)


def numbers(page: object) -> list[int]:
    cells = [row.findall("td") for row in page.all("tr")]  # type: ignore[attr-defined]
    return [int("".join(row[0].itertext())) for row in cells if row]


def test_the_day_begins_with_the_log(ada: StaffBrowser) -> None:
    assert ada.get("/staff/", 302).response.location == "/staff/audit/"
    page = ada.get("/staff/audit/")
    assert "Loggade in" in page.words() and ADA in page.words()
    assert numbers(page) == [1]


def test_the_newest_first_page_by_page(app: Flask, ada: StaffBrowser) -> None:
    write(app, 2 * PAGE)
    seen, address = [], "/staff/audit/"
    while address:
        page = ada.get(address)
        seen += numbers(page)
        address = next((a.get("href") for a in page.all("a") if "before=" in (a.get("href") or "")), "")
    assert seen == list(range(2 * PAGE + 1, 0, -1))


def test_one_kind_of_deed(app: Flask, ada: StaffBrowser) -> None:
    write(app, 3)
    assert numbers(ada.get("/staff/audit/?what=signed_in")) == [1]
    assert numbers(ada.get("/staff/audit/?what=account_closed")) == [4, 3, 2]
    assert numbers(ada.get("/staff/audit/?what=account_closed&before=4")) == [3, 2]
    assert "Inga rader" in ada.get("/staff/audit/?what=signed_out").words()


@pytest.mark.parametrize("asked", ["what=%00", "what=nothing", "before=0", "before=-1", "before=x", f"before={9**30}"])
def test_what_means_nothing_shows_all(ada: StaffBrowser, asked: str) -> None:
    assert numbers(ada.get(f"/staff/audit/?{asked}")) == [1]


def test_the_log_is_taken_home_and_holds(app: Flask, ada: StaffBrowser) -> None:
    write(app, 3)
    page = ada.get("/staff/audit/log.jsonl")
    lines = page.text.splitlines()
    assert [json.loads(line)["number"] for line in lines] == [1, 2, 3, 4]
    assert all(json.loads(b)["before"] == audit_log._hash(a) for a, b in pairwise(lines))


def test_the_log_opens_in_a_spreadsheet_in_the_readers_words_and_hours(app: Flask, ada: StaffBrowser) -> None:
    write(app, 1)
    house: Services = app.extensions["services"]
    with write_transaction(house.engine) as connection:
        about: dict[str, str | int] = {"place": "brunflo", "change": "name", "from_to": "=1+1"}
        audit_log.note(
            connection,
            who="=sven@x.example",
            what="place_changed",
            about=about,
            at=datetime(2026, 1, 2, 23, 5, tzinfo=UTC),
        )
    lines = ada.get("/staff/audit/log.excel").body.decode("utf-8-sig").splitlines()
    assert lines[0] == "Rad;När;Vem;Vad;Om"
    assert lines[2].startswith("2;2026-09-15 10:00;sven@region.example;Stängde ett konto;")
    assert lines[3].startswith("3;2026-01-03 00:05;'=sven@x.example;Ändrade en plats;\"ändring: name; ")
    spreadsheet = ada.client.get("/staff/audit/log.xlsx").data
    assert set(days(spreadsheet).values()) == {"yyyy-mm-dd hh:mm"}
    assert first_sheet(spreadsheet) == ("A1:E4", "A2")
    ada.get("/staff/audit/log.csv", 404)


@pytest.mark.parametrize("address", ["/staff/followup/", "/staff/followup/1/jh", "/staff/followup/1/jh/figures.csv"])
def test_the_auditor_sees_nothing_else(ada: StaffBrowser, address: str) -> None:
    ada.get(address, 403)


@pytest.mark.parametrize("name", [name for name in PEOPLE if name != "Sara"])
def test_nobody_else_sees_the_log(app: Flask, name: str) -> None:
    browser = StaffBrowser(app)
    browser.get("/staff/audit/", 302)
    browser.sign_in(name)
    browser.get("/staff/audit/", 403)
    for ending in ("jsonl", "xlsx", "excel"):
        browser.get(f"/staff/audit/log.{ending}", 403)


def test_each_thing_a_deed_may_tell_has_a_word() -> None:
    assert {name for deed in AUDIT_EVENTS.values() for name in deed.detail_names} == set(ABOUT)
