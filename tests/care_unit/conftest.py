"""For every test of the care units' journey: an open round, and people who sign in by name."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from survey.store.database.engine import write_transaction
from survey.store.staff import accounts
from tests.answering import OTHER_UNIT, UNIT, Answering, make_answering
from tests.care_unit.post_office import Exchange, PostOffice, mail_settings
from tests.followup.staffed import HASH, StaffBrowser

PEOPLE = {
    "Frida": ("frida@froso.example", "unit", UNIT),
    "Stig": ("stig@stugun.example", "unit", OTHER_UNIT),
    "Siv": ("siv@region.example", "coordinator", "jamtland-harjedalen"),
    "Gun": ("gun@region.example", "followup", "jamtland-harjedalen"),
}


def with_people(made: Answering) -> Answering:
    """The same house, with accounts."""
    with write_transaction(made.house.engine) as connection:
        for email, role, place in PEOPLE.values():
            accounts.add_account(connection, email, HASH, role, place)
    return made


def enter(made: Answering, name: str = "Siv", language: str = "sv") -> StaffBrowser:
    """A browser in which the person of this name is signed in, the coordinator if none is named."""
    browser = StaffBrowser(made.app, language)
    browser.sign_in(PEOPLE[name][0])
    return browser


@pytest.fixture
def made(tmp_path: Path) -> Answering:
    """Both parts of a house with two units and one open round, where residents may answer without a code."""
    return with_people(make_answering(tmp_path / "instance", open_link=True, part="all"))


@pytest.fixture
def as_person(made: Answering) -> Callable[[str], StaffBrowser]:
    """A browser in which the person of this name is signed in."""
    return partial(enter, made)


@pytest.fixture
def sending(tmp_path: Path, office: PostOffice, gateway: Exchange) -> Answering:
    """A house that can send."""
    config = f"""
{mail_settings(office.port, sender="De 7 frågorna <svara@region.example>")}
sms_url = "http://127.0.0.1:{gateway.port}/send"
sms_fields = ["to={{to}}", "message={{text}}", "reference={{id}}"]
sms_headers = ["Authorization=Bearer hemligt"]
"""
    return with_people(make_answering(tmp_path / "instance", open_link=True, part="all", config=config))


@pytest.fixture
def frida(sending: Answering) -> StaffBrowser:
    """The unit lead, signed in."""
    browser = StaffBrowser(sending.app)
    browser.sign_in(PEOPLE["Frida"][0])
    return browser
