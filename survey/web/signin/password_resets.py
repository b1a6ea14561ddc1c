"""Password resets: a new link for a person who lost password or phone. For the coordinator and the command line.

Making it signs the person out everywhere, and until they have read that it was made, their pages say so: nobody gets
into an account in silence. Taking it sets another password and forgets every second factor.
"""

from datetime import date, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from flask import Blueprint, redirect, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import Connection

from survey.store.database.engine import read_transaction, write_transaction
from survey.store.staff import accounts, password_resets, second_factors
from survey.store.staff.accounts import Account
from survey.store.staff.password_resets import PasswordReset
from survey.web.request import services
from survey.web.signin.passwords import hash_password
from survey.web.staff import audit_log
from survey.web.staff.guards import requires, signed_in

GOOD_FOR = timedelta(days=7)
blueprint = Blueprint("password_resets", __name__, url_prefix="/staff/account")


def create_reset(connection: Connection, person: Account) -> str:
    """Sign the person out everywhere and store a link for them; return its secret, shown once and never again."""
    secret, today = token_urlsafe(32), services.today()
    made = PasswordReset(person.id, today + GOOD_FOR, today)
    password_resets.save(connection, made, _hash(secret), person.fs_uniquifier)
    accounts.end_sessions(connection, person.id)
    return secret


def account_of_secret(secret: str) -> Account | None:
    """Return the person this secret's link is for, while it is valid."""
    with read_transaction(services.engine()) as connection:
        found = password_resets.find(connection, _hash(secret), services.today())
        return accounts.account_by_id(connection, found) if found is not None else None


def redeem(secret: str, password: str) -> bool:
    """Set the password and forget the second factors; return False when the link has been used or has expired."""
    hashed = hash_password(password)
    with write_transaction(services.engine()) as connection:
        found = password_resets.redeem(connection, _hash(secret), services.today())
        person = accounts.account_by_id(connection, found) if found is not None else None
        if person is None:
            return False
        accounts.change_sign_in(connection, person.id, hashed, person.fs_uniquifier)
        accounts.end_sessions(connection, person.id)
        second_factors.forget_all(connection, person.id)
        audit_log.note_of_person(connection, person.email, "new_link_taken")
    return True


def notice_date() -> date | None:
    """Return the day on which a link was made for the person who is, or until then was, signed in; None once read."""
    mark = session.get("_user_id")
    if not current_user.is_authenticated and not mark:
        return None
    with read_transaction(services.engine()) as connection:
        if current_user.is_authenticated:
            found = password_resets.of_account(connection, signed_in().id)
        else:
            found = password_resets.of_uniquifier(connection, str(mark))
    return found.made_on if found else None


@blueprint.post("/new-link-read")
@requires(second_factor=False)
def dismiss_notice() -> ResponseReturnValue:
    """Note that the person knows of the link; one that nobody has taken is no longer valid."""
    with write_transaction(services.engine()) as connection:
        found = password_resets.of_account(connection, signed_in().id)
        if found is not None:
            password_resets.remove(connection, found.account)
            audit_log.event_note("new_link_read")(connection)
    return redirect(url_for("account.show_account"))


def _hash(secret: str) -> bytes:
    # A secret of 256 random bits needs no slow hash.
    return sha256(secret.encode(errors="replace")).digest()
