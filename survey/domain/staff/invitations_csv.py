"""Invitations from a CSV file. For the coordinator, who has a list of whom each unit named.

Every fault is told at once and by line. A place is named by its key or, where only one is called so, by its name.
"""

import csv
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from survey.domain.places.place import Place
from survey.domain.staff.roles import GUARDED, ROLES, belongs, reads_a_language
from survey.domain.text.csv_rows import Faults, fault_sentences, read_rows

REQUIRED = ("e-post", "roll", "plats")
MAX_INVITATIONS = 300
_ALONE = {key for key in ROLES if key in GUARDED or reads_a_language(key)}
_CALLED = {name: key for key, role in ROLES.items() for name in (key, *role.in_file)}


class RequestedInvitation(NamedTuple):
    """A person to invite: the address, the role, the key of the place."""

    email: str
    role: str
    place: str


def read_csv(
    text: str, places: Iterable[Place], as_address: Callable[[str], str]
) -> tuple[list[RequestedInvitation], list[str]]:
    """Read the persons in the file; return them and the faults, and invite nobody when there is any fault.

    `as_address` gives an address as accounts keep it, or raises ValueError.
    """
    faults: Faults = []
    lines: dict[str, int] = {}
    found: list[RequestedInvitation] = []
    called = list(places)
    try:
        for line, row in read_rows(text, REQUIRED, (), faults):
            try:
                email = as_address(row.get("e-post", ""))
            except ValueError:
                faults.append((line, "”e-post” ska vara en hel e-postadress."))
                continue
            if email in lines:
                faults.append((line, f"adressen står redan på rad {lines[email]}."))
            lines.setdefault(email, line)
            role, place = _role(row, line, faults), _place(row, called, line, faults)
            if role and place:
                found.append(_fitting(RequestedInvitation(email, role, place.key), place, line, faults))
    except csv.Error as error:
        faults.append((len(text.splitlines()), f"filen kan inte läsas som CSV ({error})."))
    if len(lines) > MAX_INVITATIONS:
        faults.append(
            (0, f"Filen har {len(lines)} personer. Högst {MAX_INVITATIONS} kan bjudas in på en gång: dela den.")
        )
    if not found and not faults:
        faults.append((0, "Filen har inga rader under rubrikerna."))
    return found, fault_sentences(faults)


def _role(row: Mapping[str, str], line: int, faults: Faults) -> str:
    role = _CALLED.get(row.get("roll", "").casefold(), "")
    if not role:
        faults.append(
            (line, f"”roll” ska vara {' eller '.join(ROLES[key].in_file[0] for key in ROLES if key not in _ALONE)}.")
        )
    return role


def _place(row: Mapping[str, str], places: Iterable[Place], line: int, faults: Faults) -> Place | None:
    name = row.get("plats", "")
    here = [each for each in places if each.key == name]
    here = here or [each for each in places if each.name.casefold() == name.casefold()]
    if len(here) == 1:
        return here[0]
    none = f"platsen ”{name}” finns inte." if name else "”plats” är tom."
    faults.append((line, f"flera platser heter ”{name}”: skriv nyckeln." if here else none))
    return None


def _fitting(wanted: RequestedInvitation, place: Place, line: int, faults: Faults) -> RequestedInvitation:
    if reads_a_language(wanted.role):
        faults.append((line, "en översättare bjuds in för sig, med sitt språk."))
    elif wanted.role in GUARDED:
        faults.append((line, "en samordnare eller granskare bjuds in för sig, för det tar två samordnare."))
    elif not belongs(wanted.role, place):
        where = "en enhet" if ROLES[wanted.role].levels == ("unit",) else "en kommun eller regionen"
        faults.append((line, f"rollen hör inte ihop med platsen: den behöver {where}."))
    return wanted
