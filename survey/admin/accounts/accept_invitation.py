"""/staff/invited: an invited person chooses a password, and has an account.

Looking at the page does nothing, so that a program which opens every link of a message uses up none.
"""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.admin.accounts import wording
from survey.admin.accounts.account_forms import PasswordForm, role_in_words
from survey.store.core import places
from survey.store.database.engine import DatabaseConflict, read_transaction
from survey.store.staff.staff_invitations import StaffInvitation
from survey.web.pages.link_secret import posted_secret, secret_page
from survey.web.request import services
from survey.web.staff.two_people import ActionRefused

blueprint = Blueprint("accept_invitation", __name__, url_prefix="/staff/invited")


@blueprint.get("")
def show_form() -> str:
    """Show the page before the link's secret is handed over: it stands after the `#`, which only the browser sees."""
    return secret_page(_("Välj ett lösenord"), url_for(".choose_password"))


@blueprint.post("")
def choose_password() -> ResponseReturnValue:
    """Show the invited account and a password field; with a password, make the account and lead to the sign-in."""
    secret = posted_secret()
    invite = _find(secret)
    if invite is None:
        return _over()
    if "password" not in request.form:
        return _page(invite, secret, PasswordForm(invite.email))
    form = PasswordForm(invite.email, request.form)
    if not form.validate():
        return _page(invite, secret, form), 422
    try:
        taken = wording.accept_invitation(secret, form.password.data)
    except (ActionRefused, DatabaseConflict):
        text = _("Det finns redan ett konto med den adressen. Logga in med det, eller vänd dig till samordnaren.")
        return render_template("web/unavailable.html", heading=_("Kontot finns redan"), text=text), 409
    if not taken:
        return _over()
    flash(_("Ditt konto är klart. Logga in med adressen %(email)s och ditt lösenord.", email=invite.email))
    return redirect(url_for("security.login"))


def _find(secret: str) -> StaffInvitation | None:
    with read_transaction(services.engine()) as connection:
        return wording.invited(connection, secret)


def _page(invite: StaffInvitation, secret: str, form: PasswordForm) -> str:
    with read_transaction(services.engine()) as connection:
        name = next(each.name for each in places.all_places(connection) if each.key == invite.place)
    named = {"place_name": name, "role": role_in_words(invite.role, invite.language)}
    return render_template("admin/accept_invitation.html", invite=invite, secret=secret, form=form, **named)


def _over() -> ResponseReturnValue:
    text = _(
        "Länken har använts, dragits tillbaka eller blivit för gammal. Har du redan valt ett lösenord kan du logga in. "
        "Be annars samordnaren om en ny."
    )
    return render_template("web/unavailable.html", heading=_("Länken gäller inte längre"), text=text), 404
