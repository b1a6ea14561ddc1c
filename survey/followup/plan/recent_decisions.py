"""Decisions of meetings and their status, from the plan and from frozen packs alike.

For the page of a place: a reader sees at once what goes on and what the last meeting decided, wherever it was written.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flask import url_for
from sqlalchemy import Connection

from survey.domain.records.action_plan import STATUSES, Activity
from survey.domain.text.collation import collation_key
from survey.followup.packs import access
from survey.followup.packs.forms import STATUSES as BECAME
from survey.store.published import editions, plan_records
from survey.store.published.packs import STILL_OPEN

MAX_DECISIONS = 5


@dataclass(frozen=True)
class DecisionRow:
    """A decision: its day, text, person and last day; its status, as a sentence to translate; its address."""

    day: date
    words: str
    who: str
    due_on: date | None
    status: str
    question: str | None
    goes_on: bool
    outcome: str
    address: str

    def late(self, today: date) -> bool:
        """Return whether it goes on past its last day."""
        return self.goes_on and self.due_on is not None and self.due_on < today


def decisions_until(connection: Connection, round_key: str) -> list[DecisionRow]:
    """Return all that was decided until the round after this one was published, the newest first."""
    found = sorted([*_of_plan(connection), *_of_packs(connection)], key=lambda each: collation_key(each.words))
    until = _next_published(connection, round_key)
    return sorted((each for each in found if each.day < until), key=lambda each: each.day, reverse=True)


def recent_decisions(connection: Connection, round_key: str) -> list[DecisionRow]:
    """Return the decisions that go on and those of the last meeting by then, the newest first, at most five."""
    found = decisions_until(connection, round_key)
    return [each for each in found if each.goes_on or each.day == found[0].day][:MAX_DECISIONS]


def decisions_on_question(connection: Connection, round_key: str, question: str) -> list[DecisionRow]:
    """Return what was decided about a question by then, the newest first."""
    return [each for each in decisions_until(connection, round_key) if each.question == question]


def activities_on_question(connection: Connection, question: str) -> list[Activity]:
    """Return what goes on or is planned about a question, by its words."""
    every = [each.record for each in plan_records.ACTIVITIES.newest(connection)]
    found = [each for each in every if each.question == question and not each.closed]
    return sorted(found, key=lambda each: collation_key(each.activity))


def _next_published(connection: Connection, round_key: str) -> date:
    """Return the day when the round after this one was first published; `date.max` for the newest."""
    first: dict[str, date] = {}
    for _number, key, day in editions.heads(connection):
        first.setdefault(key, day)
    return min((day for day in first.values() if day > first[round_key]), default=date.max)


def _of_plan(connection: Connection) -> Iterator[DecisionRow]:
    for version in plan_records.DECISIONS.newest(connection):
        thing = version.record
        address = url_for("followup.plan.read_only_page", kind="decision", key=version.key)
        values = thing.decision, thing.who, thing.due_on, STATUSES[thing.status], thing.question
        yield DecisionRow(thing.decided_on, *values, not thing.closed, thing.outcome, address)


def _of_packs(connection: Connection) -> Iterator[DecisionRow]:
    for pack, decisions in access.readable_decisions(connection):
        for each in decisions:
            address = url_for("followup.packs.pack_page", pack=pack.id) + f"#decision-{each.n}"
            goes_on, status = each.status in STILL_OPEN, BECAME[each.status]
            if pack.frozen_on:
                values = each.text, each.who, each.due_on, status, each.question, goes_on, each.outcome
                yield DecisionRow(pack.frozen_on, *values, address)
