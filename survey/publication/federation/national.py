"""The national edition: a body like any edition's, of a nation and its regions, from gathered editions alone.

For the command line. It holds nothing but published, noised counts. Regions stand by name, never by figures. What is
missing, late, withdrawn or asked in other words is in it by name, and in no sum.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from analysis.frames.schema import FORMAT
from survey.domain.questions.answer_scale import QUESTIONS, ROLES
from survey.domain.questions.questionnaire import Version, wording
from survey.publication.federation.contributions import Contribution, Period, included
from survey.publication.federation.national_cells import (
    Wordings,
    left_out,
    national_cells,
    national_respondents,
    region_cells,
)
from survey.publication.federation.national_changes import gap_changes
from survey.publication.federation.national_gaps import national_gaps, weights_of

LEVEL = "nation"
NATION = ("sverige", "Sverige")


class NoContribution(Exception):
    """No region has an edition in the period."""


def national_body(
    period: Period,
    contributions: Sequence[Contribution],
    version: Version,
    *,
    expected: int,
    number: int = 1,
    earlier: Iterable[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Return the body of the period's national edition; `earlier`: national editions of other periods.

    Raises NoContribution where no region has an edition in the period.
    """
    there = sorted(included(contributions), key=lambda each: each.source.key)
    if not there:
        raise NoContribution
    wordings = {role: {q: wording(version.question(role, q)) for q in QUESTIONS} for role in ROLES}
    gap_weights, earlier = weights_of(there, wordings), list(earlier)
    body = _head(period, there, version, number) | {
        "wordings": wordings,
        "regions": [
            each.row() | {"weights": gap_weights.get(each.source.key)}
            for each in sorted(contributions, key=lambda each: each.source.key)
        ],
        "regions_expected": max(expected, len(contributions)),
        "left_out": left_out(there, wordings),
        **_figures(there, wordings),
        "gaps": list(national_gaps(there, wordings, gap_weights, NATION[0])),
    }
    body["gap_changes"] = list(gap_changes(body, there, earlier, NATION[0]))
    body["places"][0]["joined"] = _other_regions(body, earlier)
    return body


def _head(period: Period, there: Sequence[Contribution], version: Version, number: int) -> dict[str, Any]:
    days = {"opens": period.opens.isoformat(), "closes": period.closes.isoformat()}
    bodies = [each.body for each in there]
    invented = {"invented": True} if any(body.get("invented") for body in bodies) else {}
    key, name = NATION
    nation = {"key": key, "name": name, "level": LEVEL, "parent": None, "huvudman": "", "headcount": None}
    regions = [dict(nation, key=e.source.key, name=e.top["name"], level="region", parent=key) for e in there]
    return invented | {
        "format": FORMAT,
        "number": number,
        "round": {"key": period.key, "name": period.name} | days,
        "versions": dict.fromkeys(ROLES, version.key),
        "thresholds": {role: max(body["thresholds"][role] for body in bodies) for role in ROLES},
        # The weakest protection of any: each region's own stands in `regions`.
        "noise": {name: max(body["noise"][name] for body in bodies) for name in bodies[0]["noise"]},
        "smallest_group": min(body["smallest_group"] for body in bodies),
        "places": [nation, *regions],
    }


def _figures(there: Sequence[Contribution], wordings: Wordings) -> dict[str, Any]:
    key, _name = NATION
    thresholds = {role: max(each.body["thresholds"][role] for each in there) for role in ROLES}
    cells = national_cells(there, wordings, key, thresholds)
    return {
        # Each region's base is steadied in its own edition; the nation's is large enough.
        "non_substantive": {role: {} for role in ROLES},
        "cells": cells + [row for each in there for row in region_cells(each, wordings)],
        "respondents": list(national_respondents(there, key)),
        "gaps_together": [],
        "collection_modes": [],
        "background": [],
    }


def _other_regions(body: Mapping[str, Any], earlier: Iterable[Mapping[str, Any]]) -> bool:
    """Return whether other regions stand in the nation's figures than in the period before: then its line breaks."""
    before = [each for each in earlier if each["round"]["closes"] < body["round"]["closes"]]
    if not before:
        return False
    newest = max(before, key=lambda each: (each["round"]["closes"], each["number"]))
    return summed(newest) != summed(body)


def summed(body: Mapping[str, Any]) -> set[tuple[str, str, str]]:
    """Return every region, role and question that stands in a national edition's sums."""
    gone = {(row["region"], row["role"], row["question"]) for row in body["left_out"]}
    there = [row["key"] for row in body["regions"] if row["status"] == "included"]
    return {(key, role, question) for key in there for role in ROLES for question in QUESTIONS} - gone
