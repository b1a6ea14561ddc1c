"""A place is read out of an edition's text alone, and says exactly what the whole edition says of it."""

from typing import Any

import pytest
from sqlalchemy import Engine

from survey.publication import chart_store, edition_reader
from survey.store.core.places import save_places
from survey.store.database.engine import read_transaction, write_transaction
from survey.store.published import editions
from tests.followup import editions as invented
from tests.followup.staffed import _places, publish

LAST = 5
AWKWARD = 'Vård ]}, {"place":"jh", "cells":[ och "gaps":[ åäö –'


def of_place(body: dict[str, Any], place: str) -> dict[str, Any]:
    """The body without the rows of all other places, the slow way."""
    return body | {name: [row for row in body[name] if row["place"] == place] for name in edition_reader.ROWS_BY_PLACE}


@pytest.fixture
def published(engine: Engine) -> Engine:
    """Five rounds, the third of them published twice."""
    with write_transaction(engine) as connection:
        save_places(connection, _places())
        for number in range(1, LAST + 1):
            publish(connection, number)
        again = invented.body(3) | {"number": LAST + 1}
        key, _name, _opens, closes = invented.ROUNDS[2]
        editions.add(connection, key, *invented.frozen(again), closes)
    return engine


@pytest.mark.parametrize("number", range(1, LAST + 1))
def test_every_place_reads_as_in_the_whole(number: int) -> None:
    body = invented.body(number)
    body["places"][3]["name"] = AWKWARD
    text, _ = invented.frozen(body)
    found = edition_reader.EditionReader(text, invented.ROUNDS[0][3])
    assert found.body_of_place(None) == body
    for place in body["places"]:
        assert found.body_of_place(place["key"]) == of_place(body, place["key"])
    # No other place's key begins or ends a mark: neither "are" nor "hemsjukvard" is "are-hemsjukvard".
    assert found.body_of_place("hemsjukvard") == found.body_of_place("") == of_place(body, "")


def test_the_rounds_come_as_the_store_gives_them(published: Engine) -> None:
    with read_transaction(published) as connection:
        for up_to in (None, 2, LAST, LAST + 1):
            whole = [each.content for each in editions.latest_by_round(connection, up_to)]
            assert [each.body_of_place(None) for each in edition_reader.latest_by_round(connection, up_to)] == whole
        before = chart_store.bodies_up_to(connection, 4, "are")
        assert before == [of_place(body, "are") for body in chart_store.bodies_up_to(connection, 4)]
        assert [body["number"] for body in before] == [1, 2, 3, 4]
        assert [body["number"] for body in chart_store.bodies_up_to(connection, LAST + 1, "are")] == [1, 2, LAST + 1]
        assert edition_reader.find_edition(connection, LAST + 2) is None
        with pytest.raises(LookupError):
            chart_store.bodies_up_to(connection, LAST + 2, "are")


def test_no_more_texts_are_kept_than_there_is_room_for(published: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edition_reader, "CACHE_SIZE", 2)
    monkeypatch.setattr(edition_reader, "_cache", {})
    with read_transaction(published) as connection:
        assert len(edition_reader.latest_by_round(connection)) == LAST
    assert len(edition_reader._cache) == 2
