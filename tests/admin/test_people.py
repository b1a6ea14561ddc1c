"""Accounts closed and opened, and two coordinators behind whatever sees over others."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import Engine

from survey.admin.accounts import wording
from survey.domain.places.place_tree import Place
from survey.store.core import places
from survey.store.database.engine import read_transaction, write_transaction
from survey.store.staff import accounts as people
from survey.store.staff import proposals, staff_invitations
from survey.store.tables import password_reset
from survey.web.staff.two_people import ActionRefused
from tests.admin.people_browsers import (
    BOTH,
    SECOND,
    WAITING,
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
from tests.followup.staffed import HASH, PEOPLE, StaffBrowser
from tests.web.logged import logged, told

AT = "/staff/admin/people/"
THIRD = "tora@region.example"
FIELDS = {"email": " Nora@Region.example ", "role": "followup", "place": "are"}


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
    sven.post(f"{AT}{her}/role", {"role": "auditor", "place": "are"})
    freja.get("/staff/followup/1/jh")
    assert [at.rpartition("/")[2] for at in waits(sven)] == ["refuse"]
    assert "En annan samordnare" in sven.post(waits(siv)[0], {}, 409).words()
    # The account as it was could have been entered by one coordinator alone: it begins anew.
    link = link_on(confirms(siv, "Granskare", 200))
    freja.get("/staff/followup/1/jh", 302)
    found = person(app, PEOPLE["Freja"][0])
    assert found and (found.role, found.place) == ("auditor", "are")
    assert [each for each in told(house_of(app)) if each[1].startswith("role")] == [
        (PEOPLE["Sven"][0], "role_asked"),
        (SECOND, "role_changed"),
    ]
    about = {"person": PEOPLE["Freja"][0], "role": "followup → auditor", "place": "jh → are"}
    assert logged(house_of(app))[-1]["about"] == {**about, "asked_by": PEOPLE["Sven"][0]}
    hand_over(app, link, BOTH, 302)


def test_what_is_confirmed_is_what_was_read(app: Flask, sven: StaffBrowser) -> None:
    add(app, SECOND)
    siv, her = enter(app, SECOND), number(app, PEOPLE["Freja"][0])
    sven.post(f"{AT}{her}/role", {"role": "auditor", "place": "jh"})
    read = waits(siv, "Granskare")[0]
    sven.post(f"{AT}{her}/role", {"role": "coordinator", "place": "jh"})
    assert "har ändrats" in siv.post(read, {}, 409).words()
    assert "har ändrats" in siv.post(f"{WAITING}x/confirm", {}, 409).words()
    found = person(app, PEOPLE["Freja"][0])
    assert found and found.role == "followup"


def test_a_change_is_forgotten_when_someone_says_no_or_a_week_has_gone(app: Flask, sven: StaffBrowser) -> None:
    add(app, SECOND)
    siv, her, wanted = enter(app, SECOND), number(app, PEOPLE["Freja"][0]), {"role": "auditor", "place": "jh"}
    sven.post(f"{AT}{her}/role", wanted)
    assert "Bekräfta" in siv.get(AT).words()
    confirm, refuse = waits(siv)
    siv.post(refuse, {})
    siv.post(confirm, {}, 409)
    siv.post(refuse, {}, 409)
    sven.post(f"{AT}{her}/role", wanted)
    late, house = waits(siv)[0], house_of(app)
    app.extensions["services"] = house.__class__(
        **{**house.__dict__, "today": lambda: house.today() + timedelta(days=8)}
    )
    assert waits(siv) == []
    siv.post(late, {}, 409)


def test_who_asked_and_is_no_coordinator_any_more_stands_behind_nothing(app: Flask, sven: StaffBrowser) -> None:
    add(app, SECOND)
    siv, her, wanted = enter(app, SECOND), number(app, PEOPLE["Freja"][0]), {"role": "unit", "place": "brunflo"}
    sven.post(f"{AT}{her}/role", wanted)
    sven.post(f"{AT}{number(app, PEOPLE['Sven'][0])}/close", {})
    siv.post(waits(siv)[0], {}, 409)


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


GUARDED = [
    ("invite", {**FIELDS, "role": "coordinator"}, "Bjud in"),
    ("invite", {**FIELDS, "role": "auditor"}, "Bjud in"),
    ("{auditor}/link", {}, "Ge "),
    ("{auditor}/close", {}, "Stäng"),
    ("{auditor}/role", {"role": "followup", "place": "jh"}, "Ändra"),
    ("{second}/link", {}, "Ge "),
    ("{second}/close", {}, "Stäng"),
    ("{second}/role", {"role": "followup", "place": "jh"}, "Ändra"),
    ("{closed}/reopen", {}, "Öppna"),
]


def _house_of_two(app: Flask) -> dict[str, int]:
    """A second and a third coordinator, an auditor, and a coordinator whose account is closed."""
    emails = {"second": SECOND, "third": THIRD, "auditor": "ada@region.example", "closed": "tor@region.example"}
    for name, email in emails.items():
        add(app, email, "auditor" if name == "auditor" else "coordinator")
    numbers = {name: number(app, email) for name, email in emails.items()}
    with write_transaction(house_of(app).engine) as connection:
        people.set_active(connection, numbers["closed"], False)
    return numbers


def _accounts(app: Flask) -> list[object]:
    with read_transaction(house_of(app).engine) as connection:
        everybody = [(each.email, each.role, each.active, each.password) for each in people.accounts(connection)]
        return [
            *everybody,
            *staff_invitations.waiting(connection),
            *connection.execute(sa.select(password_reset)).all(),
        ]


@pytest.mark.slow
@pytest.mark.parametrize(("at", "fields", "words"), GUARDED)
def test_one_coordinator_alone_changes_nothing_that_sees_over_others(
    app: Flask, sven: StaffBrowser, at: str, fields: dict[str, str], words: str
) -> None:
    numbers = _house_of_two(app)
    third, before = enter(app, THIRD), _accounts(app)
    for _ in range(2):  # asking again is asking once
        sven.post(f"{AT}{at.format(**numbers)}", fields)
    [asked] = waits(sven)
    sven.post(asked.replace("/refuse", "/confirm"), {}, 409)
    assert _accounts(app) == before
    third.post(f"{AT}{at.format(**numbers)}", fields, 422 if "role" in fields else 409)
    third.post(waits(third, words)[0], {}, 200 if words in ("Bjud in", "Ge ") else 302)
    assert _accounts(app) != before
    assert logged(house_of(app))[-1]["about"]["asked_by"] == PEOPLE["Sven"][0]  # type: ignore[index]


def test_a_key_is_never_taken_for_an_option_of_the_command_line(app: Flask) -> None:
    today, sven = house_of(app).today(), number(app, PEOPLE["Sven"][0])
    with write_transaction(house_of(app).engine) as connection:
        for turn in range(100):
            key = proposals.add(connection, "close", str(turn), {}, sven, today=today, until=today)
            assert key.isalnum() and len(key) >= 20


@pytest.mark.parametrize(("at", "fields", "words"), GUARDED[:4])
def test_who_is_alone_has_the_keeper_of_the_server_as_second(
    app: Flask, sven: StaffBrowser, at: str, fields: dict[str, str], words: str
) -> None:
    numbers = _house_of_two(app)
    with write_transaction(house_of(app).engine) as connection:
        for name in ("second", "third"):
            people.set_active(connection, numbers[name], False)
    before = _accounts(app)
    sven.post(f"{AT}{at.format(**numbers)}", fields)
    assert "Den som sköter systemet kan vara den andra" in sven.get(WAITING).words() and _accounts(app) == before
    run = app.test_cli_runner().invoke
    key, _, said = run(args=["accounts", "waiting"]).output.partition("  ")
    assert said.startswith(words)
    done = run(args=["accounts", "confirm", key])
    assert done.exit_code == 0 and _accounts(app) != before, done.output
    assert ("http://127.0.0.1:8000/staff/" in done.output) == (words != "Stäng")
    line = logged(house_of(app))[-1]
    assert (line["who"], line["about"]["asked_by"]) == ("kommandoraden", PEOPLE["Sven"][0])  # type: ignore[index]
    assert run(args=["accounts", "confirm", key]).exit_code == 1


@pytest.mark.parametrize("address", ["0", "999", str(2**31), "x", "1/sing"])
def test_who_is_not_there(sven: StaffBrowser, address: str) -> None:
    sven.get(f"{AT}{address}", 404)


def test_two_coordinators_do_not_close_each_other_at_once(app: Flask, engine: Engine) -> None:
    with write_transaction(engine) as connection:
        places.save_places(connection, [Place("region", "Regionen", "region")])
        for n in range(2):
            people.add_account(connection, f"k{n}@region.example", HASH, "coordinator", "region")
        ids = sorted(people.coordinators_for_update(connection))
    house = house_of(app)
    app.extensions["services"] = house.__class__(**{**house.__dict__, "engine": engine})
    outcomes: list[str] = []
    both = threading.Barrier(2, timeout=10)

    def close(whom: int) -> None:
        with app.test_request_context("/staff/"):
            from flask_login import login_user

            from survey.web.staff.security_datastore import User

            with read_transaction(engine) as connection:
                me = next(each for each in people.accounts(connection) if each.id != whom)
            login_user(User(me))
            both.wait()
            try:
                wording.set_open(whom, False)
                outcomes.append("closed")
            except ActionRefused as refused:
                outcomes.append(str(refused))

    threads = [threading.Thread(target=close, args=(each,)) for each in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == sorted(["closed", wording.LAST])
    with write_transaction(engine) as connection:
        assert len(people.coordinators_for_update(connection)) == 1
