"""/staff/account/second-factor: a signed-in person sets up, renews and removes their second factor."""

import segno
from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from survey.store.database.engine import write_transaction
from survey.store.staff import second_factors
from survey.web.request import services
from survey.web.signin import passkeys, totp
from survey.web.signin.second_step import NOT_A_CODE
from survey.web.staff import audit_log, server_sessions
from survey.web.staff.guards import requires, requires_recent_sign_in, signed_in
from survey.web.staff.security_datastore import User

blueprint = Blueprint("two_factor", __name__, url_prefix="/staff/account/second-factor")


@blueprint.get("")
@requires(second_factor=False)
def list_factors() -> str:
    """Show the second factors there are, and those the person has."""
    account = signed_in()
    named = {"has_authenticator": totp.has_authenticator(account), "left": totp.codes_left(account)}
    found = passkeys.of_person(account)
    return render_template("account/second_factor.html", **named, passkeys=found, required=is_required())


@blueprint.get("/authenticator")
@requires(second_factor=False)
@requires_recent_sign_in()
def show_authenticator_form() -> str:
    """Show the secret to put into an app, and the form for its first code."""
    return _form_page(may_change())


@blueprint.post("/authenticator")
@requires(second_factor=False)
@requires_recent_sign_in()
def set_authenticator() -> ResponseReturnValue:
    """Store the authenticator whose first code is right; show its recovery codes, this once."""
    account = may_change()
    sealed = session.get("new_authenticator", "")
    step = totp.time_step_of(request.form.get("code", ""), sealed) if sealed else None
    if step is None:
        return _form_page(account, _(NOT_A_CODE)), 422
    session.pop("new_authenticator")
    made = totp.set_up(account, sealed, step)
    audit_log.note("factor_set", kind="app")
    server_sessions.mark_two_factor()
    server_sessions.end_others(account)
    return render_template("account/recovery_codes.html", codes=made)


@blueprint.post("/authenticator/remove")
@requires()
@requires_recent_sign_in()
def remove_authenticator() -> ResponseReturnValue:
    """Remove the authenticator, where the password alone is enough."""
    account = may_change()
    if is_required() and not passkeys.of_person(account):
        abort(409)
    with write_transaction(services.engine()) as connection:
        second_factors.remove_authenticator(connection, account.id)
    totp.remove_unused_codes(account)
    audit_log.note("factor_removed", kind="app")
    return redirect(url_for("account.show_account", changed="removed"))


@blueprint.post("/recovery-codes")
@requires()
@requires_recent_sign_in()
def renew_codes() -> ResponseReturnValue:
    """Make ten new codes, shown this once; those before are no longer valid."""
    account = may_change()
    if not totp.has_any(account):
        abort(409)
    audit_log.note("recovery_codes_made")
    return render_template("account/recovery_codes.html", codes=totp.renew_codes(account))


def is_required() -> bool:
    """Return whether nobody goes on without a second factor."""
    return services.settings().second_factor == "required"


def may_change() -> User:
    """Return the account; stop where it has a second factor that has not been shown in this session."""
    account = signed_in()
    if totp.has_any(account) and not server_sessions.current().two_factor:
        abort(403)
    return account


def _form_page(account: User, fault: str = "") -> str:
    sealed = session.setdefault("new_authenticator", totp.new_secret())
    drawn = segno.make(totp.otpauth_uri(sealed, account), error="m", micro=False)
    named = {"fault": fault, "secret": totp.secret_in_groups(sealed)}
    picture = drawn.svg_inline(omitsize=True, border=4, light="#fff", dark="#000", title=_("QR-kod till appen"))
    return render_template("account/authenticator.html", **named, picture=Markup(picture))  # noqa: S704
