"""The action plan of the follow-up group: activities, what a meeting decided, and what happened meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar, Self

from survey.domain.questions.questionnaire import QUESTIONS, short_name
from survey.domain.records.record_types import Column, Record, RecordFault, normalised
from survey.domain.text.fault import Fault
from survey.domain.text.i18n import N_

STATUSES: Mapping[str, str] = {
    "planned": N_("inte påbörjad"),
    "ongoing": N_("pågår"),
    "done": N_("klar"),
    "dropped": N_("struken"),
}
CLOSED = ("done", "dropped")
# Other words for a status in plans as people write them.
STATUS_SYNONYMS = {
    **dict.fromkeys(("planerad", "ej påbörjad", "ej påbörjat", "inte påbörjat", "kommande"), "planned"),
    **dict.fromkeys(("pågående", "påbörjad", "påbörjat"), "ongoing"),
    **dict.fromkeys(("klart", "genomförd", "genomfört", "avslutad", "avslutat"), "done"),
    **dict.fromkeys(("struket", "utgår", "utgått", "avbruten"), "dropped"),
}
STATUS = Column("status", N_("Status"), "status", "choice", required=True, options=STATUSES, synonyms=STATUS_SYNONYMS)
ENDED = Column("ended_on", N_("Dag då det blev klart eller ströks"), kind="day")
WITHDRAWN = Column("ended_on", N_("Tillbakatagen den"), kind="day")
ABOUT = Column("question", N_("Gäller frågan"), kind="choice", options={key: short_name(key) for key in QUESTIONS})


@dataclass(frozen=True, kw_only=True)
class ActionRecord(Record):
    """A record with somebody responsible and a status: open until it is done or dropped."""

    status: str
    question: str | None = None

    @property
    def closed(self) -> bool:
        """Return whether the status is done or dropped."""
        return self.status in CLOSED

    def faults(self, _today: date) -> list[RecordFault]:
        """Return a fault where there is a last day but no ended status."""
        return [RecordFault("ended_on", Fault("not_closed"))] if self.ended_on and not self.closed else []

    def completed(self, today: date, before: Self | None = None) -> Self:
        """Return a copy with the day it ended filled in; once ended it keeps that day."""
        if not self.closed or self.ended_on:
            return self
        same = before is not None and before.status == self.status and before.ended_on
        return replace(self, ended_on=same or today)


@dataclass(frozen=True, kw_only=True)
class Activity(ActionRecord):
    """An activity of the action plan."""

    activity: str
    responsible: str = ""
    deciding_body: str = ""
    timetable: str = ""

    COLUMNS: ClassVar[tuple[Column, ...]] = (
        Column("activity", N_("Aktivitet"), "aktivitet", "long", 600, required=True),
        Column("responsible", N_("Ansvar"), "ansvar", max_length=300),
        Column("deciding_body", N_("Beslutande organ"), "beslutande organ", max_length=300),
        Column("timetable", N_("Tidsplan"), "tidsplan", max_length=300),
        ABOUT,
        STATUS,
        ENDED,
    )

    def identity(self) -> tuple[str, ...]:
        """Return its own words as its identity: the plan has no numbers."""
        return (normalised(self.activity),)


@dataclass(frozen=True, kw_only=True)
class Decision(ActionRecord):
    """A decision of a meeting: by whom and by when."""

    decided_on: date
    decision: str
    who: str = ""
    due_on: date | None = None
    outcome: str = ""

    COLUMNS: ClassVar[tuple[Column, ...]] = (
        Column("decided_on", N_("Mötesdag"), kind="day", required=True),
        Column("decision", N_("Beslut"), kind="long", max_length=600, required=True),
        Column("who", N_("Vem"), max_length=300),
        Column("due_on", N_("Klart senast"), kind="day"),
        ABOUT,
        STATUS,
        ENDED,
        Column("outcome", N_("Vad det blev av det"), kind="long", max_length=500),
    )

    @property
    def label(self) -> str:
        """By what was decided."""
        return self.decision


@dataclass(frozen=True, kw_only=True)
class Event(Record):
    """An event on a day, in one place or in the whole region."""

    day: date
    title: str
    place: str | None = None

    COLUMNS: ClassVar[tuple[Column, ...]] = (
        Column("day", N_("Dag"), kind="day", required=True),
        Column("title", N_("Vad hände"), kind="long", max_length=300, required=True),
        Column("place", N_("Var"), kind="choice"),
        WITHDRAWN,
    )
