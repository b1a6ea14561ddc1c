"""Database errors in four classes of ours, for every caller of `read_transaction` and `write_transaction`.

The text of a fault names the kind and the driver's code, never a value: it may end in a log.
"""

import sqlite3
from typing import Any

from sqlalchemy.exc import DBAPIError


class DatabaseFault(Exception):
    """The database refused a statement."""


class DatabaseUnavailable(DatabaseFault):
    """The database is locked, lost, read-only or broken: nothing was saved."""


class DatabaseFull(DatabaseUnavailable):
    """There is no room left: nothing was saved."""


class DatabaseConflict(DatabaseFault):
    """A constraint was violated: the row is there already, or refers to one that is not."""


SQLITE_KINDS: dict[int, type[DatabaseFault]] = {
    sqlite3.SQLITE_FULL: DatabaseFull,
    sqlite3.SQLITE_CONSTRAINT: DatabaseConflict,
    **dict.fromkeys(
        (
            sqlite3.SQLITE_BUSY,
            sqlite3.SQLITE_LOCKED,
            sqlite3.SQLITE_NOMEM,
            sqlite3.SQLITE_READONLY,
            sqlite3.SQLITE_IOERR,
            sqlite3.SQLITE_CORRUPT,
            sqlite3.SQLITE_CANTOPEN,
            sqlite3.SQLITE_PROTOCOL,
            sqlite3.SQLITE_NOTADB,
            sqlite3.SQLITE_PERM,
        ),
        DatabaseUnavailable,
    ),
}
# Classes of PostgreSQL's codes: connection, rollback, resources, object state, operator, system, corrupt.
POSTGRES_UNAVAILABLE = ("08", "40", "53", "55", "57", "58", "F0", "XX", "25006")


def translated(error: BaseException) -> DatabaseFault:
    """Return our error for a driver's; raise it `from None`."""
    if isinstance(error, DatabaseFault):
        return error
    original: Any = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(original, sqlite3.Error):
        return _from_sqlite(original)
    sqlstate = getattr(original, "sqlstate", None)
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    if lost or sqlstate is None:
        return DatabaseUnavailable(f"{type(original).__name__}")
    return _postgres_kind(sqlstate)(f"{type(original).__name__} {sqlstate}")


def silence(error: BaseException) -> None:
    """Remove the values from a driver's exception, in case it is logged before it is translated."""
    if isinstance(error, DBAPIError):
        error.params = None
        error.args = (type(error.orig).__name__,)
    elif not isinstance(error, sqlite3.Error):
        error.args = (getattr(error, "sqlstate", None) or type(error).__name__,)


def _from_sqlite(error: sqlite3.Error) -> DatabaseFault:
    code = getattr(error, "sqlite_errorcode", None)
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    if code is None:
        return DatabaseFault(name)
    # SQLite's own texts name tables and columns, never values.
    return SQLITE_KINDS.get(code & 0xFF, DatabaseFault)(f"{name}: {error}")


def _postgres_kind(sqlstate: str) -> type[DatabaseFault]:
    if sqlstate == "53100":
        return DatabaseFull
    if sqlstate.startswith("23"):
        return DatabaseConflict
    return DatabaseUnavailable if sqlstate.startswith(POSTGRES_UNAVAILABLE) else DatabaseFault
