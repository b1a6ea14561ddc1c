"""Accounts by invitation: a link that is good once and for a week, and what could not work refused."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine

from survey.domain.places.place_tree import Place
from survey.store.core import places
from survey.store.database.engine import read_transaction, write_transaction
from survey.store.staff import accounts, staff_invitations
from survey.store.staff.staff_invitations import StaffInvitation
from survey.web.request.services import Services
from tests import factories
from tests.admin.people_browsers import BOTH, add, hand_over, house_of, link_on, person
from tests.followup.staffed import HASH, PEOPLE, StaffBrowser
from tests.web.logged import told

AT = "/staff/admin/people/"
NEW = "nora@region.example"
FIELDS = {"email": " Nora@Region.example ", "role": "followup", "place": "are"}


def link_from(sven: StaffBrowser, **changed: str) -> tuple[str, str]:
    return link_on(sven.post(f"{AT}invite", {**FIELDS, **changed}, 200))


def test_an_invited_person_chooses_a_password_and_signs_in(app: Flask, sven: StaffBrowser) -> None:
    link = link_from(sven)
    for _ in range(3):  # a program that looks at links uses none up
        StaffBrowser(app).get(link[0])
        page = hand_over(app, link)
    assert NEW in page.text and "Åre" in page.words()
    assert person(app, NEW) is None
    assert hand_over(app, link, BOTH, 302).response.location == "/staff/sign-in"
    StaffBrowser(app).sign_in(NEW, BOTH["password"])
    made = person(app, NEW)
    assert made and (made.role, made.place, made.active) == ("followup", "are", True)
    assert told(house_of(app))[1:] == [
        (PEOPLE["Sven"][0], "person_invited"),
        (NEW, "invitation_taken"),
        (NEW, "signed_in"),
    ]


@pytest.mark.parametrize("shape", ["{}.", " {}\n", "https://x/staff/invited#{}", "https://x/staff/invited%23{})"])
def test_a_link_that_was_pasted_whole_or_with_more_is_understood(app: Flask, sven: StaffBrowser, shape: str) -> None:
    at, secret = link_from(sven)
    assert NEW in hand_over(app, (at, shape.format(secret))).text


def test_a_link_is_good_once(app: Flask, sven: StaffBrowser) -> None:
    link = link_from(sven)
    hand_over(app, link, BOTH, 302)
    for page in (hand_over(app, link, status=404), hand_over(app, link, BOTH, 404)):
        assert "Länken gäller inte längre" in page.words()
        assert "Har du redan valt ett lösenord kan du logga in." in page.words()


def test_a_link_is_good_for_seven_days(app: Flask, sven: StaffBrowser) -> None:
    link, house = link_from(sven), house_of(app)
    late: Services = house.__class__(**{**house.__dict__, "today": lambda: house.today() + timedelta(days=7)})
    app.extensions["services"] = late
    hand_over(app, link)
    app.extensions["services"] = house.__class__(
        **{**house.__dict__, "today": lambda: house.today() + timedelta(days=8)}
    )
    hand_over(app, link, BOTH, 404)
    assert "blivit för gammal" in sven.get(AT).words()


def test_the_database_holds_no_secret(app: Flask, sven: StaffBrowser) -> None:
    secret = link_from(sven)[1]
    folder = house_of(app).settings.instance
    held = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert NEW.encode() in held and secret.encode() not in held
    assert secret not in sven.get(AT).text


def test_a_newer_link_ends_the_older_and_any_can_be_taken_back(app: Flask, sven: StaffBrowser) -> None:
    first, second = link_from(sven), link_from(sven)
    hand_over(app, first, status=404)
    hand_over(app, second)
    sven.post(f"{AT}withdraw", {"email": NEW})
    hand_over(app, second, status=404)
    assert "har ändrats" in sven.post(f"{AT}withdraw", {"email": NEW}, 409).words()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"email": "nora"}, "Skriv en hel e-postadress"),
        ({"email": ""}, "Skriv en hel e-postadress"),
        ({"email": "\0\x1b"}, "Skriv en hel e-postadress"),
        ({"email": f"{'n' * 250}@region.example"}, "Skriv en hel e-postadress"),
        ({"email": PEOPLE["Freja"][0].upper()}, "Det finns redan ett konto"),
        ({"role": "chef"}, "Välj vad personen ska göra"),
        ({"role": ""}, "Välj vad personen ska göra"),
        ({"place": "\0"}, "Välj platsen"),
        ({"place": ""}, "Välj platsen"),
        ({"place": "brunflo"}, "hör inte ihop med platsen"),
        ({"role": "unit"}, "hör inte ihop med platsen"),
        ({"role": "auditor", "place": "brunflo"}, "hör inte ihop med platsen"),
    ],
)
def test_an_invitation_that_could_not_work_is_refused(
    app: Flask, sven: StaffBrowser, changed: dict[str, str], said: str
) -> None:
    assert said in sven.post(f"{AT}invite", {**FIELDS, **changed}, 422).words()
    with read_transaction(house_of(app).engine) as connection:
        assert staff_invitations.waiting(connection) == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"password": "x" * 14, "again": "x" * 14}, "minst 15 tecken"),
        ({"password": "x" * 129, "again": "x" * 129}, "högst 128 tecken"),
        ({"password": BOTH["password"], "again": "något annat"}, "inte likadana"),
        ({}, "minst 15 tecken"),
    ],
)
def test_a_password_that_will_not_do(app: Flask, sven: StaffBrowser, fields: dict[str, str], said: str) -> None:
    link = link_from(sven)
    assert said in hand_over(app, link, {"password": "", **fields}, 422).words()
    hand_over(app, link, BOTH, 302)


def test_an_account_that_came_meanwhile_stays_as_it_is(app: Flask, sven: StaffBrowser) -> None:
    link = link_from(sven)
    add(app, NEW, "unit", "brunflo")
    assert "Kontot finns redan" in hand_over(app, link, BOTH, 409).words()
    found = person(app, NEW)
    assert found and found.role == "unit"


def test_the_stores_own_words(engine: Engine) -> None:
    """A second taker gets nothing, on both databases."""
    with write_transaction(engine) as connection:
        places.save_places(connection, [Place("region", "Regionen", "region")])
        today = factories.make_round().opens
        staff_invitations.save(connection, b"h" * 32, StaffInvitation(NEW, "followup", "region", today), today)
        assert staff_invitations.find(connection, b"h" * 32, today + timedelta(days=1)) is None
        assert staff_invitations.redeem(connection, b"h" * 32, today) == StaffInvitation(
            NEW, "followup", "region", today
        )
        assert staff_invitations.redeem(connection, b"h" * 32, today) is None
        assert staff_invitations.withdraw(connection, "\0") == 0
        accounts.add_account(connection, NEW, HASH, "followup", "region")
