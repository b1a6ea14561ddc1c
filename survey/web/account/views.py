"""/staff/account: the signed-in person's password, second factors and open sessions."""

from datetime import timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_timedelta
from flask_babel import gettext as _
from flask_security import logout_user
from wtforms import Form, PasswordField

from survey.domain.text.i18n import N_
from survey.web.signin import totp
from survey.web.signin.login_throttle import throttle_of
from survey.web.signin.passwords import MAX_LENGTH, hash_password, is_password, password_faults
from survey.web.signin.waiting_words import too_early
from survey.web.staff import audit_log, kept_forms, server_sessions, staff_mail
from survey.web.staff.guards import own_path, requires, signed_in

blueprint = Blueprint("account", __name__, url_prefix="/staff/account")
NOT_YOURS = N_("Det är inte ditt lösenord. Inget har ändrats.")
NOT_TWICE = N_("De två nya lösenorden är inte lika. Inget har ändrats.")
NOT_NEW = N_("Det nya lösenordet är samma som det gamla.")


class PasswordForm(Form):  # type: ignore[misc]
    """The old password, and the new one twice."""

    old = PasswordField()
    new = PasswordField()
    again = PasswordField()


@blueprint.app_template_filter()
def ago(elapsed: int) -> str:
    """Return so many minutes ago, in the reader's language."""
    return str(
        format_timedelta(timedelta(minutes=-max(elapsed, 1)), add_direction=True, granularity="minute", threshold=1.5)
    )


@blueprint.get("/")
@requires()
def show_account() -> str:
    """Show the person's account, and where they are signed in."""
    found = server_sessions.of_person(signed_in())
    named = {"sessions": found, "current": server_sessions.current().token_hash, "now": server_sessions.minutes()}
    twofold, left = totp.has_any(signed_in()), totp.codes_left(signed_in())
    return render_template("account/page.html", **named, twofold=twofold, left=left)


@blueprint.post("/end")
@requires()
def end_session() -> ResponseReturnValue:
    """End one of the person's other sessions."""
    try:
        token_hash = bytes.fromhex(request.form.get("session", ""))
    except ValueError:
        token_hash = b""
    server_sessions.end_one(signed_in(), token_hash)
    audit_log.note("sessions_ended")
    return redirect(url_for("account.show_account", changed="ended"))


@blueprint.post("/end-all")
@requires(second_factor=False)
def end_all_sessions() -> ResponseReturnValue:
    """Sign the person out everywhere, here too."""
    audit_log.note("sessions_ended")
    server_sessions.end_all(signed_in())
    logout_user()
    return redirect(url_for("security.login"))


@blueprint.get("/confirm")
@requires(second_factor=False)
def show_confirm_form() -> str:
    """Ask for the password again, before what a borrowed screen must not do."""
    return render_template("account/confirm.html", next=own_path(request.args.get("next", "")))


@blueprint.post("/confirm")
@requires(second_factor=False)
def confirm_password() -> ResponseReturnValue:
    """Lead on to where the person was going; a file is handed over from a page that leads on."""
    following = own_path(request.form.get("next", ""))
    if early := throttle_of().begin(signed_in().email):
        return render_template("account/confirm.html", next=following, fault=too_early(early)), 429
    if not proves(request.form.get("password", "")):
        return render_template("account/confirm.html", next=following, fault=_(NOT_YOURS)), 422
    server_sessions.note_authentication()
    if form := kept_forms.open_form():
        return kept_forms.send_again(form)
    if "." in following.rpartition("/")[2]:
        return render_template("account/confirmed.html", file=following, back=following.rpartition("/")[0])
    return redirect(following, 303)


@blueprint.get("/password")
@requires()
def show_password_form() -> str:
    """Show the form for another password."""
    return render_template("account/password.html", faults=())


@blueprint.post("/password")
@requires()
def change_password() -> ResponseReturnValue:
    """Store another password; every other session of the person ends."""
    account, form = signed_in(), PasswordForm(request.form)
    if early := throttle_of().begin(account.email):
        return render_template("account/password.html", faults=[too_early(early)]), 429
    if not proves(form.old.data or ""):
        return render_template("account/password.html", faults=[_(NOT_YOURS)]), 422
    if faults := _faults(form, account.email):
        return render_template("account/password.html", faults=[_(fault) for fault in faults]), 422
    account.password = hash_password(form.new.data)
    server_sessions.end_others(account)
    audit_log.note("password_changed")
    staff_mail.password_changed(account.email)
    return redirect(url_for("account.show_account", changed="password"))


def proves(password: str) -> bool:
    """Return whether this is the signed-in person's password; a right one clears the count of wrong tries."""
    account = signed_in()
    right = len(password) <= MAX_LENGTH and is_password(account.password or "", password)
    if right:
        throttle_of().reset(account.email)
    return right


def _faults(form: PasswordForm, email: str) -> list[str]:
    new = form.new.data or ""
    if new != form.again.data:
        return [NOT_TWICE]
    return [NOT_NEW] if new == form.old.data else password_faults(new, email)
