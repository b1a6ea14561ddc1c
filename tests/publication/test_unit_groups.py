"""Named groups of units among what is published: their units' noised figures, added up."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine

from survey.domain.places.unit_groups import LEVEL, UnitGroup, key_of
from survey.domain.questions.answer_scale import ROLES
from survey.publication.publish import publish
from survey.publication.unit_groups import groups_of, publishable
from survey.store.core import unit_groups
from survey.store.database.engine import write_transaction
from tests.factories import make_round
from tests.publication.invented import invented, realistic, region
from tests.publication.test_publish import SETTINGS, TODAY, VERSIONS, fill, published
from tests.told_rounds import Rounds

DAY = date(2026, 9, 1)
PLACES = region(2, 5)
UNITS = [place.key for place in PLACES if place.level == "unit"]


def a_group(units: Sequence[str], key: str = "arena", version: int = 1, since: date = DAY) -> UnitGroup:
    """A group of these units."""
    return UnitGroup(key, version, "Arenan", tuple(units), since)


def test_any_two_units_or_more_that_were_asked_make_a_group() -> None:
    for units, made in ((UNITS[:1], False), (UNITS[:2], True), (UNITS[:-1], True), ([*UNITS[:3], "borta"], False)):
        assert bool(publishable([a_group(units)], PLACES)) is made, units


def test_its_figures_are_its_units_added_up_with_their_noise() -> None:
    made = Rounds(PLACES, VERSIONS, [a_group(UNITS[:3])])
    body = made.publish(make_round("h-26"), invented(3, PLACES, realistic))
    cells = {(cell["place"], cell["role"]): cell for cell in body["cells"] if cell["question"] == "trygghet"}
    for role in ROLES:
        each = [cells[unit, role] for unit in UNITS[:3] if cells[unit, role]["counts"]]
        whole = cells["arena.1", role]
        assert whole["counts"]["yes"] == sum(cell["counts"]["yes"] for cell in each)
        assert whole["noise"] == pytest.approx(sum(cell["noise"] for cell in each), abs=1e-3)


def test_a_group_is_published_with_the_rounds_that_it_was_in_force_in(sqlite_url: str, open_engine: Any) -> None:
    engine: Engine = open_engine(sqlite_url)
    fill(engine, "h-26", 1)
    fill(engine, "h-27", 2, year=2027)
    units = [place.key for place in region(2, 3) if place.level == "unit"][1:5]
    with write_transaction(engine) as connection:
        unit_groups.add(connection, a_group(units, since=date(2026, 10, 11)))
        unit_groups.add(connection, a_group(units, "sen", since=date(2026, 10, 12)))
    first = published(engine, publish(engine, SETTINGS, VERSIONS, "h-26", TODAY))
    found = groups_of(first)
    named = {group.node for group in found}
    assert named <= {"arena.1"}, "made after the round had closed"
    assert {row["place"] for row in first["cells"]} == {row["key"] for row in first["places"]}
    with write_transaction(engine) as connection:
        assert unit_groups.end(connection, "arena", date(2026, 12, 1))
        assert not unit_groups.end(connection, "arena", date(2026, 12, 2))
    second = published(engine, publish(engine, SETTINGS, VERSIONS, "h-27", TODAY))
    assert "arena.1" not in {row["key"] for row in second["places"] if row["level"] == LEVEL}


def test_keys_are_told_apart_and_never_too_long() -> None:
    assert key_of("SÄBO väster", ()) == "sabo-vaster"
    assert key_of("SÄBO väster", ["sabo-vaster", "sabo-vaster-2"]) == "sabo-vaster-3"
    assert len(f"{key_of('x' * 80, ['x' * 32])}.12") <= 40
    assert key_of("...", ()) == "grupp"
