"""The same pages on rounds that were really published: noised figures, edition, page."""

from pathlib import Path

import pytest
from flask import Flask

from survey.publication.publish import publish
from survey.store.answers import tally
from survey.store.core import rounds
from survey.store.database.engine import read_transaction, write_transaction
from survey.store.published import editions
from survey.web.request.services import Services
from tests.followup.editions import QUESTIONS, ROUNDS, opening, places
from tests.followup.looking import cell_of, table_of, words_of
from tests.followup.staffed import StaffBrowser, add_round, furnish_instance
from tests.told_rounds import written

ROLES = ("patient", "provider")
LAST = 2


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Rounds whose figures are written as a closing writes them, and published as the worker does it."""
    app = furnish_instance(Path(tmp_path_factory.mktemp("published")), 0)
    house: Services = app.extensions["services"]
    for number in range(1, LAST + 1):
        key, _name, _opens, closes = ROUNDS[number - 1]
        with write_transaction(house.engine) as connection:
            add_round(connection, number, "closed")
            made = written(opening(number), places(), key)
            rounds.set_counted(connection, key, made.tree)
            tally.write(connection, key, made)
        publish(house.engine, house.settings, house.versions, key, closes)
    return app


def test_every_place_of_every_edition_can_be_read_and_says_what_the_edition_says(app: Flask) -> None:
    freja = StaffBrowser(app)
    freja.sign_in("Freja")
    with read_transaction(app.extensions["services"].engine) as connection:
        published = [entry.content for entry in editions.latest_by_round(connection)]
    assert len(published) == LAST
    met = set()
    for edition in published:
        for place in (entry["key"] for entry in edition["places"]):
            page = freja.get(f"/staff/followup/{edition['number']}/{place}")
            for row, question in zip(table_of(page, "seven")[1:], QUESTIONS, strict=True):
                for found, role in zip(row[1:3], ROLES, strict=True):
                    cell = cell_of(edition, place, role, question)
                    met.add(cell["status"])
                    assert found.startswith(words_of(cell))
    assert met == {"shown", "hollow", "interval", "unsure", "hidden"}


def test_the_pictures_of_a_published_unit_are_drawn(app: Flask) -> None:
    brita = StaffBrowser(app)
    brita.sign_in("Brita")
    pictures = brita.get(f"/staff/followup/{LAST}/brunflo/trygghet").all("img")
    assert pictures
    for image in pictures:
        assert brita.get(image.get("src", "")).body.startswith(b"<svg")
