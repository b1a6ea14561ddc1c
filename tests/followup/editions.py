"""Invented editions for the follow-up tests: five rounds, a wording change, hidden, banded and shown cells.

The figures are drawn with a fixed seed and pass a plain stand-in for the gate, so a page's shape can be tested
without the closing of a round. `tests/followup/test_published.py` runs the same walks on a really published one.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from math import sqrt
from random import Random
from typing import Any

from survey.domain.questionnaire import QUESTIONS

REWORDED = ("trygghet", "overenskommelse", "fast_vardkontakt")
ROUNDS = (
    ("v22", "Våren 2022", date(2022, 2, 1), date(2022, 4, 15)),
    ("h22", "Hösten 2022", date(2022, 8, 15), date(2022, 10, 10)),
    ("v23", "Våren 2023", date(2023, 2, 1), date(2023, 4, 15)),
    ("h23", "Hösten 2023", date(2023, 8, 15), date(2023, 10, 10)),
    ("v24", "Våren 2024", date(2024, 2, 1), date(2024, 4, 15)),
)
FIRST_WITH_NEW_WORDING = 2
# key, name, level, parent, huvudman, patients, providers
PLACES: tuple[tuple[str, str, str, str | None, str, int, int], ...] = (
    ("jh", "Region Jämtland Härjedalen", "region", None, "", 0, 0),
    ("ostersund", "Östersund", "municipality", "jh", "", 0, 0),
    ("are", "Åre", "municipality", "jh", "", 0, 0),
    ("berg", "Berg", "municipality", "jh", "", 0, 0),
    ("brunflo", "Brunflo hälsocentral", "unit", "ostersund", "Region Jämtland Härjedalen", 58, 14),
    ("froso", "Frösö hälsocentral", "unit", "ostersund", "Region Jämtland Härjedalen", 52, 12),
    ("odensala", "Odensala hälsocentral", "unit", "ostersund", "Region Jämtland Härjedalen", 61, 15),
    ("torvalla", "Torvalla hälsocentral", "unit", "ostersund", "Region Jämtland Härjedalen", 33, 6),
    ("lugnvik", "Lugnvik hälsocentral", "unit", "ostersund", "Region Jämtland Härjedalen", 47, 11),
    ("zatagrand", "Zätagränd hälsocentral", "unit", "ostersund", "Region Jämtland Härjedalen", 55, 13),
    ("hallen", "Hallen hälsocentral", "unit", "are", "Region Jämtland Härjedalen", 34, 7),
    ("jarpen", "Järpens hälsocentral", "unit", "are", "Region Jämtland Härjedalen", 41, 9),
    ("are-hemsjukvard", "Åre hemsjukvård", "unit", "are", "Åre kommun", 24, 8),
    ("myrviken", "Myrvikens hälsocentral", "unit", "berg", "Region Jämtland Härjedalen", 31, 6),
    ("berg-hemsjukvard", "Bergs hemsjukvård", "unit", "berg", "Bergs kommun", 7, 3),
)
# patient share first and last, provider share
TRUTH = {
    "trygghet": (0.55, 0.62, 0.74),
    "overenskommelse": (0.34, 0.41, 0.56),
    "kontaktvagar": (0.68, 0.71, 0.70),
    "fast_vardkontakt": (0.30, 0.40, 0.73),
    "nasta_steg": (0.49, 0.66, 0.60),
    "nasta_tid": (0.47, 0.58, 0.65),
    "overblick": (0.26, 0.35, 0.59),
}


@dataclass
class Count:
    """Counts of one place, role and question."""

    yes: int = 0
    partly: int = 0
    no: int = 0
    dont_know: int = 0
    not_needed: int = 0

    @property
    def n(self) -> int:
        return self.yes + self.partly + self.no

    def add(self, other: "Count") -> None:
        for name in vars(self):
            setattr(self, name, getattr(self, name) + getattr(other, name))


def wilson(share: float, n: int) -> tuple[int, int]:
    """Wilson's 95 % interval in whole percent."""
    z = 1.959964
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return round(100 * (middle - half)), round(100 * (middle + half))


