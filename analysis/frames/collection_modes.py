"""Comparison of the open link with one's own code: did residents by each mode answer alike, now and over the rounds?

An open link may be used by anyone, and more than once; a code is used once. A difference is no proof of either: those
who get a code are also others than those who follow a poster.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.frames.schema import QUESTIONS, Edition, newest_by_round
from analysis.measures.compared import compared

ROLE = "patient"
OPEN, CODE = "open", "invited"
WAYS = (CODE, OPEN, "paper")

Way = dict[str, dict[str, Any]]


def by_way(edition: Edition) -> dict[str, Way]:
    """Return the residents' published cells by mode and question; none where only one mode was used."""
    rows = {
        row["collection_mode"]: row for row in edition["collection_modes"] if row["role"] == ROLE and row.get("cells")
    }
    return {way: {cell["question"]: cell for cell in rows[way]["cells"]} for way in WAYS if way in rows}


def received(edition: Edition, role: str) -> dict[str, int | None]:
    """Return the rounded number of answers by mode in the whole region; None where they are too few to tell."""
    rows = {row["collection_mode"]: row["n"] for row in edition["collection_modes"] if row["role"] == role}
    return {way: rows[way] for way in WAYS if way in rows}


def difference(edition: Edition) -> pd.DataFrame:
    """Return the open link's share minus the code's on each question, in points, tested as one family.

    Only questions on which both are sure count.
    """
    ways = by_way(edition)
    rows = []
    for question in QUESTIONS:
        sides = [ways.get(way, {}).get(question) for way in (OPEN, CODE)]
        if all(side is not None and side["status"] == "shown" for side in sides):
            row: dict[str, Any] = {"question": question}
            for number, side in enumerate(filter(None, sides), start=1):
                yes, not_yes = side["counts"]["yes"], side["counts"]["not_yes"]
                row |= {f"successes_{number}": yes, f"base_{number}": yes + not_yes, f"noise_{number}": side["noise"]}
            rows.append(row)
    if not rows:
        return pd.DataFrame(columns=["question", "difference", "low", "high", "p", "distinct"])
    found = compared(pd.DataFrame(rows))
    for name in ("difference", "low", "high"):
        found[name] = np.round(100 * found[name], 1)
    return found[["question", "difference", "low", "high", "p", "distinct"]]


def series(editions: Sequence[Edition]) -> list[tuple[str, Mapping[str, Way]]]:
    """Return each round with the modes that are told apart in it, oldest first."""
    return [(each["round"]["key"], by_way(each)) for each in newest_by_round(editions)]
