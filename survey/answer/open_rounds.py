"""Which round each unit is asked in today, as remembered in one process; and which is to come. For the answer views.

The rounds are looked at every two seconds and the places every ten. While neither has changed, what is known of a unit
holds, so that a fetch costs no query however many units there are.
"""

import time
from collections.abc import Callable
from datetime import date
from threading import Lock
from typing import NamedTuple

from survey.domain.places.place_tree import Place
from survey.domain.rounds.lifecycle import Round
from survey.sealing.keys.registry import is_over
from survey.store.core import places, rounds
from survey.store.database.engine import read_transaction
from survey.web.request import services

SECONDS, SECONDS_OF_PLACES = 2.0, 10.0
_MAX_UNITS = 8192


class _Known(NamedTuple):
    place: Place | None
    round: Round | None
    until: float


class OpenRoundCache:
    """The unit and the open round behind each short address. That there is none holds for two seconds at most."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until = self._until_places = 0.0
        self._drawn_from: tuple[date | None, tuple[Round, ...], tuple[Place, ...]] = (None, (), ())
        self._known: dict[str, _Known] = {}
        self._lock = Lock()

    def of(self, unit: str) -> tuple[Place | None, Round | None]:
        """Return the unit with this short address, and the round that takes answers for it today."""
        today, now = services.today(), self._clock()
        if now >= self._until or today != self._drawn_from[0]:
            self._refresh(today, now)
        # What is read now belongs to what was known now, also if another thread forgets that meanwhile.
        known = self._known
        found = known.get(unit)
        if found is None or (found.round is None and now >= found.until):
            found = _Known(*_look_up(unit, today), now + SECONDS)
            with self._lock:
                if len(known) >= _MAX_UNITS:
                    known.clear()
                known[unit] = found
        return found.place, found.round

    def _refresh(self, today: date, now: float) -> None:
        """Forget what is known if the day, an open round or a place is another than it was."""
        _day, _rounds, last_places = self._drawn_from
        with read_transaction(services.engine()) as connection:
            opened = [each for each in rounds.rounds(connection) if each.state == "open"]
            if now >= self._until_places:
                last_places = tuple(places.all_places(connection))
                self._until_places = now + SECONDS_OF_PLACES
        seen = today, tuple(each for each in opened if not is_over(services.volumes(), each.key)), last_places
        with self._lock:
            if seen != self._drawn_from:
                self._drawn_from, self._known = seen, {}
            self._until = now + SECONDS


def _look_up(unit: str, today: date) -> tuple[Place | None, Round | None]:
    with read_transaction(services.engine()) as connection:
        place = places.unit_by_key(connection, unit)
        asked = rounds.open_round_for(connection, unit, today) if place and place.in_force(today) else None
    # A database from before the closing says that the round is open: nothing could open what is sealed to it.
    return place, None if asked and is_over(services.volumes(), asked.key) else asked


def coming_round(place: Place) -> Round | None:
    """Return the round that is open for a unit but whose first day is yet to come."""
    today = services.today()
    with read_transaction(services.engine()) as connection:
        found = rounds.round_to_distribute(connection, place.key, today) if place.in_force(today) else None
    return found if found and found.opens > today else None
