"""Who decides by an address is told what the eye can't see of it: on each page, and at the command line."""

from pathlib import Path

import pytest
from flask import Flask

from tests.admin.people_browsers import SECOND, WAITING, add, enter, number
from tests.followup.staffed import StaffBrowser, furnish_instance

FALSE = "аda@region.example"  # the first letter is Cyrillic
SAID = "Se upp: adressen har tecken som kan förväxlas: а (kyrilliska)."
TRAVELS = "ada@xn--rgion-zwe.example"
PEOPLE = "/staff/admin/people/"


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """A house with two coordinators."""
    app = furnish_instance(tmp_path, 0)
    add(app, SECOND)
    return app


def ask(browser: StaffBrowser, email: str, role: str = "auditor", status: int = 302) -> str:
    """Invite somebody; the page that follows."""
    fields = {"email": email, "role": role, "place": "jh"}
    return browser.post(f"{PEOPLE}invite", fields, status).text


def test_the_second_coordinator_sees_it_before_confirming(app: Flask) -> None:
    ask(enter(app, "Sven"), FALSE)
    ask(enter(app, "Sven"), "ada@region.example")
    siv = enter(app, SECOND)
    for address in (WAITING, PEOPLE):
        page = siv.get(address)
        assert page.words().count(SAID) == 1
    told = app.test_cli_runner().invoke(args=["accounts", "waiting"]).output
    assert told.count(SAID) == 1


def test_a_host_that_travels_under_another_name_is_read(app: Flask) -> None:
    ask(enter(app, "Sven"), TRAVELS)
    page = enter(app, SECOND).get(WAITING).words()
    assert "Se upp: adressen har tecken som kan förväxlas: е (kyrilliska)." in page
    assert "Den läses som ada@rеgion.example." in page


def test_it_is_said_on_every_page_of_the_account_and_in_the_log(app: Flask) -> None:
    sven = enter(app, "Sven")
    assert SAID in ask(sven, FALSE, "followup", 200)
    assert SAID in sven.get(PEOPLE).words()
    add(app, FALSE, "followup")
    assert SAID in sven.get(f"{PEOPLE}{number(app, FALSE)}").words()
    add(app, "granskare@region.example", "auditor")
    log = enter(app, "granskare@region.example").get("/staff/audit/").words()
    assert log.count(SAID) == 1
