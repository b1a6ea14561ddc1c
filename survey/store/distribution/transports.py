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
_NOW = sa.update(sending).where(sending.c.way == sa.bindparam("by")).values(not_before=0)


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


def try_now(connection: Connection, way: str) -> None:
    """Somebody has reason to think that it gets through now."""
    connection.execute(_NOW, {"by": way})
