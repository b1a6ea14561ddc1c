"""How many answers the open link of a unit takes in an hour: nobody can fill a result by sending and sending.

Counted in this process's memory alone, by unit and never by address: no address is looked at. Answers with a code are
not counted; each code is good once anyway.
"""

from datetime import datetime
from threading import Lock


class Brake:
    """Answers by open link in the current hour, by unit."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._taken: dict[str, tuple[str, int]] = {}

    def lets(self, unit: str, now: datetime, most: int) -> tuple[bool, bool]:
        """Whether one more may come in this hour, and whether this is the first that may not."""
        hour = f"{now:%Y%m%d%H}"
        with self._lock:
            since, taken = self._taken.get(unit, (hour, 0))
            taken = taken + 1 if since == hour else 1
            self._taken[unit] = hour, taken
        return taken <= most, taken == most + 1
