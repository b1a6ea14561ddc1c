"""For every test of the office: a house with an open round, or one of accounts alone, and a coordinator signed in."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from flask import Flask

from survey.app import create_app
from survey.domain.places.place_tree import Place
from survey.domain.rounds.lifecycle import Round
from survey.store.core import places, rounds
from survey.store.database.engine import read_transaction, write_transaction
from survey.store.staff import accounts
from survey.worker.loop import Worker
from tests.admin import people_browsers
from tests.answering import ROUND, Answering, make_answering
from tests.care_unit import post_office
from tests.care_unit.conftest import enter, with_people
from tests.followup.staffed import HASH, StaffBrowser, furnish_instance

ANOTHER = "sol@region.example"
DRAFT = {
    "name": "Våren 2027",
    "key": "",
    "opens": "2027-02-15",
    "closes": "2027-04-01",
    "grace_days": "1",
    "version_patient": "underlag-2021",
    "version_provider": "underlag-2021",
    "threshold_patient": "10",
    "threshold_provider": "5",
    "answering": "codes",
}


@pytest.fixture
def made(tmp_path: Path) -> Answering:
    """Both parts of a house with two units and one open round."""
    return with_people(make_answering(tmp_path / "instance", open_link=True, part="all"))


@pytest.fixture
def on_both(tmp_path: Path, database_url: str) -> Answering:
    """The same on each database."""
    config = f'database = "{database_url}"'
    return with_people(make_answering(tmp_path / "instance", open_link=True, part="all", config=config))


@pytest.fixture
def as_person(made: Answering) -> Callable[[str], StaffBrowser]:
    """A browser in which the person of this name is signed in."""
    return partial(enter, made)


@pytest.fixture
def siv(made: Answering) -> StaffBrowser:
    """The coordinator."""
    return enter(made)


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """A staff app with one coordinator, Sven, and without a mail server."""
    return furnish_instance(tmp_path / "house", 1)


@pytest.fixture
def sending_app(tmp_path: Path, office: post_office.PostOffice) -> Flask:
    """The same with a mail server."""
    furnish_instance(tmp_path / "house", 1)
    with (tmp_path / "house" / "config.toml").open("a", encoding="utf-8") as config:
        config.write("\n" + post_office.mail_settings(office.port))
    return create_app("staff", tmp_path / "house")


@pytest.fixture
def sven(app: Flask) -> StaffBrowser:
    """The coordinator of the accounts, signed in."""
    return people_browsers.enter(app, "Sven")


def kept_rounds(made: Answering) -> Mapping[str, Round]:
    """The rounds as they are kept."""
    with read_transaction(made.house.engine) as connection:
        return {each.key: each for each in rounds.rounds(connection)}


def kept_places(made: Answering) -> Mapping[str, Place]:
    """The places as they are kept."""
    with read_transaction(made.house.engine) as connection:
        return {each.key: each for each in places.all_places(connection)}


def work(made: Answering) -> list[str]:
    """Let the worker take a turn; its keys may lie beside the answers, as in a trial."""
    house = made.house
    settings = replace(house.settings, demo=True)
    with made.app.app_context():
        return Worker(house.engine, settings, house.versions).turn(house.today())


def confirmed(made: Answering) -> None:
    """Another coordinator confirms all that waits for one."""
    with read_transaction(made.house.engine) as connection:
        known = accounts.account_by_email(connection, ANOTHER)
    if known is None:
        with write_transaction(made.house.engine) as connection:
            accounts.add_account(connection, ANOTHER, HASH, "coordinator", "jamtland-harjedalen")
    browser = StaffBrowser(made.app)
    browser.sign_in(ANOTHER)
    actions = [form.get("action") or "" for form in browser.get("/staff/admin/waiting/").all("form")]
    for action in (each for each in actions if each.endswith("/confirm")):
        browser.post(action, {})


def close_early(made: Answering, siv: StaffBrowser, key: str = ROUND) -> None:
    """Close a round before its time, as two coordinators do; the worker is asked for it."""
    siv.post(f"/staff/admin/rounds/{key}/close", {})
    confirmed(made)
