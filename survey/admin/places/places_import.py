"""/staff/admin/import-places: places from a file, shown first with nothing stored, and stored when confirmed.

The file travels with the page in between, so nothing of it lies in the house until it is kept. What was shown is what
is kept: where somebody else has changed the places meanwhile, it is shown anew.
"""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.domain.place_changes import changes_of, combined_faults
from survey.domain.places.place_tree import Place, read_csv
from survey.domain.text.csv_rows import RowFault
from survey.domain.text.fault import Fault
from survey.domain.text.text_encodings import UndecodableFile
from survey.store.core import places, rounds
from survey.store.database.engine import read_transaction, write_transaction
from survey.web.request import services
from survey.web.request.uploads import uploaded_text
from survey.web.signin.views import max_form_size, requires
from survey.web.staff import audit_log, edit_conflicts
from survey.web.staff.fault_sentences import sentence, sentences

MAX_FILE_SIZE = 2 * 1024 * 1024
MAX_SHOWN = 200


def add_to(blueprint: Blueprint) -> None:
    """Add these pages to the blueprint of places."""
    blueprint.add_url_rule("/import-places", "show_import_form", show_form, methods=["GET"])
    blueprint.add_url_rule("/import-places", "preview_import", preview, methods=["POST"])
    blueprint.add_url_rule("/import-places/keep", "apply_import", apply_changes, methods=["POST"])


@requires("admin")
def show_form() -> str:
    """Ask for the file."""
    return _page()


@max_form_size(MAX_FILE_SIZE)
@requires("admin")
def preview() -> ResponseReturnValue:
    """Show what the file would add and change, or every fault in it; nothing is stored."""
    try:
        text = uploaded_text()
    except UndecodableFile as refused:
        return _page(problem=sentence(refused.fault)), 422
    with read_transaction(services.engine()) as connection:
        known, every = places.all_places(connection), rounds.rounds(connection)
    found, faults = read_csv(text, known)
    if wrong := faults or combined_faults(changes_of(found, known), known, every):
        return _faulty(wrong), 422
    return _preview_page(text, found, known)


# As UTF-8 a file in an older spelling is longer than it was.
@max_form_size(2 * MAX_FILE_SIZE)
@requires("admin")
def apply_changes() -> ResponseReturnValue:
    """Store what was shown."""
    text = request.form.get("text", "")
    with write_transaction(services.engine()) as connection:
        known = places.places_for_update(connection)
        found, faults = read_csv(text, known)
        changes = changes_of(found, known)
        if wrong := faults or combined_faults(changes, known, rounds.rounds(connection)):
            return _faulty(wrong), 422
        if changes and request.form.get("shown") != edit_conflicts.fingerprint(changes):
            return _preview_page(text, found, known, moved=True), 409
        places.save_places(connection, [each.place for each in changes])
        audit_log.event_note("places_imported", count=len(changes))(connection)
        for each in changes:
            audit_log.event_note("place_changed", place=each.place.key, change="file", from_to=each.summary)(connection)
    return redirect(url_for("admin.places.list_places", saved=len(changes)))


def _preview_page(text: str, found: Sequence[Place], known: Sequence[Place], moved: bool = False) -> str:
    changes = changes_of(found, known)
    return _page(
        text=text,
        looked=True,
        moved=moved,
        added=[each for each in changes if each.before is None],
        changed=[each for each in changes if each.before is not None],
        same=len(found) - len(changes),
        mark_of_shown=edit_conflicts.fingerprint(changes),
    )


def _faulty(faults: Sequence[Fault | RowFault]) -> str:
    problem = _("Inget är sparat. Rätta raderna i filen och skicka den igen.")
    return _page(problem=problem, faults=sentences(faults))


def _page(**context: Any) -> str:
    return render_template("admin/places_import.html", most=MAX_SHOWN, **context)
