"""Messages that wait to be sent, sealed. A row is deleted when its message is taken; nothing remembers it then."""

from collections.abc import Iterable
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.store.tables import outgoing, spool


class Waiting(NamedTuple):
    """One sealed message, whose it is, and how often it has been tried."""

    id: bytes
    unit: str
    round: str
    role: str
    way: str
    tries: int
    sealed: bytes


_ADD = sa.insert(outgoing)
_IDS = sa.select(outgoing.c.id).where(
    outgoing.c.round == sa.bindparam("in_round"), outgoing.c.way == sa.bindparam("by")
)
_ONE = sa.select(outgoing).where(outgoing.c.id == sa.bindparam("wanted"))
_GONE = sa.delete(outgoing).where(outgoing.c.id == sa.bindparam("wanted"))
_TRIED = sa.update(outgoing).where(outgoing.c.id == sa.bindparam("wanted")).values(tries=outgoing.c.tries + 1)
_COUNTS = (
    sa.select(outgoing.c.role, outgoing.c.way, sa.func.count())
    .where(outgoing.c.unit == sa.bindparam("at_unit"), outgoing.c.round == sa.bindparam("in_round"))
    .group_by(outgoing.c.role, outgoing.c.way)
)
_FORGET = sa.delete(outgoing).where(outgoing.c.round == sa.bindparam("in_round"))
_ADD_KEY = sa.insert(spool)
_KEY = sa.select(spool.c.public_key).where(spool.c.round == sa.bindparam("in_round"))


def add(connection: Connection, waiting: Iterable[Waiting]) -> None:
    """Put sealed messages in; sorted by their random ids, so that they lie in no order of a list."""
    rows = [each._asdict() for each in sorted(waiting)]
    if rows:
        connection.execute(_ADD, rows)


def ids(connection: Connection, round: str, way: str) -> list[bytes]:
    """The messages of a round that wait for this way."""
    return list(connection.scalars(_IDS, {"in_round": round, "by": way}))


def get(connection: Connection, wanted: bytes) -> Waiting | None:
    """One message, unless it has gone meanwhile."""
    row = connection.execute(_ONE, {"wanted": wanted}).one_or_none()
    return Waiting(*row) if row is not None else None


def remove(connection: Connection, wanted: bytes) -> None:
    """The message is taken, or will never be."""
    connection.execute(_GONE, {"wanted": wanted})


def tried(connection: Connection, wanted: bytes) -> None:
    """The message may have been taken or not."""
    connection.execute(_TRIED, {"wanted": wanted})


def counts(connection: Connection, unit: str, round: str) -> dict[tuple[str, str], int]:
    """How many of a unit's messages wait, by role and way."""
    rows = connection.execute(_COUNTS, {"at_unit": unit, "in_round": round})
    return {(role, way): n for role, way, n in rows}


def forget(connection: Connection, round: str) -> int:
    """Delete what still waits of a round; how many there were."""
    return connection.execute(_FORGET, {"in_round": round}).rowcount


def add_key(connection: Connection, round: str, public_key: bytes) -> None:
    """Keep the key that a round's messages are sealed to."""
    connection.execute(_ADD_KEY, {"round": round, "public_key": public_key})


def key(connection: Connection, round: str) -> bytes | None:
    """The key that a round's messages are sealed to; None for a round that was opened before there was one."""
    found = connection.scalar(_KEY, {"in_round": round})
    return bytes(found) if found is not None else None
