"""Mergers of places, by the round from which their lines begin anew. For who reads editions.

An edition says what a place was called and where it stood, not who has gone up in it; today's places do.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from survey.domain.places.place_tree import Place

Body = Mapping[str, Any]
Mergers = dict[str, dict[str, list[str]]]


def mergers(known: Iterable[Place], bodies: Sequence[Body]) -> Mergers:
    """Return, by place and round, the names of the places merged into it since the round before."""
    found: Mergers = {}
    rounds = [body["round"] for body in bodies]
    for place in known:
        last = place.ends.isoformat()
        after = next((each["key"] for each in rounds if each["opens"] > last), None)
        if place.merged_into and after and any(each["closes"] <= last for each in rounds):
            found.setdefault(place.merged_into, {}).setdefault(after, []).append(place.name)
    return found


def with_mergers(known: Iterable[Place], bodies: Sequence[Body]) -> list[Body]:
    """Return the editions with the mergers of their places added; those without any are unchanged."""
    found = mergers(known, bodies)
    return [_with_merged_names(body, found) for body in bodies] if found else list(bodies)


def _with_merged_names(body: Body, found: Mergers) -> Body:
    key = body["round"]["key"]
    grew = {place for place, rounds in found.items() if key in rounds}
    return {**body, "places": [{**each, "joined": True} if each["key"] in grew else each for each in body["places"]]}
