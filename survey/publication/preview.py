"""Previews of a publication: the figures of a closed round that would be hidden or too uncertain to show.

For the worker, and for admin that reads it. Counts of figures and nothing of what they say, no more than an
edition tells of itself.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Engine

from survey.domain.questions.questionnaire import Version
from survey.publication.nodes import FiguresError
from survey.publication.publish import build_without_gaps
from survey.store.database.engine import read_transaction, write_transaction
from survey.store.published import previews
from survey.store.published.previews import REFUSED

STATUSES = ("shown", "hollow", "interval", "unsure", "hidden")
StatusCounts = dict[str, dict[str, dict[str, int]]]


def store_preview(engine: Engine, versions: Mapping[str, Version], round_key: str) -> bool:
    """Count and store how many figures will be shown and how; return whether the round can be published at all."""
    with read_transaction(engine) as connection:
        try:
            found: dict[str, Any] = dict(count_statuses(build_without_gaps(connection, versions, round_key)[1]))
        except FiguresError as error:
            found = {REFUSED: type(error).__name__}
    with write_transaction(engine) as connection:
        previews.save(connection, round_key, found)
    return REFUSED not in found


def count_statuses(body: Mapping[str, Any]) -> StatusCounts:
    """Return by role and level the numbers of places, of places that show anything, and of figures by visibility."""
    levels = {each["key"]: each["level"] for each in body["places"]}
    by_place: dict[tuple[str, str, str], Counter[str]] = {}
    for row in body["cells"]:
        by_place.setdefault((row["role"], levels[row["place"]], row["place"]), Counter())[row["status"]] += 1
    found: dict[str, dict[str, Counter[str]]] = {}
    for (role, level, _place), by_status in by_place.items():
        at = found.setdefault(role, {}).setdefault(level, Counter())
        at["places"] += 1
        # Where a place's every figure is too uncertain, nothing is shown of it either.
        if by_status["hidden"] + by_status["unsure"] < by_status.total():
            at["speaking"] += 1
            at.update(by_status)
    names = ("places", "speaking", *STATUSES)
    return {
        role: {level: {name: n[name] for name in names} for level, n in levels.items()}
        for role, levels in found.items()
    }
