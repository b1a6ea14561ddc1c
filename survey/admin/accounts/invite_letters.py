"""Invitations sent by mail beside the request, and what came of each. For many at once.

What came of it is in memory: after a restart the list says no more than that somebody is invited.
"""

from flask import current_app, render_template
from flask_babel import gettext as _
from flask_login import current_user

from survey.domain.text.i18n import N_
from survey.store.database.engine import write_transaction
from survey.web.request import services
from survey.web.staff import audit_log, staff_mail

UNDER_WAY, SENT = N_("Länken är på väg med e-post."), N_("Länken är skickad med e-post.")


def send_invitation(email: str, link: str) -> None:
    """Send the link to the person it is for."""
    outcomes, by = _outcomes(), str(current_user.email)
    outcomes[email] = (UNDER_WAY, "")

    def then(problem: str) -> None:
        outcomes[email] = (N_("Länken kom inte fram. Gör en ny."), problem) if problem else (SENT, "")
        if not problem:
            with write_transaction(services.engine()) as connection:
                audit_log.note_of_person(connection, by, "link_mailed", person=email)

    body = render_template("admin/link_mail.txt", link=link, again=False).strip()
    staff_mail.send(email, _("Inbjudan till De 7 frågorna"), [body], then=then)


def forget(email: str) -> None:
    """Forget what came of the letter: the invitation is another now, or none."""
    _outcomes().pop(email, None)


def outcome(email: str) -> tuple[str, str]:
    """Return what came of the letter to this address, and why, as texts of the catalogs; empty where none is known."""
    return _outcomes().get(email, ("", ""))


def _outcomes() -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = current_app.extensions.setdefault("invitations_mailed", {})
    return found
