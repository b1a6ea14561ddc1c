"""Invented frames by the contract, made straight away: a region, eight municipalities and their units over some rounds.

For the pictures that set places beside each other. The counts have noise in them, as an edition's do; so every status
occurs: a share, a hollow one, an interval alone, an unsure and a hidden one.
"""

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm

from analysis.frames.frame import QUESTIONS, ROLES
from analysis.localisation import PlainLocalisation
from tests.analysis.english import ENGLISH, EnglishTexts
from tests.analysis.invented import START

K = {"patient": 10, "provider": 5}
NOISE = {"unit": 3.163, "municipality": 13.166, "region": 53.166}
MUNICIPALITIES = {
    "are": ("Åre", 2),
    "berg": ("Berg", 2),
    "bracke": ("Bräcke", 1),
    "harjedalen": ("Härjedalen", 3),
    "krokom": ("Krokom", 3),
    "ostersund": ("Östersund", 9),
    "ragunda": ("Ragunda", 1),
    "stromsund": ("Strömsund", 3),
}
LONG = (
    "Distriktet för nära vård och förebyggande insatser i södra Jämtland "
    "med Bergs, Bräcke och Ragunda kommuner tillsammans"
)
UNITS = {f"{key}-{n + 1}": key for key, (_, units) in MUNICIPALITIES.items() for n in range(units)}
MOVED, APART, RISING = "nasta_steg", "ostersund-3", ("ostersund", "provider", "trygghet")


def rounds(number: int) -> list[tuple[str, pd.Timestamp]]:
    """The newest `number` half-years."""
    every = [
        (f"{year}-{half}", pd.Timestamp(f"{year}-{'04-15' if half == 'spring' else '10-15'}"))
        for year in range(2020, 2026)
        for half in ("spring", "autumn")
    ]
    return every[-number:]


def interval(yes: float, base: float, noise: float) -> tuple[float, float, float]:
    """Share, low and high of a noised count, in percent, by the formulas of the method."""
    share = yes / base - (yes / base - 0.5) * noise / base**2
    k = 1.96**2 * noise / base**2
    h = 1.96**2 / base - k
    a, b, c = 1 + h, 2 * share + h, share**2 - k
    root = np.sqrt(max(0.0, b * b - 4 * a * c))
    low, high = np.clip([(b - root) / (2 * a), (b + root) / (2 * a)], 0, 1)
    return tuple(round(100 * float(value), 1) for value in (np.clip(share, 0, 1), low, high))


def level_of(place: str) -> str:
    """Region, municipality or unit."""
    return "region" if place == "region" else "municipality" if place in MUNICIPALITIES else "unit"


def size_of(place: str, role: str) -> int:
    """How many answer there."""
    if place == "region":
        return sum(size_of(unit, role) for unit in UNITS)
    if place in MUNICIPALITIES:
        return sum(size_of(unit, role) for unit, above in UNITS.items() if above == place)
    at = list(UNITS).index(place)
    return (18 + 7 * at, 6 + (5 * at) % 14)[role == "provider"]


def truth(place: str, role: str, question: str, at: float) -> float:
    """The share that would answer yes, in a round `at` of the way from the first to the last."""
    share = START[role][QUESTIONS.index(question)] / 100
    share += 0.18 * at * (question == MOVED and role == "patient")
    share += 0.3 * (at - 0.8) * (place == RISING[0] and (role, question) == RISING[1:])
    share -= 0.35 * (place == APART and question == "kontaktvagar" and role == "patient")
    return float(np.clip(share, 0.03, 0.97))


def _cell(place: str, role: str, question: str, at: float, rng: np.random.Generator) -> dict[str, Any]:
    level, size = level_of(place), size_of(place, role)
    size = max(0, round(size * rng.uniform(0.85, 1.1)))
    noise, outside = NOISE[level], round(0.12 * size)
    true = float(np.clip(truth(place, role, question, at) + rng.normal(0, 0.02), 0.02, 0.98))
    yes = rng.binomial(size - outside, true)
    rest = size - outside - yes
    add = np.rint(rng.normal(0, np.sqrt(noise), 3))
    counts = {"yes_count": yes + add[0], "not_yes_count": rest + add[1], "non_substantive_count": outside + add[2]}
    base = counts["yes_count"] + counts["not_yes_count"]
    cell: dict[str, Any] = counts | {"noise": noise, "base": base}
    cell |= {"steady_yes": counts["yes_count"], "steady_base": base}
    if level != "unit":
        partly = round(0.6 * rest) + add[2] / 2
        cell |= {"partly_count": partly, "no_count": counts["not_yes_count"] - partly}
    if level == "region":
        cell |= {"dont_know_count": outside / 2, "not_needed_count": outside / 2}
    return cell | {"n": float(5 * round(size / 5)), "answered": size}


