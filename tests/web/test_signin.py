"""The staff's sign-in: who gets in, what the cookie is, and that nothing of it reaches a resident's page."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask, session

from survey.app import create_app
from survey.store.database.engine import read_transaction, write_transaction
from survey.store.staff import accounts
from survey.web.request.services import Services
from tests.followup.staffed import PASSWORD, PEOPLE, StaffBrowser, furnish_instance

WRONG = "Adressen och lösenordet hör inte ihop"


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """A staff app of its own with one published round."""
    return furnish_instance(tmp_path, 1)


def cookie_of(page: object) -> str:
    found: list[str] = page.response.headers.getlist("Set-Cookie")  # type: ignore[attr-defined]
    assert len(found) == 1
    return found[0]


def test_signing_in_lands_where_the_persons_day_begins(app: Flask) -> None:
    page = StaffBrowser(app).sign_in("Freja")
    assert page.response.location == "/staff/"


def test_the_cookie_belongs_to_staff_pages_alone(app: Flask) -> None:
    app.config["SESSION_COOKIE_SECURE"] = True
    cookie = cookie_of(StaffBrowser(app).get("/staff/sign-in"))
    parts = {part.strip() for part in cookie.split(";")[1:]}
    assert parts == {"Secure", "HttpOnly", "Path=/staff", "SameSite=Lax"}


@pytest.mark.parametrize(
    ("part", "resident", "name", "path"),
    [
        ("staff", "https://svara.region.example", "__Host-staff", "/"),
        ("staff", "https://enkat.region.example:8443", "__Secure-staff", "/staff"),
        ("all", "https://svara.region.example", "__Secure-staff", "/staff"),
    ],
)
def test_over_https_the_cookie_is_this_hosts_alone_and_never_sent_to_a_residents_page(
    tmp_path: Path, part: str, resident: str, name: str, path: str
) -> None:
    lines = (f'secret = "{"s" * 40}"', f'resident_address = "{resident}"')
    text = "\n".join([*lines, 'staff_address = "https://enkat.region.example"'])
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    config = create_app(part, tmp_path).config
    assert (config["SESSION_COOKIE_NAME"], config["SESSION_COOKIE_PATH"]) == (name, path)


def test_a_form_that_was_drawn_before_the_sign_in_is_taken_no_longer(app: Flask) -> None:
    browser = StaffBrowser(app)
    mark = browser.mark()
    browser.sign_in("Freja")
    browser.post("/staff/sign-out", {"csrf_token": mark}, 400, mark=False)
    browser.get("/staff/account/")
    browser.post("/staff/sign-out", {})


def bare(text: str) -> str:
    return re.sub(r'value="[^"]*"', "", text)


def test_an_unknown_address_a_wrong_password_and_a_closed_account_look_alike(app: Flask) -> None:
    house: Services = app.extensions["services"]
    with write_transaction(house.engine) as connection:
        sara = accounts.account_by_email(connection, PEOPLE["Sara"][0])
        assert sara
        accounts.set_active(connection, sara.id, False)
    pages = [
        StaffBrowser(app).sign_in("nobody@region.example", status=200),
        StaffBrowser(app).sign_in("Freja", "fel lösenord", status=200),
        StaffBrowser(app).sign_in("Sara", status=200),
        StaffBrowser(app).sign_in("", status=200),
        StaffBrowser(app).sign_in("Freja", "", status=200),
    ]
    assert len({bare(page.text) for page in pages}) == 1
    assert WRONG in pages[0].words()


def test_the_address_is_known_however_it_is_written(app: Flask) -> None:
    StaffBrowser(app).sign_in("  FREJA@Region.Example ")


def test_thirty_idle_minutes_sign_one_out(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    import itsdangerous.timed

    now = [itsdangerous.timed.time.time()]
    monkeypatch.setattr(itsdangerous.timed.time, "time", lambda: now[0])
    browser = StaffBrowser(app)
    browser.sign_in("Freja")
    for _ in range(3):  # an hour and a half, but never thirty minutes without a page
        now[0] += 29 * 60
        browser.get("/staff/followup/1/jh")
    now[0] += 31 * 60
    page = browser.get("/staff/followup/1/jh", 302)
    assert page.response.location == "/staff/sign-in?next=/staff/followup/1/jh"


def test_signing_out_ends_a_copied_cookie_too(app: Flask) -> None:
    browser, copy = StaffBrowser(app), StaffBrowser(app)
    browser.sign_in("Freja")
    cookie = browser.client.get_cookie("staff", path="/staff")
    assert cookie
    copy.client.set_cookie("staff", cookie.value, path="/staff")
    copy.get("/staff/followup/1/jh")
    browser.post("/staff/sign-out", {})
    browser.get("/staff/followup/1/jh", 302)
    copy.get("/staff/followup/1/jh", 302)


@pytest.mark.parametrize("address", ["/staff/sign-in", "/staff/sign-out", "/staff/language"])
def test_a_form_without_our_mark_is_refused(address: str, app: Flask) -> None:
    browser = StaffBrowser(app)
    browser.sign_in("Freja")
    page = browser.post(address, {"email": PEOPLE["Freja"][0], "password": PASSWORD}, 400, mark=False)
    assert "Inget har ändrats" in page.words()
    browser.get("/staff/followup/1/jh")


def test_nobody_registers_and_no_mail_is_sent(app: Flask) -> None:
    addresses = {rule.rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("security.")}
    assert addresses == {"/staff/sign-in", "/staff/sign-out"}


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("/staff/followup/1/jh", "/staff/followup/1/jh"),
        ("https://evil.example/staff/", "/staff/"),
        ("//evil.example/staff/", "/staff/"),
        (";elsewhere", "/staff/"),
        ("/s/froso", "/staff/"),
        ("http://localhost/s/froso", "/staff/"),
        ("", "/staff/"),
    ],
)
def test_one_comes_back_to_our_own_pages_only(asked: str, given: str, app: Flask) -> None:
    browser = StaffBrowser(app)
    fields = {"email": PEOPLE["Freja"][0], "password": PASSWORD, "next": asked}
    location = browser.post("/staff/sign-in", fields).response.location
    assert location.split("?")[0] == given
    assert browser.post("/staff/language", {"language": "en", "next": asked}).response.location == given
    # In the address too, where Flask-Security looks first.
    browser.sign_in("Freja")
    left = browser.post(f"/staff/sign-out?{urlencode({'next': asked})}", {"next": asked})
    assert left.response.location in {given, "/staff/sign-in"}
    assert f'href="{left.response.location}"' in left.text
    fields.pop("next")
    assert browser.post(f"/staff/sign-in?{urlencode({'next': asked})}", fields).response.location == given


def test_the_language_is_kept_in_the_session(app: Flask) -> None:
    browser = StaffBrowser(app)
    assert browser.get("/staff/sign-in").tree.get("lang") == "sv"
    browser.post("/staff/language", {"language": "en", "next": "/staff/sign-in"})
    assert browser.get("/staff/sign-in").tree.get("lang") == "en"
    browser.post("/staff/language", {"language": "ar", "next": "/staff/sign-in"})
    assert browser.get("/staff/sign-in").tree.get("lang") == "en"
    browser.sign_in("Freja")
    assert browser.get("/staff/followup/1/jh").tree.get("lang") == "en"


def test_the_password_is_argon2id_and_signing_in_leaves_it_as_it_is(app: Flask) -> None:
    house: Services = app.extensions["services"]

    def kept() -> str:
        with read_transaction(house.engine) as connection:
            person = accounts.account_by_email(connection, PEOPLE["Freja"][0])
            assert person
            return person.password

    before = kept()
    assert before.startswith("$argon2id$")
    StaffBrowser(app).sign_in("Freja")
    assert kept() == before


@pytest.fixture
def whole(app: Flask, tmp_path: Path) -> Iterator[Flask]:
    """The residents' part beside the staff's, on the same instance."""
    yield create_app("all", tmp_path)


def test_a_resident_page_has_no_session_to_open(whole: Flask) -> None:
    client = whole.test_client()
    client.set_cookie("staff", "x", path="/")
    for address in ("/", "/privacy", "/s/brunflo", "/nowhere", "/static/staff.css", "/staffing"):
        reply = client.get(address)
        assert "Set-Cookie" not in reply.headers
        assert "Cookie" not in reply.headers.get("Vary", "")
    with whole.test_request_context("/privacy"):
        whole.preprocess_request()
        with pytest.raises(RuntimeError):
            session["anything"] = 1


def test_no_sign_in_code_runs_for_a_resident(whole: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    import flask_login.utils

    met: list[str] = []
    monkeypatch.setattr(flask_login.utils, "_get_user", lambda: met.append("user"))
    client = whole.test_client()
    client.get("/privacy")
    client.post("/", data={"unit": "brunflo"})
    assert met == []
    client.get("/staff/sign-in")
    assert met


def test_the_resident_part_has_no_staff_pages(app: Flask, tmp_path: Path) -> None:
    resident = create_app("resident", tmp_path)
    assert not [rule.rule for rule in resident.url_map.iter_rules() if rule.rule.startswith("/staff")]
    assert resident.test_client().get("/staff/sign-in").status_code == 404
