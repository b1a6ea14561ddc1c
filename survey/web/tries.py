"""How often an address has just been tried with a wrong password. Slows a guesser down, in this process's memory only.

An address without an account is counted alike, so that nobody learns from it which addresses exist.
"""

from collections.abc import Callable
from hashlib import sha256
from threading import Lock
from time import monotonic

MOST = 8
WINDOW = 15 * 60
REMEMBERED = 10_000


class Tries:
    """Wrong tries per address within the last quarter of an hour."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._wrong: dict[bytes, list[float]] = {}

    def is_full(self, address: str) -> bool:
        """Whether this address must wait."""
        with self._lock:
            return len(self._recent(self._key(address))) >= MOST

    def note(self, address: str, right: bool) -> None:
        """Count a try: a right one clears the address."""
        key = self._key(address)
        with self._lock:
            if right:
                self._wrong.pop(key, None)
                return
            if len(self._wrong) >= REMEMBERED:
                self._wrong.clear()
            self._wrong[key] = [*self._recent(key), self._clock()]

    def _recent(self, key: bytes) -> list[float]:
        since = self._clock() - WINDOW
        return [moment for moment in self._wrong.get(key, ()) if moment > since]

    @staticmethod
    def _key(address: str) -> bytes:
        return sha256(address.casefold().encode()).digest()
