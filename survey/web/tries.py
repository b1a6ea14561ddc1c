"""How long an address must wait after wrong tries, longer each time. Slows a guesser down, in this process's memory.

Nobody is locked out: the owner waits a quarter of an hour at most. An address without an account is counted alike, so
that nobody learns from it which addresses exist. A try is counted before it is judged, so that many at once count too.
"""

from collections.abc import Callable
from hashlib import sha256
from math import ceil
from threading import Lock
from time import monotonic
from typing import NamedTuple, cast

from flask import current_app

FREE = 3  # tries before the first wait
SHORTEST, LONGEST = 2, 15 * 60
FORGOTTEN = 24 * 60 * 60
REMEMBERED = 10_000


class Wrong(NamedTuple):
    """So many tries in vain, the latest at this moment."""

    n: int
    latest: float


class Tries:
    """Tries in vain, by what was tried: an address, or a person's codes."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._wrong: dict[bytes, Wrong] = {}

    def begin(self, tried: str) -> int:
        """Count a try and return 0; or how many seconds it is too early, and then it doesn't count."""
        key, now = self._key(tried), self._clock()
        with self._lock:
            found = self._wrong.get(key, Wrong(0, now))
            if now - found.latest > FORGOTTEN:
                found = Wrong(0, now)
            if (early := found.latest + wait(found.n) - now) > 0:
                return ceil(early)
            if key not in self._wrong and len(self._wrong) >= REMEMBERED:
                del self._wrong[min(self._wrong, key=self._wrong.__getitem__)]
            self._wrong[key] = Wrong(found.n + 1, now)
            return 0

    def was_right(self, tried: str) -> None:
        """Forget the tries before: this one was right."""
        with self._lock:
            self._wrong.pop(self._key(tried), None)

    @staticmethod
    def _key(tried: str) -> bytes:
        return sha256(tried.strip().casefold().encode()).digest()


def wait(count: int) -> int:
    """How many seconds must pass after so many tries in vain."""
    return 0 if count < FREE else min(LONGEST, SHORTEST << min(count - FREE, 20))


def tries(of: str = "passwords") -> Tries:
    """The current app's, of passwords by address or of codes by person: nobody types their way into the other kind."""
    return cast(Tries, current_app.extensions["staff_tries"][of])
