"""The kinds of records the group keeps: their words, and the blueprint that each is kept in.

For the pages of the plan and of what comes from outside, which are the same pages for every kind.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from survey.domain.records.population import read_population
from survey.domain.records.records_csv import read_csv
from survey.domain.text.csv_rows import RowFault
from survey.domain.text.i18n import N_
from survey.store.published import plan_records

Reader = Callable[[str, date], tuple[Sequence[Any], Sequence[RowFault]]]


@dataclass(frozen=True)
class Kind:
    """One kind: its blueprint, and the words of its pages."""

    versions: "plan_records.Versions[Any]"
    section: str  # plan or targets
    new: str = ""  # none: it comes by file alone
    change: str = ""
    duplicate: str = ""  # the sentence that refuses a second one of the same identity
    file: str = ""  # the heading of its import; none: it has no file
    first: Mapping[str, str] | None = None  # what is chosen when nothing is yet
    reader: Reader | None = None  # of a file that is not in the kind's own columns, row by row
    about_file: str = ""
    hints: Mapping[str, str] = field(default_factory=dict)  # under the fields of its form, by column

    @property
    def name(self) -> str:
        """Its name in addresses and in the audit log."""
        return self.versions.name

    def read(self, text: str, today: date) -> tuple[Sequence[Any], Sequence[RowFault]]:
        """Read a file; return its records and its faults."""
        return self.reader(text, today) if self.reader else read_csv(self.versions.kind, text, today)


_ENDED = N_("Bara för det som är klart eller struket. Lämnas den tom blir det i dag.")
_WITHDRAWN = N_("Bara om den blev fel. Den ligger kvar bland det avslutade.")
_NO_QUESTION = N_("Utan val står det för sig.")

ALL_KINDS = (
    Kind(
        plan_records.ACTIVITIES,
        "plan",
        N_("Lägg till en aktivitet"),
        N_("Ändra en aktivitet"),
        N_("Aktiviteten finns redan i planen. Ändra den i stället, eller skriv vem den här gäller."),
        N_("Läs in aktiviteter"),
        {"status": "planned"},
        hints={"question": N_("Aktiviteten visas då på frågans sida."), "ended_on": _ENDED},
    ),
    Kind(
        plan_records.DECISIONS,
        "plan",
        N_("Lägg till ett beslut"),
        N_("Ändra ett beslut"),
        first={"status": "planned"},
        hints={
            "question": N_("Beslutet visas då på frågans sida."),
            "ended_on": _ENDED,
            "outcome": N_("Några ord för den som läser."),
        },
    ),
    Kind(
        plan_records.EVENTS,
        "plan",
        N_("Lägg till en händelse"),
        N_("Ändra en händelse"),
        hints={"place": N_("Utan val gäller den hela regionen."), "ended_on": _WITHDRAWN},
    ),
    Kind(
        plan_records.TARGETS,
        "targets",
        N_("Lägg till ett mål"),
        N_("Ändra ett mål"),
        N_("Samma mål finns redan, för samma grupp och från samma dag. Ändra det i stället."),
        N_("Läs in mål"),
        {"kind": "other", "status": "valid"},
        hints={
            "value": N_("Som det står i källan, med enhet."),
            "question": _NO_QUESTION,
            "ended_on": _WITHDRAWN,
        },
    ),
    Kind(
        plan_records.MEASUREMENTS,
        "targets",
        N_("Lägg till ett värde utifrån"),
        N_("Ändra ett värde utifrån"),
        N_("Serien har redan ett värde den dagen. Ändra det i stället."),
        N_("Läs in värden utifrån"),
        {"kind": "other", "qualifier": "exact", "unit_of_measure": "%"},
        hints={
            "series": N_("Vad som har mätts. Samma namn varje gång."),
            "unit_of_measure": N_("Procenttecknet, eller vad som räknas."),
            "question": _NO_QUESTION,
            "ended_on": _WITHDRAWN,
        },
    ),
    Kind(
        plan_records.POPULATION,
        "targets",
        file=N_("Läs in befolkningen"),
        reader=read_population,
        about_file=N_(
            "SCB:s tabell över folkmängden i regionen efter kön och ettårsklasser passar som den är. Åldrarna läggs "
            "ihop till enkätens sex. Ålder skrivs annars som 42 eller 35–49."
        ),
    ),
)
KINDS: Mapping[str, Kind] = {kind.name: kind for kind in ALL_KINDS}


def url_converter(section: str, files: bool = False) -> str:
    """Return a blueprint's kinds as part of an address; only those that have a file, if that is asked."""
    names = [kind.name for kind in ALL_KINDS if kind.section == section and (kind.file if files else kind.new)]
    return f"<any({', '.join(names)}):kind>"
