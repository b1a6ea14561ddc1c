"""An edition: everything that is published of a round, as one body that never changes, and its hash.

For the publication, and for all who read editions. The body is canonical JSON: same content, same bytes, for ever. A
round may be published again only with more hidden, which `faults_of_again` sees to.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from analysis.protect import printed
from survey.domain.places import Place
from survey.domain.questionnaire import Version, wording
from survey.domain.rounds import Round
from survey.domain.scale import QUESTIONS, ROLES
from survey.domain.unit_groups import UnitGroup
from survey.publication.cells import PLACES, background_cells, place_cells, respondents
from survey.publication.gated import Gated, displayed
from survey.publication.lattice import channel
from survey.publication.lattice import respondents as answered
from survey.publication.unit_groups import rows_of

FORMAT = 1
_ORDER = ("hidden", "band", "shown")

Body = dict[str, Any]


class ShowsMore(Exception):
    """A round would be published again with more than before. Nothing is published."""


def frozen(body: Mapping[str, Any]) -> tuple[str, str]:
    """The body's canonical text, and the hash of its bytes."""
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text, hashlib.sha256(text.encode()).hexdigest()


def body_of(
    round_: Round,
    versions: Mapping[str, Version],
    places: Iterable[Place],
    gated: Mapping[str, Gated],
    groups: Iterable[UnitGroup] = (),
) -> Body:
    """All that is published of a round but its gaps; its number is given when it is kept."""
    return {
        "format": FORMAT,
        "number": 0,
        "round": {
            "key": round_.key,
            "name": round_.name,
            "opens": round_.opens.isoformat(),
            "closes": round_.closes.isoformat(),
        },
        "thresholds": {role: round_.threshold(role) for role in ROLES},
        "versions": {role: round_.version(role) for role in ROLES},
        "wordings": {role: _wordings(versions[round_.version(role)], role) for role in ROLES},
        "places": [
            {name: getattr(place, name) for name in ("key", "name", "level", "parent", "huvudman")}
            for place in sorted(places, key=lambda place: (PLACES.index(place.level), place.key))
        ]
        + list(rows_of(groups, gated["patient"].counts.region)),
        "respondents": [row for role in ROLES for row in respondents(gated[role])],
        "cells": [row for role in ROLES for row in place_cells(gated[role])],
        "gaps": [],
        "gap_changes": [],
        "channels": [row for role in ROLES for row in _channels(gated[role])],
        "background": list(background_cells(gated["patient"])),
        "pattern": {role: _pattern(gated[role]) for role in ROLES},
        "audit": {"passed": True, "counts": 3, "n": {role: round_.threshold(role) for role in ROLES}},
    }


def _wordings(version: Version, role: str) -> dict[str, str]:
    return {question: wording(version.question(role, question)) for question in QUESTIONS}


def _channels(gated: Gated) -> Iterator[dict[str, Any]]:
    for name, n in gated.counts.channels.items():
        hidden = answered(channel(name)) in gated.hiding.hidden
        yield {"role": gated.counts.role, "channel": name, "n": None if hidden or not n else printed(n)}


def _pattern(gated: Gated) -> dict[str, dict[str, int]]:
    """How many cells of each level are shown how far."""
    found: dict[str, Counter[str]] = {}
    for node in displayed(gated.counts):
        for question in QUESTIONS:
            level = found.setdefault(gated.counts.levels[node], Counter())
            level[gated.detail(node, question).name.lower()] += 1
    return {level: dict(counts) for level, counts in found.items()}


def rounds_of_wording(bodies: Iterable[Mapping[str, Any]], body: Mapping[str, Any], question: str) -> list[str]:
    """The first and the nearest earlier round in which both roles were asked the question in the same words."""
    earlier = sorted(
        (other["round"]["closes"], other["round"]["key"])
        for other in bodies
        if other["round"]["closes"] < body["round"]["closes"]
        and all(other["wordings"][role].get(question) == body["wordings"][role][question] for role in ROLES)
    )
    return list(dict.fromkeys(key for _, key in earlier[:1] + earlier[-1:]))


def faults_of_again(before: Mapping[str, Any], again: Mapping[str, Any]) -> list[str]:
    """What an edition would show that the one before it of the same round did not. Same figures or fewer are fine."""
    faults = []
    for part, names in (
        ("cells", ("place", "role", "question")),
        ("background", ("grouping", "group", "question")),
        ("gaps", ("place", "question")),
        ("gap_changes", ("place", "question", "since")),
        ("respondents", ("place", "role")),
        ("channels", ("role", "channel")),
    ):
        old = {tuple(row[name] for name in names): row for row in before[part]}
        for row in again[part]:
            key = tuple(row[name] for name in names)
            if not _no_more(old.get(key), row):
                faults.append(f"{part}: {', '.join(map(str, key))}")
    return faults


def _no_more(before: Mapping[str, Any] | None, again: Mapping[str, Any]) -> bool:
    if again.get("status") == "hidden" or ("status" not in again and again.get("n", 0) is None):
        return True
    if before is None:
        return False
    if again.get("status", "shown") != before.get("status", "shown"):
        # A field may come in a share's place; nothing may come in a field's place.
        lower = _ORDER.index(again["status"]) < _ORDER.index(before["status"])
        return lower and again["why"] == "secondary" and again["cap_low"] <= before["share"] <= again["cap_high"]
    same = {name for name in again if name not in ("codes", "outside", "why", "cap_low", "cap_high")}
    narrower = (again.get("cap_low") or 0) > (before.get("cap_low") or 0) or (again.get("cap_high") or 100) < (
        before.get("cap_high") or 100
    )
    return (
        all(again[name] == before.get(name) for name in same)
        and not narrower
        and again.get("outside") in (None, before.get("outside"))
        and _codes_no_more(before.get("codes"), again.get("codes"))
    )


def _codes_no_more(before: Mapping[str, int] | None, again: Mapping[str, int] | None) -> bool:
    return again is None or again == before or ("not_yes" in again and before is not None)
