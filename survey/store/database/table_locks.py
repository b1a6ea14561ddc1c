"""Table locks, by which two who write at once take turns.

On PostgreSQL by a lock on the table, which only a role with rights to it can hold: an advisory lock may be held by
anybody who can connect, and would stop everybody. The parts' roles may not change these rows, so a function of the
owner's locks for them. SQLite has one writer anyway.
"""

from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy import Connection

_TAKE_TURN = sa.text("SELECT take_turn(:wanted)")


def take_turn(connection: Connection, table: str) -> None:
    """Lock a table that rows are only added to, against other writers, until the transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(_TAKE_TURN, {"wanted": table})


def lock_table(connection: Connection, table: str) -> None:
    """Lock a table of the owner's against other writers until the transaction ends; its readers go on."""
    if connection.dialect.name == "postgresql":
        connection.execute(_lock(table))


def lock_table_now(connection: Connection, table: str) -> None:
    """Lock a table likewise, or raise at once where another holds it."""
    connection.execute(sa.text(f"{_lock(table).text} NOWAIT"))


@lru_cache(maxsize=32)
def _lock(table: str) -> sa.TextClause:
    return sa.text(f'LOCK TABLE "{table}" IN SHARE ROW EXCLUSIVE MODE')
