"""/staff/account/second-factor/passkey: a signed-in person adds and removes passkeys."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.domain.text.i18n import N_
from survey.store.database.engine import write_transaction
from survey.store.staff import passkeys as stored_passkeys
from survey.web.account.two_factor import is_required, may_change
from survey.web.request import services
from survey.web.signin import passkeys, totp
from survey.web.staff import audit_log, server_sessions
from survey.web.staff.guards import requires, requires_recent_sign_in

blueprint = Blueprint("passkeys", __name__, url_prefix="/staff/account/second-factor/passkey")
NOT_MADE = N_("Nyckeln kunde inte sparas. Inget har ändrats. Försök igen.")


@blueprint.get("")
@requires(second_factor=False)
@requires_recent_sign_in()
def show_form() -> str:
    """Show the button that asks the device for a passkey."""
    return render_template("account/passkey.html", options=passkeys.registration_options(may_change()))


@blueprint.post("")
@requires(second_factor=False)
@requires_recent_sign_in()
def add_passkey() -> ResponseReturnValue:
    """Store the device's passkey; the first second factor brings recovery codes, shown this once."""
    account = may_change()
    if not passkeys.verify_registration(account, request.form.get("credential", ""), request.form.get("label", "")):
        return render_template(
            "account/passkey.html", options=passkeys.registration_options(account), fault=_(NOT_MADE)
        ), 422
    audit_log.note("factor_set", kind="passkey")
    server_sessions.mark_two_factor()
    server_sessions.end_others(account)
    if totp.codes_left(account):
        return redirect(url_for("two_factor.list_factors"))
    return render_template("account/recovery_codes.html", codes=totp.renew_codes(account))


@blueprint.post("/remove")
@requires()
@requires_recent_sign_in()
def remove_passkey() -> ResponseReturnValue:
    """Remove a passkey, unless it is the last second factor where one is required."""
    account = may_change()
    last = not totp.has_authenticator(account) and len(passkeys.of_person(account)) == 1
    if last and is_required():
        abort(409)
    try:
        credential = bytes.fromhex(request.form.get("passkey", ""))
    except ValueError:
        credential = b""
    with write_transaction(services.engine()) as connection:
        stored_passkeys.remove(connection, credential, account.id)
    totp.remove_unused_codes(account)
    audit_log.note("factor_removed", kind="passkey")
    return redirect(url_for("two_factor.list_factors"))
