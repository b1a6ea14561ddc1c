"""The limit on answers without a code, by way in: nobody can fill a result by sending and sending.

A unit's open link is one way in, and each of its kiosks is one of its own, so that the one never closes the other. Each
takes so many in an hour, and so many in a day as fit the unit's size. Counted in this process's memory alone, never by
address: no address is looked at. Processes on several hosts have a share each: a count that they kept together in the
database would tell how many had answered, hour by hour. Answers with a code are not counted; each code is good once
anyway. Only what was stored counts: a page on a bad line sends the same form again and again, and must not close the
way for others.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from threading import Lock

DEFAULT_HEADCOUNT = 20  # the headcount of a unit that has not given one
MIN_PER_DAY = 30  # however small it is


class Verdict(Enum):
    """The answer to one more submission: let in, or held for the hour or the day."""

    GO = "go"
    LATER = "later"
    TOMORROW = "tomorrow"


@dataclass(frozen=True)
class Limits:
    """The most submissions that one way in takes in an hour and in a day."""

    per_hour: int
    per_day: int


def scaled(limits: Limits, days: int) -> Limits:
    """Return the limits for what has gathered during so many days, and comes at once."""
    return Limits(limits.per_day * days, limits.per_day * days)


@dataclass
class Usage:
    """The count of one way in for this hour and this day, and whether it has been reported as held."""

    day: date | None = None
    hour: int = 0
    in_hour: int = 0
    in_day: int = 0
    reported: bool = False


class RateLimit:
    """The counts of submissions without a code, by way in: a unit, or the token of one of its kiosks."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._taken: dict[str, Usage] = {}

    def allows(self, key: str, now: datetime, limits: Limits) -> tuple[Verdict, bool]:
        """Return whether one more may come in, and whether this is the first of the hour that may not."""
        with self._lock:
            taken = self._taken.setdefault(key, Usage())
            day, hour = now.date(), now.hour
            if taken.day != day:
                taken.in_day = 0
            if (taken.day, taken.hour) != (day, hour):
                taken.in_hour, taken.reported = 0, False
            taken.day, taken.hour = day, hour
            if taken.in_day < limits.per_day and taken.in_hour < limits.per_hour:
                taken.in_day, taken.in_hour = taken.in_day + 1, taken.in_hour + 1
                return Verdict.GO, False
            first, taken.reported = not taken.reported, True
            return (Verdict.LATER if taken.in_day < limits.per_day else Verdict.TOMORROW), first

    def give_back(self, key: str) -> None:
        """Count one less: what was let in was not stored, or had been stored before."""
        with self._lock:
            if (taken := self._taken.get(key)) and taken.in_hour:
                taken.in_day, taken.in_hour = taken.in_day - 1, taken.in_hour - 1


def limits_of(an_hour: int, for_each_a_day: int, headcount: int | None, processes: int = 1) -> Limits:
    """Return the limits of each way in to a unit of this size, in one of so many processes that share them."""
    a_day = max(MIN_PER_DAY, for_each_a_day * (headcount or DEFAULT_HEADCOUNT))
    return Limits(*(-(-limit // max(1, processes)) for limit in (an_hour, a_day)))
