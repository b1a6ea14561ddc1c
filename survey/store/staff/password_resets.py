"""Password resets of staff: the person, the day, and the link's secret by its hash alone."""

from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.store.tables import password_reset, account


class NewLink(NamedTuple):
    """A password reset: the day it was made, and the person's number."""

    person: int
    good_until: date
    made: date


_COLUMNS = (password_reset.c.account, password_reset.c.expires_on, password_reset.c.made_on)
_OF_PERSON = password_reset.c.account == sa.bindparam("of_person")
_ONE = sa.select(*_COLUMNS).where(_OF_PERSON)
_MARKED = sa.select(*_COLUMNS).where(password_reset.c.previous_uniquifier == sa.bindparam("wanted"))
_REMOVE = sa.delete(password_reset).where(_OF_PERSON)
_ADD = sa.insert(password_reset)
_GOOD = password_reset.c.secret_hash == sa.bindparam("wanted"), password_reset.c.expires_on >= sa.bindparam("today")
_FIND = sa.select(account.c.id).join(password_reset, password_reset.c.account == account.c.id).where(*_GOOD, account.c.active)
_TAKE = sa.update(password_reset).where(*_GOOD).values(secret_hash=None)


def of_person(connection: Connection, person_id: int) -> NewLink | None:
    """Return the person's reset, used or not, or None."""
    row = connection.execute(_ONE, {"of_person": person_id}).one_or_none()
    return NewLink(*row) if row else None


def of_mark(connection: Connection, mark: str) -> NewLink | None:
    """Return the reset that ended the session whose cookie carries this mark, or None."""
    row = None if "\0" in mark else connection.execute(_MARKED, {"wanted": mark}).first()
    return NewLink(*row) if row else None


def make(connection: Connection, wanted: NewLink, secret_hash: bytes, mark: str) -> None:
    """Store a reset in place of an earlier one."""
    remove(connection, wanted.person)
    connection.execute(_ADD, {**wanted._asdict(), "secret_hash": secret_hash, "mark": mark})


def find(connection: Connection, secret_hash: bytes, today: date) -> int | None:
    """Return the number of the person whose link has this secret, while it is good and the account open."""
    return connection.scalar(_FIND, {"wanted": secret_hash, "today": today})


def take(connection: Connection, secret_hash: bytes, today: date) -> int | None:
    """Use up the link and return its person's number; None for whoever comes second or too late."""
    found = find(connection, secret_hash, today)
    if found is None or not connection.execute(_TAKE, {"wanted": secret_hash, "today": today}).rowcount:
        return None
    return found


def remove(connection: Connection, person_id: int) -> int:
    """Delete the person's reset; return the number deleted."""
    return connection.execute(_REMOVE, {"of_person": person_id}).rowcount
