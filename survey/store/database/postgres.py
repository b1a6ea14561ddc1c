"""PostgreSQL's connections and transactions: alive, durable, and with nothing that outlasts a transaction.

A pooler in transaction mode (PgBouncer) may hand each transaction to another connection of its own, and that one to
others afterwards. So nothing is set for a session, and where an address says `?pgbouncer=true` no statement is
prepared on the server.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.exc import DisconnectionError

from survey.store.database.errors import DatabaseUnavailable

POOLER = "pgbouncer"
# An execution option: all statements of a transaction see one state.
SNAPSHOT = "snapshot"

DURABLE = {b"on", b"local", b"remote_write", b"remote_apply"}
FSYNC_QUESTION = b"SELECT current_setting('synchronous_commit'), current_setting('fsync')"


def checkout(connection: Any, record: Any, proxy: Any) -> None:
    """Refuse a connection that is not durable, each time the pool hands one out; the pool replaces a dead one."""
    # Straight through libpq: one round trip, and no transaction is begun by asking.
    answer = connection.pgconn.exec_(FSYNC_QUESTION)
    commit, fsync = answer.get_value(0, 0), answer.get_value(0, 1)
    if commit is None:
        raise DisconnectionError
    if commit not in DURABLE or fsync != b"on":
        raise DatabaseUnavailable("synchronous_commit or fsync is off: commits would not last")


def prepare_address(address: sa.URL) -> tuple[sa.URL, dict[str, Any]]:
    """Return the address for the driver, and the driver's settings for it."""
    pooled = address.query.get(POOLER) == "true"
    settings: dict[str, Any] = {"connect_timeout": 5, **({"prepare_threshold": None} if pooled else {})}
    return address.set(drivername="postgresql+psycopg").difference_update_query([POOLER]), settings


def begin(connection: Connection) -> None:
    """Begin a transaction that waits no longer for a lock than the engine's patience, in one round trip."""
    # Here, for a process on SQLite goes without the driver: eight megabytes.
    from psycopg.pq import ExecStatus

    options = connection.get_execution_options()
    level = " ISOLATION LEVEL REPEATABLE READ" if options.get(SNAPSHOT) else ""
    words = f"BEGIN{level}; SET LOCAL lock_timeout = {int(options['patience'] * 1000)}"
    driver: Any = connection.connection.dbapi_connection
    if driver.pgconn.exec_(words.encode()).status != ExecStatus.COMMAND_OK:
        raise DatabaseUnavailable("no transaction could be begun")
