"""What the attacks of a writer share: the batch under attack, and what the health page says of the seal."""

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.sealing.checks.watch import watch
from survey.store import tables
from survey.store.answers import batches
from survey.store.core import health
from survey.store.database.engine import read_transaction
from tests.sealed import ROUND, Sealed

UNIT = "vast-ett"


def batch_of(connection: Connection, role: str = "patient", mode: str = "open") -> batches.Batch:
    """The batch of the unit under attack."""
    found = batches.batches(connection, ROUND)
    return next(each for each in found if (each.place, each.role, each.collection_mode) == (UNIT, role, mode))


def take_away(connection: Connection, id_: bytes) -> None:
    """Delete an envelope."""
    connection.execute(sa.delete(tables.envelope).where(tables.envelope.c.id == id_))


def is_red(sealed: Sealed) -> str:
    """What the health page says of the seal; empty when it is well."""
    watch(sealed.engine, sealed.volumes)
    with read_transaction(sealed.engine) as connection:
        return next(line.detail for line in health.lines(connection) if line.name == "seal")
