"""The import of activities, targets or values from a file: previewed first, saved by a second press.

The file travels with the page in between. What was shown is what is kept: where somebody else has changed something
meanwhile, it is shown anew. What stands in no file stays as it is.
"""

import secrets
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.domain.records.record_types import Record, RecordChange, StoredVersion, changes_of
from survey.domain.records.records_csv import headers
from survey.domain.text.csv_rows import RowFault
from survey.domain.text.text_encodings import UndecodableFile
from survey.followup.plan.record_kinds import KINDS, Kind, url_converter
from survey.store.database.engine import read_transaction, write_transaction
from survey.web.request import services
from survey.web.request.uploads import uploaded_text
from survey.web.signin.views import max_form_size, requires
from survey.web.staff import audit_log, edit_conflicts
from survey.web.staff.fault_sentences import sentence, sentences

MAX_FILE_SIZE = 512 * 1024
MAX_SHOWN = 200
Changes = Sequence[RecordChange[Any]]


def add_import_pages(blueprint: Blueprint, section: str) -> None:
    """Add these pages to a blueprint."""
    kind = url_converter(section, files=True)
    blueprint.add_url_rule(f"/import/{kind}", "show_import_form", show_import_form, methods=["GET"])
    blueprint.add_url_rule(f"/import/{kind}", "preview_import", preview_import, methods=["POST"])
    blueprint.add_url_rule(f"/import/{kind}/keep", "save_import", save_import, methods=["POST"])


@requires("write_plan")
def show_import_form(kind: str) -> str:
    """Ask for the file."""
    return _page(KINDS[kind])


@max_form_size(MAX_FILE_SIZE)
@requires("write_plan")
def preview_import(kind: str) -> ResponseReturnValue:
    """Preview the file's additions and changes, or show every fault in it; nothing is saved."""
    the = KINDS[kind]
    try:
        text = uploaded_text()
    except UndecodableFile as refused:
        return _page(the, problem=sentence(refused.fault)), 422
    found, faults = the.read(text, services.today())
    if faults:
        return _render_faults(the, faults), 422
    with read_transaction(services.engine()) as connection:
        known = the.versions.newest(connection)
    return _render_preview(the, text, found, known)


# As UTF-8 a file in an older spelling is longer than it was.
@max_form_size(2 * MAX_FILE_SIZE)
@requires("write_plan")
def save_import(kind: str) -> ResponseReturnValue:
    """Save what was previewed."""
    the, text = KINDS[kind], request.form.get("text", "")
    found, faults = the.read(text, services.today())
    if faults:
        return _render_faults(the, faults), 422
    with write_transaction(services.engine()) as connection:
        known = the.versions.newest_for_update(connection)
        changes = changes_of(found, known, services.today())
        if changes and request.form.get("shown") != edit_conflicts.fingerprint(changes):
            return _render_preview(the, text, found, known, moved=True), 409
        for each in changes:
            key, version = (each.before.key, each.before.version) if each.before else (secrets.token_hex(8), 0)
            the.versions.add(connection, StoredVersion(key, version + 1, services.today(), each.record))
        if changes:
            audit_log.event_note(f"{the.section}_imported", kind=kind, count=len(changes))(connection)
    return redirect(url_for(f"followup.{the.section}.index", saved=len(changes)))


def _render_preview(
    kind: Kind, text: str, found: Sequence[Record], known: Sequence[StoredVersion[Any]], moved: bool = False
) -> str:
    changes = changes_of(found, known, services.today())
    return _page(
        kind,
        text=text,
        looked=True,
        moved=moved,
        added=[each for each in changes if each.before is None],
        changed=[each for each in changes if each.before is not None],
        same=len(found) - len(changes),
        not_in_file=len(known) - (len(found) - sum(each.before is None for each in changes)),
        mark_of_shown=edit_conflicts.fingerprint(changes),
    )


def _render_faults(kind: Kind, faults: Sequence[RowFault]) -> str:
    problem = _("Inget är sparat. Rätta raderna i filen och skicka den igen.")
    return _page(kind, problem=problem, faults=sentences(faults))


def _page(kind: Kind, **context: Any) -> str:
    columns = "; ".join(headers(kind.versions.kind))
    choices = [each for each in kind.versions.kind.COLUMNS if each.header and each.kind == "choice"]
    days = [each.header for each in kind.versions.kind.COLUMNS if each.header and each.kind == "day"]
    named = {"columns": columns, "choices": choices, "days": days, "most": MAX_SHOWN}
    return render_template("followup/record_import.html", kind=kind, **named, **context)
