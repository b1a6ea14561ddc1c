"""Password resets of staff: the person, the day, and the link's secret by its hash alone."""

from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.store.tables import new_link, person


class NewLink(NamedTuple):
    """A password reset: the day it was made, and the person's number."""

    person: int
    good_until: date
    made: date


_COLUMNS = (new_link.c.person, new_link.c.good_until, new_link.c.made)
_OF_PERSON = new_link.c.person == sa.bindparam("of_person")
_ONE = sa.select(*_COLUMNS).where(_OF_PERSON)
_MARKED = sa.select(*_COLUMNS).where(new_link.c.mark == sa.bindparam("wanted"))
_REMOVE = sa.delete(new_link).where(_OF_PERSON)
_ADD = sa.insert(new_link)
_GOOD = new_link.c.secret_hash == sa.bindparam("wanted"), new_link.c.good_until >= sa.bindparam("today")
_FIND = sa.select(person.c.id).join(new_link, new_link.c.person == person.c.id).where(*_GOOD, person.c.active)
_TAKE = sa.update(new_link).where(*_GOOD).values(secret_hash=None)


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
