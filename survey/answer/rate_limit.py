"""How many answers without a code a way in takes: nobody can fill a result by sending and sending.

A unit's open link is one way in, and each of its kiosks is one of its own, so that the one never closes the other. Each
takes so many in an hour, and so many in a day as fit the unit's size. Counted in this process's memory alone, never by
address: no address is looked at. Answers with a code are not counted; each code is good once anyway.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from threading import Lock

USUAL_SIZE = 20  # who work at a unit that has not said how many they are
LEAST_A_DAY = 30  # however small it is


class Verdict(Enum):
    """Whether one more may come in, and else when it is worth trying again."""

    GO = "go"
    LATER = "later"
    TOMORROW = "tomorrow"


@dataclass(frozen=True)
class Limits:
    """How many may come in through one way."""

    an_hour: int
    a_day: int


@dataclass
class Taken:
    """How many have come in through one way in this hour and this day, and whether it has been told that it is held."""

    hour: str = ""
    day: str = ""
    in_hour: int = 0
    in_day: int = 0
    told: bool = False


class Brake:
    """What has come in without a code, by way in: a unit, or the token of one of its kiosks."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._taken: dict[str, Taken] = {}

    def lets(self, way: str, now: datetime, most: Limits) -> tuple[Verdict, bool]:
        """Whether one more may come in, and whether this is the first of the hour that may not."""
        with self._lock:
            taken = self._taken.setdefault(way, Taken())
            if taken.day != (day := f"{now:%Y%m%d}"):
                taken.day, taken.in_day = day, 0
            if taken.hour != (hour := f"{now:%Y%m%d%H}"):
                taken.hour, taken.in_hour, taken.told = hour, 0, False
            if taken.in_day < most.a_day and taken.in_hour < most.an_hour:
                taken.in_day, taken.in_hour = taken.in_day + 1, taken.in_hour + 1
                return Verdict.GO, False
            first, taken.told = not taken.told, True
            return (Verdict.LATER if taken.in_day < most.a_day else Verdict.TOMORROW), first


def limits(an_hour: int, for_each_a_day: int, headcount: int | None) -> Limits:
    """What a unit of this size takes through each way in."""
    return Limits(an_hour, max(LEAST_A_DAY, for_each_a_day * (headcount or USUAL_SIZE)))
