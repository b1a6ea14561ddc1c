"""A new link for who has lost the way in: taken once, told to the person, two coordinators behind a coordinator's."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from survey.store import second_factors
from survey.store.engine import reading, writing
from survey.web.house import House
from tests.followup.staffed import PEOPLE, StaffBrowser, furnish_instance
from tests.office.people_browsers import SECOND, add, enter, house_of, number, person
from tests.web.logged import logged, told

AT = "/staff/office/people/"
FREJA, SVEN = PEOPLE["Freja"][0], PEOPLE["Sven"][0]
BOTH = {"password": "fyra ord i en rad", "again": "fyra ord i en rad"}
LINK = re.compile(r"http://localhost(/staff/new-password/[\w-]{43})<")


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """A staff app with one coordinator, Sven."""
    return furnish_instance(tmp_path / "house", 1)


@pytest.fixture
def sven(app: Flask) -> StaffBrowser:
    """The coordinator, signed in."""
    return enter(app, "Sven")


def link_from(by: StaffBrowser, whose: int, step: str = "make") -> str:
    page = by.post(f"{AT}{whose}/link/{step}", {}, 200)
    found = LINK.search(page.text)
    assert found, page.text
    return found[1]


def test_who_forgot_the_password_chooses_another(app: Flask, sven: StaffBrowser) -> None:
    freja, her = enter(app, "Freja"), number(app, FREJA)
    with writing(house_of(app).engine) as connection:
        second_factors.set_recovery_codes(connection, her, [b"x" * 32])
    link = link_from(sven, her)
    freja.get("/staff/followup/1/jh", 302)
    assert "gjordes en ny länk till ditt konto" in freja.get("/staff/sign-in").words()
    guest = StaffBrowser(app)
    assert "gjordes en ny länk" not in guest.get("/staff/sign-in").words()
    for _ in range(3):
        assert FREJA in guest.get(link).words()
    assert guest.post(link, BOTH).response.location == "/staff/sign-in"
    StaffBrowser(app).sign_in("Freja", status=200)
    guest.sign_in(FREJA, BOTH["password"])
    assert "gjordes en ny länk till ditt konto" in guest.get("/staff/account/").words()
    guest.post("/staff/account/new-link-read", {})
    assert "gjordes en ny länk" not in guest.get("/staff/account/").words()
    with reading(house_of(app).engine) as connection:
        assert second_factors.recovery_codes_left(connection, her) == 0
    said = [each for each in told(house_of(app)) if "link" in each[1]]
    assert said == [(SVEN, "new_link_made"), (FREJA, "new_link_taken"), (FREJA, "new_link_read")]
    assert logged(house_of(app))[2]["about"] == {"person": FREJA}


def test_the_old_password_is_told_of_the_link_and_ends_it(app: Flask, sven: StaffBrowser) -> None:
    link = link_from(sven, number(app, FREJA))
    freja = enter(app, "Freja")
    assert "gjordes en ny länk till ditt konto" in freja.get("/staff/followup/1/jh").words()
    freja.post("/staff/account/new-link-read", {})
    StaffBrowser(app).post(link, BOTH, 404)


def test_a_link_is_good_once_and_for_some_days(app: Flask, sven: StaffBrowser) -> None:
    her, house = number(app, FREJA), house_of(app)
    first, link = link_from(sven, her), link_from(sven, her)
    StaffBrowser(app).get(first, 404)
    assert "minst 15 tecken" in StaffBrowser(app).post(link, {"password": "kort"}, 422).words()
    late: House = house.__class__(**{**house.__dict__, "today": lambda: house.today() + timedelta(days=8)})
    app.extensions["house"] = late
    StaffBrowser(app).post(link, BOTH, 404)
    app.extensions["house"] = house
    StaffBrowser(app).post(link, BOTH)
    assert "Länken gäller inte längre" in StaffBrowser(app).post(link, BOTH, 404).words()


def test_a_closed_account_gets_no_link_and_uses_none(app: Flask, sven: StaffBrowser) -> None:
    her = number(app, FREJA)
    link = link_from(sven, her)
    sven.post(f"{AT}{her}/close", {})
    StaffBrowser(app).post(link, BOTH, 404)
    assert "stängt" in sven.post(f"{AT}{her}/link/make", {}, 409).words()


def test_the_database_holds_no_secret_and_a_fresh_sign_in_is_asked(
    app: Flask, sven: StaffBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    her = number(app, FREJA)
    secret = link_from(sven, her).rpartition("/")[2]
    held = b"".join(path.read_bytes() for path in house_of(app).settings.instance.rglob("*") if path.is_file())
    assert FREJA.encode() in held and secret.encode() not in held
    assert secret not in sven.get(f"{AT}{her}").text
    monkeypatch.setattr("survey.web.guards.is_fresh", lambda: False)
    assert "/confirm" in str(sven.post(f"{AT}{her}/link/make", {}).response.location)


def test_a_coordinators_link_needs_two_others(app: Flask, sven: StaffBrowser) -> None:
    add(app, SECOND)
    add(app, "tredje@region.example")
    siv, third, his = enter(app, SECOND), enter(app, "tredje@region.example"), number(app, SVEN)
    siv.post(f"{AT}{his}/link/make", {})
    assert "En annan samordnare gör den" in siv.get(f"{AT}{his}").words()
    sven.get("/staff/office/")
    assert "En annan samordnare" in siv.post(f"{AT}{his}/link/confirm", {}, 409).words()
    third.post(f"{AT}{his}/link/refuse", {})
    third.post(f"{AT}{his}/link/confirm", {}, 409)
    siv.post(f"{AT}{his}/link/make", {})
    link = link_from(third, his, "confirm")
    sven.get("/staff/office/", 302)
    StaffBrowser(app).post(link, BOTH)
    found = person(app, SVEN)
    assert found and found.role == "coordinator"
    said = [each for each in told(house_of(app)) if "link" in each[1]]
    assert said == [
        (SECOND, "new_link_asked"),
        ("tredje@region.example", "new_link_refused"),
        (SECOND, "new_link_asked"),
        ("tredje@region.example", "new_link_made"),
        (SVEN, "new_link_taken"),
    ]


def test_who_became_coordinator_meanwhile_is_no_longer_let_in_by_one(app: Flask, sven: StaffBrowser) -> None:
    add(app, SECOND)
    her, siv = number(app, FREJA), enter(app, SECOND)
    link = link_from(sven, her)
    wanted = {"role": "coordinator", "place": "jh"}
    sven.post(f"{AT}{her}/role", wanted)
    siv.post(f"{AT}{her}/confirm", wanted)
    StaffBrowser(app).post(link, BOTH, 404)


def test_the_command_line_makes_one_too(app: Flask) -> None:
    with app.app_context():
        result = app.test_cli_runner().invoke(args=["people", "new-link", SVEN])
        assert result.exit_code == 0, result.output
        app.test_cli_runner().invoke(args=["people", "forget-factors", SVEN])
        assert app.test_cli_runner().invoke(args=["people", "new-link", "nej@region.example"]).exit_code == 1
    found = re.search(r"(/staff/new-password/[\w-]{43})", result.output)
    assert found
    StaffBrowser(app).post(found[1], BOTH)
    StaffBrowser(app).sign_in(SVEN, BOTH["password"])
    assert told(house_of(app))[:3] == [
        ("kommandoraden", "new_link_made"),
        ("kommandoraden", "factors_forgotten"),
        (SVEN, "new_link_taken"),
    ]
