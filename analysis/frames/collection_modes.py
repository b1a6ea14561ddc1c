"""Comparison of the open link with one's own code: did residents by each mode answer alike, now and over the rounds?

An open link may be used by anyone, and more than once; a code is used once. A difference is no proof of either: those
who get a code are also others than those who follow a poster.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.frames.schema import QUESTIONS, Edition, newest_by_round
from analysis.measures.compared import compare_pairs

ROLE = "patient"
OPEN, INVITED = "open", "invited"
MODES = (INVITED, OPEN, "paper")

CellsByQuestion = dict[str, dict[str, Any]]


def cells_by_mode(edition: Edition) -> dict[str, CellsByQuestion]:
    """Return the residents' published cells by mode and question; none where only one mode was used."""
    rows = {
        row["collection_mode"]: row for row in edition["collection_modes"] if row["role"] == ROLE and row.get("cells")
    }
    return {mode: {cell["question"]: cell for cell in rows[mode]["cells"]} for mode in MODES if mode in rows}


def answers_by_mode(edition: Edition, role: str) -> dict[str, int | None]:
    """Return the rounded number of answers by mode in the whole region; None where they are too few to tell."""
    rows = {row["collection_mode"]: row["n"] for row in edition["collection_modes"] if row["role"] == role}
    return {mode: rows[mode] for mode in MODES if mode in rows}


def difference(edition: Edition) -> pd.DataFrame:
    """Return the open link's share minus the code's on each question, in points, tested as one family.

    Only questions on which both are sure count.
    """
    by_mode = cells_by_mode(edition)
    rows = []
    for question in QUESTIONS:
        sides = [by_mode.get(mode, {}).get(question) for mode in (OPEN, INVITED)]
        if all(side is not None and side["status"] == "shown" for side in sides):
            row: dict[str, Any] = {"question": question}
            for number, side in enumerate(filter(None, sides), start=1):
                yes, not_yes = side["counts"]["yes"], side["counts"]["not_yes"]
                row |= {f"successes_{number}": yes, f"base_{number}": yes + not_yes, f"noise_{number}": side["noise"]}
            rows.append(row)
    if not rows:
        return pd.DataFrame(columns=["question", "difference", "low", "high", "p", "distinct"])
    found = compare_pairs(pd.DataFrame(rows))
    for name in ("difference", "low", "high"):
        found[name] = np.round(100 * found[name], 1)
    return found[["question", "difference", "low", "high", "p", "distinct"]]


def series(editions: Sequence[Edition]) -> list[tuple[str, Mapping[str, CellsByQuestion]]]:
    """Return each round with the modes that it counts separately, oldest first."""
    return [(each["round"]["key"], cells_by_mode(each)) for each in newest_by_round(editions)]
