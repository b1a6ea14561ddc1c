"""`CELLS` and `GAPS` made straight from invented counts, by the contract: what the pictures are tried with.

Each figure is worked out by the formulas of the method page, so that a test can set a share and its number of
answers and get the status that follows. `cell` makes one cell, `frames` the two frames of any places and rounds.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.frame import QUESTIONS, ROLES

Z = 1.959964
LEAST = {"patient": 10, "provider": 5}
NOISE = {"unit": 3.163, "municipality": 13.166, "region": 53.166}
KIND = {"unit": "unit", "municipality": "units", "region": "matched"}
COUNTS = ("yes", "not_yes", "outside", "partly", "no", "dont_know", "not_needed")


class Place(NamedTuple):
    """A place, and how many answer there: patients, care."""

    key: str
    level: str
    sizes: tuple[int, int]


def cell(share: float, n: int, noise: float = 0.0, outside: float = 0.1, least: int = 5) -> dict[str, Any]:
    """A cell in which so many have answered, and that share of those who took a stand said yes."""
    if n < least:
        return {"status": "hidden"}
    base = n * (1 - outside)
    counts = {"yes": share / 100 * base, "not_yes": (1 - share / 100) * base, "outside": n - base}
    return measured(counts, n, noise, least)


def measured(counts: Mapping[str, float], n: int, noise: float, least: int) -> dict[str, Any]:
    """The measures of noised counts, and what may be shown of them."""
    base = counts["yes"] + counts["not_yes"]
    found = {"n": 5 * round(n / 5), "base": base, "noise": noise} | {f"{k}_count": v for k, v in counts.items()}
    if base < least:
        return found | {"status": "unsure"}
    p, low, high = share_of(counts["yes"], base, noise)
    half = 50 * (high - low)
    status = "shown" if half <= 20 else "hollow" if half <= 30 else "interval" if half <= 40 else "unsure"
    if status == "unsure":
        return found | {"status": status}
    limits = {"status": status, "low": round(100 * low, 1), "high": round(100 * high, 1)}
    if status == "interval":
        return found | limits
    shares = {name: round(100 * value / base, 1) for name, value in counts.items() if name in ("partly", "no")}
    yes = round(100 * min(max(p, 0), 1), 1)
    return found | limits | shares | {"share": yes, "yes": yes, "not_yes": 100 - yes}


def share_of(yes: float, base: float, noise: float) -> tuple[float, float, float]:
    """A share and its limits, with the noise in."""
    p = yes / base - (yes / base - 0.5) * noise / base**2
    k = Z**2 * noise / base**2
    h = Z**2 / base - k
    a, b, c = 1 + h, 2 * p + h, p**2 - k
    root = math.sqrt(max(0.0, b * b - 4 * a * c))
    return p, max(0.0, (b - root) / 2 / a), min(1.0, (b + root) / 2 / a)


def gap(patient: Mapping[str, Any], provider: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """The gap of two cells, by MOVER on their limits."""
    found: dict[str, Any] = {
        "kind": kind,
        "units": 1 if kind == "unit" else 14,
        "units_out": 0 if kind == "unit" else 2,
    }
    sides = (provider, patient)
    if any(side["status"] == "hidden" for side in sides):
        return found | {"status": "hidden"}
    found |= {"patients": patient["n"], "providers": provider["n"]}
    if any(side["base"] < 2 for side in sides):
        return found | {"status": "unsure"}
    (p1, l1, u1), (p2, l2, u2) = (share_of(side["yes_count"], side["base"], side["noise"]) for side in sides)
    middle, low = p1 - p2, p1 - p2 - math.hypot(p1 - l1, u2 - p2)
    high = p1 - p2 + math.hypot(u1 - p1, p2 - l2)
    if high - low > 1.2:
        return found | {"status": "unsure"}
    p = math.erfc(abs(middle) / max((high - low) / (2 * Z), 1e-9) / math.sqrt(2))
    limits = {"gap": round(100 * middle, 1), "low": round(100 * low, 1), "high": round(100 * high, 1)}
    return found | limits | {"status": "shown", "p": p, "distinct": (low > 0 or high < 0) and p < 0.05 / 7}


Draw = Callable[[Place, str, int, int], Mapping[str, Any]]  # place, role, number of the question, number of the round
Wording = Callable[[str, int], object]  # question, number of the round


def frames(
    rounds: Sequence[str], places: Iterable[Place], draw: Draw, wording: Wording, joined: Iterable[tuple[str, str]] = ()
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`CELLS` and `GAPS` of these rounds ("2024-spring") and places; `joined`: places and rounds of a merger."""
    rows: list[dict[str, Any]] = []
    pairs: list[dict[str, Any]] = []
    merged = set(joined)
    for number, key in enumerate(rounds):
        when = {"round": key, "date": f"{key[:4]}-{'04-15' if key.endswith('spring') else '10-15'}"}
        for place in places:
            for at, question in enumerate(QUESTIONS):
                about = when | {"place": place.key, "level": place.level, "question": question}
                said = {role: f"{question}-{role}-{wording(question, number)}" for role in ROLES}
                own = {role: dict(draw(place, role, at, number)) for role in ROLES}
                rows += [about | {"role": role, "wording": said[role]} | own[role] for role in ROLES]
                more = {f"wording_{role}": words for role, words in said.items()} | {
                    "joined": (place.key, key) in merged
                }
                pairs.append(about | more | gap(own["patient"], own["provider"], KIND[place.level]))
    return framed(rows, CELLS), changed(framed(pairs, GAPS))


