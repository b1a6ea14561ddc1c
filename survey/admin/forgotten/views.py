"""/staff/forgotten: a person asks for a link by mail, and chooses another password with it.

What is asked gets the same page in the same time whether the address has an account or not: all that depends on the
account is done beside the request.
"""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.admin.accounts.account_forms import AddressForm, PasswordForm
from survey.admin.forgotten import letters, links
from survey.store.staff.accounts import Account
from survey.web.pages.link_secret import posted_secret, secret_page
from survey.web.request.addresses import staff_link
from survey.web.signin.login_throttle import throttle_of
from survey.web.signin.waiting_words import too_early
from survey.web.staff import staff_mail

blueprint = Blueprint("forgotten_password", __name__, url_prefix="/staff/forgotten")


@blueprint.get("")
def show_form() -> str:
    """Ask for the address."""
    return _ask_page(AddressForm())


@blueprint.post("")
def send_link() -> ResponseReturnValue:
    """Have the letter sent, if the address has an account that gets one; show the same page whether it has or not."""
    form = AddressForm(request.form)
    if not staff_mail.is_set_up():
        return _ask_page(form), 404
    if not form.validate():
        return _ask_page(form), 422
    email, link = form.email.data, staff_link("forgotten_password.show_password_form", "")
    if early := throttle_of("letters").begin(email):
        return _ask_page(form, too_early(early)), 429
    staff_mail.run_later(lambda: letters.send_letter(email, link))
    return render_template("admin/forgotten.html", form=form, sent=True)


@blueprint.get("/choose")
def show_password_form() -> str:
    """Show the page before the link's secret is handed over."""
    return secret_page(_("Välj ett nytt lösenord"), url_for(".choose_password"))


@blueprint.post("/choose")
def choose_password() -> ResponseReturnValue:
    """Show the password fields; with a new password, lead to the sign-in, where a second factor is asked as ever."""
    secret = posted_secret()
    person = links.account_of_secret(secret)
    if person is None:
        return _over()
    if "password" not in request.form:
        return _choose_page(person, secret, PasswordForm(person.email))
    form = PasswordForm(person.email, request.form)
    if not form.validate():
        return _choose_page(person, secret, form), 422
    if links.redeem(secret, form.password.data) is None:
        return _over()
    staff_mail.password_changed(person.email)
    # Wrong tries of codes stay counted: a mailbox must not be a way to guess on.
    for of in ("passwords", "letters"):
        throttle_of(of).reset(person.email)
    flash(_("Ditt nya lösenord är sparat. Logga in med det."))
    return redirect(url_for("security.login"))


def _ask_page(form: AddressForm, problem: str = "") -> str:
    return render_template("admin/forgotten.html", form=form, problem=problem)


def _choose_page(person: Account, secret: str, form: PasswordForm) -> str:
    return render_template("admin/forgotten_choose.html", person=person, secret=secret, form=form)


def _over() -> ResponseReturnValue:
    text = _("Länken har använts eller blivit för gammal. Den gäller i en timme. Be om en ny från inloggningssidan.")
    return render_template("web/unavailable.html", heading=_("Länken gäller inte längre"), text=text), 404
