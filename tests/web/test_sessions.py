"""Sessions on the server: each can be ended, all of them too, none lasts over ten hours, exports want a fresh one."""

import time
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from survey.store.database.engine import DatabaseFull, read_transaction, write_transaction
from survey.store.staff import accounts, staff_sessions
from survey.store.tables import staff_session
from survey.web.request.services import Services
from tests.followup.staffed import PASSWORD, PEOPLE, StaffBrowser, furnish_instance

CSV = "/staff/followup/1/jh/figures.csv"


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return furnish_instance(tmp_path, 1)


class Clock:
    """The machine's clock, moved by hand."""

    def __init__(self) -> None:
        self.now = time.time()

    def on(self, minutes: float) -> None:
        """Let time pass."""
        self.now += minutes * 60


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(time, "time", lambda: made.now)
    return made


def browsers(app: Flask, *names: str) -> list[StaffBrowser]:
    made = []
    for name in names:
        made.append(StaffBrowser(app))
        made[-1].sign_in(name)
    return made


def others(browser: StaffBrowser) -> list[str]:
    buttons = [each for each in browser.get("/staff/account/").all("button") if each.get("name") == "session"]
    return [each.get("value", "") for each in buttons]


def rows(app: Flask) -> list[staff_sessions.StaffSession]:
    house: Services = app.extensions["services"]
    with read_transaction(house.engine) as connection:
        return [staff_sessions.StaffSession(**row._mapping) for row in connection.execute(select(staff_session))]


def test_signing_out_ends_that_session_and_no_other(app: Flask) -> None:
    here, there = browsers(app, "Freja", "Freja")
    here.post("/staff/sign-out", {})
    here.get("/staff/account/", 302)
    there.get("/staff/account/")
    assert len(rows(app)) == 1


def test_a_person_sees_and_ends_their_own_sessions(app: Flask) -> None:
    here, there, sven = browsers(app, "Freja", "Freja", "Sven")
    assert len(others(here)) == 1
    assert others(sven) == []
    assert here.post("/staff/account/end", {"session": others(here)[0]}).response.location.endswith("changed=ended")
    there.get("/staff/account/", 302)
    assert others(here) == []
    sven.get("/staff/account/")


def test_nobody_ends_a_session_of_somebody_else(app: Flask) -> None:
    (freja,) = browsers(app, "Freja")
    (hers,) = rows(app)
    (sven,) = browsers(app, "Sven")
    sven.post("/staff/account/end", {"session": hers.token_hash.hex()})
    for strange in ("", "zz", "00", "ö" * 40):
        sven.post("/staff/account/end", {"session": strange})
    freja.get("/staff/account/")


def test_signing_out_everywhere_ends_them_all(app: Flask) -> None:
    here, there, sven = browsers(app, "Freja", "Freja", "Sven")
    assert here.post("/staff/account/end-all", {}).response.location == "/staff/sign-in"
    for browser in (here, there):
        browser.get("/staff/account/", 302)
    sven.get("/staff/account/")
    here.sign_in("Freja")


def test_a_session_lasts_ten_hours_at_most(app: Flask, clock: Clock) -> None:
    (browser,) = browsers(app, "Freja")
    for _ in range(23):
        clock.on(25)
        browser.get("/staff/account/")
    clock.on(25)
    browser.get("/staff/account/", 302)
    browser.sign_in("Freja")
    assert len(rows(app)) == 1  # what is over is deleted


def test_an_idle_session_is_not_listed_as_open(app: Flask, clock: Clock) -> None:
    here, _there = browsers(app, "Freja", "Freja")
    for _ in range(2):
        clock.on(20)
        here.get("/staff/account/")
    assert others(here) == []


def test_reading_writes_once_in_five_minutes_and_never_stops_on_a_full_disk(
    app: Flask, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    (browser,) = browsers(app, "Freja")
    written: list[int] = []

    def full(_connection: object, _mark: bytes, now: int) -> None:
        written.append(now)
        raise DatabaseFull

    real = staff_sessions.note_use
    monkeypatch.setattr(staff_sessions, "note_use", lambda *args: (written.append(1), real(*args)))
    for _ in range(12):
        clock.on(1)
        browser.get("/staff/account/")
    assert len(written) == 2
    monkeypatch.setattr(staff_sessions, "note_use", full)
    clock.on(6)
    browser.get("/staff/account/")
    assert len(written) == 3


def test_closing_an_account_or_giving_it_a_new_password_ends_its_sessions(app: Flask) -> None:
    house: Services = app.extensions["services"]
    freja, sven = browsers(app, "Freja", "Sven")
    with write_transaction(house.engine) as connection:
        found = accounts.account_by_email(connection, PEOPLE["Freja"][0])
        assert found
        accounts.set_active(connection, found.id, False)
        accounts.set_active(connection, found.id, True)
        accounts.set_account(connection, PEOPLE["Sven"][0], found.password, "coordinator", "jh")
    for browser in (freja, sven):
        browser.get("/staff/account/", 302)
    assert rows(app) == []


def test_the_database_holds_no_mark_that_opens_a_session(app: Flask) -> None:
    (browser,) = browsers(app, "Freja")
    with browser.client.session_transaction("/staff/") as kept:
        mark = kept["mark"]
    (row,) = rows(app)
    assert row.token_hash not in (mark.encode(), bytes.fromhex(mark))
    with browser.client.session_transaction("/staff/") as kept:
        kept["mark"] = row.token_hash.hex()
    browser.get("/staff/account/", 302)


def test_a_file_wants_a_fresh_sign_in_and_is_handed_over_after_it(app: Flask, clock: Clock) -> None:
    (browser,) = browsers(app, "Freja")
    clock.on(10)
    browser.get(CSV)
    clock.on(1)
    assert browser.get(CSV, 302).response.location == f"/staff/account/confirm?next={CSV}"
    browser.get("/staff/followup/1/jh")  # reading does not
    assert f'value="{CSV}"' in browser.get(f"/staff/account/confirm?next={CSV}").text
    asked = {"next": CSV, "password": "fel"}
    assert "Det är inte ditt lösenord" in browser.post("/staff/account/confirm", asked, 422).words()
    browser.get(CSV, 302)
    page = browser.post("/staff/account/confirm", {**asked, "password": PASSWORD}, 200)
    assert f'href="{CSV}"' in page.text
    browser.get(CSV)
    back = browser.post("/staff/account/confirm", {"next": "https://evil.example/", "password": PASSWORD}, 303)
    assert back.response.location == "/staff/"


def test_a_form_that_wants_a_fresh_sign_in_leads_back_to_its_page(app: Flask, clock: Clock) -> None:
    (browser,) = browsers(app, "Freja")
    clock.on(11)
    fields, page = {"csrf_token": browser.mark()}, "/staff/account/second-factor"
    # Whatever the browser says of where the form stood: a page of ours that can be read, the nearest above the post.
    for referrer, back in ((f"http://localhost{page}", page), ("https://evil.example/x", page), ("", page)):
        headers = {"Referer": referrer}
        reply = browser.client.post(f"{page}/recovery-codes", data=fields, headers=headers)
        assert reply.location == f"/staff/account/confirm?next={back}"
    browser.post("/staff/account/confirm", {"next": page, "password": PASSWORD}, 303)
    browser.get(page)


def test_a_password_is_not_guessed_through_the_second_asking(app: Flask) -> None:
    (browser,) = browsers(app, "Freja")
    for _ in range(3):
        browser.post("/staff/account/confirm", {"password": "fel"}, 422)
    assert "Försök igen om" in browser.post("/staff/account/confirm", {"password": PASSWORD}, 429).words()