def body(number: int) -> dict[str, Any]:
    """The body of edition `number`, 1 to 5."""
    key, name, opens, closes = ROUNDS[number - 1]
    version = version_of(number)
    counts = counts_of(number)
    cells = [_cell(place, role, question, counts[place, role, question]) for place, role, question in counts]
    return {
        "format": 1,
        "number": number,
        "round": {"key": key, "name": name, "opens": opens.isoformat(), "closes": closes.isoformat()},
        "thresholds": {"patient": 10, "provider": 5},
        "versions": {"patient": version, "provider": version},
        "wordings": {role: _wordings(version, role) for role in ("patient", "provider")},
        "places": [{"key": p[0], "name": p[1], "level": p[2], "parent": p[3], "huvudman": p[4]} for p in PLACES],
        "respondents": [_respondents(p[0], role, counts) for p in PLACES for role in ("patient", "provider")],
        "cells": cells,
        "gaps": [_gap(p[0], question, counts) for p in PLACES for question in QUESTIONS],
        "gap_changes": _gap_changes(number),
        "channels": [],
        "background": _background(number),
        "pattern": {},
        "audit": {},
    }


def bodies(last: int = 5) -> list[dict[str, Any]]:
    """All bodies up to edition `last`, newest last."""
    return [body(number) for number in range(1, last + 1)]


def version_of(number: int) -> str:
    """What was asked in round `number`."""
    return "metodstod-2019" if number <= FIRST_WITH_NEW_WORDING else "underlag-2021"


