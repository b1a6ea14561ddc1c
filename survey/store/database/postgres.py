"""The check of each PostgreSQL connection: alive and durable."""

from typing import Any

from sqlalchemy.exc import DisconnectionError

from survey.store.database.errors import DatabaseUnavailable

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
