"""A fair queue of SQLite's writers, across threads and processes: a file lock next to the database.

SQLite lets writers try again at random, and the unlucky wait long; the kernel lets those who wait for a file
lock in one after the other.
"""

import errno
import fcntl
import os
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue

from survey.store.database.errors import DatabaseFull, DatabaseUnavailable


class _Waiter(threading.Thread):
    """A thread that waits in the queue for others, one at a time; reused, because a new thread costs more."""

    def __init__(self, idle: "deque[_Waiter]") -> None:
        super().__init__(daemon=True)
        self.work: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._idle = idle
        self.start()

    def run(self) -> None:
        while True:
            self.work.get()()
            self._idle.append(self)


class WriterLock:
    """The queue of one database's writers."""

    def __init__(self, path: Path, patience: float) -> None:
        """Queue at the lock file `path`; a writer gives up after `patience` seconds."""
        self.path = path
        self.patience = patience
        self._idle: deque[_Waiter] = deque()

    @contextmanager
    def acquire(self) -> Iterator[None]:
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

        self._waiter().work.put(stand)
        if inside.wait(self.patience):
            return
        with decision:
            if inside.is_set():
                return
            left = True
        raise DatabaseUnavailable("queue: no turn in time")

    def _waiter(self) -> _Waiter:
        try:
            found = self._idle.pop()
        except IndexError:
            return _Waiter(self._idle)
        # After a fork, the threads are the other process's.
        return found if found.is_alive() else self._waiter()