def frozen(edition: dict[str, Any]) -> tuple[str, str]:
    """The stored text of a body and its hash."""
    text = json.dumps(edition, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text, hashlib.sha256(text.encode()).hexdigest()


def _wordings(version: str, role: str) -> dict[str, str]:
    old = version == "metodstod-2019"
    return {q: f"{q}-{role}-{'old' if old and q in REWORDED else 'new'}" for q in QUESTIONS}


def counts_of(number: int) -> dict[tuple[str, str, str], Count]:
    """What was counted in round `number`: place, role, question."""
    chance = Random(1000 + number)
    found = {(p[0], role, q): Count() for p in PLACES for role in ("patient", "provider") for q in QUESTIONS}
    parent = {p[0]: p[3] for p in PLACES}
    for key, _name, level, up, _huvudman, patients, providers in PLACES:
        if level != "unit":
            continue
        for role, size in (("patient", patients), ("provider", providers)):
            for question in QUESTIONS:
                one = _draw(number, question, role, size, chance)
                for place in (key, up, parent[up or ""]):
                    found[place or "", role, question].add(one)
    return found


def _draw(number: int, question: str, role: str, size: int, chance: Random) -> Count:
    first, last, provider = TRUTH[question]
    share = provider if role == "provider" else first + (last - first) * (number - 1) / (len(ROUNDS) - 1)
    count = Count()
    for _ in range(max(2, round(size * chance.uniform(0.85, 1.1)))):
        roll = chance.random()
        if roll > 0.94:
            count.dont_know += 1
        elif roll > 0.88 and role == "patient":
            count.not_needed += 1
        elif chance.random() < share:
            count.yes += 1
        elif chance.random() < 0.5:
            count.partly += 1
        else:
            count.no += 1
    return count


def _near5(n: int) -> int:
    return 5 * round(n / 5)


def _cell(place: str, role: str, question: str, count: Count) -> dict[str, Any]:
    blank = dict.fromkeys(("why", "n", "share", "low", "high", "cap_low", "cap_high", "codes", "outside"))
    cell = {"place": place, "role": role, "question": question, "status": "hidden", **blank}
    n, x = count.n, count.yes
    if n < (10 if role == "patient" else 5):
        return cell | {"why": "few"}
    printed = max(_near5(n), 5)
    if n < 50 and min(x, n - x) < 3:
        cap = {5: 40, 10: 25, 15: 20, 20: 15}.get(printed, 10)
        low, high = (0, cap) if x < 3 else (100 - cap, 100)
        return cell | {"status": "band", "why": "uniform", "n": printed, "cap_low": low, "cap_high": high}
    if (place, role, question) == ("lugnvik", "provider", "nasta_tid"):
        return cell | {"why": "secondary"}
    share = round(100 * x / n)
    low, high = wilson(share / 100, printed)
    codes = {"yes": share, "partly": round(100 * count.partly / n), "no": round(100 * count.no / n)}
    if min(count.partly, count.no) < 3:
        codes = {"yes": share, "not_yes": 100 - share}
    everyone = n + count.dont_know + count.not_needed
    outside = {name: round(100 * getattr(count, name) / everyone) for name in ("dont_know", "not_needed")}
    shown = {"status": "shown", "n": printed, "share": share, "low": low, "high": high}
    return cell | shown | {"codes": codes, "outside": outside}


GROUPS = {
    "gender": {"woman": 300, "man": 280, "other": 40},
    "gender_age": {"woman:18-34": 45, "woman:other": 255, "man:35-49": 25, "man:other": 255, "other": 40},
    "language": {"sv": 560, "ar": 12, "other": 48},
}


def _background(number: int) -> list[dict[str, Any]]:
    """The region's cells by what residents told about themselves, in the edition's order."""
    chance = Random(2000 + number)
    found = []
    for grouping, sizes in GROUPS.items():
        for group in sorted(sizes):
            for question in QUESTIONS:
                cell = _cell(group, "patient", question, _draw(number, question, "patient", sizes[group], chance))
                own = {name: value for name, value in cell.items() if name not in ("place", "role")}
                found.append({"grouping": grouping, "group": group, **own})
    return found


def _respondents(place: str, role: str, counts: dict[tuple[str, str, str], Count]) -> dict[str, Any]:
    count = counts[place, role, "trygghet"]
    n = count.n + count.dont_know
    shown = n >= (10 if role == "patient" else 5)
    status = "shown" if shown else "hidden"
    return {"place": place, "role": role, "status": status, "n": _near5(n) if shown else None}


def _gap(place: str, question: str, counts: dict[tuple[str, str, str], Count]) -> dict[str, Any]:
    patients, providers = counts[place, "patient", question], counts[place, "provider", question]
    level = next(p[2] for p in PLACES if p[0] == place)
    inside = [p for p in PLACES if p[2] == "unit" and place in (p[0], p[3], "jh")]
    blank = dict.fromkeys(("units", "units_out", "patients", "providers", "gap", "low", "high", "p"))
    row = {"place": place, "question": question, "status": "hidden", **blank, "distinct": False}
    row["kind"] = "unit" if level == "unit" else "pooled"
    if level == "unit" or len(inside) < 3 or min(patients.n, providers.n) < 30:
        return row
    a, b = patients.yes / patients.n, providers.yes / providers.n
    half = 1.96 * sqrt(a * (1 - a) / patients.n + b * (1 - b) / providers.n)
    step = 1 if level == "region" else 5
    gap, low, high = (step * round(100 * value / step) for value in (b - a, b - a - half, b - a + half))
    p = 0.01 if low > 0 or high < 0 else 0.3
    return row | {
        "status": "shown",
        "units": len(inside) - 1,
        "units_out": 1,
        "patients": _near5(patients.n),
        "providers": _near5(providers.n),
        "gap": gap,
        "low": low,
        "high": high,
        "p": p,
        "distinct": low > 0 or high < 0,
    }


def _gap_changes(number: int) -> list[dict[str, Any]]:
    if number < 4:
        return []
    return [
        {
            "place": "jh",
            "question": "nasta_steg",
            "since": "v23",
            "change": -9,
            "low": -16,
            "high": -2,
            "distinct": True,
        },
        {"place": "jh", "question": "overblick", "since": "v23", "change": -2, "low": -9, "high": 5, "distinct": False},
    ]
