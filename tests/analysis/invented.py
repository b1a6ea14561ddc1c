"""Invented editions for the tests of `analysis`: a region, a municipality and a unit over some rounds.

Seeded and small. They follow the edition's format, with noise in their counts, and have what the pictures must bear: a
wording that changes, a hidden round, few answers, cells that are hollow, an interval alone or too uncertain.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from analysis.frames.measured import with_intervals
from analysis.frames.schema import FORMAT, QUESTIONS, ROLES
from analysis.measures.intervals import difference_interval, z_of
from analysis.measures.noise import share

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
K = {"patient": 10, "provider": 5}
NOISE = {"region": (53.166, 31.83), "municipality": (13.166, 7.83), "unit": (3.163, None)}
KIND = {"region": "matched", "municipality": "units", "unit": "unit"}

Cell = dict[str, Any]


def cell_of(yes: float, not_yes: float, outside: float = 0.0, noise: float = 0.0) -> Cell:
    """A cell of these counts, as the edition has it before it is measured."""
    n = 5 * round((yes + not_yes + outside) / 5)
    counts = {"yes": yes, "not_yes": not_yes, "non_substantive": outside}
    return {"n": n, "counts": counts, "noise": noise, "noise_part": None}


def shown_cell(share: float, n: int) -> Cell:
    """A cell in which all took a stand and nothing was added; how far it is shown follows from n."""
    return cell_of(share * n / 100, n - share * n / 100)


def unsure_cell(n: int) -> Cell:
    """A cell in which enough answered, and too few of them took a stand."""
    return cell_of(2, 1, n - 3)


def hidden_cell() -> Cell:
    """A cell that is not shown."""
    return dict.fromkeys(("n", "counts", "noise", "noise_part"))


def noised(share: float, n: int, level: str, rng: np.random.Generator) -> Cell:
    """A cell of a place of that level: chance and noise in its counts; above units the parts of "not yes" too."""
    noise, part = NOISE[level]
    outside = rng.binomial(n, 0.1)
    yes = rng.binomial(n - outside, share / 100)
    u, v = np.rint(rng.multivariate_normal([0, 0], noise * np.array([[1, -0.5], [-0.5, 1]]))).tolist()
    counts = {"yes": yes + u, "not_yes": n - outside - yes + v, "non_substantive": outside - u - v}
    if part is not None:
        counts["partly"] = round(counts["not_yes"] * 0.6 + rng.normal(0, part**0.5))
        counts["no"] = counts["not_yes"] - counts["partly"]
    if level == "region":
        counts |= {"dont_know": round(0.04 * n), "not_needed": counts["non_substantive"] - round(0.04 * n)}
    return {"n": 5 * round(n / 5), "counts": counts, "noise": noise, "noise_part": part}


def _wordings(number: int) -> dict[str, dict[str, str]]:
    changed = ("trygghet", "overenskommelse", "fast_vardkontakt") if number >= 5 else ()
    return {role: {q: f"{q}-{role}-{2 if q in changed else 1}" for q in QUESTIONS} for role in ROLES}


def _cells(number: int, rng: np.random.Generator) -> list[Cell]:
    found = []
    levels = {str(place["key"]): str(place["level"]) for place in PLACES}
    for place, sizes in SIZES.items():
        for role, size in zip(ROLES, sizes, strict=True):
            n = round(size * (0.85 + 0.15 * rng.random()))
            for at, question in enumerate(QUESTIONS):
                cell = noised(START[role][at] + PER_ROUND[role][at] * number, n, levels[place], rng)
                if place == "odensala" and role == "provider":
                    cell = {"kontaktvagar": unsure_cell(n), "nasta_tid": hidden_cell()}.get(question, cell)
                if (place, role, question, number) == ("ostersund", "provider", "fast_vardkontakt", 2):
                    cell = hidden_cell()
                found.append({"place": place, "role": role, "question": question, **cell})
    return found


def gaps_of(cells: Iterable[Mapping[str, Any]], places: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Each place's gaps, from its own two cells; the real ones are pooled over units, or from matched sums."""
    by_key = {(cell["place"], cell["role"], cell["question"]): cell for cell in cells}
    found = []
    for place in places:
        for question in QUESTIONS:
            sides = [by_key.get((place["key"], role, question), {"status": "hidden"}) for role in reversed(ROLES)]
            row: dict[str, Any] = {"place": place["key"], "question": question, "kind": KIND[str(place["level"])]}
            if any(side["status"] in {"hidden", "unsure"} for side in sides):
                found.append(row | {"status": "hidden"})
                continue
            units = {"units": 1, "units_excluded": 0} if row["kind"] == "unit" else {"units": 14, "units_excluded": 2}
            sizes = {"providers": sides[0]["n"], "patients": sides[1]["n"]}
            found.append(row | {"status": "shown"} | gap_of(*sides) | units | sizes)
    return found


