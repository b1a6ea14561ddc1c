"""How it stands with each way of sending: what stopped it as a whole, and when it is tried again."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.store.tables import sending


@dataclass(frozen=True)
class Halt:
    """A way that nothing gets through by: the fault, the server's numbers, in minutes when it is tried again.

    `began` is the hour of the first failure.
    """

    way: str
    fault: str
    said: str
    tries: int
    not_before: int
    began: int


_ALL = sa.select(sending)
_CLEAR = sa.delete(sending).where(sending.c.way == sa.bindparam("by"))
_ADD = sa.insert(sending)


def halts(connection: Connection) -> dict[str, Halt]:
    """The ways that are stopped, by name."""
    return {row.way: Halt(*row) for row in connection.execute(_ALL)}


def keep(connection: Connection, halt: Halt) -> None:
    """The way is stopped."""
    connection.execute(_CLEAR, {"by": halt.way})
    connection.execute(_ADD, vars(halt))


def clear(connection: Connection, way: str) -> None:
    """Something got through."""
    connection.execute(_CLEAR, {"by": way})
