"""/staff/admin/places: the tree of places, and the changes that the coordinator may make to one of them.

A place is never taken away: it ends, or goes up in another, so that earlier results stay readable. Every change is
tried against all the others before it is kept.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Connection

from survey.admin.places import places_import
from survey.admin.places.place_forms import EndForm, NameForm
from survey.domain.place_changes import PlaceChange, change_faults, changes_of, combined_faults
from survey.domain.places.place_tree import Place, PlaceTree
from survey.domain.text.collation import collation_key
from survey.domain.text.i18n import N_
from survey.store.core import places, rounds
from survey.store.database.engine import read_transaction, write_transaction
from survey.web.i18n import region_texts
from survey.web.request import services
from survey.web.signin.views import requires
from survey.web.staff import audit_log, edit_conflicts
from survey.web.staff.fault_sentences import sentences
from survey.web.staff.listing import search_and_page

blueprint = Blueprint("places", __name__)
places_import.add_to(blueprint)
MOVED = N_("Någon annan har ändrat platsens sista dag under tiden. Inget är sparat. Se efter hur det står nu.")
ENDING = "<any(end, merge, resume):how>"


@blueprint.get("/places/")
@requires("admin")
def list_places() -> str:
    """List all places: those in force as a tree, then those that have ended; searched and paged."""
    with read_transaction(services.engine()) as connection:
        tree = PlaceTree(places.all_places(connection))
    rows = list(_rows(tree, services.today()))
    saved = request.args.get("saved", type=int)
    listing = search_and_page(rows, lambda row: " ".join(f"{each.name} {each.key}" for each in row if each))
    return render_template("admin/places.html", tree=tree, listing=listing, today=services.today(), saved=saved)


def _rows(tree: PlaceTree, today: date) -> Iterator[tuple[Place | None, Place | None]]:
    """Yield municipality and unit in the tree's order; None for a municipality without units, or a place that ended."""
    if not len(tree):
        return
    for municipality in tree.children(tree.region.key):
        if municipality.ends >= today:
            units: list[Place | None] = [unit for unit in tree.children(municipality.key) if unit.ends >= today]
            yield from ((municipality, unit) for unit in units or [None])
    yield from ((None, place) for place in tree if place.ends < today)


@blueprint.get("/places/<key>")
@requires("admin")
def show_place(key: str) -> str:
    """Show one place, and what may be changed of it."""
    with read_transaction(services.engine()) as connection:
        every = places.all_places(connection)
    place = _place(every, key)
    return _place_page(place, every, NameForm(**place.__dict__))


@blueprint.post("/places/<key>")
@requires("admin")
def change_place(key: str) -> ResponseReturnValue:
    """Store a new name, huvudman or HSA-id."""
    form = NameForm(request.form)
    with write_transaction(services.engine()) as connection:
        every = places.places_for_update(connection)
        place = _place(every, key)
        changed = form.changed(place)
        if changed != place and not edit_conflicts.is_unchanged(*_named(place)):
            return _place_page(place, every, form, moved=True), 409
        if faults := _keep(connection, changed, every, "change"):
            return _place_page(place, every, form, faults), 422
    region_texts.reload_texts()
    return redirect(url_for("admin.places.show_place", key=key, saved=1))


@blueprint.get(f"/places/<key>/{ENDING}")
@requires("admin")
def show_end_form(key: str, how: str) -> str:
    """Show what it means that a place ends, is merged or goes on after all, and ask for the day."""
    with read_transaction(services.engine()) as connection:
        every = places.all_places(connection)
    place = _place(every, key)
    return _end_page(place, how, EndForm(how, _others(place, every)))


@blueprint.post(f"/places/<key>/{ENDING}")
@requires("admin")
def end_place(key: str, how: str) -> ResponseReturnValue:
    """Store the last day, and the place it is merged into."""
    with write_transaction(services.engine()) as connection:
        every = places.places_for_update(connection)
        place = _place(every, key)
        form = EndForm(how, _others(place, every), request.form)
        if not form.validate():
            return _end_page(place, how, form), 422
        changed = form.changed(place)
        if place.valid_to is not None and how != "resume" and changed != place:
            return _end_page(place, how, form, [_("Platsen har redan en sista dag. Ta tillbaka den först.")]), 409
        if changed != place and not edit_conflicts.is_unchanged(place.valid_to, place.merged_into):
            return _end_page(place, how, form, [_(MOVED)], moved=True), 409
        if faults := _keep(connection, changed, every, how):
            return _end_page(place, how, form, faults), 422
    return redirect(url_for("admin.places.show_place", key=key, saved=1))


def _named(place: Place) -> tuple[str, str, str]:
    """Return what the form of a place shows of it."""
    return place.name, place.huvudman, place.hsa_id


def _place(every: Sequence[Place], key: str) -> Place:
    found = next((each for each in every if each.key == key), None)
    if found is None:
        abort(404)
    return found


def _keep(connection: Connection, changed: Place, every: Sequence[Place], how: str) -> list[str]:
    """Store the place and note how it was changed; return the faults as sentences, empty when it was stored."""
    faults = change_faults(changed, every)
    faults += combined_faults(changes_of([changed], every), every, rounds.rounds(connection))
    if not faults:
        places.save_places(connection, [changed])
        summary = PlaceChange(changed, next(each for each in every if each.key == changed.key)).summary
        audit_log.event_note("place_changed", place=changed.key, change=how, from_to=summary)(connection)
    return sentences(faults)


def _others(place: Place, every: Sequence[Place]) -> list[Place]:
    """Return the places that this one may be merged into: those of its kind that have not ended."""
    if place.level == "region":
        abort(404)
    there = [each for each in every if each.level == place.level and each.key != place.key and each.valid_to is None]
    return sorted(there, key=lambda each: (collation_key(each.name), each.key))


def _place_page(
    place: Place, every: Sequence[Place], form: NameForm, faults: Sequence[str] = (), moved: bool = False
) -> str:
    named = {each.key: each for each in every}
    more: dict[str, Any] = {"faults": faults, "saved": bool(request.args.get("saved")), "moved": moved}
    more["shown"] = edit_conflicts.form_fingerprint(*_named(place), conflict=moved)
    return render_template("admin/place.html", place=place, named=named, form=form, **more)


def _end_page(place: Place, how: str, form: EndForm, faults: Sequence[str] = (), moved: bool = False) -> str:
    shown = edit_conflicts.form_fingerprint(place.valid_to, place.merged_into, conflict=moved)
    return render_template("admin/place_end.html", place=place, how=how, form=form, faults=faults, shown=shown)
