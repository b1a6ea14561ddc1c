"""Envelopes that wait, sealed, until their batch is opened."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

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
_DELETE = sa.delete(envelope).where(envelope.c.batch == sa.bindparam("wanted"))
_OF_ROUND = (
    sa.select(envelope.c.id, envelope.c.batch, envelope.c.sealed)
    .join(batch)
    .where(batch.c.round == sa.bindparam("in_round"))
)
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


def of_round(connection: Connection, round: str) -> Iterator[Envelope]:
    """Yield a round's waiting envelopes, of all batches, in no order."""
    return (Envelope(*row) for row in connection.execute(_OF_ROUND, {"in_round": round}))


def delete_envelopes(connection: Connection, batch_id: str) -> int:
    """Delete a batch's envelopes; return their number."""
    return connection.execute(_DELETE, {"wanted": batch_id}).rowcount


def waiting(connection: Connection, round: str | None = None) -> dict[str, int]:
    """Count a round's waiting envelopes by batch; batches with none are left out."""
    found = connection.execute(_WAITING_IN, {"in_round": round}) if round else connection.execute(_WAITING)
    return {row[0]: row[1] for row in found}
