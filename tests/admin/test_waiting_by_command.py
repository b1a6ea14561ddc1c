"""What waits for a second coordinator, each kind of it confirmed by the keeper of the server on the command line."""

import pytest
from flask import Flask

import survey.admin.views  # noqa: F401 - it loads every kind
from survey.store.core import rounds
from survey.store.database.engine import write_transaction
from survey.store.staff import accounts, proposals
from survey.web.staff.two_people import KINDS
from tests.admin.people_browsers import house_of, number
from tests.factories import make_round
from tests.followup.staffed import PEOPLE
from tests.web.logged import logged

FREJA, SVEN, KLARA, OPEN = PEOPLE["Freja"][0], PEOPLE["Sven"][0], PEOPLE["Klara"][0], "nu"
ROUND, PERSON = {"round": OPEN}, {"person": FREJA}
ABOUT = {
    "invite": {"person": "nora@region.example", "role": "auditor", "place": "jh"},
    "change_role": {**PERSON, "role": "auditor", "place": "jh"},
    "reopen_account": {"person": KLARA},
}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_kind_is_confirmed_on_the_command_line(app: Flask, kind: str) -> None:
    today, sven = house_of(app).today(), number(app, SVEN)
    about = ABOUT.get(kind, ROUND if KINDS[kind].subject == "round" else PERSON)
    with write_transaction(house_of(app).engine) as connection:
        rounds.add_round(connection, make_round(OPEN, state="open"))
        accounts.set_active(connection, number(app, KLARA), False)
        proposals.add(connection, kind, about[KINDS[kind].subject], about, sven, today=today, until=today)
    run = app.test_cli_runner().invoke
    key = run(args=["accounts", "waiting"]).output.partition("  ")[0]
    done = run(args=["accounts", "confirm", key])
    assert (done.exit_code, done.exception) == (0, None), done.output
    line = logged(house_of(app))[-1]
    assert line["who"] == "kommandoraden" and line["about"]["asked_by"] == SVEN
    assert run(args=["accounts", "waiting"]).output == "Nothing waits.\n"
