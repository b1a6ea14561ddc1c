"""The units a person may make links for: their own, its filialer and what was merged into it; a coordinator, all."""

from collections.abc import Iterable
from datetime import date

from flask import abort
from sqlalchemy import Connection

from survey.care_unit.unavailable import not_in_force
from survey.domain.places.place_tree import Place
from survey.domain.staff.roles import may
from survey.domain.text.collation import collation_key
from survey.store.core import places
from survey.web.request import services
from survey.web.signin.views import signed_in


def units_of_account(role: str, place: str, known: Iterable[Place], today: date) -> list[Place]:
    """Return the units in force today that are a person's own, by name."""
    units = [each for each in known if each.in_force(today) and _is_own(each, role, place)]
    return sorted(units, key=lambda each: (collation_key(each.name), each.key))


def _is_own(unit: Place, role: str, place: str) -> bool:
    own = may(role, "all_units") or place in (unit.key, unit.filial_of, unit.merged_into)
    return own and unit.level == "unit"


def own_units(connection: Connection) -> list[Place]:
    """Return the signed-in person's units that are in force."""
    person = signed_in()
    return units_of_account(person.role, person.place, places.all_places(connection), services.today())


def place_of(connection: Connection, unit: str) -> Place:
    """Return the unit with this short address, when it is the person's own; else stop with 403.

    Where there is none it is 404; one's own that has ended, or has not begun, gets a page that says so.
    """
    known = {each.key: each for each in places.all_places(connection) if each.level == "unit"}
    person, found = signed_in(), known.get(unit)
    if found is None:
        abort(404)
    if not _is_own(found, person.role, person.place):
        abort(403)
    if not found.in_force(services.today()):
        not_in_force(found, known)
    return found
