"""For which units a person may make links: their own, its filialer and what was merged into it; a coordinator, all."""

from collections.abc import Iterable
from datetime import date

from flask import abort
from sqlalchemy import Connection

from survey.domain.places import Place
from survey.store import places
from survey.web import house
from survey.web.signin import signed_in

ROLES = ("unit", "coordinator")


def mine(role: str, place: str, known: Iterable[Place], today: date) -> list[Place]:
    """The units in force today that are a person's own, by name."""
    units = [each for each in known if each.level == "unit" and each.in_force(today)]
    if role != "coordinator":
        units = [each for each in units if place in (each.key, each.filial_of, each.merged_into)]
    return sorted(units, key=lambda each: (each.name, each.key))


def own_units(connection: Connection) -> list[Place]:
    """The signed-in person's units."""
    person = signed_in()
    return mine(person.role, person.place, places.all_places(connection), house.today())


def place_of(connection: Connection, unit: str) -> Place:
    """The unit with this short address, when it is the person's own; else 403, or 404 where there is none."""
    found = next((each for each in own_units(connection) if each.key == unit), None)
    if found is None:
        abort(403 if places.unit_by_key(connection, unit) else 404)
    return found
