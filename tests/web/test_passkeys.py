"""Passkeys: as the second step, or alone where the device verifies its owner; no reply is taken twice."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from survey.web.request.services import Services
from tests.followup.staffed import PASSWORD, PEOPLE, StaffBrowser, furnish_instance
from tests.reader import Page
from tests.web.device import Device, options_of

ADDING = "/staff/account/second-factor/passkey"


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return furnish_instance(tmp_path, 1)


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    made = [1_800_000_000.0]

    def tick() -> float:
        made[0] += 0.002
        return made[0]

    monkeypatch.setattr(time, "time", tick)
    return made


def add(browser: StaffBrowser, device: Device, status: int = 200) -> Page:
    reply = device.make(options_of(browser.get(ADDING)))
    return browser.post(ADDING, {"credential": reply, "label": "Min telefon"}, status)


@pytest.fixture
def kept(app: Flask, now: list[float]) -> Device:
    """Freja has added her telephone."""
    browser = StaffBrowser(app)
    browser.sign_in("Freja")
    device = Device()
    assert "Dina reservkoder" in add(browser, device).words()
    return device


def alone(
    app: Flask, answer: Callable[[dict[str, object]], str], status: int = 303, following: str = ""
) -> StaffBrowser:
    browser = StaffBrowser(app)
    asked = options_of(browser.get("/staff/passkey"))
    browser.post("/staff/passkey", {"credential": answer(asked), "next": following}, status)
    return browser


def second(app: Flask, answer: Callable[[dict[str, object]], str], status: int = 303) -> StaffBrowser:
    browser = StaffBrowser(app)
    assert browser.sign_in("Freja").response.location == "/staff/second-step"
    asked = options_of(browser.get("/staff/second-step"))
    browser.post("/staff/second-step", {"credential": answer(asked)}, status)
    return browser


def test_a_passkey_alone_signs_its_owner_in(app: Flask, kept: Device) -> None:
    browser = alone(app, kept.use)
    assert PEOPLE["Freja"][0] in browser.get("/staff/account/").words()
    assert "Min telefon" in browser.get("/staff/account/second-factor").words()


def test_a_passkey_is_the_second_step(app: Flask, kept: Device) -> None:
    second(app, kept.use).get("/staff/followup/1/jh")
    kept.verifies = False  # the password has been shown besides
    second(app, kept.use).get("/staff/followup/1/jh")


def test_alone_it_must_verify_its_owner(app: Flask, kept: Device) -> None:
    kept.verifies = False
    alone(app, kept.use, 422).get("/staff/account/", 302)


def test_a_reply_is_never_taken_twice_not_with_the_same_cookie_either(app: Flask, kept: Device) -> None:
    browser, copy = StaffBrowser(app), StaffBrowser(app)
    asked = options_of(browser.get("/staff/passkey"))
    marked = browser.mark()
    cookie = browser.client.get_cookie("staff", path="/staff")
    assert cookie
    kept.count = -1  # a synced passkey counts nothing
    reply = kept.use(asked)
    first = browser.client.post("/staff/passkey", data={"credential": reply, "csrf_token": marked})
    assert first.status_code == 303
    browser.get("/staff/account/")
    copy.client.set_cookie("staff", cookie.value, path="/staff")
    again = copy.client.post("/staff/passkey", data={"credential": reply, "csrf_token": marked})
    assert again.status_code == 422
    copy.get("/staff/account/", 302)


def test_a_challenge_is_good_for_five_minutes(app: Flask, kept: Device, now: list[float]) -> None:
    def slow(asked: dict[str, object]) -> str:
        now[0] += 301
        return kept.use(asked)

    alone(app, slow, 422)


def test_another_site_an_unknown_key_and_a_forged_reply_are_refused(app: Flask, kept: Device) -> None:
    kept.origin = "https://staff.evil.example"
    alone(app, kept.use, 422)
    kept.origin, kept.site = "http://localhost", "evil.example"
    alone(app, kept.use, 422)
    kept.site = "localhost"
    stranger = Device()
    alone(app, stranger.use, 422)
    stranger.credential = kept.credential
    alone(app, stranger.use, 422)
    alone(app, lambda asked: kept.use({**asked, "challenge": "AAAA"}), 422)
    alone(app, lambda asked: kept.use(asked, userHandle="AAAA"), 422)
    alone(app, kept.use)


def test_a_device_that_counts_backwards_was_copied(app: Flask, kept: Device) -> None:
    for _ in range(3):
        alone(app, kept.use)
    kept.count = 0
    alone(app, kept.use, 422)


def test_the_key_of_another_person_is_no_second_step(app: Flask, kept: Device) -> None:
    browser, svens = StaffBrowser(app), Device()
    browser.sign_in("Sven")
    add(browser, svens)
    second(app, svens.use, 422).get("/staff/account/", 302)
    second(app, kept.use)


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "{}",
        "[]",
        "null",
        "0",
        "x",
        '{"id": 1}',
        '{"id":"AA","rawId":"AA","type":"public-key","response":{}}',
        "[" * 9000,
    ],
)
def test_a_strange_reply_is_refused_plainly(app: Flask, kept: Device, reply: str) -> None:
    alone(app, lambda _: reply, 422)
    browser = StaffBrowser(app)
    browser.sign_in("Sven")
    browser.get(ADDING)
    assert "Inget har ändrats" in browser.post(ADDING, {"credential": reply, "label": "x"}, 422).words()


def test_a_closed_account_has_no_key(app: Flask, kept: Device) -> None:
    from survey.store.database.engine import write_transaction
    from survey.store.staff import accounts

    house: Services = app.extensions["services"]
    with write_transaction(house.engine) as connection:
        found = accounts.account_by_email(connection, PEOPLE["Freja"][0])
        assert found
        accounts.set_active(connection, found.id, False)
    alone(app, kept.use, 422)


def test_a_key_is_removed_and_with_the_last_one_the_second_step(app: Flask, kept: Device) -> None:
    browser = alone(app, kept.use)
    (button,) = [
        each for each in browser.get("/staff/account/second-factor").all("button") if each.get("name") == "passkey"
    ]
    browser.post(f"{ADDING}/remove", {"passkey": "zz"})
    browser.post(f"{ADDING}/remove", {"passkey": button.get("value", "")})
    assert StaffBrowser(app).sign_in("Freja").response.location == "/staff/"
    alone(app, kept.use, 422)


def test_nobody_removes_the_key_of_another(app: Flask, kept: Device) -> None:
    browser = StaffBrowser(app)
    browser.sign_in("Sven")
    browser.post(f"{ADDING}/remove", {"passkey": kept.credential.hex()})
    alone(app, kept.use)


def test_one_comes_back_to_our_own_pages_only(app: Flask, kept: Device, now: list[float]) -> None:
    for asked, given in (("/staff/followup/1/jh", "/staff/followup/1/jh"), ("//evil.example/", "/staff/")):
        browser = StaffBrowser(app)
        options = options_of(browser.get(f"/staff/passkey?next={asked}"))
        page = browser.post("/staff/passkey", {"credential": kept.use(options), "next": asked}, 303)
        assert page.response.location == given


def test_signing_in_again_with_the_key_is_fresh(app: Flask, kept: Device, now: list[float]) -> None:
    browser = alone(app, kept.use)
    now[0] += 11 * 60
    browser.get("/staff/followup/1/jh/figures.csv", 302)
    options = options_of(browser.get("/staff/passkey?next=/staff/followup/1/jh/figures.csv"))
    browser.post("/staff/passkey", {"credential": kept.use(options)}, 303)
    browser.get("/staff/followup/1/jh/figures.csv")


def test_signing_in_as_another_leaves_no_session_behind(app: Flask, kept: Device) -> None:
    browser = StaffBrowser(app)
    browser.sign_in("Sven")
    cookie = browser.client.get_cookie("staff", path="/staff")
    assert cookie
    options = options_of(browser.get("/staff/passkey"))
    browser.post("/staff/passkey", {"credential": kept.use(options)}, 303)
    assert PEOPLE["Freja"][0] in browser.get("/staff/account/").words()
    left = StaffBrowser(app)
    left.client.set_cookie("staff", cookie.value, path="/staff")
    left.get("/staff/account/", 302)


def test_a_key_is_not_added_twice_nor_by_a_session_that_has_not_shown_one(app: Flask, kept: Device) -> None:
    browser = alone(app, kept.use)
    add(browser, kept, 422)
    assert PASSWORD not in browser.get("/staff/account/").text


def test_the_address_that_is_set_is_what_keys_are_bound_to(tmp_path: Path) -> None:
    from survey.app import create_app

    app = furnish_instance(tmp_path, 1)
    config = tmp_path / "config.toml"
    config.write_text(config.read_text(encoding="utf-8") + 'staff_address = "https://enkat.region.example/"\n')
    app = create_app("staff", tmp_path)
    browser = StaffBrowser(app)
    browser.sign_in("Freja")
    add(browser, Device(), 422)
    add(browser, Device("https://enkat.region.example", "enkat.region.example"))


def test_a_request_without_a_readable_host_is_refused_plainly(app: Flask) -> None:
    reply = app.test_client().get("/staff/passkey", headers={"Host": "a\tb"})
    assert reply.status_code == 400
