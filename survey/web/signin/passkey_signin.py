"""/staff/passkey: signing in with a passkey alone. The device verifies its owner, so that is two factors in one."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.domain.text.i18n import N_
from survey.web.request import services
from survey.web.signin import passkeys
from survey.web.staff.guards import own_path
from survey.web.staff.security_datastore import AccountDatastore
from survey.web.staff.server_sessions import enter

blueprint = Blueprint("passkey_signin", __name__, url_prefix="/staff/passkey")
NOT_KNOWN = N_("Nyckeln hör inte till något konto här. Försök igen, eller logga in med lösenord.")


@blueprint.get("")
def show_form() -> str:
    """Show the button that asks the device for a passkey of ours."""
    return _form_page(request.args.get("next", ""))


@blueprint.post("")
def sign_in() -> ResponseReturnValue:
    """Sign in the person the passkey belongs to."""
    following = request.form.get("next", "")
    person = passkeys.verify_authentication(request.form.get("credential", ""))
    account = AccountDatastore(services.engine()).find_user(id=person) if person is not None else None
    if account is None or not account.active:
        return _form_page(following, _(NOT_KNOWN)), 422
    enter(account, ["passkey", "verified"])
    return redirect(own_path(following), 303)


def _form_page(following: str, fault: str = "") -> str:
    named = {"next": own_path(following), "fault": fault}
    return render_template("account/passkey_sign_in.html", **named, options=passkeys.authentication_options())
