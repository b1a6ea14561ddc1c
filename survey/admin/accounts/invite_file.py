"""/staff/admin/people/file: invitations from a file, which is shown first, with nothing stored.

What was shown is what is done, all of it or nothing. Where mail is set up each link leaves by mail, and the list of who
is invited says what came of it; else the links come as a file, this once.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Connection

from analysis.spreadsheets.table import Table
from survey.admin.accounts import invite_letters, wording
from survey.admin.accounts.account_forms import ROLE_NAMES, normalise_address
from survey.domain.places.place import Place
from survey.domain.staff.invitations_csv import MAX_INVITATIONS, RequestedInvitation, read_csv
from survey.domain.text.csv_rows import RowFault
from survey.domain.text.text_encodings import UndecodableFile
from survey.store.database.engine import read_transaction, write_transaction
from survey.store.staff import accounts, staff_invitations
from survey.web.request import services
from survey.web.request.addresses import staff_link
from survey.web.request.uploads import uploaded_text
from survey.web.signin.views import max_form_size, requires, requires_recent_sign_in
from survey.web.staff import audit_log, edit_conflicts, staff_mail
from survey.web.staff.fault_sentences import sentence, sentences
from survey.web.staff.spreadsheet_download import spreadsheet_response

MAX_FILE_SIZE = 128 * 1024


class Preview(NamedTuple):
    """The rows of a file by what they would do: new invitations, those that stand already, people with an account."""

    new: list[RequestedInvitation]
    invited: list[RequestedInvitation]
    here: list[RequestedInvitation]


def add_to(blueprint: Blueprint) -> None:
    """Add these pages to the blueprint of accounts."""
    blueprint.add_url_rule("/file", "show_file_form", show_form, methods=["GET"])
    blueprint.add_url_rule("/file", "preview_file", preview, methods=["POST"])
    blueprint.add_url_rule("/file/invite", "invite_from_file", invite_all, methods=["POST"])


@requires("admin")
@requires_recent_sign_in()
def show_form() -> str:
    """Ask for the file."""
    return _page()


@max_form_size(MAX_FILE_SIZE)
@requires("admin")
def preview() -> ResponseReturnValue:
    """Show whom the file would invite, or every fault in it; nothing is stored."""
    try:
        text = uploaded_text()
    except UndecodableFile as refused:
        return _page(problem=sentence(refused.fault)), 422
    with read_transaction(services.engine()) as connection:
        places = wording.places_for_accounts(connection, services.today())
        found, faults = read_csv(text, places, normalise_address)
        return (_faulty(faults), 422) if faults else _preview_page(text, _preview_of(connection, found), places)


@max_form_size(4 * MAX_FILE_SIZE)
@requires("admin")
@requires_recent_sign_in()
def invite_all() -> ResponseReturnValue:
    """Invite the people that were shown; with `again`, send those who are invited already a new link too."""
    text = request.form.get("text", "")
    with write_transaction(services.engine()) as connection:
        places = wording.places_for_accounts(connection, services.today())
        found, faults = read_csv(text, places, normalise_address)
        if faults:
            return _faulty(faults), 422
        looked = _preview_of(connection, found)
        if request.form.get("shown") != edit_conflicts.fingerprint(looked):
            return _preview_page(text, looked, places, moved=True), 409
        wanted = [*looked.new, *(looked.invited if request.form.get("again") else [])]
        made = [(each, _put(connection, each)) for each in wanted]
    if not staff_mail.is_set_up() and made:
        return _file(made, {each.key: each.name for each in places})
    for each, link in made:
        invite_letters.send_invitation(each.email, link)
    return redirect(url_for("admin.accounts.list_accounts", invited=len(made)))


def _preview_of(connection: Connection, found: Sequence[RequestedInvitation]) -> Preview:
    known = {each.email for each in accounts.accounts(connection)}
    good = {each.email: each for each in staff_invitations.waiting(connection) if each.expires_on >= services.today()}
    waits = {each.email for each in found if each.email in good and good[each.email][1:3] == each[1:]}
    return Preview(
        [each for each in found if each.email not in known | waits],
        [each for each in found if each.email in waits - known],
        [each for each in found if each.email in known],
    )


def _put(connection: Connection, each: RequestedInvitation) -> str:
    wording.may_be_invited(connection, *each)
    secret, _earlier = wording.put_invitation(connection, *each, audit_log.event_noter(connection))
    return staff_link("accept_invitation.show_form", secret)


def _file(made: Sequence[tuple[RequestedInvitation, str]], names: dict[str, str]) -> ResponseReturnValue:
    """Return the links, once, as a file that a Swedish spreadsheet opens."""
    columns = [_("e-post"), _("roll"), _("plats"), _("länk"), _("gäller till och med")]
    ends = services.today() + wording.GOOD_FOR
    roles = {role: str(_(words)).partition(":")[0] for role, words in ROLE_NAMES.items()}
    rows = [(each.email, roles[each.role], names[each.place], link, ends) for each, link in made]
    return spreadsheet_response("inbjudningar", "excel", Table("1", columns, rows))


def _preview_page(text: str, looked: Preview, places: Sequence[Place], moved: bool = False) -> str:
    names = {each.key: each.name for each in places}
    return _page(text=text, looked=looked, mark_of_shown=edit_conflicts.fingerprint(looked), names=names, moved=moved)


def _faulty(faults: Sequence[RowFault]) -> str:
    problem = _("Ingen är inbjuden. Rätta raderna i filen och skicka den igen.")
    return _page(problem=problem, faults=sentences(faults))


def _page(**context: Any) -> str:
    return render_template("admin/accounts_import.html", role_names=ROLE_NAMES, most=MAX_INVITATIONS, **context)
