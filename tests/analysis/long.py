"""Invented editions over many rounds and with many units: what the control chart and the funnel must bear.

A region, two municipalities and fourteen units; every code apart where there is room for it. One question moves, one is
worded anew, one unit stands apart, and the smallest units have few answers, too uncertain ones or none.
"""

from functools import cache
from typing import Any

import numpy as np

from analysis.frames.measured import with_intervals
from analysis.frames.schema import FORMAT, QUESTIONS, ROLES
from tests.analysis.invented import START, K, gaps_of, hidden_cell, noised, respondents, shown_cell, unsure_cell

NUMBER = 14
ROUNDS = tuple(f"{2019 + n // 2}-{('spring', 'autumn')[n % 2]}" for n in range(NUMBER))
REWORDED, SINCE = "overblick", 4  # ten rounds of the new wording
FRESH, FRESH_SINCE = "fast_vardkontakt", 9  # five of them
MOVED = "nasta_steg"
UNITS = tuple(f"u{n:02}" for n in range(14))
APART = "u03"
PLACES = (
    {"key": "region", "name": "Region Jämtland Härjedalen", "level": "region", "parent": None},
    {"key": "ostersund", "name": "Östersund", "level": "municipality", "parent": "region"},
    {"key": "are", "name": "Åre", "level": "municipality", "parent": "region"},
    *(
        {"key": key, "name": f"Hälsocentral {n + 1}", "level": "unit", "parent": "ostersund" if n < 11 else "are"}
        for n, key in enumerate(UNITS)
    ),
)


def _expected(place: str, role: str, at: int, number: int) -> float:
    expected = START[role][at] / 100
    if role == "patient":
        expected += 0.17 * (QUESTIONS[at] == MOVED and number >= NUMBER - 1)
        expected -= 0.33 * (place == APART and QUESTIONS[at] == "kontaktvagar")
    return expected


def _cell(place: str, role: str, at: int, number: int, rng: np.random.Generator) -> dict[str, Any]:
    if place in UNITS:
        unit = UNITS.index(place)
        size = (30 + 14 * unit, 6 + unit)[role == "provider"]
        odd = {"u00": hidden_cell(), "u01": unsure_cell(20), "u02": shown_cell(50, 20)}
        if role == "patient" and place in odd:
            return odd[place]
    else:
        size = {"region": (650, 120), "ostersund": (420, 80), "are": (140, 30)}[place][role == "provider"]
    level = next(str(each["level"]) for each in PLACES if each["key"] == place)
    drift = 0.02 if place not in UNITS else 0.0
    expected = np.clip(_expected(place, role, at, number) + rng.normal(0, drift), 0, 1)
    return noised(100 * float(expected), round(size * rng.uniform(0.9, 1.1)), level, rng)


def edition(number: int) -> dict[str, Any]:
    """The edition of round `number`, from 0."""
    rng, key = np.random.default_rng(100 + number), ROUNDS[number]
    closes = f"{key[:4]}-{'04-15' if key.endswith('spring') else '10-15'}"
    reworded = {REWORDED: number >= SINCE, FRESH: number >= FRESH_SINCE}
    raw = [
        {"place": place["key"], "role": role, "question": question} | _cell(str(place["key"]), role, at, number, rng)
        for place in PLACES
        for role in ROLES
        for at, question in enumerate(QUESTIONS)
    ]
    cells = [row for role in ROLES for row in with_intervals([cell for cell in raw if cell["role"] == role], K[role])]
    name = f"{'Våren' if key.endswith('spring') else 'Hösten'} {key[:4]}"
    return {
        "format": FORMAT,
        "number": number + 1,
        "round": {"key": key, "name": name, "opens": closes, "closes": closes},
        "thresholds": K,
        "wordings": {role: {q: f"{q}-{role}-{reworded.get(q, False)}" for q in QUESTIONS} for role in ROLES},
        "places": list(PLACES),
        "respondents": respondents(cells),
        "cells": cells,
        "gaps": gaps_of(cells, PLACES),
        "gap_changes": [],
    }


@cache
def editions() -> list[dict[str, Any]]:
    """All rounds, oldest first."""
    return [edition(number) for number in range(NUMBER)]
