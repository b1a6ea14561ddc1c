"""As much of Python's own SQLite module as the store uses, over apsw: so that the store's own connection runs on a disk
of ours, with its own settings.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote, urlsplit

import apsw
import apsw.ext
import pytest

from survey.store.database import sqlite


@dataclass(frozen=True)
class Way:
    """How the store goes to the disk: by which VFS, and with what in place of its own wishes, for the controls."""

    vfs: str
    synchronous: str = "FULL"
    journal: str = ""
    # A small log is often written back.
    log_pages: int = 60


@contextmanager
def store_on(way: Way) -> Iterator[None]:
    """Every connection that the store opens goes that way, until the block ends."""

    def connect(address: str, **_: object) -> Connection:
        return Connection(path_of(address), way)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sqlite, "sqlite3", SimpleNamespace(connect=connect, Connection=sqlite3.Connection))
        yield


@contextmanager
def as_sqlite_says() -> Iterator[None]:
    """apsw's faults as those of Python's own module, which the store knows."""
    try:
        yield
    except apsw.Error as error:
        said = sqlite3.OperationalError(type(error).__name__)
        said.sqlite_errorcode = error.extendedresult
        said.sqlite_errorname = apsw.mapping_extended_result_codes.get(error.extendedresult, type(error).__name__)
        raise said from None


def _write_back_from(most: int) -> Callable[[apsw.Connection, str, int], int]:
    """SQLite's own hook: the commit stands, and what could not be written back is tried after the next one."""

    def write_back(connection: apsw.Connection, name: str, pages: int) -> int:
        if pages >= most:
            with suppress(apsw.Error):
                connection.wal_checkpoint(name)
        return apsw.SQLITE_OK

    return write_back


class Connection:
    """As much of Python's own SQLite connection as SQLAlchemy and the store use."""

    def __init__(self, path: Path, way: Way) -> None:
        """Open an existing database."""
        self._way = way
        with as_sqlite_says():
            self.inner = apsw.Connection(str(path), vfs=way.vfs, flags=apsw.SQLITE_OPEN_READWRITE)
            # The recorded file can't share memory, which an exclusive log does not need.
            self.inner.execute("PRAGMA locking_mode = EXCLUSIVE")
            if way.journal:
                self.inner.execute(f"PRAGMA journal_mode = {way.journal}")
        self.inner.set_wal_hook(_write_back_from(way.log_pages))

    def execute(self, statement: str, parameters: Any = ()) -> "Cursor":
        return Cursor(self).execute(statement, parameters)

    def asked(self, statement: str) -> str:
        if self._way.synchronous == "FULL" or "synchronous" not in statement:
            return statement
        return "SELECT 2" if "=" not in statement else f"PRAGMA synchronous = {self._way.synchronous}"

    def cursor(self) -> "Cursor":
        return Cursor(self)

    def create_function(self, *given: Any, **named: Any) -> None:
        """SQLAlchemy's regular expressions are not used here."""

    def commit(self) -> None:
        if self.inner.in_transaction:
            self.execute("COMMIT")

    def rollback(self) -> None:
        if self.inner.in_transaction:
            self.execute("ROLLBACK")

    def close(self) -> None:
        self.inner.close()


class Cursor:
    """As much of a cursor."""

    arraysize = 1
    lastrowid = None

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1

    def execute(self, statement: str, parameters: Any = ()) -> "Cursor":
        cursor = self._connection.inner.cursor()
        before = self._connection.inner.total_changes()
        with as_sqlite_says():
            asked = self._connection.asked(statement)
            found = cursor.execute(asked, parameters or None)
            try:
                self.description = [(column[0], *([None] * 6)) for column in cursor.get_description()]
            except apsw.ExecutionCompleteError:
                # It has come to its end: nothing that gives rows, or no rows; SQLAlchemy asks which.
                # What is really run: SQLite lets a PRAGMA take effect as soon as it is prepared.
                columns = apsw.ext.query_info(self._connection.inner, asked).description
                self.description = [(column[0], *([None] * 6)) for column in columns] or None
            self._rows = list(found)
        self.rowcount = self._connection.inner.total_changes() - before
        return self

    def executemany(self, statement: str, many: Any) -> "Cursor":
        for parameters in many:
            self.execute(statement, parameters)
        return self

    def fetchone(self) -> Any:
        return self._rows.pop(0) if self._rows else None

    def fetchall(self) -> list[Any]:
        rows, self._rows = self._rows, []
        return rows

    def fetchmany(self, size: int = 1) -> list[Any]:
        rows, self._rows = self._rows[:size], self._rows[size:]
        return rows

    def close(self) -> None:
        self._rows = []


def path_of(uri: str) -> Path:
    """The path in the address the store hands to SQLite."""
    return Path(unquote(urlsplit(uri).path))
