"""A nation's gap over the rounds, in the regions that are there in each: so that no region that comes or goes moves it.

For the chart `same-regions`. The gap of each round is the weighed mean of the regions' own, with the newest round's
weights in all of them. Goes back for as long as at least half of the newest round's regions have been there throughout.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from analysis.frames.schema import QUESTIONS, ROLES, Edition, Row, newest_by_round
from analysis.measures.pooled_gaps import NUMBERS, weighed_mean

Weights = Mapping[str, int]  # region


def editions_of_same(editions: Sequence[Edition], nation: str) -> tuple[list[Edition], dict[str, int]]:
    """Return the national editions with the same regions' gap in the nation's place, and by question how many they are.

    They hold no other place, and nothing but gaps.
    """
    run = _run(newest_by_round(editions))
    found = {edition["round"]["key"]: _without_places(edition, nation) for edition in run}
    many: dict[str, int] = {}
    for question in QUESTIONS:
        about, newest = {"place": nation, "question": question}, _words(run[-1], question)
        for wording in dict.fromkeys(_words(edition, question) for edition in run):
            same = [edition for edition in run if _words(edition, question) == wording]
            there = set.intersection(*(_standing(edition, question) for edition in same))
            rows = _means(same, question, there)
            for key, row in rows.items():
                found[key]["gaps"].append({**row, **about})
            if wording == newest:
                many[question] = len(there)
            if wording == newest and len(rows) > 1:
                found[run[-1]["round"]["key"]]["gap_changes"].append(_pair(rows) | about)
    return list(found.values()), many


def _run(every: Sequence[Edition]) -> list[Edition]:
    """Return the newest rounds, oldest first, in which at least half of the newest one's regions always stand."""
    regions, found = set(_weights(every[-1])), [every[-1]]
    least = math.ceil(len(regions) / 2)
    for edition in reversed(every[:-1]):
        regions &= set(_weights(edition))
        if len(regions) < least:
            break
        found.insert(0, edition)
    return found


def _weights(edition: Edition) -> Mapping[str, Weights]:
    """Return by region its weight in each question's gap."""
    return {row["key"]: row["weights"] for row in edition["regions"] if row["weights"]}


def _standing(edition: Edition, question: str) -> set[str]:
    return {key for key, own in _weights(edition).items() if own[question] > 0}


def _words(edition: Edition, question: str) -> tuple[str, ...]:
    return tuple(edition["wordings"][role][question] for role in ROLES)


def _without_places(edition: Edition, nation: str) -> dict[str, Any]:
    place = next(each for each in edition["places"] if each["key"] == nation)
    nothing: dict[str, list[Row]] = {name: [] for name in ("cells", "gaps", "gap_changes", "respondents")}
    return {**edition, **nothing, "places": [{**place, "joined": False}]}


def _means(same: Sequence[Edition], question: str, regions: Collection[str]) -> dict[str, Row]:
    """Return each round's mean over these regions, with the newest round's weights; none where there is no region."""
    weights = {key: _weights(same[-1])[key][question] for key in sorted(regions)}
    return {edition["round"]["key"]: _mean(edition, question, weights) for edition in same} if weights else {}


def _mean(edition: Edition, question: str, weights: Weights) -> dict[str, Any]:
    """Return the weighed mean of the regions' gaps, and what they are of."""
    rows = {row["place"]: row for row in edition["gaps"] if row["question"] == question and row["place"] in weights}
    return {
        "status": "shown",
        "kind": "units",
        **weighed_mean([(weights[key], row) for key, row in rows.items()]),
        **{name: _sum(rows.values(), name) for name in ("units", "units_excluded", "patients", "providers")},
    }


def _sum(rows: Collection[Row], name: str) -> int:
    return sum(row[name] for row in rows)


def _pair(rows: Mapping[str, Row]) -> dict[str, Any]:
    """Return the first and the newest round's gap as a change is counted from."""
    (since, before), *_, (_, after) = rows.items()
    pair = {f"before_{name}": before[name] for name in NUMBERS} | {f"after_{name}": after[name] for name in NUMBERS}
    return {"since": since, "units": None} | pair
