"""A closed round becomes an edition: counts → gate → gaps → a body that is kept, numbered and hashed.

For the worker and the command line. Nobody sees a result before, and no answer is added after. Whatever goes wrong
raises, and nothing is published.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine

from analysis.protect import Unprotectable
from survey.config import Settings
from survey.domain.places import Place, Tree
from survey.domain.questionnaire import Version
from survey.domain.rounds import Round, RoundError
from survey.domain.scale import QUESTIONS, ROLES
from survey.domain.unit_groups import UnitGroup
from survey.publication import edition, gaps
from survey.publication.cells import shown_before
from survey.publication.counts import gather
from survey.publication.gate import gate
from survey.publication.gated import Gated
from survey.publication.history import History
from survey.publication.translated import fingerprints
from survey.publication.unit_groups import added, groups_of, publishable
from survey.store import editions, places, rounds, tally, unit_groups
from survey.store.engine import reading, writing
from survey.web.language import TRANSLATIONS
from survey.web.language_files import load_languages

MAY_PUBLISH = ("closed", "publishing")


def publish(engine: Engine, settings: Settings, versions: Mapping[str, Version], round_key: str, today: date) -> int:
    """Publish a closed round; the new edition's number. Raises, and publishes nothing, when anything is wrong."""
    with reading(engine) as connection:
        round_, there, groups, gated = gated_round(connection, round_key)
        history = History(connection, [each.content for each in editions.latest_by_round(connection)])
        body = edition.body_of(round_, versions, there, gated, groups)
        body |= _gaps(body, gated, history) | ({"invented": True} if settings.demo else {})
        known = {group.name for group in _known_groups(connection, round_)} - {group.name for group in groups}
        body["groups_left_out"] = sorted(known)
        body["translations"] = fingerprints(round_, versions, load_languages(TRANSLATIONS).values())
    with writing(engine) as connection:
        state = _round(connection, round_key, MAY_PUBLISH).state
        number = _keep(connection, round_key, body, today)
        if state == "closed":
            rounds.set_state(connection, round_key, "publishing")
        rounds.set_state(connection, round_key, "published")
    return number


def gated_round(connection: Connection, round_key: str) -> tuple[Round, list[Place], list[UnitGroup], dict[str, Gated]]:
    """A round that waits to be published, its places and groups, and what the gate lets through for each role."""
    round_ = _round(connection, round_key, MAY_PUBLISH)
    there = _places(connection, round_)
    return round_, there, *_gated(connection, round_, there, _known_groups(connection, round_))


def _known_groups(connection: Connection, round_: Round) -> list[UnitGroup]:
    """The groups in force when the round closed."""
    return [group for group in unit_groups.all_groups(connection) if group.in_force(round_.closes)]


def publish_again(engine: Engine, versions: Mapping[str, Version], round_key: str, today: date) -> int:
    """Publish a published round once more, with no more than before; for when more must be hidden."""
    with reading(engine) as connection:
        round_ = _round(connection, round_key, ("published",))
        before = next(each.content for each in editions.latest_by_round(connection) if each.round == round_key)
        there = _places(connection, round_)
        groups, gated = _gated(connection, round_, there, groups_of(before), before)
        body = edition.body_of(round_, versions, there, gated, groups)
        body |= _kept_gaps(before, gated) | {
            name: before[name] for name in ("invented", "translations", "groups_left_out") if name in before
        }
    if faults := edition.faults_of_again(before, body):
        raise edition.ShowsMore("; ".join(faults))
    with writing(engine) as connection:
        _round(connection, round_key, ("published",))
        return _keep(connection, round_key, body, today)


def _round(connection: Connection, key: str, states: Iterable[str]) -> Round:
    found = rounds.get_round(connection, key)
    if found is None or found.state not in states:
        state = "finns inte" if found is None else f"är i läget {found.state}"
        raise RoundError(f"Mätomgången {key} {state} och kan inte publiceras.")
    return found


def _places(connection: Connection, round_: Round) -> list[Place]:
    """The places in force in the round, and any others where answers were opened, with what is above them."""
    tree = Tree(places.all_places(connection))
    keys = {place.key for place in tree.in_force(round_.opens, round_.accepts_until)}
    for opened, _role, _channel, _n in tally.totals(connection, round_.key):
        keys |= set(tree.path(opened))
    return [place for place in tree if place.key in keys]


def _gated(
    connection: Connection,
    round_: Round,
    there: Iterable[Place],
    known: Iterable[UnitGroup],
    before: Mapping[str, Any] | None = None,
) -> tuple[list[UnitGroup], dict[str, Gated]]:
    rows, background = tally.wide(connection, [round_.key]), tally.background(connection, round_.key)
    there, thresholds = list(there), {role: round_.threshold(role) for role in ROLES}
    bare = {role: gather(role, rows, (), there) for role in ROLES}
    groups = publishable(known, bare, thresholds)

    def gated(role: str, kept: Iterable[UnitGroup], residents: Iterable[Mapping[str, Any]]) -> Gated:
        most = None if before is None else shown_before(before, role)
        return gate(added(gather(role, rows, residents, there), kept), thresholds[role], most)

    # The places come first: groups, and then what residents told about themselves, are left out whole where they
    # can't be kept apart.
    ways = [(groups, background), ([], background), ([], [])]
    for kept, residents in (way for number, way in enumerate(ways) if way not in ways[:number]):
        try:
            return kept, {role: gated(role, kept, residents) for role in ROLES}
        except Unprotectable as found:
            refused = found
    raise refused


def _gaps(body: edition.Body, gated: Mapping[str, Gated], history: History) -> edition.Body:
    """The pooled gaps, and how they have changed since the first and the nearest round that asked in the same words."""
    now = gaps.pool(body["round"]["key"], gated)
    since: dict[str, list[str]] = {}
    for question in QUESTIONS:
        for earlier in edition.rounds_of_wording(history.bodies.values(), body, question):
            since.setdefault(earlier, []).append(question)
    # The long way first: where both would give too much away, it says more.
    order = [key for key in history.bodies if key in since]
    changes = [row for key in order for row in gaps.change_rows(now, history.pooled(key), key, since[key])]
    return {"gaps": gaps.gap_rows(now), "gap_changes": changes}


def _kept_gaps(before: Mapping[str, Any], gated: Mapping[str, Gated]) -> edition.Body:
    """The gaps as they were, where the same units still stand in them."""
    kept = {
        (row["place"], row["question"])
        for row in before["gaps"]
        if row["status"] == "shown" and gaps.stands(gated, row)
    }
    hidden = dict.fromkeys(gaps.NUMBERS)
    return {
        "gaps": [
            row
            if (row["place"], row["question"]) in kept
            else dict(row) | hidden | {"status": "hidden", "distinct": False}
            for row in before["gaps"]
        ],
        "gap_changes": [row for row in before["gap_changes"] if (row["place"], row["question"]) in kept],
    }


def _keep(connection: Connection, round_key: str, body: edition.Body, today: date) -> int:
    numbered = body | {"number": editions.next_number(connection)}
    text, sha256 = edition.frozen(numbered)
    return editions.add(connection, round_key, text, sha256, today)
