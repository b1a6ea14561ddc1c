"""/staff/translation/file: the texts out as PO, and in again from Poedit or Weblate, shown before they count."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.domain.text.text_encodings import UndecodableFile
from survey.store.database.engine import DatabaseConflict, write_transaction
from survey.translation.approving import Desk, desk, read_desk, store_approval, store_wording
from survey.translation.po_files import Brought, Fault, read_in, written_out
from survey.web.i18n.approved_texts import invalidate, rules_of
from survey.web.request import services
from survey.web.request.uploads import content_sent
from survey.web.signin.views import max_form_size, requires, signed_in
from survey.web.staff import audit_log
from survey.web.staff.fault_sentences import sentence

MAX_FILE_SIZE = 2 * 1024 * 1024
MAX_SHOWN = 200


def add_to(blueprint: Blueprint) -> None:
    """Add these pages to the blueprint of translations."""
    blueprint.add_url_rule("/texts.po", "download_texts", download_texts, methods=["GET"])
    blueprint.add_url_rule("/file", "show_file_form", show_file_form, methods=["GET"])
    blueprint.add_url_rule("/file", "preview_file", preview_file, methods=["POST"])
    blueprint.add_url_rule("/file/keep", "apply_file", apply_file, methods=["POST"])


@requires("translate")
def download_texts() -> Response:
    """Send the texts as a PO file, with their approvals as comments."""
    here = read_desk()
    saved_as = {"Content-Disposition": f'attachment; filename="{here.language.tag}.po"'}
    content = written_out(here.language.tag, here.texts)
    return Response(content, content_type="text/x-gettext-translation; charset=utf-8", headers=saved_as)


@requires("translate")
def show_file_form() -> str:
    """Ask for the file."""
    return _page()


@max_form_size(MAX_FILE_SIZE)
@requires("translate")
def preview_file() -> ResponseReturnValue:
    """Show what the file would change and approve, or every fault in it by line; nothing is stored."""
    try:
        text = content_sent().decode("utf-8-sig").replace("\r\n", "\n")
    except UndecodableFile as refused:
        return _page(problem=sentence(refused.fault)), 422
    except UnicodeDecodeError:
        return _page(problem=_("Bokstäverna i filen går inte att läsa. Spara den som UTF-8.")), 422
    brought, faults = _read_in(text, read_desk())
    return (_faulty(faults), 422) if faults else _preview_page(text, brought)


@max_form_size(2 * MAX_FILE_SIZE)
@requires("translate")
def apply_file() -> ResponseReturnValue:
    """Store what was shown."""
    text = request.form.get("text", "").replace("\r\n", "\n")
    try:
        with write_transaction(services.engine()) as connection:
            here = desk(connection)
            brought, faults = _read_in(text, here)
            if faults:
                return _faulty(faults), 422
            if request.form.get("shown") != brought.fingerprint():
                return _preview_page(text, brought, moved=True), 409
            for stands, turned in brought.changed:
                store_wording(connection, here, stands, turned)
            for stands in brought.approved:
                store_approval(connection, here, stands, stands.turned)
            for kind, count in (("changed", len(brought.changed)), ("approved", len(brought.approved))):
                note = audit_log.event_note("translations_imported", language=here.language.tag, kind=kind, count=count)
                if count:
                    note(connection)
    except DatabaseConflict:
        brought, _faults = _read_in(text, read_desk())
        return _preview_page(text, brought, moved=True), 409
    invalidate()
    flash(_("Filen är inläst. Nya lydelser: %(n)s.", n=len(brought.changed)))
    return redirect(url_for("translation.index"))


def _read_in(text: str, here: Desk) -> tuple[Brought, list[Fault]]:
    return read_in(text, here.texts, signed_in().id, rules_of(here.language))


def _preview_page(text: str, brought: Brought, moved: bool = False) -> str:
    return _page(text=text, brought=brought, moved=moved)


def _faulty(faults: Sequence[Fault]) -> str:
    return _page(problem=_("Inget är sparat. Rätta raderna i filen och skicka den igen."), faults=faults)


def _page(**context: Any) -> str:
    return render_template("translation/file.html", most=MAX_SHOWN, spoken=read_desk().language, **context)
