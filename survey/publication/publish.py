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
from survey.publication.edition import RoundData
from survey.publication.gaps import RoundFigures
from survey.publication.nodes import build_nodes
from survey.publication.over_rounds import gaps_over_rounds
from survey.publication.translation_fingerprints import fingerprints
from survey.publication.unit_groups import add_groups, groups_of, publishable
from survey.store.answers import tally
from survey.store.channels import issued_codes
from survey.store.core import places, rounds, unit_groups
from survey.store.database.engine import read_transaction, write_transaction
from survey.store.published import editions
from survey.web.i18n.language import TRANSLATIONS
from survey.web.i18n.language_files import load_languages

MAY_PUBLISH = ("closed", "publishing")


def publish(engine: Engine, settings: Settings, versions: Mapping[str, Version], round_key: str, today: date) -> int:
    """Publish a closed round; return the new edition's number.

    Raises, and publishes nothing, when anything is wrong.
    """
    with read_transaction(engine) as connection:
        data, body = build_without_gaps(connection, versions, round_key)
        earlier = {each.head["round"]["key"]: each.head for each in edition_reader.latest_by_round(connection)}
        body |= gaps_over_rounds(body, data.figures, earlier, lambda before: _published_figures(connection, before))
    body |= {"invented": True} if settings.demo else {}
    body["translations"] = fingerprints(data.round, versions, load_languages(TRANSLATIONS).values())
    with write_transaction(engine) as connection:
        state = round_of(connection, round_key, MAY_PUBLISH).state
        number = _store(connection, round_key, body, today)
        if state == "closed":
            rounds.set_state(connection, round_key, "publishing")
        rounds.set_state(connection, round_key, "published")
    return number


def build_without_gaps(
    connection: Connection, versions: Mapping[str, Version], round_key: str
) -> tuple[RoundData, dict[str, Any]]:
    """Return a closed round's contents and body without its gaps, which need earlier rounds."""
    round_ = round_of(connection, round_key, MAY_PUBLISH)
    # The groups in force when the round closed.
    known = [group for group in unit_groups.all_groups(connection) if group.in_force(round_.closes)]
    data = _round_data(connection, round_, versions, known)
    body = edition.build_body(data)
    body["groups_left_out"] = sorted({each.name for each in known} - {each.name for each in data.groups})
    return data, body


def round_of(connection: Connection, key: str, states: Iterable[str]) -> Round:
    """Return the round if it is in one of these states; raise RoundError."""
    found = rounds.get_round(connection, key)
    if found is None:
        raise RoundError(key, "no_such_round")
    if found.state not in states:
        raise RoundError(key, "not_to_publish")
    return found


def _round_data(
    connection: Connection, round_: Round, versions: Mapping[str, Version], known: Iterable[UnitGroup]
) -> RoundData:
    there = _places(connection, round_)
    groups = publishable(known, there)
    answer_counts = tally.response_counts(connection, round_.key)
    background, handed_out = tally.background(connection, round_.key), issued_codes.of_round(connection, round_.key)
    figures = _round_figures(connection, round_, there, groups, answer_counts)
    return RoundData(round_, versions, there, groups, figures, answer_counts, background, handed_out)


def _round_figures(
    connection: Connection,
    round_: Round,
    asked_places: Iterable[Place],
    groups: Iterable[UnitGroup],
    answer_counts: Iterable[tuple[str, str, str, int]],
) -> RoundFigures:
    rows, protection, asked_places = (
        tally.figures(connection, round_.key),
        parse_protection(round_.protection),
        list(asked_places),
    )
    nodes = {role: build_nodes(role, answer_counts, rows, asked_places, protection) for role in ROLES}
    for each in nodes.values():
        add_groups(each, groups)
    sums = {(row["place"], row["role"], row["question"]): row for row in tally.matched(connection, round_.key)}
    thresholds = {role: round_.threshold(role) for role in ROLES}
    return RoundFigures(nodes, thresholds, protection, sums)


def _places(connection: Connection, round_: Round) -> list[Place]:
    """Return the places that the round's answers were counted at, each under its parent at the opening."""
    counted = json.loads(round_.tree)
    found = [place for place in places.all_places(connection) if place.key in counted]
    return [replace(place, level=counted[place.key][0], parent=counted[place.key][1]) for place in found]


def _published_figures(connection: Connection, body: Mapping[str, Any]) -> RoundFigures:
    """Return a published round's nodes, read again from its tally."""
    round_ = round_of(connection, body["round"]["key"], ("published",))
    names = ("key", "name", "level", "parent", "huvudman")
    there = [Place(**{name: row[name] for name in names}) for row in body["places"] if row["level"] in LEVELS]
    return _round_figures(connection, round_, there, groups_of(body), tally.response_counts(connection, round_.key))


def _store(connection: Connection, round_key: str, body: dict[str, Any], today: date) -> int:
    numbered = body | {"number": editions.next_number(connection)}
    text, sha256 = edition.canonical(numbered)
    return editions.add(connection, round_key, text, sha256, today)
