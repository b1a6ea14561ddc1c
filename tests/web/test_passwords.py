"""What a staff password must be, and the page where a person changes theirs."""

import re
from pathlib import Path

import pytest
from flask import Flask

from survey.web.account.views import NOT_NEW, NOT_TWICE, NOT_YOURS
from survey.web.signin import passwords
from survey.web.signin.passwords import COMMON, ITS_OWN, TOO_LONG, TOO_SHORT, password_faults
from tests.followup.staffed import PASSWORD, StaffBrowser, furnish_instance

ADDRESS = "freja.nord@region.example"
NEW = "fem gula cyklar i snön"


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return furnish_instance(tmp_path, 1)


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("", TOO_SHORT),
        ("fjorton tecken", TOO_SHORT),
        ("x" * 60 + "yzåäöqwrtp" * 7, TOO_LONG),
        ("aaaaaaaaaaaaaaaaaaa", COMMON),
        ("passwordpassword", COMMON),
        ("PassWord Password!", COMMON),
        ("Sommar2026Sommar2026", COMMON),
        ("1q2w3e4r5t6y7u8i9o0p", COMMON),
        ("qwertyuiopasdfghjkl", COMMON),
        ("manchesterunited", COMMON),
        ("katten och katten och katten och ", COMMON),
        ("198412310000198412", COMMON),
        ("...............", COMMON),
        (ADDRESS, ITS_OWN),
        ("Freja.Nord2026!!", ITS_OWN),
        ("De 7 frågorna 2026", ITS_OWN),
    ],
)
def test_a_weak_password_is_refused_with_a_sentence(password: str, fault: str) -> None:
    assert password_faults(password, ADDRESS) == [fault]


@pytest.mark.parametrize(
    "password", [PASSWORD, NEW, "korrekt häst batteri häftstift", "نجمة فوق البحر الهادئ", "ö" * 0 + "k3#Vt9!xQm2$Lp7"]
)
def test_any_other_long_one_is_taken(password: str) -> None:
    assert password_faults(password, ADDRESS) == []


def test_the_command_line_asks_the_same(app: Flask) -> None:
    command = ["accounts", "add", "ny@region.example", "--role", "followup", "--place", "jh", "--password"]
    refused = app.test_cli_runner().invoke(args=[*command, "passwordpassword"])
    assert refused.exit_code == 1
    assert COMMON in refused.output
    assert app.test_cli_runner().invoke(args=[*command, NEW]).exit_code == 0
    StaffBrowser(app).sign_in("ny@region.example", NEW)


def change(browser: StaffBrowser, old: str, new: str, again: str, status: int = 302) -> str:
    fields = {"old": old, "new": new, "again": again}
    return (
        browser.post("/staff/account/password", fields, status).words()
        if status != 302
        else (browser.post("/staff/account/password", fields, status).response.location)
    )


def test_changing_the_password_ends_every_other_session(app: Flask) -> None:
    here, elsewhere = StaffBrowser(app), StaffBrowser(app)
    for browser in (here, elsewhere):
        browser.sign_in("Freja")
    assert change(here, PASSWORD, NEW, NEW) == "/staff/account/?changed=password"
    assert "Lösenordet är bytt" in here.get("/staff/account/?changed=password").words()
    elsewhere.get("/staff/account/", 302)
    StaffBrowser(app).sign_in("Freja", status=200)
    StaffBrowser(app).sign_in("Freja", NEW)


@pytest.mark.parametrize(
    ("old", "new", "again", "said"),
    [
        ("fel", NEW, NEW, NOT_YOURS),
        ("", NEW, NEW, NOT_YOURS),
        (PASSWORD, NEW, NEW + "x", NOT_TWICE),
        (PASSWORD, PASSWORD, PASSWORD, NOT_NEW),
        (PASSWORD, "kort", "kort", TOO_SHORT),
        (PASSWORD, "freja@region.example", "freja@region.example", ITS_OWN),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(app: Flask, old: str, new: str, again: str, said: str) -> None:
    browser = StaffBrowser(app)
    browser.sign_in("Freja")
    assert said in change(browser, old, new, again, 422)
    StaffBrowser(app).sign_in("Freja")


def test_a_borrowed_session_can_not_guess_the_old_password(app: Flask) -> None:
    browser = StaffBrowser(app)
    browser.sign_in("Freja")
    for _ in range(3):
        change(browser, "fel", NEW, NEW, 422)
    # Two seconds from the last try; the machine may have been slow since.
    assert re.search(r"Försök igen om (1 sekund|2 sekunder)\.", change(browser, PASSWORD, NEW, NEW, 429))


def test_control_without_the_list_a_common_one_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_common", lambda: ())
    assert password_faults("manchesterunited", ADDRESS) == []
