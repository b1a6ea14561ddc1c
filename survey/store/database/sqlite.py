"""SQLite connections: durable, with transactions that we begin, and to the file that is really there.

WAL is set once, by the migration: workers that race to set it lock each other out.
"""

import os
import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection

from survey.store.database.errors import DatabaseUnavailable

FULL = 2


def connect(path: Path, patience: float) -> sqlite3.Connection:
    """Open an existing database; a lost one is never made anew in silence."""
    if not os.access(path, os.W_OK):
        # SQLite would open it for reading alone, and the connection would stay so when the disk is well again.
        raise DatabaseUnavailable("the database file is gone or read-only")
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?mode=rw",
        uri=True,
        # Transactions are ours: the module's own BEGIN would come too late and never be IMMEDIATE.
        isolation_level=None,
        timeout=patience,
        check_same_thread=False,
        cached_statements=256,
    )
    try:
        for pragma in ("synchronous = FULL", "foreign_keys = ON", "secure_delete = ON", "temp_store = MEMORY"):
            connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        # The fault's traceback would keep it open, with its locks, for as long as it pleases the collector.
        connection.close()
        raise
    return connection


def begin(connection: Connection, word: str) -> None:
    """Begin the transaction straight at the driver: an event of the engine would cost at each statement."""
    connection.connection.dbapi_connection.execute(word)  # type: ignore[union-attr]


class Checkout:
    """A check that refuses a connection that is not durable, or whose file has been moved away or replaced."""

    def __init__(self, path: Path) -> None:
        """Check connections to the database file `path`."""
        self.path = path

    def __call__(self, connection: sqlite3.Connection, record: Any, proxy: Any) -> None:
        """Check a connection each time the pool hands it out."""
        try:
            found = os.stat(self.path)  # noqa: PTH116 (a microsecond counts here)
        except OSError:
            raise DatabaseUnavailable("the database file is gone") from None
        now = (found.st_dev, found.st_ino)
        if record.info.setdefault("file", now) != now:
            record.invalidate()
            raise DatabaseUnavailable("the database file was replaced")
        if connection.execute("PRAGMA synchronous").fetchone()[0] < FULL:
            record.invalidate()
            raise DatabaseUnavailable("synchronous is below FULL: a commit would not survive a power cut")
