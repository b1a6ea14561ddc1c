"""/staff/followup/groups: named groups of units that are read together, such as a lokal samverkansarena or SÄBO.

A group never changes: other units make a new version of it, which begins a series of its own.
"""

from dataclasses import dataclass, field
from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Connection

from survey.domain.disclosure.thresholds import MIN_UNITS_IN_GROUP
from survey.domain.places.place_tree import PlaceTree
from survey.domain.places.unit_groups import UnitGroup, is_group_name, key_of, selectable_units
from survey.domain.text.clean_text import one_line
from survey.domain.text.collation import collation_key
from survey.domain.text.i18n import N_
from survey.store.core import places, unit_groups
from survey.store.database.engine import DatabaseConflict, read_transaction, write_transaction
from survey.web.request import services
from survey.web.staff import audit_log, edit_conflicts
from survey.web.staff.guards import requires

blueprint = Blueprint("groups", __name__, url_prefix="/groups")
NO_NAME = N_("Skriv vad gruppen heter, med högst 80 tecken.")
SAME_NAME = N_("Det finns redan en plats eller en grupp som heter så.")
NO_UNITS = N_("Välj minst två enheter.")
CHANGED_MEANWHILE = N_("Någon annan ändrade gruppen samtidigt. Läs den igen innan du sparar.")


@dataclass
class Draft:
    """The posted values of a group, and their faults."""

    name: str = ""
    units: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


@blueprint.get("/")
@requires("write_plan")
def index() -> str:
    """List every group in force, the units in it, and those that have ended."""
    with read_transaction(services.engine()) as connection:
        groups, tree = unit_groups.all_groups(connection), PlaceTree(places.all_places(connection))
    names = {place.key: place.name for place in tree}

    def named(group: UnitGroup) -> list[str]:
        return sorted((names[unit] for unit in group.units), key=collation_key)

    return render_template("followup/groups.html", groups=groups, named=named, fingerprint=edit_conflicts.fingerprint)


@blueprint.get("/new")
@requires("write_plan")
def new_group() -> str:
    """Show an empty form."""
    with read_transaction(services.engine()) as connection:
        return _render_form(connection, Draft(), None)


@blueprint.get("/<key>")
@requires("write_plan")
def show_group(key: str) -> str:
    """Show the form of a new version, with the units of the one in force."""
    with read_transaction(services.engine()) as connection:
        group = _in_force(connection, key)
        return _render_form(connection, Draft(group.name, list(group.units)), group)


@blueprint.post("/new")
@requires("write_plan")
def create_group() -> ResponseReturnValue:
    """Save a new group."""
    return _save(None)


@blueprint.post("/<key>")
@requires("write_plan")
def change_group(key: str) -> ResponseReturnValue:
    """Save a new version of a group."""
    return _save(key)


@blueprint.post("/<key>/end")
@requires("write_plan")
def end_group(key: str) -> ResponseReturnValue:
    """End the group: it is not published from the next round on; what is published stays."""
    with write_transaction(services.engine()) as connection:
        if not edit_conflicts.is_unchanged(group := _in_force(connection, key)):
            return _render_form(connection, Draft(group.name, list(group.units)), group, moved=True), 409
        unit_groups.end(connection, key, services.today())
        audit_log.event_note("unit_group_ended", group=key)(connection)
    flash(_("Gruppen är avslutad."))
    return redirect(url_for("followup.groups.index"))


def _save(key: str | None) -> ResponseReturnValue:
    with read_transaction(services.engine()) as connection:
        old = _in_force(connection, key) if key else None
        draft = _read_form(connection, old, services.today())
        if draft.faults:
            return _render_form(connection, draft, old), 422
        taken = [group.key for group in unit_groups.all_groups(connection)]
    group = UnitGroup(
        key or key_of(draft.name, taken),
        (old.version if old else 0) + 1,
        draft.name,
        tuple(draft.units),
        services.today(),
    )
    try:
        with write_transaction(services.engine()) as connection:
            if old and not edit_conflicts.is_unchanged(_in_force(connection, old.key)):
                return _render_form(connection, draft, _in_force(connection, old.key), moved=True), 409
            unit_groups.end(connection, group.key, services.today())
            unit_groups.add(connection, group)
            audit_log.event_note("unit_group_made", group=group.key, version=group.version)(connection)
    except DatabaseConflict:
        with read_transaction(services.engine()) as connection:
            draft.faults = [CHANGED_MEANWHILE]
            return _render_form(connection, draft, old), 409
    flash(_("Gruppen är sparad."))
    return redirect(url_for("followup.groups.index"))


def _read_form(connection: Connection, old: UnitGroup | None, day: date) -> Draft:
    tree, groups = PlaceTree(places.all_places(connection)), unit_groups.all_groups(connection)
    known = {unit.key for _name, units in selectable_units(tree, day) for unit in units}
    chosen = sorted(known & set(request.form.getlist("units")))
    draft = Draft(one_line(request.form.get("name", "")), chosen)
    if not is_group_name(draft.name):
        draft.faults.append(NO_NAME)
    others = [group for group in groups if group.ended_on is None and (old is None or group.key != old.key)]
    if draft.name.casefold() in {each.name.casefold() for each in (*others, *tree)}:
        draft.faults.append(SAME_NAME)
    if len(chosen) < MIN_UNITS_IN_GROUP:
        draft.faults.append(NO_UNITS)
    return draft


def _in_force(connection: Connection, key: str) -> UnitGroup:
    found = [group for group in unit_groups.all_groups(connection) if group.key == key and group.ended_on is None]
    return found[0] if found else abort(404)


def _render_form(connection: Connection, draft: Draft, old: UnitGroup | None, moved: bool = False) -> str:
    choices = selectable_units(PlaceTree(places.all_places(connection)), services.today())
    heading = _("Ny version av %(name)s", name=old.name) if old else _("Ny grupp av enheter")
    named = {"shown": edit_conflicts.form_fingerprint(old, conflict=moved), "moved": moved}
    return render_template("followup/group.html", draft=draft, old=old, choices=choices, heading=heading, **named)