def _shown(cell: dict[str, Any], role: str) -> dict[str, Any]:
    """What may be told of a cell, by its precision."""
    if cell["answered"] < K[role]:
        return {"status": "hidden"}
    if cell["base"] < K[role]:
        return {**cell, "status": "unsure"}
    share, low, high = interval(cell["yes_count"], cell["base"], cell["noise"])
    half = (high - low) / 2
    told: dict[str, Any] = {**cell, "low": low, "high": high}
    if half > 40:
        return {**cell, "status": "unsure"}
    if half > 30:
        return told | {"status": "interval"}
    of_base = {"yes": share, "not_yes": round(100 - share, 1)}
    if "partly_count" in cell:
        partly = float(np.clip(round(100 * cell["partly_count"] / cell["base"], 1), 0, 100 - share))
        of_base |= {"partly": partly, "no": round(100 - share - partly, 1)}
    if "dont_know_count" in cell:
        every = cell["base"] + cell["non_substantive_count"]
        of_base |= {code: round(100 * cell[f"{code}_count"] / every, 1) for code in ("dont_know", "not_needed")}
    return told | of_base | {"share": share, "status": "hollow" if half > 20 else "shown"}


NUMBERS = (
    *(
        "n",
        "base",
        "steady_yes",
        "steady_base",
        "noise",
        "yes_count",
        "not_yes_count",
        "non_substantive_count",
        "partly_count",
        "no_count",
    ),
    *("dont_know_count", "not_needed_count", "share", "low", "high", "yes", "not_yes", "partly", "no"),
    *("dont_know", "not_needed"),
)
GAP_NUMBERS = (
    *(
        "units",
        "units_excluded",
        "patients",
        "providers",
        "gap",
        "low",
        "high",
        "p",
        "shrunk",
        "shrunk_low",
        "shrunk_high",
    ),
    *("detectable", "change", "change_low", "change_high", "change_p", "change_units", "partly_yes", "partly_no"),
)


@cache
def cells(number: int = 5, *, hidden: bool = False) -> pd.DataFrame:
    """CELLS over so many rounds; with `hidden`, most units and some municipalities have too few answers."""
    rows = []
    for at, (key, day) in enumerate(rounds(number)):
        rng = np.random.default_rng(at + 50)
        for place in ("region", *MUNICIPALITIES, *UNITS):
            for role in ROLES:
                for question in QUESTIONS:
                    cell = _cell(place, role, question, (at + 1) / number, rng)
                    if hidden and place != "region" and (role == "provider" or rng.random() < 0.5):
                        cell["answered"] = 0
                    about = {"round": key, "date": day, "place": place, "level": level_of(place), "role": role}
                    rows.append(about | {"question": question, "wording": f"{question}-1", **_shown(cell, role)})
    return (
        pd.DataFrame(rows)
        .reindex(columns=[*dict.fromkeys([*rows[0], *NUMBERS])])
        .drop(columns="answered", errors="ignore")
    )


def _gap(patient: Any, provider: Any) -> dict[str, Any]:
    if "hidden" in (patient["status"], provider["status"]):
        return {"status": "hidden"}
    sides = [
        interval(side["yes_count"], side["base"], side["noise"]) for side in (provider, patient) if side["base"] >= 5
    ]
    if len(sides) < 2:
        return {"status": "unsure"}
    (p1, l1, h1), (p2, l2, h2) = sides
    gap = p1 - p2
    low, high = gap - np.hypot(p1 - l1, h2 - p2), gap + np.hypot(h1 - p1, p2 - l2)
    se = (high - low) / 3.92
    p = float(min(1.0, 7 * 2 * norm.sf(abs(gap) / se)))
    kept = 12**2 / (12**2 + se**2)
    return {
        "status": "shown",
        "patients": patient["n"],
        "providers": provider["n"],
        **{"se": round(se, 2), "gap": round(gap, 1), "low": round(low, 1), "high": round(high, 1), "p": round(p, 4)},
        "distinct": bool((low > 0 or high < 0) and p < 0.05),
        **{
            "shrunk": round(10 + kept * (gap - 10), 1),
            "shrunk_low": round(low * kept, 1),
            "shrunk_high": round(high * kept, 1),
        },
        "detectable": round(2.8 * se, 1),
    }


