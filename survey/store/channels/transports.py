"""The state of each transport: what halted it as a whole, and when it is tried again."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.store.tables import halted_transport


@dataclass(frozen=True)
class Halt:
    """A halted transport: the fault, the server's status numbers, and the minute of the next try.

    `began` is the hour of the first failure.
    """

    channel: str
    fault: str
    reply: str
    attempts: int
    not_before: int
    began: int


_ALL = sa.select(halted_transport)
_CLEAR = sa.delete(halted_transport).where(halted_transport.c.channel == sa.bindparam("by"))
_ADD = sa.insert(halted_transport)
_NOW = sa.update(halted_transport).where(halted_transport.c.channel == sa.bindparam("by")).values(not_before=0)


def halts(connection: Connection) -> dict[str, Halt]:
    """Return the halted transports, by name."""
    return {row.channel: Halt(*row) for row in connection.execute(_ALL)}


def save(connection: Connection, halt: Halt) -> None:
    """Store a transport's halt."""
    connection.execute(_CLEAR, {"by": halt.channel})
    connection.execute(_ADD, vars(halt))


def clear(connection: Connection, channel: str) -> None:
    """Delete a transport's halt: something got through."""
    connection.execute(_CLEAR, {"by": channel})


def try_now(connection: Connection, channel: str) -> None:
    """Let a halted transport be tried at once: somebody has reason to think that it works again."""
    connection.execute(_NOW, {"by": channel})
