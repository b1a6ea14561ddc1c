"""Invented editions of a very large region, in the published shape, for measuring the follow-up pages.

The gate would take a minute a round for so many units, and what it lets through is not what is measured here. So the
cells are drawn by a seed and shown, banded or hidden by its plainest rules: nothing here is fit to be published.
"""

from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

from analysis.protect import printed

from survey.domain.places import Place
from survey.domain.questionnaire import Version, wording
from survey.domain.rounds import Round
from survey.domain.scale import QUESTIONS, ROLES
from survey.publication.cells import share_and_interval
from survey.publication.edition import Body

REGION = "regionen"
OLD, NEW = "metodstod-2019", "underlag-2021"
THRESHOLDS = {"patient": 10, "provider": 5}
SIZES = {"patient": (4, 70), "provider": (2, 16)}
_NOTHING = dict.fromkeys(("why", "n", "share", "low", "high", "cap_low", "cap_high", "codes", "outside"))


def places_of(municipalities: int, units: int) -> list[Place]:
    """A region, its municipalities, and the units shared out among them; the region first."""
    found = [Place(REGION, "Region Påhittad", "region")]
    found += [Place(f"kommun-{m}", f"Kommun {m}", "municipality", REGION) for m in range(municipalities)]
    for unit in range(units):
        parent = f"kommun-{unit % municipalities}"
        found.append(Place(f"enhet-{unit}", f"Enhet {unit} hälsocentral", "unit", parent, "Region Påhittad"))
    return found


def rounds_of(count: int) -> list[Round]:
    """So many half years; what is asked is reworded in the middle."""
    found = []
    for number in range(count):
        year, autumn = 2018 + number // 2, number % 2 == 1
        opens = date(year, 9 if autumn else 2, 15)
        version = NEW if number >= count // 2 else OLD
        found.append(
            Round(
                key=f"{year}-{'host' if autumn else 'var'}",
                name=f"{'hösten' if autumn else 'våren'} {year}",
                opens=opens,
                closes=opens + timedelta(45),
                grace_days=1,
                version_patient=version,
                version_provider=version,
                state="published",
            )
        )
    return found


def body_of(number: int, round_: Round, places: list[Place], versions: dict[str, Version], times: int = 1) -> Body:
    """The edition of a round, from `times` as many answers at each place."""
    chance = Random(number)
    units = {place.key: {role: chance.randint(*SIZES[role]) * times for role in ROLES} for place in places}
    above = [place.key for place in places if place.level != "unit"]
    sizes = units | {key: {role: chance.randint(300, 900) * times for role in ROLES} for key in above}
    return {
        "format": 1,
        "number": number,
        "round": {
            "key": round_.key,
            "name": round_.name,
            "opens": round_.opens.isoformat(),
            "closes": round_.closes.isoformat(),
        },
        "thresholds": THRESHOLDS,
        "versions": {role: round_.version(role) for role in ROLES},
        "wordings": {
            role: {q: wording(versions[round_.version(role)].question(role, q)) for q in QUESTIONS} for role in ROLES
        },
        "places": [
            {name: getattr(each, name) for name in ("key", "name", "level", "parent", "huvudman")} for each in places
        ],
        "respondents": [_respondents(key, role, n[role]) for role in ROLES for key, n in sizes.items()],
        "cells": [
            {"place": key, "role": role, "question": question} | _cell(chance, role, n[role])
            for role in ROLES
            for key, n in sorted(sizes.items())
            for question in QUESTIONS
        ],
        "gaps": [_gap(chance, key, question, sizes[key]) for key in above for question in QUESTIONS],
        "gap_changes": [_change(chance, question, number) for question in QUESTIONS],
        "channels": [],
        "background": [],
        "pattern": {role: {} for role in ROLES},
        "audit": {"passed": True, "counts": 3, "n": THRESHOLDS},
    }


def _respondents(place: str, role: str, n: int) -> dict[str, Any]:
    shown = n >= THRESHOLDS[role]
    return {
        "place": place,
        "role": role,
        "status": "shown" if shown else "hidden",
        "n": printed(n) if shown else None,
    }


def _cell(chance: Random, role: str, n: int) -> dict[str, Any]:
    if n < THRESHOLDS[role]:
        return {"status": "hidden"} | _NOTHING | {"why": "few"}
    share, about = chance.randint(20, 85), printed(n)
    outside = {"dont_know": chance.randint(0, 9), "not_needed": chance.randint(0, 20)}
    if min(share, 100 - share) * n < 300:
        low, high = (0, 40) if share < 50 else (60, 100)
        return {"status": "band"} | _NOTHING | {"why": "uniform", "n": about, "cap_low": low, "cap_high": high}
    partly = chance.randint(0, 100 - share)
    codes = {"yes": share, "partly": partly, "no": 100 - share - partly}
    return {"status": "shown"} | _NOTHING | _shown(share, about) | {"n": about, "codes": codes, "outside": outside}


@cache
def _shown(share: int, n: int) -> dict[str, int]:
    return share_and_interval(share, n)


def _gap(chance: Random, place: str, question: str, sizes: dict[str, int]) -> dict[str, Any]:
    gap, reach = chance.randint(-10, 30), chance.randint(4, 12)
    return {
        "place": place,
        "question": question,
        "kind": "pooled",
        "status": "shown",
        "units": 20,
        "units_out": 4,
        "patients": printed(sizes["patient"]),
        "providers": printed(sizes["provider"]),
        "gap": gap,
        "low": gap - reach,
        "high": gap + reach,
        "p": 0.01 if abs(gap) > reach else 0.3,
        "distinct": abs(gap) > reach,
        "step": 1,
        "loose": False,
    }


def _change(chance: Random, question: str, number: int) -> dict[str, Any]:
    change = chance.randint(-12, 6)
    return {
        "place": REGION,
        "question": question,
        "since": rounds_of(number)[number // 2].key,
        "change": change,
        "low": change - 7,
        "high": change + 7,
        "distinct": abs(change) > 7,
        "step": 2,
        "loose": False,
    }
