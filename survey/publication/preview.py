"""How much of a closed round will be hidden: counted by the gate itself before anybody decides to publish.

For the worker, because the gate takes many seconds of work, and for the office that reads it. Counts of figures and
nothing of what they say, no more than an edition tells of itself.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Engine

from analysis.protect import BrokenTable, Detail, Unprotectable
from survey.domain.scale import QUESTIONS
from survey.publication.counts import CountsError
from survey.publication.gated import Gated, displayed
from survey.publication.publish import gated_round
from survey.store import previews
from survey.store.engine import reading, writing
from survey.store.previews import REFUSED

SAID = {Detail.HIDDEN: "hidden", Detail.BAND: "band", Detail.SHARE: "shown", Detail.CODES: "shown"}


def preview(engine: Engine, round_key: str) -> bool:
    """Count and keep how much will be hidden; whether the round can be published at all."""
    with reading(engine) as connection:
        try:
            _round, _there, _groups, gated = gated_round(connection, round_key)
            found: dict[str, Any] = {role: hidden_of(each) for role, each in gated.items()}
        except (Unprotectable, CountsError, BrokenTable) as error:
            found = {REFUSED: type(error).__name__}
    with writing(engine) as connection:
        previews.keep(connection, round_key, found)
    return REFUSED not in found


def hidden_of(gated: Gated) -> Mapping[str, Mapping[str, int]]:
    """By level: how many places or groups, how many of them show anything, and what becomes of these one's figures."""
    found: dict[str, Counter[str]] = {}
    for node in displayed(gated.counts):
        level = found.setdefault(gated.counts.levels[node], Counter())
        said = Counter(SAID[gated.detail(node, question)] for question in QUESTIONS)
        level["places"] += 1
        if said["hidden"] < len(QUESTIONS):
            level["speaking"] += 1
            level.update(said)
    names = ("places", "speaking", *dict.fromkeys(SAID.values()))
    return {level: {name: counts[name] for name in names} for level, counts in found.items()}
