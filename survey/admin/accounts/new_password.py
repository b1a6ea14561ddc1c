"""/staff/new-password: a person with a new link chooses another password for their account.

Looking at the page uses up nothing.
"""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.admin.accounts.account_forms import PasswordForm
from survey.store.staff.accounts import Account
from survey.web.pages.link_secret import posted_secret, secret_page
from survey.web.signin import password_resets
from survey.web.signin.login_throttle import throttle_of
from survey.web.staff import staff_mail

blueprint = Blueprint("new_password", __name__, url_prefix="/staff/new-password")


@blueprint.get("")
def show_form() -> str:
    """Show the page before the link's secret is handed over: it stands after the `#`, which only the browser sees."""
    return secret_page(_("Välj ett nytt lösenord"), url_for(".choose_password"))


@blueprint.post("")
def choose_password() -> ResponseReturnValue:
    """Show the password fields; with a new password, store it and lead to the sign-in."""
    secret = posted_secret()
    person = password_resets.account_of_secret(secret)
    if person is None:
        return _over()
    if "password" not in request.form:
        return _page(person, secret, PasswordForm(person.email))
    form = PasswordForm(person.email, request.form)
    if not form.validate():
        return _page(person, secret, form), 422
    if not password_resets.redeem(secret, form.password.data):
        return _over()
    staff_mail.password_changed(person.email)
    # A person who forgot a password has most often tried some.
    throttle_of().reset(person.email)
    throttle_of("codes").reset(str(person.id))
    flash(_("Ditt nya lösenord är sparat. Logga in med det."))
    return redirect(url_for("security.login"))


def _page(person: Account, secret: str, form: PasswordForm) -> str:
    return render_template("admin/new_password.html", person=person, secret=secret, form=form)


def _over() -> ResponseReturnValue:
    text = _("Länken har använts, dragits tillbaka eller blivit för gammal. Be samordnaren om en ny.")
    return render_template("web/unavailable.html", heading=_("Länken gäller inte längre"), text=text), 404
