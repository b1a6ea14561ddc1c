"""The second step: codes that are good once, recovery codes, and nobody signed in before it is done."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import zxingcpp
from flask import Flask
from passlib.totp import TOTP
from PIL import Image
from sqlalchemy import select

from survey.store.database.engine import read_transaction
from survey.store.tables import authenticator, recovery_code
from survey.web.request.services import Services
from survey.web.signin import totp
from tests.followup.staffed import PASSWORD, PEOPLE, StaffBrowser, furnish_instance
from tests.reader import Page

SETTING_UP = "/staff/account/second-factor/authenticator"


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return furnish_instance(tmp_path, 1)


class Phone:
    """An app that shows codes, on a clock moved by hand."""

    def __init__(self, page: Page, clock: Callable[[], float]) -> None:
        (key,) = [each.text or "" for each in page.all("b") if each.get("class") == "key"]
        assert all(len(group) == 4 for group in key.split())
        self._totp, self._clock = TOTP(key), clock

    def code(self, steps: int = 0) -> str:
        """The code of now, or of so many steps away."""
        return str(self._totp.generate(time=self._clock() + 30 * steps).token)


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    made = [1_800_000_000.0]
    monkeypatch.setattr(time, "time", lambda: made[0])
    return made


@pytest.fixture
def kept(app: Flask, now: list[float]) -> tuple[Phone, list[str]]:
    """Freja has set up her phone: the phone, and her recovery codes."""
    browser = StaffBrowser(app)
    browser.sign_in("Freja")
    phone = Phone(browser.get(SETTING_UP), lambda: now[0])
    page = browser.post(SETTING_UP, {"code": phone.code()}, 200)
    codes = [each.text or "" for each in page.all("li") if each.text and len(each.text) == 19]
    assert len(codes) == totp.HOW_MANY
    now[0] += 30
    return phone, codes


def halfway(app: Flask, name: str = "Freja") -> StaffBrowser:
    browser = StaffBrowser(app)
    assert browser.sign_in(name).response.location == "/staff/second-step"
    return browser


def step(browser: StaffBrowser, code: str, status: int = 303) -> Page:
    return browser.post("/staff/second-step", {"code": code}, status)


def test_the_password_alone_signs_nobody_in(app: Flask, kept: tuple[Phone, list[str]]) -> None:
    browser = halfway(app)
    for address in ("/staff/followup/1/jh", "/staff/account/", SETTING_UP):
        assert "/staff/sign-in" in browser.get(address, 302).response.location
    assert step(browser, kept[0].code()).response.location == "/staff/"
    browser.get("/staff/followup/1/jh")


def test_the_way_goes_on_to_the_page_one_asked_for(app: Flask, kept: tuple[Phone, list[str]]) -> None:
    browser = StaffBrowser(app)
    fields = {"email": PEOPLE["Freja"][0], "password": PASSWORD, "next": "/staff/followup/1/jh"}
    browser.post("/staff/sign-in", fields)
    assert step(browser, kept[0].code()).response.location == "/staff/followup/1/jh"


def test_a_code_or_an_older_one_is_never_taken_twice(app: Flask, kept: tuple[Phone, list[str]]) -> None:
    phone, _ = kept
    step(halfway(app), phone.code())
    for again in (phone.code(), phone.code(-1)):
        assert "redan använd" in step(halfway(app), again, 422).words()
    step(halfway(app), phone.code(1))
    step(halfway(app), phone.code(), 422)


def test_the_code_that_set_the_app_up_is_used_too(app: Flask, now: list[float]) -> None:
    browser = StaffBrowser(app)
    browser.sign_in("Freja")
    phone = Phone(browser.get(SETTING_UP), lambda: now[0])
    browser.post(SETTING_UP, {"code": phone.code()}, 200)
    step(halfway(app), phone.code(), 422)


def test_sixteen_at_once_with_one_code_are_one(app: Flask, kept: tuple[Phone, list[str]]) -> None:
    phone, codes = kept
    accounts = app.extensions["security"].datastore
    account = accounts.find_user(email=PEOPLE["Freja"][0])

    def take(code: str) -> str | None:
        with app.app_context():
            return totp.verify_code(account, code)

    for code, kind in ((phone.code(), "authenticator"), (codes[0], "recovery")):
        with ThreadPoolExecutor(16) as pool:
            found = list(pool.map(take, [code] * 16))
        assert found.count(kind) == 1
        assert found.count(None) == 15


def test_a_recovery_code_is_good_once_however_it_is_written(app: Flask, kept: tuple[Phone, list[str]]) -> None:
    _, codes = kept
    browser = halfway(app)
    assert step(browser, codes[0].lower().replace(" ", "-")).response.location == "/staff/account/?changed=recovery"
    assert "Du har 9 kvar" in browser.get("/staff/account/?changed=recovery").words()
    step(halfway(app), codes[0], 422)
    step(halfway(app), codes[1])


def test_new_recovery_codes_end_the_old(app: Flask, kept: tuple[Phone, list[str]]) -> None:
    browser = halfway(app)
    step(browser, kept[0].code())
    page = browser.post("/staff/account/second-factor/recovery-codes", {}, 200)
    fresh = [each.text or "" for each in page.all("li") if each.text and len(each.text) == 19]
    step(halfway(app), kept[1][0], 422)
    step(halfway(app), fresh[0])


def test_codes_of_another_person_are_none(app: Flask, kept: tuple[Phone, list[str]], now: list[float]) -> None:
    browser = StaffBrowser(app)
    browser.sign_in("Sven")
    svens = Phone(browser.get(SETTING_UP), lambda: now[0])
    browser.post(SETTING_UP, {"code": svens.code()}, 200)
    now[0] += 30
    step(halfway(app, "Sven"), kept[0].code(), 422)
    step(halfway(app, "Sven"), kept[1][0], 422)
    step(halfway(app, "Freja"), kept[1][0])


@pytest.mark.parametrize("code", ["", "0", "abcdef", "000000", "١٢٣٤٥٦", "\0" * 6, "1" * 4000, "²²²²²²", "\ud800"])
def test_a_strange_code_is_refused_plainly(app: Flask, kept: tuple[Phone, list[str]], code: str) -> None:
    assert "Koden stämmer inte" in step(halfway(app), code.encode(errors="replace").decode(), 422).words()


def test_codes_can_not_be_guessed_fast_and_a_right_password_starts_nothing_over(
    app: Flask, kept: tuple[Phone, list[str]]
) -> None:
    for _ in range(3):
        step(halfway(app), "000000", 422)
    assert "Försök igen om" in step(halfway(app), kept[0].code(), 429).words()


def test_nobody_can_make_a_person_wait_for_their_code_by_typing_an_address(
    app: Flask, kept: tuple[Phone, list[str]]
) -> None:
    for address in ("1", "second step of 1", "codes 1"):
        for _ in range(5):
            StaffBrowser(app).sign_in(address, "fel", status=200)
    step(halfway(app), kept[0].code())


def test_the_second_step_is_over_after_ten_minutes_and_when_the_password_changes(
    app: Flask, kept: tuple[Phone, list[str]], now: list[float]
) -> None:
    slow = halfway(app)
    now[0] += 11 * 60
    assert step(slow, kept[0].code(), 302).response.location == "/staff/sign-in"
    overtaken, other = halfway(app), halfway(app)
    step(other, kept[0].code())
    new = "fem gula cyklar i snön"
    other.post("/staff/account/password", {"old": PASSWORD, "new": new, "again": new})
    now[0] += 30
    assert step(overtaken, kept[0].code(), 302).response.location == "/staff/sign-in"


def test_nobody_reaches_the_second_step_without_the_first(app: Flask) -> None:
    assert StaffBrowser(app).get("/staff/second-step", 302).response.location == "/staff/sign-in"
    assert step(StaffBrowser(app), "123456", 302).response.location == "/staff/sign-in"


def test_setting_up_wants_a_fresh_sign_in_and_a_right_code(app: Flask, now: list[float]) -> None:
    browser = StaffBrowser(app)
    browser.sign_in("Freja")
    before = Phone(browser.get(SETTING_UP), lambda: now[0])
    assert "Koden stämmer inte" in browser.post(SETTING_UP, {"code": "000000"}, 422).words()
    now[0] += 11 * 60
    assert "confirm" in browser.post(SETTING_UP, {"code": before.code()}).response.location
    StaffBrowser(app).sign_in("Freja")  # no second step yet


def test_a_secret_begun_by_another_person_is_not_taken_over(app: Flask, now: list[float]) -> None:
    browser = StaffBrowser(app)
    browser.sign_in("Sven")
    svens = Phone(browser.get(SETTING_UP), lambda: now[0])
    browser.post("/staff/sign-out", {})
    browser.sign_in("Freja")
    browser.post(SETTING_UP, {"code": svens.code()}, 422)


def test_setting_up_ends_the_sessions_that_only_the_password_opened(app: Flask, now: list[float]) -> None:
    before, browser = StaffBrowser(app), StaffBrowser(app)
    for each in (before, browser):
        each.sign_in("Freja")
    phone = Phone(browser.get(SETTING_UP), lambda: now[0])
    browser.post(SETTING_UP, {"code": phone.code()}, 200)
    before.get("/staff/account/", 302)
    browser.get("/staff/account/")


def test_the_picture_holds_the_key_that_stands_beside_it(app: Flask, tmp_path: Path) -> None:
    import pypdfium2
    import weasyprint

    browser = StaffBrowser(app)
    browser.sign_in("Freja")
    page = browser.get(SETTING_UP)
    drawn = page.text[page.text.index("<svg") : page.text.index("</svg>") + 6]
    pdf = weasyprint.HTML(string=drawn).write_pdf()
    picture: Image.Image = pypdfium2.PdfDocument(pdf)[0].render(scale=4).to_pil()
    (read,) = zxingcpp.read_barcodes(picture)
    key = next(each.text or "" for each in page.all("b") if each.get("class") == "key").replace(" ", "")
    assert read.text.startswith("otpauth://totp/De%207%20fr%C3%A5gorna:freja@region.example?")
    assert f"secret={key}" in read.text


def test_the_database_holds_no_secret_and_no_recovery_code(app: Flask, kept: tuple[Phone, list[str]]) -> None:
    house: Services = app.extensions["services"]
    with read_transaction(house.engine) as connection:
        sealed = connection.execute(select(authenticator.c.encrypted_secret)).scalar_one()
        hashes = connection.execute(select(recovery_code.c.code_hash)).scalars().all()
    assert '"enckey"' in sealed and '"key"' not in sealed
    assert not {code.replace(" ", "").encode() for code in kept[1]} & set(hashes)


def test_it_is_removed_where_it_is_not_required(app: Flask, kept: tuple[Phone, list[str]]) -> None:
    browser = halfway(app)
    step(browser, kept[0].code())
    browser.post("/staff/account/second-factor/authenticator/remove", {})
    StaffBrowser(app).sign_in("Freja")
    browser.get("/staff/account/")


def required(folder: Path) -> Flask:
    app = furnish_instance(folder, 1)
    config = folder / "config.toml"
    config.write_text(config.read_text(encoding="utf-8") + 'second_factor = "required"\n', encoding="utf-8")
    from survey.app import create_app

    app.extensions["services"].engine.dispose()
    return create_app("staff", folder)


def test_where_it_is_required_every_page_leads_to_setting_it_up(tmp_path: Path, now: list[float]) -> None:
    app = required(tmp_path)
    browser = StaffBrowser(app)
    browser.sign_in("Freja")
    for address in ("/staff/followup/", "/staff/followup/1/jh", "/staff/followup/1/jh/figures.csv", "/staff/account/"):
        assert browser.get(address, 302).response.location == "/staff/account/second-factor"
    assert "Här behöver alla två steg" in browser.get("/staff/account/second-factor").words()
    phone = Phone(browser.get(SETTING_UP), lambda: now[0])
    browser.post(SETTING_UP, {"code": phone.code()}, 200)
    browser.get("/staff/followup/1/jh")
    browser.post("/staff/account/second-factor/authenticator/remove", {}, 409)
    now[0] += 30
    again = halfway(app)
    step(again, phone.code())
    again.get("/staff/followup/1/jh")


def test_who_has_lost_everything_begins_again(app: Flask, kept: tuple[Phone, list[str]]) -> None:
    runner = app.test_cli_runner()
    assert runner.invoke(args=["accounts", "forget-factors", PEOPLE["Freja"][0]]).exit_code == 0
    assert runner.invoke(args=["accounts", "forget-factors", "nobody@region.example"]).exit_code == 1
    assert StaffBrowser(app).sign_in("Freja").response.location == "/staff/"


def test_a_setting_that_is_neither_stops_the_start(tmp_path: Path) -> None:
    from survey.config import SettingsError

    with pytest.raises(SettingsError, match="second_factor must be offered"):
        (tmp_path / "config.toml").write_text(f'secret = "{"s" * 40}"\nsecond_factor = "maybe"\n', encoding="utf-8")
        from survey.config import read_settings

        read_settings(tmp_path)
