"""Checks of a SQLite database for damage and shortage. For `flask db doctor`; changes nothing."""

import sqlite3
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.store.maintenance import disk

OLDEST_VERSION = (3, 38)
MAX_WAL = 256 * disk.MB


def old_library(_connection: Connection) -> list[str]:
    """Return the library's version, where it is older than those that we test with."""
    return [f"SQLite {sqlite3.sqlite_version}"] if sqlite3.sqlite_version_info < OLDEST_VERSION else []


def broken_pages(connection: Connection) -> list[str]:
    """Return what the file's own check finds: broken pages, and rows that refer to none."""
    found = [str(each) for each in connection.scalars(sa.text("PRAGMA quick_check(5)")) if each != "ok"]
    rows = {str(row[0]) for row in connection.execute(sa.text("PRAGMA foreign_key_check"))}
    return found + [f"{name} refers to what is not there" for name in sorted(rows)]


def short_of_room(connection: Connection, min_free_mb: int) -> list[str]:
    """Return how little room is left beside the file."""
    folder = _file(connection).parent
    short = disk.is_short(folder, min_free_mb)
    return [f"less than {min_free_mb} MB left in {folder}"] if short else []


def long_wal(connection: Connection) -> list[str]:
    """Return how long the write-ahead log has become: somebody who reads without end keeps it."""
    path = _file(connection)
    wal = path.with_name(f"{path.name}-wal")
    size = wal.stat().st_size if wal.exists() else 0
    return [f"{wal.name} has {size // disk.MB} MB"] if size > MAX_WAL else []


def _file(connection: Connection) -> Path:
    return Path(str(connection.engine.url.database))
