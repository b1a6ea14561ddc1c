"""A fair line of SQLite's writers, across threads and processes: a file lock beside the database.

SQLite lets writers try again at random, and the unlucky wait long; the kernel lets those who wait for a file
lock in one after the other.
"""

import errno
import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from survey.store.faults import DatabaseFull, DatabaseUnavailable


class Queue:
    """The line before one database."""

    def __init__(self, path: Path, patience: float) -> None:
        """`path` is the lock file, `patience` the seconds after which a writer gives up."""
        self.path = path
        self.patience = patience

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for the turn, and hold it."""
        descriptor = self._open()
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._wait(descriptor)
        try:
            yield
        finally:
            os.close(descriptor)

    def _open(self) -> int:
        try:
            return os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o660)
        except OSError as error:
            full = error.errno in (errno.ENOSPC, errno.EDQUOT)
            kind = DatabaseFull if full else DatabaseUnavailable
            raise kind(f"queue: {errno.errorcode.get(error.errno or 0, 'OSError')}") from None

    def _wait(self, descriptor: int) -> None:
        # A blocking lock keeps the line fair but knows no timeout, so a thread waits in our place; when we
        # give up, it steps out of the line by closing the file as soon as its turn comes.
        decision = threading.Lock()
        inside = threading.Event()
        left = False

        def stand() -> None:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            with decision:
                inside.set()
                if left:
                    os.close(descriptor)

        threading.Thread(target=stand, daemon=True).start()
        if inside.wait(self.patience):
            return
        with decision:
            if inside.is_set():
                return
            left = True
        raise DatabaseUnavailable("queue: no turn in time")
