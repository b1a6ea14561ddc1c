"""Envelopes that wait, sealed, until their batch is opened."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.store.database.errors import DatabaseFault
from survey.store.database.sqlite_fast_path import run, run_each
from survey.store.tables import batch, envelope


class Envelope(NamedTuple):
    """One sealed response: a random id, the batch it belongs to, and the sealed bytes."""

    id: bytes
    batch: str
    sealed: bytes


_ADD = sa.insert(envelope)
_TAKE_BACK = sa.delete(envelope).where(envelope.c.id.in_([sa.bindparam("first"), sa.bindparam("last")]))
_OF_BATCH = (
    sa.select(envelope.c.id, envelope.c.batch, envelope.c.sealed)
    .where(envelope.c.batch == sa.bindparam("wanted"))
    .order_by(envelope.c.id)
)
_SEALED = sa.select(envelope.c.id, envelope.c.sealed).where(envelope.c.batch == sa.bindparam("wanted"))
_DELETE = sa.delete(envelope).where(envelope.c.batch == sa.bindparam("wanted"))
_DELETE_ALL = sa.delete(envelope)
# In the order of an index: neither database sorts them, nor holds more of them than it hands over.
_IN_ORDER = sa.select(envelope.c.id, envelope.c.batch, envelope.c.sealed).order_by(envelope.c.id)
_BATCHES = sa.select(batch.c.id).where(batch.c.round == sa.bindparam("in_round"))
_MAY_TRUNCATE = sa.text("SELECT has_table_privilege('envelope', 'TRUNCATE')")
_ALONE = sa.text("LOCK TABLE envelope IN ACCESS EXCLUSIVE MODE NOWAIT")
_TRUNCATE = sa.text("TRUNCATE TABLE envelope")
_AT_ONCE = 1_000
_WAITING = sa.select(envelope.c.batch, sa.func.count()).group_by(envelope.c.batch)
_WAITING_IN = _WAITING.join(batch).where(batch.c.round == sa.bindparam("in_round"))


def add_envelopes(connection: Connection, envelopes: Iterable[Envelope]) -> None:
    """Store sealed envelopes."""
    run_each(connection, _ADD, [each._asdict() for each in envelopes])


def withdraw(connection: Connection, ids: Sequence[bytes]) -> None:
    """Remove the one or two sealed envelopes with these ids again."""
    run(connection, _TAKE_BACK, {"first": ids[0], "last": ids[-1]})


def envelopes(connection: Connection, batch_id: str) -> list[Envelope]:
    """Return a batch's waiting envelopes, in the order of the random ids, which is no order."""
    return [Envelope(*row) for row in connection.execute(_OF_BATCH, {"wanted": batch_id})]


def sealed_by(connection: Connection, batch_id: str, size: int) -> Iterator[list[tuple[bytes, bytes]]]:
    """Yield a batch's waiting envelopes, ids and sealed bytes, at most `size` at a time and in no order."""
    found = connection.execute(_SEALED, {"wanted": batch_id}, execution_options={"yield_per": size})
    return ([(name, sealed) for name, sealed in part] for part in found.partitions())


def of_round(connection: Connection, round: str) -> Iterator[Envelope]:
    """Yield a round's waiting envelopes, of all batches, in the order of the random ids; few of them in memory."""
    own = set(connection.scalars(_BATCHES, {"in_round": round}))
    found = connection.execute(_IN_ORDER, execution_options={"yield_per": _AT_ONCE})
    return (Envelope(*row) for row in found if row.batch in own)


def delete_of_round(connection: Connection, round: str) -> dict[str, int]:
    """Delete a round's waiting envelopes; return their number by batch, and batches with none are left out."""
    alone = _may_be_emptied(connection)
    gone = waiting(connection, round)
    if alone and gone == waiting(connection):
        connection.execute(_TRUNCATE if connection.dialect.name == "postgresql" else _DELETE_ALL)
        return gone
    return {each: connection.execute(_DELETE, {"wanted": each}).rowcount for each in gone}


def _may_be_emptied(connection: Connection) -> bool:
    """Return whether the table may be emptied at once: nobody reads it now, and this role may.

    Then pages are dropped, not rows: no row is written to PostgreSQL's log, and none is left for a vacuum. SQLite
    overwrites the pages.
    """
    if connection.dialect.name != "postgresql":
        return True
    if not connection.scalar(_MAY_TRUNCATE):
        return False
    try:
        with connection.begin_nested():
            # Never waited for: whoever copies the database reads it for minutes.
            connection.execute(_ALONE)
    except DatabaseFault:
        return False
    return True


def waiting(connection: Connection, round: str | None = None) -> dict[str, int]:
    """Count a round's waiting envelopes by batch; batches with none are left out."""
    found = connection.execute(_WAITING_IN, {"in_round": round}) if round else connection.execute(_WAITING)
    return {row[0]: row[1] for row in found}
