"""Changes of a person's role or place that one coordinator has asked for and another has not confirmed yet."""

from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.store.tables import role_change


class RoleChange(NamedTuple):
    """Whose, to what, and who asked; people by their number."""

    person: int
    role: str
    place: str
    asked_by: int


_ALL = sa.select(role_change)
_REMOVE = sa.delete(role_change).where(role_change.c.person == sa.bindparam("wanted"))
_ADD = sa.insert(role_change)


def waiting(connection: Connection) -> dict[int, RoleChange]:
    """Every change that waits, by person."""
    return {row.person: RoleChange(*row) for row in connection.execute(_ALL)}


def ask(connection: Connection, wanted: RoleChange) -> None:
    """Keep a change in place of an earlier one for the same person."""
    connection.execute(_REMOVE, {"wanted": wanted.person})
    connection.execute(_ADD, wanted._asdict())


def remove(connection: Connection, person: int) -> int:
    """Forget a person's change; how many there were."""
    return connection.execute(_REMOVE, {"wanted": person}).rowcount
