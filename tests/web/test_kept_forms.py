"""What was written comes back after a sign-in that had ended, to who wrote it; and no way leads to a bare POST."""

import json
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from survey.store.database.engine import read_transaction, write_transaction
from survey.store.published.reflections import of_unit
from survey.store.tables import staff_session
from survey.web.request.services import Services
from tests.followup.editions import ROUNDS
from tests.followup.staffed import PASSWORD, PEOPLE, StaffBrowser, furnish_instance
from tests.reader import Page
from tests.web.test_edit_conflicts import filled
from tests.web.test_second_factor import SETTING_UP, Phone

ADDRESS = f"/staff/unit/brunflo/reflection/{ROUNDS[1][0]}"
WORDS = {"thoughts": "Vi lyssnar\r\nmer <nu>", "improvement": "Ringa upp alla"}
OURS = {"Sec-Fetch-Site": "same-origin"}
End = Callable[[Flask, StaffBrowser], None]


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return furnish_instance(tmp_path, 2)


@pytest.fixture
def brita(app: Flask) -> StaffBrowser:
    browser = StaffBrowser(app)
    browser.sign_in("Brita")
    return browser


def post(browser: StaffBrowser, address: str, fields: dict[str, str], status: int, headers: object = OURS) -> Page:
    """Send a form as a browser does from one of our own pages."""
    return browser._look(browser.client.post(address, data=fields, headers=headers), status)


def sign_in(browser: StaffBrowser, page: Page, who: str = "Brita", status: int = 200) -> Page:
    """Sign in on the page that asks for it."""
    fields = {**filled(page, "/staff/sign-in"), "email": PEOPLE[who][0], "password": PASSWORD}
    return post(browser, "/staff/sign-in", fields, status)  # type: ignore[arg-type]


def kept(app: Flask) -> list[tuple[str, str]]:
    """What the unit has written."""
    house: Services = app.extensions["services"]
    with read_transaction(house.engine) as connection:
        return [(each.thoughts, each.improvement) for each in of_unit(connection, "brunflo")]


def _ended_elsewhere(app: Flask, _browser: StaffBrowser) -> None:
    house: Services = app.extensions["services"]
    with write_transaction(house.engine) as connection:
        connection.execute(sa.delete(staff_session))


def _idle(app: Flask, browser: StaffBrowser) -> None:
    """Nothing of the cookie is believed any longer; the next one has its own mark against cross-site posts."""
    _ended_elsewhere(app, browser)
    browser.client.set_cookie("staff", "", path="/staff")


@pytest.mark.parametrize("end", [_ended_elsewhere, _idle])
def test_what_was_written_comes_back_after_the_sign_in(end: End, app: Flask, brita: StaffBrowser) -> None:
    fields = filled(brita.get(ADDRESS), ADDRESS) | WORDS  # type: ignore[operator]
    end(app, brita)
    asked = post(brita, ADDRESS, fields, 403)
    assert "Vi lyssnar" not in asked.text and "får du tillbaka" in asked.words("main")
    wrong = filled(asked, "/staff/sign-in") | {"email": PEOPLE["Brita"][0], "password": "fel lösenord"}  # type: ignore[operator]
    again = post(brita, "/staff/sign-in", wrong, 200)
    back = sign_in(brita, again)
    assert "Vi lyssnar mer <nu>" in back.words("main") and kept(app) == []
    assert brita.post(ADDRESS, filled(back, ADDRESS)).response.location == "/staff/unit/brunflo"  # type: ignore[arg-type]
    assert kept(app) == [("Vi lyssnar\nmer <nu>", "Ringa upp alla")]
    assert "Er reflektion är sparad" in brita.get("/staff/unit/brunflo").words("main")


