"""First against last: what has changed over the rounds, for as long as the question was the same.

For the trend and the gap over time. A question whose wording has changed starts anew; figures on few answers
are not tested; and what is tested on one page is adjusted for how much that is.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise, zip_longest
from typing import Any

import numpy as np
import pandas as pd

from analysis.findings import SURE
from analysis.frame import QUESTIONS, Row, records
from analysis.gap import single_gap_change
from analysis.intervals import Sides, difference_interval, difference_p_value
from analysis.texts import N_, Texts, say
from analysis.trend import adjust


def segments(wordings: Iterable[object], joined: Iterable[bool] = ()) -> list[int]:
    """Numbers the stretches of one wording: 0, 0, 1, 1. A round without the question does not break it.

    `joined`: whether others have gone up in the place before each round, which begins a stretch too.
    """
    found: list[int] = []
    number, known = 0, ""
    for said, larger in zip_longest(wordings, joined, fillvalue=False):
        wording = said if isinstance(said, str) else ""
        if (wording and known and wording != known) or (larger and found):
            number += 1
        known = wording or known
        found.append(number)
    return found


Lines = Mapping[tuple[str, str], Sequence[Row]]


def lines(table: pd.DataFrame) -> dict[tuple[str, str], list[Row]]:
    """The table's rows by role ("" where it has none) and question, oldest first.

    Drawing asks for a hundred small parts of a table; as rows each takes microseconds, as frames a
    millisecond.
    """
    found: dict[tuple[str, str], list[Row]] = {}
    for row in sorted(records(table), key=lambda row: row["date"]):
        found.setdefault((row.get("role", ""), row["question"]), []).append(row)
    return found


def runs(own: Sequence[Row]) -> list[list[Row]]:
    """The stretches a line may be drawn through: shown rounds in a row, one wording."""
    found: list[list[Row]] = []
    before: Row | None = None
    for row in own:
        if row["status"] == "shown":
            joined = before and before["status"] == "shown" and before["segment"] == row["segment"]
            if joined:
                found[-1].append(row)
            else:
                found.append([row])
        before = row
    return found


def breaks(own: Sequence[Row]) -> list[str]:
    """The rounds in which a line begins anew: another wording, or others have gone up in the place."""
    return [row["round"] for before, row in pairwise(own) if row["segment"] > before["segment"]]


def new_wordings(own: Sequence[Row]) -> list[str]:
    """The rounds in which a question's stretch of one wording begins anew."""
    larger = set(mergers(own))
    return [key for key in breaks(own) if key not in larger]


def mergers(own: Sequence[Row]) -> list[str]:
    """The rounds from which on others have gone up in the place."""
    return [row["round"] for row in own[1:] if row.get("joined")]


def why_dotted(table: pd.DataFrame, texts: Texts) -> list[str]:
    """What a dotted line means in this picture, as far as it occurs."""
    every = lines(table).values()
    meanings = (
        (N_("Prickad linje: ny formulering."), new_wordings),
        (N_("Prickad linje: enheter har slagits ihop."), mergers),
    )
    return [say(texts, meaning) for meaning, found in meanings if any(found(own) for own in every)]


def first_against_last(by_line: Lines) -> pd.DataFrame:
    """The change in each share since the first round with the same wording, up to the newest round.

    Takes the trend's `lines`: round, date, role, question, status, n, share, segment. Gives one row for each
    role and question that can be tested: both rounds shown, with at least 30 answers in each. The p are
    adjusted together, by Holm.
    """
    rows = []
    for (role, question), own in by_line.items():
        pair = ends(own)
        if pair:
            rows.append({"role": role, "question": question, **change_of(*pair)})
    columns = ("role", "question", "first", "last", "change", "low", "high", "p")
    found = pd.DataFrame(rows, columns=list(columns))
    found["p"] = adjust(found["p"].to_numpy(dtype=np.float64))
    found["distinct"] = ((found["low"] > 0) | (found["high"] < 0)) & (found["p"] < 0.05)
    return found


def ends(own: Sequence[Row]) -> tuple[Row, Row] | None:
    """The first round with the newest one's wording and the newest, where both have enough answers for a test."""
    last = own[-1]
    same = [row for row in own if row["segment"] == last["segment"] and row["status"] == "shown"]
    if len(same) < 2 or same[-1] is not last:
        return None
    return (same[0], last) if min(same[0]["n"], last["n"]) >= SURE else None


def change_of(first: Row, last: Row) -> dict[str, object]:
    """The change of a share between two rounds, its interval, and the p of no change, not yet adjusted."""
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


def _as_unit(by_role: Mapping[str, Row]) -> Sides | None:
    """One unit's published cells of a round and question as the sides of a gap; None where they carry no test."""
    if len(by_role) < 2 or any(row["status"] != "shown" or row["n"] < SURE for row in by_role.values()):
        return None
    provider, patient = by_role["provider"], by_role["patient"]
    n1, n2 = float(provider["n"]), float(patient["n"])
    return float(provider["share"]) * n1 / 100, n1, float(patient["share"]) * n2 / 100, n2


def unit_changes(cells: pd.DataFrame, series: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """How a unit's gap has changed since the first round with the same wordings, by question.

    From published cells only. With m questions tested, a change is distinct when the interval at the level
    1 − 0.05/m leaves zero out (Bonferroni, for MOVER gives no p to adjust).
    """
    published: dict[tuple[str, str], dict[str, Row]] = {}
    for row in records(cells):
        published.setdefault((row["round"], row["question"]), {})[row["role"]] = row
    pairs = {}
    for question in QUESTIONS:
        own = series[series["question"] == question].sort_values("date")
        same = own[(own["segment"] == own["segment"].max()) & (own["status"] == "shown")]
        if len(same) < 2 or same["date"].iloc[-1] != series["date"].max():
            continue
        first, last = str(same["round"].iloc[0]), str(same["round"].iloc[-1])
        before, after = (_as_unit(published.get((key, question), {})) for key in (first, last))
        if before is not None and after is not None:
            pairs[question] = (first, before, after)
    found = {}
    for question, (first, before, after) in pairs.items():
        moved = single_gap_change(before, after)
        strict = single_gap_change(before, after, level=1 - 0.05 / len(pairs))
        low, high = round(100 * moved.low), round(100 * moved.high)
        found[question] = {
            "since": first,
            "change": round(100 * moved.change),
            "change_low": low,
            "change_high": high,
            "change_distinct": (low > 0 or high < 0) and (strict.low > 0 or strict.high < 0),
        }
    return found
