"""What meetings have decided and what became of it, from the plan and from frozen packs alike.

For the page of a place: a reader sees at once what goes on and what the last meeting decided, wherever it was written.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flask import url_for
from sqlalchemy import Connection

from survey.domain.records.action_plan import STATUSES
from survey.domain.text.collation import in_order
from survey.followup.packs import access
from survey.followup.packs.forms import STATUSES as BECAME
from survey.store.published import plan_records
from survey.store.published.packs import STILL_OPEN

MOST = 5


@dataclass(frozen=True)
class Decided:
    """A decision: when, what, who and by when; how it stands, as a sentence to translate; where it is kept."""

    day: date
    words: str
    who: str
    due: date | None
    status: str
    question: str | None
    goes_on: bool
    word: str
    address: str

    def late(self, today: date) -> bool:
        """Whether it goes on past its last day."""
        return self.goes_on and self.due is not None and self.due < today


def every(connection: Connection) -> list[Decided]:
    """Return all that was ever decided, the newest first."""
    found = sorted([*_of_plan(connection), *_of_packs(connection)], key=lambda each: in_order(each.words))
    return sorted(found, key=lambda each: each.day, reverse=True)


def recent(connection: Connection) -> list[Decided]:
    """What still goes on and what the last meeting decided, the newest first, at most five."""
    found = every(connection)
    return [each for each in found if each.goes_on or each.day == found[0].day][:MOST]


def _of_plan(connection: Connection) -> Iterator[Decided]:
    for kept in plan_records.DECISIONS.newest(connection):
        thing = kept.thing
        address = url_for("followup.plan.page", kind="decision", key=kept.key)
        status, goes_on, about = STATUSES[thing.status], not thing.closed, thing.question
        yield Decided(thing.meeting, thing.decision, thing.who, thing.by_when, status, about, goes_on, "", address)


def _of_packs(connection: Connection) -> Iterator[Decided]:
    for pack, decisions in access.meetings(connection):
        for each in decisions:
            address = url_for("followup.packs.page", pack=pack.id) + f"#decision-{each.n}"
            goes_on, status = each.status in STILL_OPEN, BECAME[each.status]
            if pack.frozen:
                said = each.decided, each.who, each.due, status, each.question, goes_on, each.word
                yield Decided(pack.frozen, *said, address)