def gap_of(provider: Mapping[str, Any], patient: Mapping[str, Any]) -> dict[str, float]:
    """One gap's numbers, in percentage points."""
    sides = [(each["counts"]["yes"], each["counts"]["yes"] + each["counts"]["not_yes"]) for each in (provider, patient)]
    noises = (provider["noise"], patient["noise"])
    limits = difference_interval(*sides[0], *sides[1], noise_1=noises[0], noise_2=noises[1])
    one, two = (share(*side, noise) for side, noise in zip(sides, noises, strict=True))
    numbers = {"gap": one - two, "se": limits.half_width / z_of(0.95), "low": limits.low, "high": limits.high}
    return {name: round(100 * float(value), 2) for name, value in numbers.items()}


def edition(
    number: int, cells: Sequence[Mapping[str, Any]] | None = None, places: Sequence[Mapping[str, Any]] = PLACES
) -> dict[str, Any]:
    """The edition of round `number`, from 0."""
    key = ROUNDS[number]
    closes = f"{key[:4]}-{'04-15' if key.endswith('spring') else '10-15'}"
    raw = _cells(number, np.random.default_rng(number)) if cells is None else [dict(cell) for cell in cells]
    every = [row for role in ROLES for row in with_intervals([cell for cell in raw if cell["role"] == role], K[role])]
    return {
        "format": FORMAT,
        "number": number + 1,
        "round": {"key": key, "name": NAMES[key], "opens": closes, "closes": closes},
        "thresholds": K,
        "versions": {"patient": "underlag-2021", "provider": "underlag-2021"},
        "wordings": _wordings(number),
        "places": list(places),
        "respondents": respondents(every),
        "cells": every,
        "gaps": gaps_of(every, places),
        "gap_changes": [],
        "gaps_together": [],
        "collection_modes": [],
        "background": [],
    }


def respondents(cells: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """How many answered at each place: as many as to its most answered question."""
    most: dict[tuple[str, str], int] = {}
    for cell in cells:
        key = cell["place"], cell["role"]
        most[key] = max(most.get(key, 0), cell["n"] or 0)
    rows = [{"place": place, "role": role, "n": n or None, "handed_out": None} for (place, role), n in most.items()]
    return [row | {"status": "shown" if row["n"] else "hidden"} for row in rows]


def linked(made: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The editions with what each gap above the unit is compared with: the first round of its wordings."""
    for at, body in enumerate(made):
        now = {(row["place"], row["question"]): row for row in body["gaps"] if row["status"] == "shown"}
        for (place, question), row in now.items():
            for earlier in made[:at] if row["kind"] != "unit" else ():
                same = all(earlier["wordings"][role][question] == body["wordings"][role][question] for role in ROLES)
                each = (then for then in earlier["gaps"] if (then["place"], then["question"]) == (place, question))
                then = next(each, {"status": "hidden"})
                if same and then["status"] == "shown":
                    numbers = {
                        f"{name}_{n}": gap[n] for name, gap in (("after", row), ("before", then)) for n in NUMBERS
                    }
                    about = {"place": place, "question": question, "since": earlier["round"]["key"], "source": "units"}
                    body["gap_changes"].append(about | numbers)
                    break
    return list(made)


NUMBERS = ("gap", "se", "low", "high")


@cache
def _editions() -> tuple[dict[str, Any], ...]:
    return tuple(linked([edition(number) for number in range(len(ROUNDS))]))


def editions() -> list[dict[str, Any]]:
    """All rounds, oldest first."""
    return [dict(body) for body in _editions()]
