"""Disks that fail: a small one that is really full, and one whose n-th call goes wrong in a way of its own.

For the attacks on what is kept. The failing disk stands below SQLite and is recorded, so that the power may go too.
"""

import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import apsw
from sqlalchemy import Engine, event

from survey.store.maintenance.disk import MB, free_bytes
from tests.attacks.power import Disk, RecordedFile, RecordingVFS

EVERY_CALL = frozenset({"open", "write", "sync", "truncate"})
CODES = {"open": apsw.SQLITE_CANTOPEN, "sync": apsw.SQLITE_IOERR_FSYNC, "truncate": apsw.SQLITE_IOERR_TRUNCATE}


@dataclass(frozen=True)
class Fault:
    """A way to fail: which calls, for how long, and whether a write that fails has got half way."""

    name: str
    calls: frozenset[str] = EVERY_CALL
    lasting: bool = False
    half: bool = False
    write: int = apsw.SQLITE_IOERR_WRITE


READ_ONLY = Fault("read-only from then on", EVERY_CALL - {"sync"}, lasting=True)
FAULTS = (
    Fault("one call fails"),
    Fault("one call fails, half of it done", half=True),
    Fault("no call succeeds from then on", lasting=True),
    Fault("no space from then on", frozenset({"write"}), lasting=True, half=True, write=apsw.SQLITE_FULL),
    READ_ONLY,
)


@dataclass
class Trouble:
    """What the disk does just now: nothing, or a fault that is to come after so many more calls, or has come."""

    fault: Fault | None = None
    calls_left: int = 0
    struck: int = 0

    def plan(self, fault: Fault, call: int) -> None:
        """Let the call of that number fail, counted from 1 and from now, of those that the fault is about."""
        self.fault, self.calls_left, self.struck = fault, call, 0

    def mend(self) -> None:
        """The disk is well again."""
        self.fault = None

    def strikes(self, call: str) -> bool:
        """Whether this call fails."""
        if self.fault is None or call not in self.fault.calls:
            return False
        self.calls_left -= 1
        now = self.calls_left == 0 or (self.fault.lasting and self.calls_left < 0)
        self.struck += now
        return now


class FailingVFS(RecordingVFS):
    """SQLite's way to a disk that can be in trouble."""

    def __init__(self, disk: Disk, trouble: Trouble) -> None:
        """A disk that is well until told otherwise."""
        super().__init__(disk)
        self.trouble = trouble

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:
        """Open a file; from a read-only disk for reading alone."""
        if self.trouble.strikes("open"):
            if self.trouble.fault is not READ_ONLY or flags[0] & apsw.SQLITE_OPEN_CREATE:
                raise apsw.exception_for(CODES["open"])
            flags[0] = flags[0] & ~apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_READONLY
            flags[1] |= apsw.SQLITE_OPEN_READONLY
        return _FailingFile(self.disk, name, flags, self.trouble)


class _FailingFile(RecordedFile):
    def __init__(self, disk: Disk, filename: Any, flags: list[int], trouble: Trouble) -> None:
        super().__init__(disk, filename, flags)
        self._trouble = trouble

    def xWrite(self, data: bytes, offset: int) -> None:
        fault = self._trouble.fault
        if fault is not None and self._trouble.strikes("write"):
            if fault.half:
                super().xWrite(data[: len(data) // 2], offset)
            raise apsw.exception_for(fault.write)
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:
        if self._trouble.strikes("truncate"):
            raise apsw.exception_for(CODES["truncate"])
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:
        if self._trouble.strikes("sync"):
            self.note("failed sync")
            raise apsw.exception_for(CODES["sync"])
        super().xSync(flags)


@contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[bool]:
    """Make the folder a disk of that size. Where this machine mounts nothing for us it is a plain one, and False."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "none", str(folder)]
    if shutil.which("mount"):
        subprocess.run(command, check=False, capture_output=True)
    mounted = os.path.ismount(folder)
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(folder)], check=True)


def fill_up(folder: Path, leave: int = 0) -> None:
    """Let only so many bytes be left on the disk of the folder."""
    with (folder / "something else").open("ab", buffering=0) as file:
        while (more := free_bytes(folder) - leave) > 0:
            file.write(bytes(min(more, MB)))


@contextmanager
def no_large_files(size: int | None) -> Iterator[None]:
    """No file of this process may grow beyond that, until the block ends; None for no such limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft if size is None else size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def may_not_grow(engine: Engine, pages: int) -> None:
    """Let the database have so many pages more than now."""

    def limit(connection: object, *_: object) -> None:
        now = connection.execute("PRAGMA page_count").fetchone()[0]  # type: ignore[attr-defined]
        connection.execute(f"PRAGMA max_page_count = {now + pages}")  # type: ignore[attr-defined]

    engine.dispose()
    event.listen(engine, "connect", limit)


def may_grow(engine: Engine) -> None:
    """Give the room back."""

    def unlimit(connection: object, *_: object) -> None:
        connection.execute("PRAGMA max_page_count = 1000000")  # type: ignore[attr-defined]

    engine.dispose()
    event.listen(engine, "connect", unlimit)
