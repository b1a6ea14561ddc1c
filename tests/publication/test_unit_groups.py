"""Groups of units among what is published: none gives away what is left when it is subtracted from something else."""

from collections.abc import Sequence
from datetime import date
from itertools import combinations
from typing import Any

import pytest
from analysis.protect import Detail, Unprotectable
from sqlalchemy import Engine
from survey.publication.counts import Counts
from survey.publication.gate import gate, restore
from survey.publication.gated import Gated
from tests.publication.attacker import Attack

from survey.domain.places import Tree
from survey.domain.scale import QUESTIONS, ROLES
from survey.domain.unit_groups import LEAST_APART, LEVEL, UnitGroup, key_of, published_sets, too_near
from survey.publication import publish as publishing
from survey.publication.publish import publish, publish_again
from survey.publication.unit_groups import added, groups_of, publishable
from survey.store import unit_groups
from survey.store.engine import writing
from tests.publication.invented import THRESHOLDS, Invented, realistic, region, small
from tests.publication.test_publish import SETTINGS, TODAY, VERSIONS, fill, published

DAY = date(2026, 9, 1)
PLACES = region(2, 5)
UNITS = [place.key for place in PLACES if place.level == "unit"]


def a_group(units: Sequence[str], key: str = "arena", version: int = 1, since: date = DAY) -> UnitGroup:
    """A group of these units."""
    return UnitGroup(key, version, "Arenan", tuple(units), since)


def both(seed: int, places: Any = PLACES, sizes: Any = realistic) -> dict[str, Counts]:
    """Both roles' counts of an invented round."""
    invented = Invented(seed, places, sizes)
    return {role: invented.counts(role) for role in THRESHOLDS}


def test_what_differs_by_one_unit_or_two_is_refused_by_name() -> None:
    sets = published_sets(Tree(PLACES), (), DAY)
    first = next(units for name, units in sets if len(units) == 5)
    for size in range(4, 6):
        for units in combinations(sorted(first), size):
            assert bool(too_near(units, sets)) == (size == 4), units
    other = next(unit for unit in UNITS if unit not in first)
    assert too_near([*first, other], sets) and not too_near([*sorted(first)[:3], *sorted(set(UNITS) - first)[:3]], sets)


def test_a_group_is_refused_for_another_group_too() -> None:
    units = [*UNITS[:3], *UNITS[5:8]]
    sets = published_sets(Tree(PLACES), [a_group(units)], DAY)
    assert too_near(units[:-1], sets) == ["Arenan"]
    assert too_near(units, sets) == []


def test_control_who_does_not_ask_is_told_one_unit() -> None:
    counts = both(3)["patient"]
    municipality = next(parts for whole, parts in counts.sums if len(parts) == 6)
    units = [part for part in municipality if part in UNITS]
    whole, group = (sum(counts.nodes[unit].n for unit in some) for some in (units, units[1:]))
    assert whole - group == counts.nodes[units[0]].n


def test_few_who_answered_in_between_keep_a_group_from_being_published() -> None:
    counts = both(5)
    allowed = [*UNITS[:3], *UNITS[5:8]]
    assert [group.node for group in publishable([a_group(allowed)], counts, THRESHOLDS)] == ["arena.1"]
    # All units of one municipality and three of the other: what is between it and the region is two units.
    near = [*UNITS[:5], *UNITS[5:8]]
    assert publishable([a_group(near)], counts, THRESHOLDS) == []
    many = dict.fromkeys(THRESHOLDS, 10_000)
    assert publishable([a_group(allowed)], counts, many) == []


def test_a_unit_that_is_gone_keeps_its_group_from_being_published() -> None:
    assert publishable([a_group([*UNITS[:3], *UNITS[5:7], "borta"])], both(5), THRESHOLDS) == []


@pytest.mark.parametrize("seed", range(4))
def test_nothing_hidden_can_be_worked_out_with_a_group_among_the_rest(seed: int) -> None:
    places = region(2, 4)
    units = [place.key for place in places if place.level == "unit"]
    counts, role = both(seed, places, small), ROLES[seed % 2]
    gated = gate(added(counts[role], [a_group([*units[:2], *units[4:6]])]), THRESHOLDS[role])
    assert any(gated.detail("arena.1", question) > Detail.HIDDEN for question in QUESTIONS)
    assert Attack(gated).exposed() == []


def test_a_group_that_cannot_be_kept_apart_is_left_out_and_the_places_are_published(
    sqlite_url: str, open_engine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def strict(counts: Counts, *more: Any) -> Gated:
        if LEVEL in counts.levels.values():
            raise Unprotectable("a group")
        return gate(counts, *more)

    monkeypatch.setattr(publishing, "gate", strict)
    engine: Engine = open_engine(sqlite_url)
    fill(engine, "h-26", 1)
    with writing(engine) as connection:
        unit_groups.add(connection, a_group([place.key for place in region(2, 3) if place.level == "unit"][1:5]))
    body = published(engine, publish(engine, SETTINGS, VERSIONS, "h-26", TODAY))
    assert groups_of(body) == [] and body["cells"]


def test_control_with_the_primary_rules_alone_hidden_counts_are_given_back() -> None:
    exposed = 0
    for seed in range(12):
        counts = both(seed, sizes=small)
        with_group = added(counts["patient"], [a_group([*UNITS[:3], *UNITS[5:8]])])
        exposed += bool(Attack(restore(with_group, THRESHOLDS["patient"], None)).exposed())
    assert exposed >= 6


def test_a_group_is_published_with_its_round_and_again_as_it_was(sqlite_url: str, open_engine: Any) -> None:
    engine: Engine = open_engine(sqlite_url)
    fill(engine, "h-26", 1)
    fill(engine, "h-27", 2, year=2027)
    units = [place.key for place in region(2, 3) if place.level == "unit"][1:5]
    with writing(engine) as connection:
        unit_groups.add(connection, a_group(units, since=date(2026, 10, 11)))
        unit_groups.add(connection, a_group(units, "sen", since=date(2026, 10, 12)))
    first = published(engine, publish(engine, SETTINGS, VERSIONS, "h-26", TODAY))
    found = groups_of(first)
    named = {group.node for group in found}
    assert named <= {"arena.1"}, "made after the round had closed"
    assert {row["place"] for row in first["cells"]} == {row["key"] for row in first["places"]}
    with writing(engine) as connection:
        assert unit_groups.end(connection, "arena", date(2026, 12, 1))
        assert not unit_groups.end(connection, "arena", date(2026, 12, 2))
    again = published(engine, publish_again(engine, VERSIONS, "h-26", TODAY))
    assert {group.node for group in groups_of(again)} == named
    second = published(engine, publish(engine, SETTINGS, VERSIONS, "h-27", TODAY))
    assert "arena.1" not in {row["key"] for row in second["places"] if row["level"] == LEVEL}


def test_keys_are_told_apart_and_never_too_long() -> None:
    assert key_of("SÄBO väster", ()) == "sabo-vaster"
    assert key_of("SÄBO väster", ["sabo-vaster", "sabo-vaster-2"]) == "sabo-vaster-3"
    assert len(f"{key_of('x' * 80, ['x' * 32])}.12") <= 40
    assert key_of("...", ()) == "grupp"
    assert LEAST_APART == 3
