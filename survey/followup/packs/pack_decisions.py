"""Decisions in a meeting pack: the status of earlier ones, and those to take now."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from survey.domain.records.action_plan import STATUSES
from survey.domain.records.action_plan import Decision as Planned
from survey.domain.text.collation import collation_key
from survey.followup.packs.forms import STATUSES as BECAME
from survey.store.published import packs, plan_records
from survey.store.published.packs import STILL_OPEN, Pack, PackDecision

MAX_IN_SUMMARY = 5  # on the first page; the others stand further on


@dataclass(frozen=True)
class EarlierDecision:
    """An earlier decision and its status, as a sentence to translate; with the day when it is read."""

    words: str
    who: str
    due_on: date | None
    status: str
    outcome: str
    question: str | None
    goes_on: bool
    late: bool


def previous_pack(connection: Connection, pack: Pack) -> Pack | None:
    """Return the pack that this one follows, if there is one."""
    return packs.get(connection, pack.previous_pack) if pack.previous_pack else None


def earlier_decisions(connection: Connection, pack: Pack, today: date) -> list[EarlierDecision]:
    """Return the status of the earlier packs' decisions, and of the plan's own, in that order."""
    earlier = previous_pack(connection, pack)
    of_packs = [_of_pack(each, today) for each in packs.earlier_decisions(connection, pack)]
    return [*of_packs, *(_of_plan(each, today) for each in _plan_decisions(connection, earlier))]


def _of_pack(each: PackDecision, today: date) -> EarlierDecision:
    goes_on = each.status in STILL_OPEN
    late = goes_on and each.due_on is not None and each.due_on < today
    return EarlierDecision(
        each.text, each.who, each.due_on, BECAME[each.status], each.outcome, each.question, goes_on, late
    )


def _of_plan(each: Planned, today: date) -> EarlierDecision:
    goes_on, status = not each.closed, STATUSES[each.status]
    late = goes_on and each.due_on is not None and each.due_on < today
    return EarlierDecision(each.decision, each.who, each.due_on, status, each.outcome, each.question, goes_on, late)


def _plan_decisions(connection: Connection, earlier: Pack | None) -> list[Planned]:
    """Return the plan's own decisions that go on, or have ended since the pack before, by day."""
    since = earlier.frozen_on if earlier else None
    every = [each.record for each in plan_records.DECISIONS.newest(connection)]
    found = [each for each in every if not each.ended_on or since is None or each.ended_on >= since]
    return sorted(found, key=lambda each: (each.decided_on, collation_key(each.decision)))


def questions_without_decision(
    matrix: Sequence[dict[str, Any]], before: Sequence[EarlierDecision], now: Sequence[PackDecision]
) -> list[str]:
    """Return the names of the questions with a gap beyond chance that no decision concerns."""
    about = {*_questions_decided_on(before), *(each.question for each in now)}
    return [row["name"] for row in matrix if row["gap"]["distinct"] and row["key"] not in about]


def _questions_decided_on(before: Collection[EarlierDecision]) -> Iterator[str | None]:
    return (each.question for each in before if each.goes_on)