def test_after_ten_hours_and_a_long_look_at_the_sign_in(
    app: Flask, brita: StaffBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = filled(brita.get(ADDRESS), ADDRESS) | WORDS  # type: ignore[operator]
    now = time.time() + 10 * 3600 + 60
    monkeypatch.setattr(time, "time", lambda: now)
    asked = post(brita, ADDRESS, fields, 403)
    now += 45 * 60
    assert "Vi lyssnar" in sign_in(brita, sign_in(brita, asked, status=403)).words("main")


def test_signed_in_again_in_another_tab_it_comes_back_at_once(app: Flask, brita: StaffBrowser) -> None:
    fields = filled(brita.get(ADDRESS), ADDRESS) | WORDS  # type: ignore[operator]
    brita.post("/staff/sign-out", {})
    brita.sign_in("Brita")
    assert "Vi lyssnar" in post(brita, ADDRESS, fields | {"csrf_token": ["gammal"]}, 200).words("main")  # type: ignore[arg-type]
    _ended_elsewhere(app, brita)
    asked = post(brita, ADDRESS, fields, 403)
    assert "/staff/kept-form" in {form.get("action") for form in asked.all("form")}
    brita.sign_in("Brita")
    other_tab = filled(asked, "/staff/kept-form")
    assert "Vi lyssnar" in post(brita, "/staff/kept-form", other_tab, 200).words("main")  # type: ignore[arg-type]


def test_it_comes_back_to_nobody_else(app: Flask, brita: StaffBrowser) -> None:
    fields = filled(brita.get(ADDRESS), ADDRESS) | WORDS  # type: ignore[operator]
    _ended_elsewhere(app, brita)
    asked = post(brita, ADDRESS, fields, 403)
    assert sign_in(brita, asked, "Odd", 302).response.location == ADDRESS
    other_tab = filled(asked, "/staff/kept-form") | {"csrf_token": brita.mark()}  # type: ignore[operator]
    assert "Vi lyssnar" not in post(brita, "/staff/kept-form", other_tab, 302).text


def test_a_question_for_the_password_loses_nothing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    sven = StaffBrowser(app)
    sven.sign_in("Sven")
    page = "/staff/admin/people/invite"
    fields = filled(sven.get(page), page) | {"email": "ny person@region.example", "role": "followup", "place": "jh"}  # type: ignore[operator]
    now = time.time() + 11 * 60
    monkeypatch.setattr(time, "time", lambda: now)
    asked = post(sven, page, fields, 403)
    confirm = filled(asked, "/staff/account/confirm")
    wrong = post(sven, "/staff/account/confirm", confirm | {"password": "fel"}, 422)  # type: ignore[arg-type, operator]
    back = post(sven, "/staff/account/confirm", filled(wrong, "/staff/account/confirm") | {"password": PASSWORD}, 200)  # type: ignore[arg-type, operator]
    again = filled(back, page)
    assert again["email"] == ["ny person@region.example"] and again["role"] == ["followup"]
    assert "hel e-postadress" in sven.post(page, again, 422).words("main")  # type: ignore[arg-type]


def test_it_goes_along_through_the_second_step(app: Flask, brita: StaffBrowser) -> None:
    phone = Phone(brita.get(SETTING_UP), lambda: time.time() - 30)
    brita.post(SETTING_UP, {"code": phone.code()}, 200)
    fields = filled(brita.get(ADDRESS), ADDRESS) | WORDS  # type: ignore[operator]
    _ended_elsewhere(app, brita)
    second = sign_in(brita, post(brita, ADDRESS, fields, 403))
    step = filled(second, "/staff/second-step")
    wrong = post(brita, "/staff/second-step", step | {"code": "000000"}, 422)  # type: ignore[arg-type, operator]
    right = filled(wrong, "/staff/second-step") | {"code": phone.code(1)}  # type: ignore[operator]
    assert "Vi lyssnar" in post(brita, "/staff/second-step", right, 200).words("main")


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none", ""])
def test_no_other_site_puts_words_in_anybodys_mouth(site: str, app: Flask, brita: StaffBrowser) -> None:
    fields = filled(brita.get(ADDRESS), ADDRESS) | WORDS  # type: ignore[operator]
    _ended_elsewhere(app, brita)
    asked = post(brita, ADDRESS, fields, 302, {"Sec-Fetch-Site": site} if site else {})
    assert asked.response.location == f"/staff/sign-in?next={ADDRESS}"


@pytest.mark.parametrize(
    ("address", "fields"),
    [
        ("/staff/account/password", {"old": "hemligt ord", "new": "hemligt nytt"}),
        ("/staff/unit/brunflo/paper/patient", {"trygghet": "yes"}),
        ("/staff/unit/brunflo/links/slips", {"count": ""}),
        ("/staff/followup/packs/x/remove", {"revision": "1"}),
    ],
)
def test_secrets_answers_and_bare_buttons_are_not_carried(
    address: str, fields: dict[str, str], app: Flask, brita: StaffBrowser
) -> None:
    mark = brita.mark()
    _ended_elsewhere(app, brita)
    asked = post(brita, address, {**fields, "csrf_token": mark}, 302)
    assert "kept_form" not in asked.text
    location = str(asked.response.location)
    page = brita.get(location).words()
    assert "Det du tryckte på är inte gjort." in page and "översättare och samordnaren" in page
    assert "inte gjort" not in brita.get(location.replace("ended=1", "")).words()


def test_after_a_sign_in_nobody_meets_an_address_that_takes_posts_alone(app: Flask) -> None:
    sven = StaffBrowser(app)
    mark = sven.mark()
    routes = json.loads((Path(__file__).parents[1] / "routes.json").read_text(encoding="utf-8"))
    posts = [found[1] for each in routes if (found := re.fullmatch(r"(/staff/.*?) POST", each))]
    assert len(posts) > 40
    for route in posts:
        address = re.sub(r"<any\((\w+)[^)]*\):\w+>", r"\1", route)
        address = re.sub(r"<\w+>", "x", re.sub(r"<int[^>]*>", "1", address))
        reply = sven.client.post("/staff/language", data={"next": address, "language": "sv", "csrf_token": mark})
        assert sven.client.get(reply.location, follow_redirects=True).status_code != 405, route
