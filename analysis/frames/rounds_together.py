"""A place's cells over the newest two or four rounds together, where one round is too thin to say anything.

For a unit's page, which shows it beside the newest round. Counts are added as they stand, noise and all. Only rounds
that follow on each other in the same words are read together.
"""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from analysis.frames.frame import non_substantive_part
from analysis.frames.measured import with_intervals, with_steady_counts
from analysis.frames.schema import CELLS, QUESTIONS, ROLES, Edition, Row, newest_by_round, to_frame
from analysis.measures.gap import p_of
from analysis.measures.trend_tests import adjust, is_distinct

SUMMED_COUNTS = ("yes", "not_yes", "non_substantive")


def cells_together(editions: Sequence[Edition], place: str, rounds: int) -> pd.DataFrame:
    """Return the place's cells over its newest `rounds` rounds, `CELLS`; only where at least two can be read.

    `round` and `date` are the newest one's; `n` is how many answers, not how many persons.
    """
    newest = newest_by_round(editions)[-rounds:]
    if len(newest) < 2:
        return to_frame([], CELLS)
    rows = []
    for role in ROLES:
        each = [row for question in QUESTIONS if (row := _summed_cell(newest, place, role, question)) is not None]
        outside = {row["question"]: row["non_substantive_part"] for row in each}
        rows += with_intervals(each, newest[-1]["thresholds"][role], outside)
    return to_frame(
        with_steady_counts([row | {"base": row["counts"]["yes"] + row["counts"]["not_yes"]} for row in rows]), CELLS
    )


def _summed_cell(newest: Sequence[Edition], place: str, role: str, question: str) -> dict[str, Any] | None:
    last = newest[-1]
    level = next((each["level"] for each in last["places"] if each["key"] == place), None)
    wording = last["wordings"][role].get(question, "")
    there = [
        (edition, cell)
        for edition in _rounds_of_wording(newest, place, role, question)
        for cell in _counted_cells(edition, place, role, question)
    ]
    cells = [cell for _, cell in there]
    if level is None or len(cells) < 2:
        return None
    counts = {name: sum(cell["counts"][name] for cell in cells) for name in SUMMED_COUNTS}
    when = {"round": last["round"]["key"], "date": last["round"]["closes"], "wording": wording}
    named = {"place": place, "level": level, "role": role, "question": question}
    sizes = {"n": sum(cell["n"] for cell in cells), "noise": sum(cell["noise"] for cell in cells)}
    return when | named | sizes | {"counts": counts, "non_substantive_part": _non_substantive_part(there)}


def _non_substantive_part(there: Sequence[tuple[Edition, Row]]) -> float | None:
    """Return the part outside the base in the whole place over these rounds, weighted by answers here; else None."""
    parts = [non_substantive_part(edition, cell) for edition, cell in there]
    n = [sum(cell["counts"][name] for name in SUMMED_COUNTS) for _, cell in there]
    if any(part is None for part in parts) or sum(n) <= 0:
        return None
    return float(sum(part * each for part, each in zip(parts, n, strict=True) if part) / sum(n))


def _rounds_of_wording(newest: Sequence[Edition], place: str, role: str, question: str) -> list[Edition]:
    """Return the newest rounds in one wording, as far back as the place has been what it is now."""
    run: list[Edition] = []
    for edition in reversed(rounds_since_merger(newest, place)):
        if edition["wordings"][role].get(question) != newest[-1]["wordings"][role].get(question):
            break
        run.append(edition)
    return run


def rounds_since_merger(editions: Sequence[Edition], place: str) -> Sequence[Edition]:
    """Return the rounds, oldest first, since others were last merged into the place."""
    grew = [any(each["key"] == place and each.get("joined") for each in edition["places"]) for edition in editions]
    return editions[max((number for number, here in enumerate(grew) if here), default=0) :]


def _counted_cells(edition: Edition, place: str, role: str, question: str) -> list[Any]:
    wanted = (place, role, question)
    found = (each for each in edition["cells"] if (each["place"], each["role"], each["question"]) == wanted)
    return [cell for cell in found if cell["counts"] is not None]


def gaps_together(editions: Sequence[Edition], place: str) -> dict[str, dict[str, Any]]:
    """Return the place's gaps over its newest rounds together, by question, over as many as can be pooled.

    As the newest edition has them, with p adjusted over the place's seven and whether each is distinct.
    """
    most = len(rounds_since_merger(newest_by_round(editions), place))
    found: dict[str, dict[str, Any]] = {}
    for row in sorted(editions[-1]["gaps_together"], key=lambda row: int(row["rounds"])):
        if row["place"] == place and row["rounds"] <= most:
            found[row["question"]] = dict(row)
    for row, p in zip(found.values(), adjust([p_of(row["gap"], row["se"]) for row in found.values()]), strict=True):
        row |= {"p": float(p), "distinct": bool(is_distinct(row["low"], row["high"], p))}
    return found
