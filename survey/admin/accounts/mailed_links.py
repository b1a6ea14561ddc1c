"""Links to accounts, mailed from the page that shows them, and only to the person each is for.

The link comes back in the form and is kept nowhere. Whom it is for stands with its hash, so nothing else can be sent.
"""

import re
from uuid import uuid4

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Connection

from survey.admin.accounts import wording
from survey.channels.transport.messages import Message
from survey.store.database.engine import read_transaction, write_transaction
from survey.web.i18n.language import current_language
from survey.web.request import services
from survey.web.request.addresses import staff_address
from survey.web.signin import password_resets
from survey.web.signin.views import requires, requires_recent_sign_in
from survey.web.staff import audit_log
from survey.worker.sending import send_one

blueprint = Blueprint("mailed_links", __name__, url_prefix="/people")
_SECRET = re.compile(r"(?<=[/#=])[\w-]{43}$", re.ASCII)


@blueprint.post("/mail")
@requires("admin")
@requires_recent_sign_in()
def send_link() -> ResponseReturnValue:
    """Send the link, and show it once more with what the mail server answered."""
    link = request.form.get("link", "").strip()
    found = _whose(link)
    if found is None or not services.settings().mail_host:
        text = _("Länken har använts, dragits tillbaka eller blivit för gammal. Gör en ny.")
        return render_template("web/unavailable.html", heading=_("Länken gäller inte längre"), text=text), 404
    email, again = found
    subject = _("Ny länk till ditt konto i De 7 frågorna") if again else _("Inbjudan till De 7 frågorna")
    body = render_template("admin/link_mail.txt", link=link, again=again)
    problem = send_one.send_one(
        services.settings(), "mail", Message(email, subject, body, current_language().tag, uuid4().hex)
    )
    if not problem:
        with write_transaction(services.engine()) as connection:
            audit_log.event_note("link_mailed", person=email)(connection)
    named = {"link": link, "email": email, "again": again, "days": wording.GOOD_FOR.days}
    return render_template("admin/account_link.html", mailed=True, problem=problem, **named)


def _whose(link: str) -> tuple[str, bool] | None:
    """Return the address a link is for, and whether its account exists already; None where it is no link of ours."""
    secret = _SECRET.search(link)
    if secret is None or not link.startswith(f"{staff_address()}/staff/"):
        return None
    with read_transaction(services.engine()) as connection:
        if invite := _invited(connection, secret[0]):
            return invite
    person = password_resets.account_of_secret(secret[0])
    return (person.email, True) if person else None


def _invited(connection: Connection, secret: str) -> tuple[str, bool] | None:
    invite = wording.invited(connection, secret)
    return (invite.email, False) if invite else None
