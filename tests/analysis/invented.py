"""Invented editions for the tests of `analysis`: a region, a municipality and a unit over some rounds.

Seeded and small. They follow the edition's format, and have what the pictures must bear: a wording that
changes, a hidden round, a capped share, few answers.
"""

from typing import Any

import numpy as np

from analysis.frame import QUESTIONS, ROLES
from analysis.intervals import difference_interval, share_interval

ROUNDS = tuple(f"{year}-{half}" for year in range(2022, 2026) for half in ("spring", "autumn"))[:7]
NAMES = {key: f"{'Våren' if key.endswith('spring') else 'Hösten'} {key[:4]}" for key in (*ROUNDS, "2025-autumn")}
START = {
    "patient": (55, 38, 66, 34, 50, 50, 28),
    "provider": (74, 55, 69, 72, 61, 66, 58),
}
PER_ROUND = {"patient": (0.5, 0.6, 0.8, 1.2, 2.6, 1.4, 1.2), "provider": (0.2, -0.3, 0.2, 0.4, -0.5, -0.2, 0)}
PLACES = (
    {"key": "region", "name": "Region Jämtland Härjedalen", "level": "region", "parent": None},
    {"key": "ostersund", "name": "Östersund", "level": "municipality", "parent": "region"},
    {"key": "odensala", "name": "Odensala hälsocentral", "level": "unit", "parent": "ostersund"},
)
SIZES = {"region": (1650, 310), "ostersund": (340, 75), "odensala": (60, 15)}


def shown_cell(share: float, n: int) -> dict[str, Any]:
    """A published cell, as the gate prints it."""
    share = round(share)
    limits = share_interval(share * n / 100, n)
    low, high = round(100 * limits.low), round(100 * limits.high)
    return {
        "status": "shown",
        "why": None,
        "n": n,
        "share": share,
        "low": low,
        "high": high,
        "cap_low": None,
        "cap_high": None,
        "codes": {"yes": share, "not_yes": 100 - share},
        "outside": {"dont_know": 4, "not_needed": 7},
    }


def band_cell(low: int, high: int, n: int) -> dict[str, Any]:
    """A cell whose share is printed as a span."""
    nothing = dict.fromkeys(("share", "low", "high", "codes", "outside"))
    return {"status": "band", "why": "uniform", "n": n, "cap_low": low, "cap_high": high, **nothing}


def hidden_cell() -> dict[str, Any]:
    """A cell that is not shown."""
    nothing = dict.fromkeys(("n", "share", "low", "high", "cap_low", "cap_high", "codes", "outside"))
    return {"status": "hidden", "why": "few", **nothing}


def _wordings(number: int) -> dict[str, dict[str, str]]:
    changed = ("trygghet", "overenskommelse", "fast_vardkontakt") if number >= 5 else ()
    return {role: {q: f"{q}-{role}-{2 if q in changed else 1}" for q in QUESTIONS} for role in ROLES}


def _cells(number: int, rng: np.random.Generator) -> list[dict[str, Any]]:
    found = []
    for place, sizes in SIZES.items():
        for role, size in zip(ROLES, sizes, strict=True):
            for at, question in enumerate(QUESTIONS):
                n = 5 * round(size * (0.85 + 0.15 * rng.random()) / 5)
                expected = START[role][at] + PER_ROUND[role][at] * number
                share = 100 * rng.binomial(n, expected / 100) / n
                cell = shown_cell(share, n)
                if place == "odensala" and role == "provider":
                    staff = {"kontaktvagar": band_cell(75, 100, n), "nasta_tid": hidden_cell()}
                    cell = staff.get(question, cell)
                if place == "ostersund" and role == "provider" and (question, number) == ("fast_vardkontakt", 2):
                    cell = hidden_cell()
                found.append({"place": place, "role": role, "question": question, **cell})
    return found


def _gaps(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    by_key = {(cell["place"], cell["role"], cell["question"]): cell for cell in cells}
    gaps = []
    for place in ("region", "ostersund"):
        for question in QUESTIONS:
            patient, provider = (by_key[place, role, question] for role in ROLES)
            gap: dict[str, Any] = {"place": place, "question": question, "kind": "pooled"}
            if not patient["status"] == provider["status"] == "shown":
                gaps.append(gap | {"status": "hidden", "distinct": False})
                continue
            n1, n2 = provider["n"], patient["n"]
            limits = difference_interval(provider["share"] * n1 / 100, n1, patient["share"] * n2 / 100, n2)
            low, high = round(100 * limits.low), round(100 * limits.high)
            sides = {"units": 14, "units_out": 2, "patients": n2, "providers": n1}
            middle = {"gap": provider["share"] - patient["share"], "low": low, "high": high}
            distinct = low > 0 or high < 0
            gaps.append(
                gap | sides | middle | {"status": "shown", "p": 0.01 if distinct else 0.4, "distinct": distinct}
            )
    return gaps


def edition(number: int, cells: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """The edition of round `number`, from 0."""
    key = ROUNDS[number]
    closes = f"{key[:4]}-{'04-15' if key.endswith('spring') else '10-15'}"
    cells = _cells(number, np.random.default_rng(number)) if cells is None else cells
    return {
        "format": 1,
        "number": number + 1,
        "round": {"key": key, "name": NAMES[key], "opens": closes, "closes": closes},
        "thresholds": {"patient": 10, "provider": 5},
        "versions": {"patient": "underlag-2021", "provider": "underlag-2021"},
        "wordings": _wordings(number),
        "places": list(PLACES),
        "respondents": [],
        "cells": cells,
        "gaps": _gaps(cells),
        "gap_changes": [
            {
                "place": "ostersund",
                "question": "nasta_steg",
                "since": ROUNDS[0],
                "change": -18,
                "low": -33,
                "high": -4,
                "distinct": True,
            }
        ]
        if number == len(ROUNDS) - 1
        else [],
        "channels": [],
        "background": [],
        "pattern": {},
        "audit": {},
    }


def editions() -> list[dict[str, Any]]:
    """All rounds, oldest first."""
    return [edition(number) for number in range(len(ROUNDS))]