@cache
def gaps(number: int = 5, *, hidden: bool = False) -> pd.DataFrame:
    """GAPS of the same."""
    every = {
        (row["round"], row["place"], row["question"], row["role"]): row
        for row in cells(number, hidden=hidden).to_dict("records")
    }
    rows: list[dict[str, Any]] = []
    for at, (key, day) in enumerate(rounds(number)):
        for place in ("region", *MUNICIPALITIES, *UNITS):
            for question in QUESTIONS:
                level = level_of(place)
                found = _gap(*(every[key, place, question, role] for role in ROLES))
                if level != "unit":
                    found |= dict.fromkeys(("shrunk", "shrunk_low", "shrunk_high"), np.nan)
                about = {"round": key, "date": day, "place": place, "level": level, "question": question}
                kind = "unit" if level == "unit" else "units" if level == "municipality" else "matched"
                moved = at == number - 1 > 0 and (place, question) == ("ostersund", "trygghet")
                change = {"change": 24.0, "change_low": 9.0, "change_high": 40.0, "change_p": 0.01} if moved else {}
                same = {f"wording_{role}": f"{question}-1" for role in ROLES} | {"joined": False}
                since = rounds(number)[0][0] if moved else ""
                rows.append(about | {"kind": kind, "since": since, "change_distinct": moved, **change, **same, **found})
    found = pd.DataFrame(rows)
    found = found.reindex(columns=[*dict.fromkeys([*found.columns, *GAP_NUMBERS])])
    return found.assign(distinct=found["distinct"].eq(True))


NAMES = {key: name for key, (name, _) in MUNICIPALITIES.items()} | {
    unit: f"{MUNICIPALITIES[above][0]}s hälsocentral {unit[-1]}" for unit, above in UNITS.items()
}
ROUND_NAMES = {key: f"{'Våren' if key.endswith('spring') else 'Hösten'} {key[:4]}" for key, _ in rounds(12)}
SWEDISH = PlainLocalisation(ROUND_NAMES, {"region": "Region Jämtland Härjedalen", **NAMES})


def english() -> PlainLocalisation:
    """English, with these places' names."""
    texts = EnglishTexts()
    texts.places |= NAMES
    return texts


def long_named() -> PlainLocalisation:
    """Places whose names are 120 letters."""
    return PlainLocalisation(
        ROUND_NAMES, {key: f"{LONG} {at}"[:120] for at, key in enumerate(("region", *NAMES))}, ENGLISH
    )


AGES = ("0-17", "18-34", "35-49", "50-64", "65-79", "80+")
GROUPED = {
    "gender": {"woman": 800, "man": 700, "other": 60},
    "age": dict(zip(AGES, (20, 210, 260, 300, 420, 190), strict=True)),
    "gender_age": {f"{g}:{age}": 60 + 20 * at for g in ("woman", "man") for at, age in enumerate(AGES)} | {"other": 40},
    "language": {"sv": 1200, "en": 90, "ar": 60, "so": 40, "other": 35},
    "help": {"alone": 1300, "with_help": 140},
}


@cache
def groups(number: int = 2) -> pd.DataFrame:
    """Residents' groups in the newest rounds, columns as the background's."""
    rows, rng = [], np.random.default_rng(3)
    for key, day in rounds(number):
        for grouping, sizes in GROUPED.items():
            for group, size in sizes.items():
                for at, question in enumerate(QUESTIONS):
                    true = START["patient"][at] / 100 + 0.12 * (group == "woman" and question == MOVED)
                    yes = rng.binomial(size, true)
                    noise = 53.166
                    add = np.rint(rng.normal(0, np.sqrt(noise), 2))
                    counts = {"yes_count": float(yes + add[0]), "not_yes_count": float(size - yes + add[1])}
                    cell = counts | {"noise": noise, "n": float(size), "base": sum(counts.values()), "answered": size}
                    cell |= {"steady_yes": counts["yes_count"], "steady_base": cell["base"]}
                    about = {"round": key, "date": day, "grouping": grouping, "group": group, "question": question}
                    rows.append(
                        about | {"wording": f"{question}-1", "non_substantive_count": 0.0, **_shown(cell, "patient")}
                    )
    return pd.DataFrame(rows)
