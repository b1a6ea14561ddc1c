"""A disk that can lose power: records what SQLite writes and syncs, and shows what may be left at any
moment.

Writes after the last sync of a file may be there or not, in any order, sector by sector, and a sector may be
torn: only a part of what was meant for it is there.
"""

import random
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count, pairwise
from pathlib import Path
from typing import Any

import apsw

SECTOR = 512
# Of the sectors that are not there whole, so many are there in part.
TORN = 0.4
_numbers = count(1)


@dataclass(frozen=True)
class Event:
    """One write, truncation or sync of one file; a `failed sync` said so, and may have kept anything."""

    file: str
    kind: str
    at: int = 0
    data: bytes = b""


@dataclass
class Disk:
    """Everything that was asked of the disk, in order, and what lay there before."""

    before: Mapping[str, bytes] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)


class Platter:
    """What is safe after so many events, and what is on its way there. It only goes forward."""

    def __init__(self, disk: Disk, chance: random.Random) -> None:
        """Before the first event."""
        self.moment, self.dropped, self.torn = 0, 0, 0
        self._disk, self._chance = disk, chance
        self._safe = {name: bytearray(content) for name, content in disk.before.items()}
        self._loose: dict[str, list[Event]] = {}

    def forward(self, moment: int) -> None:
        """Let time go on until so many events have been."""
        for event in self._disk.events[self.moment : moment]:
            content, loose = self._safe.setdefault(event.file, bytearray()), self._loose.setdefault(event.file, [])
            if event.kind == "sync":
                for each in loose:
                    _apply(content, each)
                loose.clear()
            elif event.kind == "failed sync":
                # What it had to keep may be lost, and the next sync does not bring it back.
                self._settle(content, loose)
                loose.clear()
            else:
                loose.append(event)
        self.moment = moment

    def unharmed(self) -> dict[str, bytes]:
        """The files as the system shows them while it runs, and after a kill."""
        return {name: self._left(name, _apply_all) for name in self._safe}

    def after_cut(self) -> dict[str, bytes]:
        """The files as they may be found when the power goes now."""
        return {name: self._left(name, self._settle) for name in self._safe}

    def _left(self, name: str, settle: Callable[[bytearray, list[Event]], None]) -> bytes:
        content = bytearray(self._safe[name])
        settle(content, self._loose.get(name, []))
        return bytes(content)

    def _settle(self, content: bytearray, loose: list[Event]) -> None:
        """Some of it, in any order, some of that in part."""
        pieces = [piece for event in loose for piece in _pieces(event)]
        self._chance.shuffle(pieces)
        share = self._chance.random()
        for piece in pieces:
            if self._chance.random() < share:
                _apply(content, piece)
            elif piece.data and self._chance.random() < TORN:
                self.torn += 1
                start, end = sorted(self._chance.randrange(len(piece.data) + 1) for _ in range(2))
                _apply(content, Event(piece.file, "write", piece.at + start, piece.data[start:end]))
            else:
                self.dropped += 1


def _pieces(event: Event) -> list[Event]:
    if event.kind != "write":
        return [event]
    edges = [0, *range(SECTOR - event.at % SECTOR, len(event.data), SECTOR), len(event.data)]
    return [Event(event.file, "write", event.at + start, event.data[start:end]) for start, end in pairwise(edges)]


def _apply(content: bytearray, event: Event) -> None:
    if event.kind == "truncate":
        del content[event.at :]
    elif event.data:
        content.extend(bytes(max(0, event.at - len(content))))
        content[event.at : event.at + len(event.data)] = event.data


def _apply_all(content: bytearray, loose: list[Event]) -> None:
    for event in loose:
        _apply(content, event)


class RecordedFile(apsw.VFSFile):
    """One open file, recorded."""

    def __init__(self, disk: Disk, filename: Any, flags: list[int]) -> None:
        """Open it."""
        super().__init__("", filename, flags)
        named = filename.filename() if isinstance(filename, apsw.URIFilename) else filename
        self._disk, self._name = disk, Path(str(named)).name

    def xWrite(self, data: bytes, offset: int) -> None:
        super().xWrite(data, offset)
        self.note("write", offset, bytes(data))

    def xTruncate(self, newsize: int) -> None:
        super().xTruncate(newsize)
        self.note("truncate", newsize)

    def xSync(self, flags: int) -> None:
        # What is safe is reckoned from this; the machine's own disk need not be waited for.
        self.note("sync")

    def note(self, kind: str, at: int = 0, data: bytes = b"") -> None:
        """Keep what was asked."""
        self._disk.events.append(Event(self._name, kind, at, data))


class RecordingVFS(apsw.VFS):
    """SQLite's way to the disk, recorded."""

    def __init__(self, disk: Disk) -> None:
        """Known to SQLite by a name of its own."""
        self.name, self.disk = f"recorded{next(_numbers)}", disk
        super().__init__(self.name, "")

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:
        """Open a file that is recorded."""
        return RecordedFile(self.disk, name, flags)


@dataclass(frozen=True)
class Left:
    """What a database holds after an accident: the marks of whole answers, and what is wrong with it."""

    marks: frozenset[bytes] = frozenset()
    damaged: bool = False
    half: bool = False


def left_in(folder: Path, files: Mapping[str, bytes]) -> Left:
    """Put the files there and look, as SQLite finds them when it starts again. For residents' answers alone."""
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    connection = sqlite3.connect(folder / "survey.sqlite")
    try:
        connection.execute("PRAGMA synchronous = OFF")
        damaged = connection.execute("PRAGMA integrity_check").fetchone() != ("ok",)
        marks = {row[0] for row in connection.execute("SELECT form_id_hash FROM used_form_id")}
        marks |= {row[0] for row in connection.execute("SELECT code_hash FROM access_code WHERE spent = 1")}
        envelopes = connection.execute("SELECT count(*) FROM envelope").fetchone()[0]
        accepted = connection.execute("SELECT sum(accepted) FROM batch").fetchone()[0]
    except sqlite3.DatabaseError:
        return Left(damaged=True)
    finally:
        connection.close()
    return Left(frozenset(marks), damaged, half=not envelopes == accepted == 2 * len(marks))
