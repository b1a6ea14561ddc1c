"""The units in force today, ready to be searched: read at most every ten seconds, so that a search costs no query.

For the front page and what leads to it.
"""

import time
from collections.abc import Callable
from datetime import date
from typing import cast

from flask import current_app

from survey.domain.places.directory import UnitIndex
from survey.store.core import places
from survey.store.database.engine import read_transaction
from survey.web.request import services

SECONDS = 10.0


class KnownUnits:
    """One process's memory of the units, and until when it holds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until = 0.0
        self._known: tuple[date, UnitIndex] | None = None

    def now(self) -> UnitIndex:
        """Return the units as they were at most ten seconds ago."""
        today, moment = services.today(), self._clock()
        known = self._known
        if known is None or known[0] != today or moment >= self._until:
            with read_transaction(services.engine()) as connection:
                known = today, UnitIndex(places.all_places(connection), today)
            self._known, self._until = known, moment + SECONDS
        return known[1]


def known_units() -> UnitIndex:
    """Return the current app's units."""
    return cast(KnownUnits, current_app.extensions["known_units"]).now()
