"""Growing waits after wrong tries, by address. They slow a guesser down, in this process's memory.

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

FREE_ATTEMPTS = 3  # tries before the first wait
MIN_WAIT, MAX_WAIT = 2, 15 * 60
FORGET_AFTER = 24 * 60 * 60
MAX_REMEMBERED = 10_000


class FailedAttempts(NamedTuple):
    """The count of wrong tries, and the moment of the latest."""

    n: int
    latest: float


class LoginThrottle:
    """The wrong tries, by what was tried: an address, or a person's codes."""

    def __init__(
        self,
        clock: Callable[[], float] = monotonic,
        free: int = FREE_ATTEMPTS,
        min_wait: int = MIN_WAIT,
        max_wait: int = MAX_WAIT,
    ) -> None:
        self._clock = clock
        self._terms = free, min_wait, max_wait
        self._lock = Lock()
        self._wrong: dict[bytes, FailedAttempts] = {}

    def begin(self, tried: str) -> int:
        """Count a try and return 0; or return how many seconds it is too early, and don't count it."""
        key, now = self._key(tried), self._clock()
        with self._lock:
            found = self._wrong.get(key, FailedAttempts(0, now))
            if now - found.latest > FORGET_AFTER:
                found = FailedAttempts(0, now)
            if (early := found.latest + wait_seconds(found.n, *self._terms) - now) > 0:
                return ceil(early)
            if key not in self._wrong and len(self._wrong) >= MAX_REMEMBERED:
                del self._wrong[min(self._wrong, key=self._wrong.__getitem__)]
            self._wrong[key] = FailedAttempts(found.n + 1, now)
            return 0

    def reset(self, tried: str) -> None:
        """Forget the tries before: this one was right."""
        with self._lock:
            self._wrong.pop(self._key(tried), None)

    @staticmethod
    def _key(tried: str) -> bytes:
        return sha256(tried.strip().casefold().encode()).digest()


def wait_seconds(count: int, free: int = FREE_ATTEMPTS, min_wait: int = MIN_WAIT, max_wait: int = MAX_WAIT) -> int:
    """Return how many seconds must pass after so many wrong tries."""
    return 0 if count < free else min(max_wait, min_wait << min(count - free, 20))


def throttle_of(of: str = "passwords") -> LoginThrottle:
    """Return the current app's tries: of passwords and of letters by address, of codes by person, each on its own."""
    return cast(LoginThrottle, current_app.extensions["login_throttles"][of])


def mail_throttle() -> LoginThrottle:
    """Return the tries of letters that anyone may have sent to an address: two, and then fewer and fewer."""
    return LoginThrottle(free=2, min_wait=5 * 60, max_wait=60 * 60)
