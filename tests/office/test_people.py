"""Accounts by invitation, closed and opened, and two coordinators behind each change of role."""

import re
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine

from survey.domain.places import Place
from survey.office import accounts
from survey.store import invites, people, places, role_changes
from survey.store.engine import reading, writing
from survey.store.invites import Invite
from survey.web.house import House
from tests import factories
from tests.followup.staffed import HASH, PEOPLE, StaffBrowser, furnish_instance
from tests.office.people_browsers import SECOND, add, enter, house_of, number, person
from tests.web.logged import logged, told

AT = "/staff/office/people/"
NEW = "nora@region.example"
FIELDS = {"email": " Nora@Region.example ", "role": "followup", "place": "are"}
BOTH = {"password": "fyra ord i en rad", "again": "fyra ord i en rad"}


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """A staff app with one coordinator, Sven."""
    return furnish_instance(tmp_path / "house", 1)


@pytest.fixture
def sven(app: Flask) -> StaffBrowser:
    """The coordinator, signed in."""
    return enter(app, "Sven")


def link_from(sven: StaffBrowser, **changed: str) -> str:
    page = sven.post(f"{AT}invite", {**FIELDS, **changed}, 200)
    found = re.search(r"http://localhost(/staff/invited/[\w-]{43})<", page.text)
    assert found, page.text
    return found[1]


def test_an_invited_person_chooses_a_password_and_signs_in(app: Flask, sven: StaffBrowser) -> None:
    link = link_from(sven)
    guest = StaffBrowser(app)
    for _ in range(3):  # a program that looks at links uses none up
        page = guest.get(link)
    assert NEW in page.words() and "Åre" in page.words()
    assert person(app, NEW) is None
    assert guest.post(link, BOTH).response.location == "/staff/sign-in"
    guest.sign_in(NEW, BOTH["password"])
    made = person(app, NEW)
    assert made and (made.role, made.place, made.active) == ("followup", "are", True)
    assert told(house_of(app))[1:] == [
        (PEOPLE["Sven"][0], "person_invited"),
        (NEW, "invitation_taken"),
        (NEW, "signed_in"),
    ]


def test_a_link_is_good_once(app: Flask, sven: StaffBrowser) -> None:
    link = link_from(sven)
    StaffBrowser(app).post(link, BOTH)
    for page in (StaffBrowser(app).get(link, 404), StaffBrowser(app).post(link, BOTH, 404)):
        assert "Länken gäller inte längre" in page.words()


def test_a_link_is_good_for_seven_days(app: Flask, sven: StaffBrowser) -> None:
    link, house = link_from(sven), house_of(app)
    late: House = house.__class__(**{**house.__dict__, "today": lambda: house.today() + timedelta(days=7)})
    app.extensions["house"] = late
    StaffBrowser(app).get(link)
    app.extensions["house"] = house.__class__(**{**house.__dict__, "today": lambda: house.today() + timedelta(days=8)})
    StaffBrowser(app).post(link, BOTH, 404)
    assert "blivit för gammal" in sven.get(AT).words()


def test_the_database_holds_no_secret(app: Flask, sven: StaffBrowser) -> None:
    secret = link_from(sven).rpartition("/")[2]
    folder = house_of(app).settings.instance
    held = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert NEW.encode() in held and secret.encode() not in held
    assert secret not in sven.get(AT).text


def test_a_newer_link_ends_the_older_and_any_can_be_taken_back(app: Flask, sven: StaffBrowser) -> None:
    first, second = link_from(sven), link_from(sven)
    StaffBrowser(app).get(first, 404)
    StaffBrowser(app).get(second)
    sven.post(f"{AT}withdraw", {"email": NEW})
    StaffBrowser(app).get(second, 404)
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
    with reading(house_of(app).engine) as connection:
        assert invites.waiting(connection) == []


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
    assert said in StaffBrowser(app).post(link, fields, 422).words()
    StaffBrowser(app).post(link, BOTH)


def test_an_account_that_came_meanwhile_stays_as_it_is(app: Flask, sven: StaffBrowser) -> None:
    link = link_from(sven)
    add(app, NEW, "unit", "brunflo")
    assert "Kontot finns redan" in StaffBrowser(app).post(link, BOTH, 409).words()
    found = person(app, NEW)
    assert found and found.role == "unit"


def test_closing_an_account_ends_its_sessions_at_once(app: Flask, sven: StaffBrowser) -> None:
    freja = enter(app, "Freja")
    freja.get("/staff/followup/1/jh")
    sven.post(f"{AT}{number(app, PEOPLE['Freja'][0])}/close", {})
    freja.get("/staff/followup/1/jh", 302)
    StaffBrowser(app).sign_in("Freja", status=200)
    sven.post(f"{AT}{number(app, PEOPLE['Freja'][0])}/reopen", {})
    freja.get("/staff/followup/1/jh", 302)
    StaffBrowser(app).sign_in("Freja")


def test_the_last_coordinator_stays(app: Flask, sven: StaffBrowser) -> None:
    assert "minst en samordnare" in sven.post(f"{AT}{number(app, PEOPLE['Sven'][0])}/close", {}, 409).words()
    add(app, SECOND)
    sven.post(f"{AT}{number(app, PEOPLE['Sven'][0])}/close", {})
    found = person(app, PEOPLE["Sven"][0])
    assert found and not found.active


