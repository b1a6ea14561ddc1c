"""An edition: everything that is published of a round, as one body that never changes, and its hash.

For the publication, and for all who read editions. The body is canonical JSON: same content, same bytes, for ever.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.frames.schema import FORMAT
from survey.domain.disclosure.protection import EPSILONS
from survey.domain.places.place_tree import LEVELS, Place
from survey.domain.places.unit_groups import UnitGroup
from survey.domain.questions.answer_scale import QUESTIONS, ROLES
from survey.domain.questions.questionnaire import Version, wording
from survey.domain.rounds.lifecycle import Round
from survey.publication import published_cells
from survey.publication.gaps import RoundFigures
from survey.publication.unit_groups import rows_of


def canonical(body: Mapping[str, Any]) -> tuple[str, str]:
    """Return the body's canonical text, and the SHA-256 of its bytes."""
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text, hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class RoundData:
    """The contents of an edition: the round, questions and places, both roles' nodes, and other written figures."""

    round: Round
    versions: Mapping[str, Version]
    places: Sequence[Place]
    groups: Sequence[UnitGroup]
    figures: RoundFigures
    answer_counts: Sequence[tuple[str, str, str, int]]
    background: Sequence[Mapping[str, Any]]
    handed_out: Mapping[tuple[str, str], int]


def build_body(data: RoundData) -> dict[str, Any]:
    """Return an edition's body except for its gaps; its number is given when it is stored."""
    round_, nodes, k = data.round, data.figures.nodes, data.figures.thresholds
    codes = {role: {unit: n for (unit, whose), n in data.handed_out.items() if whose == role} for role in ROLES}
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
        "noise": {name: float(getattr(data.figures.protection, name)) for name in EPSILONS},
        "smallest_group": data.figures.protection.smallest_group,
        "non_substantive": {role: published_cells.non_substantive(nodes[role], k[role]) for role in ROLES},
        "versions": {role: round_.version(role) for role in ROLES},
        "wordings": {role: _wordings(data.versions[round_.version(role)], role) for role in ROLES},
        "places": [_place(each) for each in sorted(data.places, key=_sort_key)]
        + list(rows_of(data.groups, nodes["patient"].top)),
        "respondents": [
            row for role in ROLES for row in published_cells.respondents(nodes[role], k[role], codes[role])
        ],
        "cells": [row for role in ROLES for row in published_cells.place_cells(nodes[role], k[role])],
        "gaps": [],
        "gap_changes": [],
        "gaps_together": [],
        "collection_modes": [row for role in ROLES for row in _collection_modes(data, role)],
        "background": published_cells.background(data.background, data.figures.protection, k["patient"]),
    }


def _sort_key(place: Place) -> tuple[int, str]:
    return LEVELS.index(place.level), place.key


def _place(place: Place) -> dict[str, Any]:
    return {name: getattr(place, name) for name in ("key", "name", "level", "parent", "huvudman", "headcount")}


def _wordings(version: Version, role: str) -> dict[str, str]:
    return {question: wording(version.question(role, question)) for question in QUESTIONS}


def _collection_modes(data: RoundData, role: str) -> Iterator[dict[str, Any]]:
    n: Counter[str] = Counter()
    for _place, whose, mode, many in data.answer_counts:
        if whose == role:
            n[mode] += many
    return published_cells.collection_modes(data.figures.nodes[role], n, data.figures.thresholds[role])


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
