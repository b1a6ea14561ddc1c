"""The publication of a closed round: noised figures → nodes → gaps → a body that is stored, numbered and hashed.

For the worker and the command line. Nobody sees a result before, and no answer is added after. Whatever goes wrong
raises, and nothing is published.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine

from survey.config import Settings
from survey.domain.disclosure.protection import parse_protection
from survey.domain.places.place_tree import LEVELS, Place
from survey.domain.places.unit_groups import UnitGroup
from survey.domain.questions.answer_scale import ROLES
from survey.domain.questions.questionnaire import Version
from survey.domain.rounds.lifecycle import Round, RoundError
from survey.publication import edition, edition_reader
from survey.publication.edition import Told
from survey.publication.gaps import Pooling
from survey.publication.nodes import gather
from survey.publication.over_rounds import over_rounds
from survey.publication.translation_fingerprints import fingerprints
from survey.publication.unit_groups import add_groups, groups_of, publishable
from survey.store.answers import tally
from survey.store.core import places, rounds, unit_groups
from survey.store.database.engine import read_transaction, write_transaction
from survey.store.distribution import issued_codes
from survey.store.published import editions
from survey.web.i18n.language import TRANSLATIONS
from survey.web.i18n.language_files import load_languages

MAY_PUBLISH = ("closed", "publishing")


def publish(engine: Engine, settings: Settings, versions: Mapping[str, Version], round_key: str, today: date) -> int:
    """Publish a closed round; return the new edition's number.

    Raises, and publishes nothing, when anything is wrong.
    """
    with read_transaction(engine) as connection:
        told, body = told_alone(connection, versions, round_key)
        earlier = {each.head["round"]["key"]: each.head for each in edition_reader.latest(connection)}
        body |= over_rounds(body, told.pooling, earlier, lambda before: _published(connection, before))
    body |= {"invented": True} if settings.demo else {}
    body["translations"] = fingerprints(told.round, versions, load_languages(TRANSLATIONS).values())
    with write_transaction(engine) as connection:
        state = round_of(connection, round_key, MAY_PUBLISH).state
        number = _keep(connection, round_key, body, today)
        if state == "closed":
            rounds.set_state(connection, round_key, "publishing")
        rounds.set_state(connection, round_key, "published")
    return number


def told_alone(connection: Connection, versions: Mapping[str, Version], round_key: str) -> tuple[Told, edition.Body]:
    """Return a closed round's contents and body without its gaps, which need earlier rounds."""
    round_ = round_of(connection, round_key, MAY_PUBLISH)
    # The groups in force when the round closed.
    known = [group for group in unit_groups.all_groups(connection) if group.in_force(round_.closes)]
    told = _told(connection, round_, versions, known)
    body = edition.body_of(told)
    body["groups_left_out"] = sorted({each.name for each in known} - {each.name for each in told.groups})
    return told, body


def publish_again(engine: Engine, versions: Mapping[str, Version], round_key: str, today: date) -> int:
    """Publish a published round once more, with no more than before; for when more must be hidden."""
    with read_transaction(engine) as connection:
        round_ = round_of(connection, round_key, ("published",))
        before = next(each.content for each in editions.latest_by_round(connection) if each.round == round_key)
        body = edition.body_of(_told(connection, round_, versions, groups_of(before)))
        kept = ("gaps", "gap_changes", "gaps_together", "invented", "translations", "groups_left_out")
        body |= {name: before[name] for name in kept if name in before}
    if faults := edition.faults_of_again(before, body):
        raise edition.ShowsMore("; ".join(faults))
    with write_transaction(engine) as connection:
        round_of(connection, round_key, ("published",))
        return _keep(connection, round_key, body, today)


def round_of(connection: Connection, key: str, states: Iterable[str]) -> Round:
    """Return the round if it is in one of these states; raise RoundError."""
    found = rounds.get_round(connection, key)
    if found is None:
        raise RoundError(key, "no_such_round")
    if found.state not in states:
        raise RoundError(key, "not_to_publish")
    return found


def _told(connection: Connection, round_: Round, versions: Mapping[str, Version], known: Iterable[UnitGroup]) -> Told:
    there = _places(connection, round_)
    groups = publishable(known, there)
    how_many = tally.response_counts(connection, round_.key)
    background, handed_out = tally.background(connection, round_.key), issued_codes.of_round(connection, round_.key)
    pooling = _pooling(connection, round_, there, groups, how_many)
    return Told(round_, versions, there, groups, pooling, how_many, background, handed_out)


def _pooling(
    connection: Connection,
    round_: Round,
    there: Iterable[Place],
    groups: Iterable[UnitGroup],
    how_many: Iterable[tuple[str, str, str, int]],
) -> Pooling:
    rows, protection, there = tally.figures(connection, round_.key), parse_protection(round_.protection), list(there)
    nodes = {role: gather(role, how_many, rows, there, protection) for role in ROLES}
    for each in nodes.values():
        add_groups(each, groups)
    sums = {(row["place"], row["role"], row["question"]): row for row in tally.matched(connection, round_.key)}
    thresholds = {role: round_.threshold(role) for role in ROLES}
    return Pooling(nodes, thresholds, protection, sums)


def _places(connection: Connection, round_: Round) -> list[Place]:
    """Return the places that the round's answers were counted at, each under its parent at the opening."""
    counted = json.loads(round_.tree)
    found = [place for place in places.all_places(connection) if place.key in counted]
    return [replace(place, level=counted[place.key][0], parent=counted[place.key][1]) for place in found]


def _published(connection: Connection, body: Mapping[str, Any]) -> Pooling:
    """Return a published round's nodes, read again from its tally."""
    round_ = round_of(connection, body["round"]["key"], ("published",))
    names = ("key", "name", "level", "parent", "huvudman")
    there = [Place(**{name: row[name] for name in names}) for row in body["places"] if row["level"] in LEVELS]
    return _pooling(connection, round_, there, groups_of(body), tally.response_counts(connection, round_.key))


def _keep(connection: Connection, round_key: str, body: edition.Body, today: date) -> int:
    numbered = body | {"number": editions.next_number(connection)}
    text, sha256 = edition.frozen(numbered)
    return editions.add(connection, round_key, text, sha256, today)
