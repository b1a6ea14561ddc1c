"""For every test of the office: a house with two units and an open round, and a coordinator who is signed in."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from survey.domain.places import Place
from survey.domain.rounds import Round
from survey.publication.worker import Worker
from survey.store import places, rounds
from survey.store.engine import reading
from tests.answering import Answering, make_answering
from tests.followup.staffed import StaffBrowser
from tests.unit.conftest import enter, with_people

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


def kept_rounds(made: Answering) -> Mapping[str, Round]:
    """The rounds as they are kept."""
    with reading(made.house.engine) as connection:
        return {each.key: each for each in rounds.rounds(connection)}


def kept_places(made: Answering) -> Mapping[str, Place]:
    """The places as they are kept."""
    with reading(made.house.engine) as connection:
        return {each.key: each for each in places.all_places(connection)}


def work(made: Answering) -> list[str]:
    """Let the worker take a turn; its keys may lie beside the answers, as in a trial."""
    house = made.house
    settings = replace(house.settings, demo=True)
    with made.app.app_context():
        return Worker(house.engine, settings, house.versions).turn(house.today())