def test_one_asks_and_another_confirms(app: Flask, sven: StaffBrowser) -> None:
    add(app, SECOND)
    freja, siv, her = enter(app, "Freja"), enter(app, SECOND), number(app, PEOPLE["Freja"][0])
    wanted = {"role": "auditor", "place": "are"}
    sven.post(f"{AT}{her}/role", wanted)
    freja.get("/staff/followup/1/jh")
    assert "En annan samordnare" in sven.post(f"{AT}{her}/confirm", wanted, 409).words()
    siv.post(f"{AT}{her}/confirm", wanted)
    freja.get("/staff/followup/1/jh", 302)
    found = person(app, PEOPLE["Freja"][0])
    assert found and (found.role, found.place) == ("auditor", "are")
    assert [each for each in told(house_of(app)) if each[1].startswith("role")] == [
        (PEOPLE["Sven"][0], "role_asked"),
        (SECOND, "role_changed"),
    ]
    assert logged(house_of(app))[-1]["about"] == {"person": PEOPLE["Freja"][0], **wanted}


def test_what_is_confirmed_is_what_was_read(app: Flask, sven: StaffBrowser) -> None:
    add(app, SECOND)
    siv, her = enter(app, SECOND), number(app, PEOPLE["Freja"][0])
    sven.post(f"{AT}{her}/role", {"role": "auditor", "place": "jh"})
    sven.post(f"{AT}{her}/role", {"role": "coordinator", "place": "jh"})
    assert "har ändrats" in siv.post(f"{AT}{her}/confirm", {"role": "auditor", "place": "jh"}, 409).words()
    assert "har ändrats" in siv.post(f"{AT}{her}/confirm", {}, 409).words()
    found = person(app, PEOPLE["Freja"][0])
    assert found and found.role == "followup"


def test_a_change_is_forgotten_when_someone_says_no(app: Flask, sven: StaffBrowser) -> None:
    add(app, SECOND)
    siv, her, wanted = enter(app, SECOND), number(app, PEOPLE["Freja"][0]), {"role": "auditor", "place": "jh"}
    sven.post(f"{AT}{her}/role", wanted)
    assert "Bekräfta ändringen" in siv.get(AT).words()
    assert "Bekräfta ändringen" not in sven.get(AT).words()
    siv.post(f"{AT}{her}/refuse", {})
    siv.post(f"{AT}{her}/confirm", wanted, 409)
    siv.post(f"{AT}{her}/refuse", {}, 409)


def test_who_asked_and_was_closed_stands_behind_nothing(app: Flask, sven: StaffBrowser) -> None:
    add(app, SECOND)
    siv, her, wanted = enter(app, SECOND), number(app, PEOPLE["Freja"][0]), {"role": "auditor", "place": "jh"}
    sven.post(f"{AT}{her}/role", wanted)
    siv.post(f"{AT}{number(app, PEOPLE['Sven'][0])}/close", {})
    siv.post(f"{AT}{her}/confirm", wanted, 409)


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"role": "followup", "place": "jh"}, "redan den rollen"),
        ({"role": "unit", "place": "jh"}, "hör inte ihop"),
        ({"role": "chef", "place": "jh"}, "Välj vad"),
        ({}, "Välj vad"),
    ],
)
def test_a_change_that_could_not_work(app: Flask, sven: StaffBrowser, wanted: dict[str, str], said: str) -> None:
    assert said in sven.post(f"{AT}{number(app, PEOPLE['Freja'][0])}/role", wanted, 422).words()


def test_a_coordinator_more_needs_two(app: Flask, sven: StaffBrowser) -> None:
    link_from(sven, role="coordinator")
    add(app, SECOND)
    assert "två samordnare bakom sig" in sven.post(f"{AT}invite", {**FIELDS, "role": "coordinator"}, 422).words()


@pytest.mark.parametrize("address", ["0", "999", str(2**31), "x", "1/sing"])
def test_who_is_not_there(sven: StaffBrowser, address: str) -> None:
    sven.get(f"{AT}{address}", 404)


def test_two_coordinators_do_not_close_each_other_at_once(app: Flask, engine: Engine) -> None:
    with writing(engine) as connection:
        places.save_places(connection, [Place("region", "Regionen", "region")])
        for n in range(2):
            people.add_person(connection, f"k{n}@region.example", HASH, "coordinator", "region")
        ids = sorted(people.coordinators_alone(connection))
    house = house_of(app)
    app.extensions["house"] = house.__class__(**{**house.__dict__, "engine": engine})
    outcomes: list[str] = []
    both = threading.Barrier(2, timeout=10)

    def close(whom: int) -> None:
        with app.test_request_context("/staff/"):
            from flask_login import login_user

            from survey.web.accounts import Account

            with reading(engine) as connection:
                me = next(each for each in people.people(connection) if each.id != whom)
            login_user(Account(me))
            both.wait()
            try:
                accounts.set_open(whom, False)
                outcomes.append("closed")
            except accounts.Refused as refused:
                outcomes.append(str(refused))

    threads = [threading.Thread(target=close, args=(each,)) for each in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == sorted(["closed", accounts.LAST])
    with writing(engine) as connection:
        assert len(people.coordinators_alone(connection)) == 1


def test_the_stores_own_words(engine: Engine) -> None:
    """A second taker gets nothing, on both databases."""
    with writing(engine) as connection:
        places.save_places(connection, [Place("region", "Regionen", "region")])
        today = factories.make_round().opens
        invites.put(connection, b"h" * 32, Invite(NEW, "followup", "region", today), today)
        assert invites.find(connection, b"h" * 32, today + timedelta(days=1)) is None
        assert invites.take(connection, b"h" * 32, today) == Invite(NEW, "followup", "region", today)
        assert invites.take(connection, b"h" * 32, today) is None
        assert invites.withdraw(connection, "\0") == 0
        people.add_person(connection, NEW, HASH, "followup", "region")
        assert role_changes.waiting(connection) == {}
