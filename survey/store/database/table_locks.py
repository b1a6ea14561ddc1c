"""Table locks, by which two who write at once take turns.

On PostgreSQL by a lock on the table, which only a role with rights to it can hold: an advisory lock may be held by
anybody who can connect, and would stop everybody. SQLite has one writer anyway.
"""

from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy import Connection


def lock_table(connection: Connection, table: str) -> None:
    """Lock a table against other writers until the transaction ends; its readers go on."""
    if connection.dialect.name == "postgresql":
        connection.execute(_lock(table))


def lock_table_now(connection: Connection, table: str) -> None:
    """Lock a table likewise, or raise at once where another holds it."""
    connection.execute(sa.text(f"{_lock(table).text} NOWAIT"))


@lru_cache(maxsize=32)
def _lock(table: str) -> sa.TextClause:
    return sa.text(f'LOCK TABLE "{table}" IN SHARE ROW EXCLUSIVE MODE')
