"""A staff side with five published rounds and people by name. For every test of the follow-up."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from survey.app import create_app
from survey.domain.places import Place
from survey.domain.rounds import Round
from survey.store import editions, people, places, rounds
from survey.store.engine import writing
from survey.store.migrate import upgrade
from survey.web.house import House
from survey.web.signin import hash_password

invented: Any = import_module("tests.followup.editions")
PASSWORD = "ett lösenord som är långt nog"
HASH = hash_password(PASSWORD)
PEOPLE = {
    "Freja": ("freja@region.example", "followup", "jh"),
    "Klara": ("klara@are.example", "followup", "are"),
    "Sven": ("sven@region.example", "coordinator", "jh"),
    "Brita": ("brita@brunflo.example", "unit", "brunflo"),
    "Odd": ("odd@odensala.example", "unit", "odensala"),
    "Sara": ("sara@tomt.example", "unit", "nystart"),
}


def furnish_instance(folder: Path, last: int = 5, *, demo: bool = True) -> Flask:
    """A staff app of its own database, with `last` editions."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = f'secret = "{"s" * 40}"\ndemo = {str(demo).lower()}\nsession_cookie_secure = false\n'
    (folder / "config.toml").write_text(settings, encoding="utf-8")
    app = create_app("staff", folder, lambda: date(2024, 6, 1))
    house: House = app.extensions["house"]
    upgrade(house.engine)
    with writing(house.engine) as connection:
        places.save_places(connection, _places())
        for name in PEOPLE:
            email, role, place = PEOPLE[name]
            people.add_person(connection, email, HASH, role, place)
        for number in range(1, last + 1):
            _publish(connection, number)
    return app


def _places() -> list[Place]:
    filial = {"torvalla": "odensala"}
    found = [
        Place(key=key, name=name, level=level, parent=up, huvudman=owner, filial_of=filial.get(key))
        for key, name, level, up, owner, _patients, _providers in invented.PLACES
    ]
    return [*found, Place(key="nystart", name="Nystartade hälsocentralen", level="unit", parent="berg")]


def _publish(connection: Any, number: int) -> None:
    key, name, opens, closes = invented.ROUNDS[number - 1]
    rounds.add_round(
        connection,
        Round(
            key=key,
            name=name,
            opens=opens,
            closes=closes,
            grace_days=1,
            version_patient="underlag-2021",
            version_provider="underlag-2021",
            threshold_patient=10,
            threshold_provider=5,
            open_link=True,
            state="published",
        ),
    )
    text, digest = invented.frozen(invented.body(number))
    editions.add(connection, key, text, digest, closes)


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Five published rounds."""
    return furnish_instance(tmp_path_factory.mktemp("followup"))


def token(page: TestResponse) -> str:
    """The page's own mark against cross-site posts."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert found, page.text
    return found.group(1)


def sign_in(client: FlaskClient, email: str, password: str = PASSWORD) -> TestResponse:
    """Send the sign-in form as a browser would."""
    mark = token(client.get("/staff/sign-in"))
    return client.post("/staff/sign-in", data={"email": email, "password": password, "csrf_token": mark})


@pytest.fixture
def as_person(app: Flask) -> Iterator[Callable[[str], FlaskClient]]:
    """A browser in which the person of this name is signed in."""

    def enter(name: str) -> FlaskClient:
        client = app.test_client()
        answer = sign_in(client, PEOPLE[name][0])
        assert answer.status_code == 302, answer.text
        return client

    yield enter
