"""An edition: everything that is published of a round, as one body that never changes, and its hash.

For the publication, and for all who read editions. The body is canonical JSON: same content, same bytes, for ever. A
round may be published again only with more hidden, which `faults_of_again` sees to.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from survey.domain.disclosure.protection import EPSILONS
from survey.domain.places.place_tree import LEVELS, Place
from survey.domain.places.unit_groups import UnitGroup
from survey.domain.questions.answer_scale import QUESTIONS, ROLES
from survey.domain.questions.questionnaire import Version, wording
from survey.domain.rounds.lifecycle import Round
from survey.publication import published_cells
from survey.publication.gaps import Pooling
from survey.publication.unit_groups import rows_of

FORMAT = 2
_ORDER = ("hidden", "unsure", "interval", "hollow", "shown")
_TOLD = ("status", "share", "low", "high")

Body = dict[str, Any]


class ShowsMore(Exception):
    """An edition that would show more of a round than the one before. Nothing is published."""


def frozen(body: Mapping[str, Any]) -> tuple[str, str]:
    """Return the body's canonical text, and the SHA-256 of its bytes."""
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text, hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Told:
    """The contents of an edition: the round, questions and places, both roles' nodes, and other written figures."""

    round: Round
    versions: Mapping[str, Version]
    places: Sequence[Place]
    groups: Sequence[UnitGroup]
    pooling: Pooling
    how_many: Sequence[tuple[str, str, str, int]]
    background: Sequence[Mapping[str, Any]]
    handed_out: Mapping[tuple[str, str], int]


def body_of(told: Told) -> Body:
    """Return an edition's body except for its gaps; its number is given when it is stored."""
    round_, nodes, k = told.round, told.pooling.nodes, told.pooling.thresholds
    codes = {role: {unit: n for (unit, whose), n in told.handed_out.items() if whose == role} for role in ROLES}
    return {
        "format": FORMAT,
        "number": 0,
        "round": {
            "key": round_.key,
            "name": round_.name,
            "opens": round_.opens.isoformat(),
            "closes": round_.closes.isoformat(),
        },
        "thresholds": dict(k),
        "noise": {name: float(getattr(told.pooling.protection, name)) for name in EPSILONS},
        "smallest_group": told.pooling.protection.smallest_group,
        "non_substantive": {role: published_cells.non_substantive(nodes[role], k[role]) for role in ROLES},
        "versions": {role: round_.version(role) for role in ROLES},
        "wordings": {role: _wordings(told.versions[round_.version(role)], role) for role in ROLES},
        "places": [_place(each) for each in sorted(told.places, key=_in_order)]
        + list(rows_of(told.groups, nodes["patient"].top)),
        "respondents": [
            row for role in ROLES for row in published_cells.respondents(nodes[role], k[role], codes[role])
        ],
        "cells": [row for role in ROLES for row in published_cells.place_cells(nodes[role], k[role])],
        "gaps": [],
        "gap_changes": [],
        "gaps_together": [],
        "collection_modes": [row for role in ROLES for row in _collection_modes(told, role)],
        "background": published_cells.background(told.background, told.pooling.protection, k["patient"]),
    }


def _in_order(place: Place) -> tuple[int, str]:
    return LEVELS.index(place.level), place.key


def _place(place: Place) -> dict[str, Any]:
    return {name: getattr(place, name) for name in ("key", "name", "level", "parent", "huvudman", "headcount")}


def _wordings(version: Version, role: str) -> dict[str, str]:
    return {question: wording(version.question(role, question)) for question in QUESTIONS}


def _collection_modes(told: Told, role: str) -> Iterator[dict[str, Any]]:
    n: Counter[str] = Counter()
    for _place, whose, channel, many in told.how_many:
        if whose == role:
            n[channel] += many
    return published_cells.collection_modes(told.pooling.nodes[role], n, told.pooling.thresholds[role])


def same_wording(one: Mapping[str, Any], other: Mapping[str, Any], question: str) -> bool:
    """Return whether both roles were asked a question in the same words in two rounds."""
    return all(one["wordings"][role].get(question) == other["wordings"][role].get(question) for role in ROLES)


def rounds_of_wording(bodies: Iterable[Mapping[str, Any]], body: Mapping[str, Any], question: str) -> list[str]:
    """Return the first and the nearest earlier round in which both roles were asked the question in the same words."""
    earlier = sorted(
        (other["round"]["closes"], other["round"]["key"])
        for other in bodies
        if other["round"]["closes"] < body["round"]["closes"] and same_wording(other, body, question)
    )
    return list(dict.fromkeys(key for _, key in earlier[:1] + earlier[-1:]))


def faults_of_again(before: Mapping[str, Any], again: Mapping[str, Any]) -> list[str]:
    """Return what an edition would show that the round's one before did not. Same figures or fewer are fine."""
    faults = []
    for part, names in (
        ("cells", ("place", "role", "question")),
        ("background", ("grouping", "group", "question")),
        ("respondents", ("place", "role")),
        ("collection_modes", ("role", "collection_mode")),
    ):
        old = {tuple(row[name] for name in names): row for row in before[part]}
        for row in again[part]:
            key = tuple(row[name] for name in names)
            if not _no_more(old.get(key, {}), row):
                faults.append(f"{part}: {', '.join(map(str, key))}")
    return faults


def _no_more(before: Mapping[str, Any], again: Mapping[str, Any]) -> bool:
    """Return whether a row says the same as before, or the same with less certainty, or nothing."""
    if again.get("status") == "hidden" or again == before:
        return True
    less = {name: value for name, value in again.items() if name not in _TOLD}
    return (
        "counts" in again
        and all(before.get(name) == value for name, value in less.items())
        and _ORDER.index(again["status"]) < _ORDER.index(before["status"])
        and again["share"] in (before["share"], None)
    )
