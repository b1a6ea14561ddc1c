"""Invitations from a CSV file. For the coordinator, who has a list of whom each unit named.

Every fault is told at once and by line. A place is named by its key or, where only one is called so, by its name.
"""

import csv
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from survey.domain.places.place import Place
from survey.domain.staff.roles import GUARDED, ROLES, belongs, reads_a_language
from survey.domain.text.csv_rows import Faults, RowFault, by_fault, read_rows
from survey.domain.text.fault import Fault

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
) -> tuple[list[RequestedInvitation], list[RowFault]]:
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
                faults.append((line, Fault("no_address")))
                continue
            if email in lines:
                faults.append((line, Fault("address_twice", line=lines[email])))
            lines.setdefault(email, line)
            role, place = _role(row, line, faults), _place(row, called, line, faults)
            if role and place:
                found.append(_fitting(RequestedInvitation(email, role, place.key), place, line, faults))
    except csv.Error as error:
        faults.append((len(text.splitlines()), Fault("no_csv", error=str(error))))
    if len(lines) > MAX_INVITATIONS:
        faults.append((0, Fault("too_many_people", count=len(lines), most=MAX_INVITATIONS)))
    if not found and not faults:
        faults.append((0, Fault("no_rows")))
    return found, by_fault(faults)


def _role(row: Mapping[str, str], line: int, faults: Faults) -> str:
    role = _CALLED.get(row.get("roll", "").casefold(), "")
    if not role:
        faults.append(
            (line, Fault("bad_role", roles=tuple(ROLES[key].in_file[0] for key in ROLES if key not in _ALONE)))
        )
    return role


def _place(row: Mapping[str, str], places: Iterable[Place], line: int, faults: Faults) -> Place | None:
    name = row.get("plats", "")
    here = [each for each in places if each.key == name]
    here = here or [each for each in places if each.name.casefold() == name.casefold()]
    if len(here) == 1:
        return here[0]
    none = Fault("unknown_place", name=name) if name else Fault("no_place")
    faults.append((line, Fault("ambiguous_place", name=name) if here else none))
    return None


def _fitting(wanted: RequestedInvitation, place: Place, line: int, faults: Faults) -> RequestedInvitation:
    if reads_a_language(wanted.role):
        faults.append((line, Fault("translator_alone")))
    elif wanted.role in GUARDED:
        faults.append((line, Fault("guarded_alone")))
    elif not belongs(wanted.role, place):
        faults.append((line, Fault("needs_unit" if ROLES[wanted.role].levels == ("unit",) else "needs_area")))
    return wanted
