"""Targets set by others and external measures, each set against one of the seven questions or against none.

A fast läkarkontakt is not a fast vårdkontakt, which may be a nurse, a doctor or an administrator. So nothing about
the one can exist beside the question about the other, whichever way it comes in.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from survey.domain.questions.questionnaire import QUESTIONS, short_name
from survey.domain.records.action_plan import WITHDRAWN
from survey.domain.records.record_types import Column, InvalidRecord, Record, RecordFault, normalised
from survey.domain.text.fault import Fault
from survey.domain.text.i18n import N_

CARE_CONTACT, DOCTOR = "fast_vardkontakt", "fast_lakarkontakt"
ABOUT: Mapping[str, str] = {"other": N_("annat"), DOCTOR: N_("fast läkarkontakt")}
STATUSES: Mapping[str, str] = {
    "valid": N_("gäller"),
    "lapsed": N_("utgått"),
    "guide": N_("varken golv eller tak"),
}
BOUNDS: Mapping[str, str] = {"exact": N_("exakt"), "over": N_("mer än"), "under": N_("mindre än")}
PERCENT = ("%", "procent", "percent")
_PLAIN_SHARE = re.compile(r"([0-9]+(?:[.,][0-9]+)?)\s*(?:%|procent)")  # a change has a sign before it
_DOCTOR = re.compile(r"l[äa]kar|doktor|doctor|physician")
# Other columns, such as population and quality notes, may name doctors for other reasons.
_OWN_DOCTOR = re.compile(r"(fast|namngiven|patientansvarig|hus|familje)\W*(\w+\W+)?(l[äa]kar|doktor)")

KIND = Column("kind", N_("Gäller"), "avser", "choice", required=True, options=ABOUT)
QUESTION = Column(
    "question",
    N_("Bredvid frågan"),
    "fråga",
    "choice",
    options={key: short_name(key) for key in QUESTIONS},
)
SOURCE = Column("source", N_("Källa"), "källa", max_length=300, required=True)
QUALITY = Column("quality", N_("Datakvalitet"), "datakvalitet", "long", 600)


def refuse_doctors(question: str | None, kind: str, measured: Sequence[str], around: Sequence[str]) -> None:
    """Raise InvalidRecord where something about a doctor would be set against the question about a care contact.

    `measured`: the subject of the figure; `around`: its source.
    """
    about, more = _plain(measured), _plain(around)
    if question == CARE_CONTACT and (kind == DOCTOR or _DOCTOR.search(about) or _OWN_DOCTOR.search(more)):
        raise InvalidRecord(Fault("doctor_beside_care_contact"))


def _plain(words: Sequence[str]) -> str:
    text = unicodedata.normalize("NFKC", " ".join(words))
    return "".join(sign for sign in text if sign.isprintable()).casefold()


@dataclass(frozen=True, kw_only=True)
class Target(Record):
    """A target value that somebody has agreed on, its subject, and whether it still holds."""

    name: str
    kind: str
    value: str
    population: str = ""
    source: str
    valid_from: date | None = None
    valid_to: date | None = None
    status: str
    quality: str = ""
    question: str | None = None

    COLUMNS: ClassVar[tuple[Column, ...]] = (
        Column("name", N_("Mål"), "mål", required=True),
        KIND,
        Column("value", N_("Värde"), "värde", max_length=60, required=True),
        Column("population", N_("Grupp"), "grupp"),
        SOURCE,
        Column("valid_from", N_("Gäller från"), "från", "day"),
        Column("valid_to", N_("Gäller till"), "till", "day"),
        Column("status", N_("Status"), "status", "choice", required=True, options=STATUSES),
        QUALITY,
        QUESTION,
        WITHDRAWN,
    )

    def __post_init__(self) -> None:
        """Raise InvalidRecord for a doctor set against the care contact."""
        refuse_doctors(self.question, self.kind, (self.name, self.value, self.population), (self.source, self.quality))

    def identity(self) -> tuple[str, ...]:
        """Return the subject, the population and the first day."""
        return normalised(self.name), normalised(self.population), str(self.valid_from or "")

    def faults(self, today: date) -> list[RecordFault]:
        """Return the faults: a last day before the first, or a passed one on a target that is said to hold."""
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            return [RecordFault("valid_to", Fault("days_backwards"))]
        share = _PLAIN_SHARE.fullmatch(self.value)
        return [
            *(
                [RecordFault("value", Fault("share_over_hundred"))]
                if share and float(share[1].replace(",", ".")) > 100
                else []
            ),
            *([RecordFault("status", Fault("day_passed"))] if self.status == "valid" and self.passed(today) else []),
        ]

    def passed(self, today: date) -> bool:
        """Return whether its last day has passed, whatever its status says."""
        return self.valid_to is not None and self.valid_to < today


@dataclass(frozen=True, kw_only=True)
class Measurement(Record):
    """One value of an external series: its day, its population and its source."""

    series: str
    kind: str
    day: date
    qualifier: str
    value: str
    unit_of_measure: str
    respondents: str
    source: str
    quality: str = ""
    question: str | None = None

    COLUMNS: ClassVar[tuple[Column, ...]] = (
        Column("series", N_("Serie"), "serie", required=True),
        KIND,
        Column("day", N_("Dag"), "dag", "day", required=True),
        Column("qualifier", N_("Värdet är"), "gräns", "choice", required=True, options=BOUNDS),
        Column("value", N_("Värde"), "värde", "number", required=True),
        Column("unit_of_measure", N_("Enhet"), "enhet", max_length=60, required=True),
        Column("respondents", N_("Vem som tillfrågades"), "tillfrågade", max_length=300, required=True),
        SOURCE,
        QUALITY,
        QUESTION,
        WITHDRAWN,
    )

    def __post_init__(self) -> None:
        """Raise InvalidRecord for a doctor set against the care contact."""
        refuse_doctors(
            self.question, self.kind, (self.series, self.unit_of_measure), (self.respondents, self.source, self.quality)
        )

    def identity(self) -> tuple[str, ...]:
        """Return the series and the day."""
        return normalised(self.series), str(self.day)

    def faults(self, today: date) -> list[RecordFault]:
        """Return the faults: a value that is no share, or a day in the future."""
        share = normalised(self.unit_of_measure) in PERCENT
        return [
            *([RecordFault("value", Fault("no_share"))] if share and not 0 <= self.number <= 100 else []),
            *([RecordFault("day", Fault("day_to_come"))] if self.day > today else []),
        ]

    @property
    def label(self) -> str:
        """The series and the day."""
        return f"{self.series}, {self.day}"

    @property
    def number(self) -> float:
        """The value as a float."""
        return float(self.value)
