"""A new link for who has lost password or phone: making it, taking it, telling its person. For office, command line.

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

from survey.store import new_links, people, second_factors
from survey.store.engine import reading, writing
from survey.store.new_links import NewLink
from survey.store.people import Person
from survey.web import audit, house
from survey.web.guards import requires, signed_in
from survey.web.passwords import hash_password

GOOD_FOR = timedelta(days=7)
blueprint = Blueprint("new_links", __name__, url_prefix="/staff/account")


def make(connection: Connection, person: Person) -> str:
    """Sign the person out everywhere and keep a link for them; its secret, which is shown once and never again."""
    secret, today = token_urlsafe(32), house.today()
    made = NewLink(person.id, today + GOOD_FOR, today)
    new_links.make(connection, made, _hash(secret), person.fs_uniquifier)
    people.end_sessions(connection, person.id)
    return secret


def whose(secret: str) -> Person | None:
    """Whose link this secret is, while it is good."""
    with reading(house.engine()) as connection:
        found = new_links.find(connection, _hash(secret), house.today())
        return people.person_by_id(connection, found) if found is not None else None


def take(secret: str, password: str) -> bool:
    """Set the password and forget the second factors; False when the link has been used or become too old."""
    hashed = hash_password(password)
    with writing(house.engine()) as connection:
        found = new_links.take(connection, _hash(secret), house.today())
        person = people.person_by_id(connection, found) if found is not None else None
        if person is None:
            return False
        people.change_sign_in(connection, person.id, hashed, person.fs_uniquifier)
        people.end_sessions(connection, person.id)
        second_factors.forget_all(connection, person.id)
        audit.by_person(connection, person.email, "new_link_taken")
    return True


def told() -> date | None:
    """The day on which a link was made for who is signed in, or was until it was made; None once they have read it."""
    mark = session.get("_user_id")
    if not current_user.is_authenticated and not mark:
        return None
    with reading(house.engine()) as connection:
        if current_user.is_authenticated:
            found = new_links.of_person(connection, signed_in().id)
        else:
            found = new_links.of_mark(connection, str(mark))
    return found.made if found else None


@blueprint.post("/new-link-read")
@requires(second_factor=False)
def read() -> ResponseReturnValue:
    """The person knows of the link now; one that nobody has taken is good no longer."""
    with writing(house.engine()) as connection:
        found = new_links.of_person(connection, signed_in().id)
        if found is not None:
            new_links.remove(connection, found.person)
            audit.deed("new_link_read")(connection)
    return redirect(url_for("own.page"))


def _hash(secret: str) -> bytes:
    # A secret of 256 random bits needs no slow hash.
    return sha256(secret.encode(errors="replace")).digest()
