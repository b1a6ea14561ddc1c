"""A new link for who has lost the way in: taken once, told to the person, two coordinators behind a coordinator's."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from survey.store.database.engine import read_transaction, write_transaction
from survey.store.staff import second_factors
from survey.web.request.services import Services
from tests.admin.people_browsers import (
    BOTH,
    SECOND,
    add,
    confirms,
    enter,
    hand_over,
    house_of,
    link_on,
    number,
    person,
    waits,
)
from tests.followup.staffed import PEOPLE, StaffBrowser
from tests.web.logged import logged, told

AT = "/staff/admin/people/"
FREJA, SVEN = PEOPLE["Freja"][0], PEOPLE["Sven"][0]


def link_from(by: StaffBrowser, whose: int) -> tuple[str, str]:
    return link_on(by.post(f"{AT}{whose}/link", {}, 200))


def test_who_forgot_the_password_chooses_another(app: Flask, sven: StaffBrowser) -> None:
    freja, her = enter(app, "Freja"), number(app, FREJA)
    with write_transaction(house_of(app).engine) as connection:
        second_factors.set_recovery_codes(connection, her, [b"x" * 32])
    link = link_from(sven, her)
    freja.get("/staff/followup/1/jh", 302)
    assert "gjordes en ny länk till ditt konto" in freja.get("/staff/sign-in").words()
    guest = StaffBrowser(app)
    assert "gjordes en ny länk" not in guest.get("/staff/sign-in").words()
    for _ in range(3):
        guest.get(link[0])
        assert FREJA in hand_over(app, link).text
    assert hand_over(app, link, BOTH, 302).response.location == "/staff/sign-in"
    StaffBrowser(app).sign_in("Freja", status=200)
    guest.sign_in(FREJA, BOTH["password"])
    assert "gjordes en ny länk till ditt konto" in guest.get("/staff/account/").words()
    guest.post("/staff/account/new-link-read", {})
    assert "gjordes en ny länk" not in guest.get("/staff/account/").words()
    with read_transaction(house_of(app).engine) as connection:
        assert second_factors.recovery_codes_left(connection, her) == 0
    said = [each for each in told(house_of(app)) if "link" in each[1]]
    assert said == [(SVEN, "new_link_made"), (FREJA, "new_link_taken"), (FREJA, "new_link_read")]
    assert logged(house_of(app))[2]["about"] == {"person": FREJA}


def test_the_old_password_is_told_of_the_link_and_ends_it(app: Flask, sven: StaffBrowser) -> None:
    link = link_from(sven, number(app, FREJA))
    freja = enter(app, "Freja")
    assert "gjordes en ny länk till ditt konto" in freja.get("/staff/followup/1/jh").words()
    freja.post("/staff/account/new-link-read", {})
    hand_over(app, link, BOTH, 404)


def test_a_link_is_good_once_and_for_some_days(app: Flask, sven: StaffBrowser) -> None:
    her, house = number(app, FREJA), house_of(app)
    first, link = link_from(sven, her), link_from(sven, her)
    hand_over(app, first, status=404)
    assert "minst 15 tecken" in hand_over(app, link, {"password": "kort"}, 422).words()
    late: Services = house.__class__(**{**house.__dict__, "today": lambda: house.today() + timedelta(days=8)})
    app.extensions["services"] = late
    hand_over(app, link, BOTH, 404)
    app.extensions["services"] = house
    hand_over(app, link, BOTH, 302)
    assert "Länken gäller inte längre" in hand_over(app, link, BOTH, 404).words()


def test_a_closed_account_gets_no_link_and_uses_none(app: Flask, sven: StaffBrowser) -> None:
    her = number(app, FREJA)
    link = link_from(sven, her)
    sven.post(f"{AT}{her}/close", {})
    hand_over(app, link, BOTH, 404)
    assert "stängt" in sven.post(f"{AT}{her}/link", {}, 409).words()


def test_the_database_holds_no_secret_and_a_fresh_sign_in_is_asked(
    app: Flask, sven: StaffBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    her = number(app, FREJA)
    secret = link_from(sven, her)[1]
    held = b"".join(path.read_bytes() for path in house_of(app).settings.instance.rglob("*") if path.is_file())
    assert FREJA.encode() in held and secret.encode() not in held
    assert secret not in sven.get(f"{AT}{her}").text
    monkeypatch.setattr("survey.web.staff.guards.is_recent_sign_in", lambda: False)
    assert "/confirm" in str(sven.post(f"{AT}{her}/link", {}).response.location)


def test_a_coordinators_link_needs_two_others(app: Flask, sven: StaffBrowser) -> None:
    add(app, SECOND)
    add(app, "tredje@region.example")
    siv, third, his = enter(app, SECOND), enter(app, "tredje@region.example"), number(app, SVEN)
    siv.post(f"{AT}{his}/link", {})
    [asked, no] = waits(third, "Ge ")
    assert "En annan samordnare" in siv.post(asked, {}, 409).words()
    sven.get("/staff/admin/")
    third.post(no, {})
    third.post(asked, {}, 409)
    siv.post(f"{AT}{his}/link", {})
    link = link_on(confirms(third, "Ge ", 200))
    sven.get("/staff/admin/", 302)
    hand_over(app, link, BOTH, 302)
    found = person(app, SVEN)
    assert found and found.role == "coordinator"
    said = [each for each in told(house_of(app)) if "link" in each[1]]
    assert said == [
        (SECOND, "new_link_asked"),
        (SECOND, "new_link_asked"),
        ("tredje@region.example", "new_link_made"),
        (SVEN, "new_link_taken"),
    ]


def test_who_became_coordinator_meanwhile_is_no_longer_let_in_by_one(app: Flask, sven: StaffBrowser) -> None:
    add(app, SECOND)
    her, siv = number(app, FREJA), enter(app, SECOND)
    link = link_from(sven, her)
    sven.post(f"{AT}{her}/role", {"role": "coordinator", "place": "jh"})
    confirms(siv, status=200)
    hand_over(app, link, BOTH, 404)


def test_the_command_line_makes_one_too(app: Flask) -> None:
    with app.app_context():
        result = app.test_cli_runner().invoke(args=["accounts", "new-link", SVEN])
        assert result.exit_code == 0, result.output
        app.test_cli_runner().invoke(args=["accounts", "forget-factors", SVEN])
        assert app.test_cli_runner().invoke(args=["accounts", "new-link", "nej@region.example"]).exit_code == 1
    found = re.search(r"http://127.0.0.1:8000(/staff/new-password)#([\w-]{43})\n", result.output)
    assert found
    hand_over(app, (found[1], found[2]), BOTH, 302)
    StaffBrowser(app).sign_in(SVEN, BOTH["password"])
    assert told(house_of(app))[:3] == [
        ("kommandoraden", "new_link_made"),
        ("kommandoraden", "factors_forgotten"),
        (SVEN, "new_link_taken"),
    ]
