"""First against last: what has changed over the rounds, for as long as the question was the same.

For the trend and the gap over time. A question whose wording has changed starts anew; figures on few answers
are not tested; and what is tested on one page is adjusted for how much that is.
"""

from typing import Any

import numpy as np
import pandas as pd

from analysis.findings import SURE
from analysis.frame import QUESTIONS, ROLES, Row, records
from analysis.gap import gap_change
from analysis.intervals import difference_interval, difference_p_value
from analysis.trend import adjust


def segments(wordings: pd.Series) -> list[int]:
    """Numbers the stretches of one wording: 0, 0, 1, 1. A round without the question does not break it."""
    found, number, known = [], 0, ""
    for wording in wordings.fillna("").astype(str):
        if wording and known and wording != known:
            number += 1
        known = wording or known
        found.append(number)
    return found


def first_against_last(series: pd.DataFrame) -> pd.DataFrame:
    """The change in each share since the first round with the same wording, up to the newest round.

    `series` is the trend's table: round, date, role, question, status, n, share, segment. Gives one row for
    each role and question that can be tested: both rounds shown, with at least 30 answers in each. The p are
    adjusted together, by Holm.
    """
    rows = []
    for role in ROLES:
        for question in QUESTIONS:
            own = series[(series["role"] == role) & (series["question"] == question)].sort_values("date")
            pair = _ends(own)
            if pair:
                rows.append({"role": role, "question": question, **_change(*pair)})
    columns = ("role", "question", "first", "last", "change", "low", "high", "p")
    found = pd.DataFrame(rows, columns=list(columns))
    found["p"] = adjust(found["p"].to_numpy(dtype=np.float64))
    found["distinct"] = ((found["low"] > 0) | (found["high"] < 0)) & (found["p"] < 0.05)
    return found


def _ends(own: pd.DataFrame) -> tuple[Row, Row] | None:
    same = own[own["segment"] == own["segment"].max()]
    shown = records(same[same["status"] == "shown"])
    if len(shown) < 2 or shown[-1]["date"] != own["date"].max():
        return None
    return (shown[0], shown[-1]) if min(shown[0]["n"], shown[-1]["n"]) >= SURE else None


def _change(first: Row, last: Row) -> dict[str, object]:
    sides = (last["share"] * last["n"] / 100, last["n"], first["share"] * first["n"] / 100, first["n"])
    limits = difference_interval(*sides)
    return {
        "first": first["round"],
        "last": last["round"],
        "change": last["share"] - first["share"],
        "low": round(100 * limits.low),
        "high": round(100 * limits.high),
        "p": difference_p_value(*sides),
    }


def _as_unit(cells: pd.DataFrame, round_key: str, question: str) -> pd.DataFrame | None:
    """One unit's published cells as a frame for gaps; None where they do not carry a test."""
    own = cells[(cells["round"] == round_key) & (cells["question"] == question)]
    by_role = {row["role"]: row for row in records(own)}
    if len(by_role) < 2 or any(row["status"] != "shown" or row["n"] < SURE for row in by_role.values()):
        return None
    sides = {}
    for side, role in ((1, "provider"), (2, "patient")):
        base = by_role[role]["n"]
        sides[f"successes_{side}"], sides[f"base_{side}"] = by_role[role]["share"] * base / 100, base
    return pd.DataFrame([sides])


def unit_changes(cells: pd.DataFrame, series: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """How a unit's gap has changed since the first round with the same wordings, by question.

    From published cells only. With m questions tested, a change is distinct when the interval at the level
    1 − 0.05/m leaves zero out (Bonferroni, for MOVER gives no p to adjust).
    """
    pairs = {}
    for question in QUESTIONS:
        own = series[series["question"] == question].sort_values("date")
        same = own[(own["segment"] == own["segment"].max()) & (own["status"] == "shown")]
        if len(same) < 2 or same["date"].iloc[-1] != series["date"].max():
            continue
        first, last = str(same["round"].iloc[0]), str(same["round"].iloc[-1])
        before, after = (_as_unit(cells, key, question) for key in (first, last))
        if before is not None and after is not None:
            pairs[question] = (first, before, after)
    found = {}
    for question, (first, before, after) in pairs.items():
        moved = gap_change(before, after)
        strict = gap_change(before, after, level=1 - 0.05 / len(pairs))
        low, high = round(100 * moved.low), round(100 * moved.high)
        found[question] = {
            "since": first,
            "change": round(100 * moved.change),
            "change_low": low,
            "change_high": high,
            "change_distinct": (low > 0 or high < 0) and (strict.low > 0 or strict.high < 0),
        }
    return found
