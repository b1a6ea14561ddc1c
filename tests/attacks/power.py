"""A disk that can lose power: records what SQLite writes and syncs, and shows what may be left at any
moment.

Writes after the last sync of a file may be there or not, in any order, sector by sector. The store's own
connection runs on it, with its own settings, through a small shim over apsw.
"""

import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import apsw

SECTOR = 512


@dataclass(frozen=True)
class Event:
    """One write, truncation or sync of one file."""

    file: str
    kind: str
    at: int = 0
    data: bytes = b""


@dataclass
class Disk:
    """Everything that was asked of the disk, in order, and what lay there before."""

    before: dict[str, bytes] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)

    def after_cut(self, moment: int, chance: random.Random) -> dict[str, bytes]:
        """The files as they may be found when the power went after so many events."""
        files = {event.file for event in self.events[:moment]} | set(self.before)
        return {name: self._left(name, moment, chance) for name in files}

    def _left(self, name: str, moment: int, chance: random.Random) -> bytes:
        own = [event for event in self.events[:moment] if event.file == name]
        synced = max((i + 1 for i, event in enumerate(own) if event.kind == "sync"), default=0)
        content = bytearray(self.before.get(name, b""))
        for event in own[:synced]:
            _apply(content, event)
        pieces = [piece for event in own[synced:] for piece in _pieces(event)]
        chance.shuffle(pieces)
        share = chance.random()
        for piece in pieces:
            if chance.random() < share:
                _apply(content, piece)
        return bytes(content)


def _pieces(event: Event) -> list[Event]:
    starts = range(0, len(event.data), SECTOR) if event.kind == "write" else ()
    return [Event(event.file, "write", event.at + s, event.data[s : s + SECTOR]) for s in starts] or [event]


def _apply(content: bytearray, event: Event) -> None:
    if event.kind == "truncate":
        del content[event.at :]
    elif event.kind == "write":
        content.extend(bytes(max(0, event.at - len(content))))
        content[event.at : event.at + len(event.data)] = event.data


class _File(apsw.VFSFile):
    def __init__(self, disk: Disk, filename: Any, flags: list[int]) -> None:
        super().__init__("", filename, flags)
        named = filename.filename() if isinstance(filename, apsw.URIFilename) else filename
        self._disk, self._name = disk, Path(str(named)).name

    def xWrite(self, data: bytes, offset: int) -> None:
        super().xWrite(data, offset)
        self._disk.events.append(Event(self._name, "write", offset, bytes(data)))

    def xTruncate(self, newsize: int) -> None:
        super().xTruncate(newsize)
        self._disk.events.append(Event(self._name, "truncate", newsize))

    def xSync(self, flags: int) -> None:
        super().xSync(flags)
        self._disk.events.append(Event(self._name, "sync"))


class RecordingVFS(apsw.VFS):
    """SQLite's way to the disk, recorded."""

    def __init__(self, name: str, disk: Disk) -> None:
        """`name` must be new in this process."""
        super().__init__(name, "")
        self._disk = disk

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:
        """Open a file that is recorded."""
        return _File(self._disk, name, flags)


class Connection:
    """As much of Python's own SQLite connection as SQLAlchemy and the store use."""

    def __init__(self, path: Path, vfs: str, synchronous: str) -> None:
        """`synchronous` overrides the store's wish, for the control."""
        self._synchronous = synchronous
        self.inner = apsw.Connection(str(path), vfs=vfs, flags=apsw.SQLITE_OPEN_READWRITE)
        # The recorded file can't share memory, which an exclusive log does not need; a small log is often
        # written back.
        self.inner.execute("PRAGMA locking_mode = EXCLUSIVE")
        self.inner.execute("PRAGMA wal_autocheckpoint = 60")

    def execute(self, statement: str, parameters: Any = ()) -> "Cursor":
        return Cursor(self).execute(statement, parameters)

    def asked(self, statement: str) -> str:
        if self._synchronous == "FULL" or "synchronous" not in statement:
            return statement
        return "SELECT 2" if "=" not in statement else f"PRAGMA synchronous = {self._synchronous}"

    def cursor(self) -> "Cursor":
        return Cursor(self)

    def create_function(self, *given: Any, **named: Any) -> None:
        """SQLAlchemy's regular expressions are not used here."""

    def commit(self) -> None:
        if self.inner.in_transaction:
            self.inner.execute("COMMIT")

    def rollback(self) -> None:
        if self.inner.in_transaction:
            self.inner.execute("ROLLBACK")

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
        found = cursor.execute(self._connection.asked(statement), parameters or None)
        try:
            self.description = [(column[0], *([None] * 6)) for column in cursor.get_description()]
        except apsw.ExecutionCompleteError:
            self.description = None
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
