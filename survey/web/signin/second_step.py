"""/staff/second-step: after the password, the second factor where the person has one. For the sign-in.

Flask-Security calls `tf_enter` when a password was right; until the second step is done nobody is signed in. What has
been shown so far stands in the signed cookie, for ten minutes, and no longer than the password stays as it is.
"""

from typing import Any, cast

from flask import Blueprint, Flask, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import Security
from flask_security.tf_plugin import TfPlugin

from survey.domain.text.i18n import N_
from survey.web.request import services
from survey.web.signin import passkeys, totp
from survey.web.signin.login_throttle import throttle_of
from survey.web.signin.waiting_words import too_early
from survey.web.staff import audit_log, kept_forms
from survey.web.staff.guards import own_path
from survey.web.staff.security_datastore import AccountDatastore, User
from survey.web.staff.server_sessions import RECENT, enter, minutes

blueprint = Blueprint("second_step", __name__, url_prefix="/staff/second-step")
NOT_A_CODE = N_("Koden stämmer inte, eller så är den redan använd. Vänta på nästa kod i appen och försök igen.")

NOT_YOUR_KEY = N_("Nyckeln hör inte till ditt konto, eller så dröjde det för länge. Försök igen.")


class SecondStep(TfPlugin):
    """The object that Flask-Security asks whether a right password is enough."""

    def tf_enter(self, user: Any, remember_me: bool | None, primary_authn_via: str, next_loc: str | None) -> Any:
        """Return the way to the second step, or None for a person who has none."""
        if not totp.has_any(user):
            return None
        following = own_path(request.form.get("next") or request.args.get("next", ""))
        session["passed"] = {"mark": user.fs_uniquifier, "minute": minutes(), "next": following}
        # What was written in a form that met an ended sign-in goes along in the page.
        return _form_page(user) if kept_forms.seal_form() else redirect(url_for("second_step.show_form"))


def init_second_step(app: Flask, security: Security) -> None:
    """Put the second step after the password; after Flask-Security is in its place."""
    security.two_factor_plugins = SecondStep()
    app.register_blueprint(blueprint)


def halfway() -> User | None:
    """Return the account whose password was shown within the last ten minutes, and which waits for the second step."""
    passed = session.get("passed") or {}
    if not passed or minutes() - int(passed["minute"]) > RECENT:
        return None
    account = AccountDatastore(services.engine()).find_user(fs_uniquifier=passed["mark"])
    return account if account is not None and account.active else None


def finish(account: User, factor: str) -> str:
    """Sign in the person who has taken the second step; return where they were going."""
    following = own_path(cast(str, session.pop("passed")["next"]))
    enter(account, ["password", factor])
    return following


@blueprint.get("")
def show_form() -> ResponseReturnValue:
    """Show the form for the code."""
    if (account := halfway()) is None:
        return redirect(url_for("security.login"))
    return _form_page(account)


@blueprint.post("")
def verify() -> ResponseReturnValue:
    """Sign in the person the code belongs to."""
    if (account := halfway()) is None:
        return redirect(url_for("security.login"))
    if early := throttle_of("codes").begin(str(account.id)):
        audit_log.sign_in_failed(account.email, "tried_too_early")
        return _form_page(account, too_early(early)), 429
    reply = request.form.get("credential", "")
    factor = _passkey(account, reply) if reply else totp.verify_code(account, request.form.get("code", ""))
    if factor is None:
        audit_log.sign_in_failed(account.email, "second_step_failed")
        return _form_page(account, _(NOT_YOUR_KEY if reply else NOT_A_CODE)), 422
    throttle_of("codes").reset(str(account.id))
    following = finish(account, factor)
    if saved := kept_forms.open_form():
        return kept_forms.send_again(saved)
    return redirect(url_for("account.show_account", changed="recovery") if factor == "recovery" else following, 303)


def _passkey(account: User, reply: str) -> str | None:
    return "passkey" if passkeys.verify_authentication(reply, account) is not None else None


def _form_page(account: User, fault: str = "") -> str:
    options = passkeys.authentication_options(account) if passkeys.of_person(account) else None
    named = {"has_authenticator": totp.has_authenticator(account), "options": options}
    return render_template("account/second_step.html", fault=fault, **named)