def changed(gaps: pd.DataFrame) -> pd.DataFrame:
    """Each newest gap's change since the first round with its wordings, by MOVER."""
    for (_, _), own in gaps.groupby(["place", "question"]):
        now = own.iloc[-1]
        same = own[(own["wording_patient"] == now["wording_patient"]) & (own["status"] == "shown")]
        if len(same) < 2 or now["status"] != "shown":
            continue
        then = same.iloc[0]
        change = now["gap"] - then["gap"]
        low = change - math.hypot(now["gap"] - now["low"], then["high"] - then["gap"])
        high = change + math.hypot(now["high"] - now["gap"], then["gap"] - then["low"])
        p = math.erfc(abs(change) / ((high - low) / (2 * Z)) / math.sqrt(2))
        told = (low > 0 or high < 0) and p < 0.05 / 7
        columns = ["since", "change", "change_low", "change_high", "change_p", "change_distinct"]
        gaps.loc[own.index[-1], columns] = [then["round"], round(change, 1), round(low, 1), round(high, 1), p, told]
    return gaps


TEXT = {"round", "place", "level", "role", "question", "wording", "status", "kind", "since"}
CELLS = (
    *("round", "date", "place", "level", "role", "question", "wording", "status", "n", "base", "noise"),
    *(f"{name}_count" for name in COUNTS),
    *("share", "low", "high", "yes", "not_yes", "partly", "no", "dont_know", "not_needed"),
)
GAPS = (
    *("round", "date", "place", "level", "question", "status", "kind", "units", "units_out", "patients", "providers"),
    *("gap", "low", "high", "p", "distinct", "shrunk", "shrunk_low", "shrunk_high", "detectable"),
    *("since", "change", "change_low", "change_high", "change_p", "change_distinct", "partly_yes", "partly_no"),
    *("wording_patient", "wording_provider", "joined"),
)


def framed(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> pd.DataFrame:
    """The rows with these columns, each of its kind."""
    made: dict[str, Any] = {}
    for name in columns:
        values = [row.get(name) for row in rows]
        if name == "date":
            made[name] = pd.to_datetime(pd.Series(values))
        elif name in {"distinct", "change_distinct", "joined"}:
            made[name] = np.array([bool(value) for value in values])
        elif name in TEXT or name.startswith("wording"):
            made[name] = pd.Series([value or "" for value in values], dtype="str")
        else:
            made[name] = np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    return pd.DataFrame(made)
