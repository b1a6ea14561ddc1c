"""The demo's action plan, and the targets and external measures beside the seven questions. For `flask demo`.

The targets and the measurements are those of the agreements; the plan, its decisions and events are made up.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection

from survey.domain.records.action_plan import Activity, Decision, Event
from survey.domain.records.external_measures import DOCTOR, Measurement, Target
from survey.domain.records.record_types import Record, StoredVersion
from survey.store.published import plan_records
from survey.store.published.plan_records import Versions

AGREEMENTS = "Överenskommelserna om God och nära vård"
WITHDRAWN = "Ströks i planen för 2024: det saknas datakällor."
NOT_MEASURED = "Mäts inte av de sju frågorna."
YEAR_ONLY = "Bara året är känt."
END_OF_2022 = date(2022, 12, 31)

TARGETS = (
    Target(
        name="Namngiven fast läkarkontakt",
        kind=DOCTOR,
        value="55 %",
        population="Hela befolkningen",
        source=AGREEMENTS,
        valid_to=END_OF_2022,
        status="lapsed",
        quality=f"{WITHDRAWN} 9 av 21 regioner nådde 55 %.",
    ),
    Target(
        name="Namngiven fast läkarkontakt",
        kind=DOCTOR,
        value="80 %",
        population="Särskilt boende (SÄBO)",
        source=AGREEMENTS,
        status="lapsed",
        quality=WITHDRAWN,
    ),
    Target(
        name="Kontinuitetsindex",
        kind="other",
        value="+20 %",
        source=AGREEMENTS,
        status="lapsed",
        quality=WITHDRAWN,
    ),
    Target(
        name="Invånare per specialist",
        kind="other",
        value="1 100",
        source=f"{AGREEMENTS}, riktvärde",
        valid_from=date(2022, 1, 1),
        status="guide",
        quality=NOT_MEASURED,
    ),
    Target(
        name="Invånare per ST-läkare",
        kind="other",
        value="550",
        source=f"{AGREEMENTS}, riktvärde",
        valid_from=date(2022, 1, 1),
        status="guide",
        quality=NOT_MEASURED,
    ),
)
MEASUREMENTS = (
    Measurement(
        series="Har en fast läkare, enligt befolkningen",
        kind=DOCTOR,
        day=END_OF_2022,
        qualifier="exact",
        value="29",
        unit_of_measure="%",
        respondents="En panel ur befolkningen",
        source="Befolkningspanel 2022",
        quality=YEAR_ONLY,
    ),
    Measurement(
        series="Har en fast läkare, enligt vårdcentralerna",
        kind=DOCTOR,
        day=END_OF_2022,
        qualifier="over",
        value="55",
        unit_of_measure="%",
        respondents="Vårdcentralernas verksamhetschefer",
        source="Verksamhetschefernas egna uppgifter 2022",
        quality=YEAR_ONLY,
    ),
)
ACTIVITIES = (
    (
        "Alla som behöver får en fast vårdkontakt erbjuden",
        *("Primärvården och kommunerna", "SVOM", "2026", "ongoing", "fast_vardkontakt"),
    ),
    (
        "Överenskommelsen skrivs tillsammans med patienten",
        *("Hälsocentralerna", "Fredagsgruppen", "2025–2026", "ongoing", "overenskommelse"),
    ),
    (
        "Kallelser säger vad nästa steg är",
        *("Regionens digitala enhet", "Fredagsgruppen", "Våren 2026", "planned", "nasta_steg"),
    ),
    ("SIP erbjuds vid utskrivning", "Kommunerna", "SVOM", "2024–2025", "done", None),
    ("Gemensam telefontid på kvällar", "Åre och Krokom", "Fredagsgruppen", "2025", "dropped", "kontaktvagar"),
)
ENDS = {"done": date(2025, 6, 12), "dropped": date(2025, 11, 14)}
DECISIONS = (
    Decision(
        decided_on=date(2025, 11, 14),
        decision="Varje kommun går igenom sina kallelser innan nästa mätomgång",
        who="Kommunernas medicinskt ansvariga sjuksköterskor",
        due_on=date(2026, 2, 1),
        status="ongoing",
        question="nasta_steg",
        outcome="Fem av åtta kommuner har gått igenom sina.",
    ),
)
EVENTS = (
    Event(day=date(2023, 5, 15), title="1177 får direktval till den egna hälsocentralen"),
    Event(day=date(2024, 11, 4), title="Mobilt team startar", place="are"),
)


def fill(connection: Connection, today: date) -> None:
    """Store all of it, each kind where nothing of it is stored yet."""
    activities = [
        Activity(
            activity=what,
            responsible=who,
            deciding_body=body,
            timetable=when,
            status=status,
            question=about,
            ended_on=ENDS.get(status),
        )
        for what, who, body, when, status, about in ACTIVITIES
    ]
    _add(connection, plan_records.ACTIVITIES, activities, today)
    _add(connection, plan_records.DECISIONS, DECISIONS, today)
    _add(connection, plan_records.EVENTS, EVENTS, today)
    _add(connection, plan_records.TARGETS, TARGETS, today)
    _add(connection, plan_records.MEASUREMENTS, MEASUREMENTS, today)


def _add(connection: Connection, versions: Versions[Any], things: Sequence[Record], today: date) -> None:
    if versions.newest_for_update(connection):
        return
    for number, thing in enumerate(things, start=1):
        versions.add(connection, StoredVersion(f"{number:016x}", 1, today, thing))
