"""The region's own words: the names of it and of a unit, its contact, who is responsible. For every page.

What the coordinator has written, else the instance's settings. Remembered for two seconds, so that pages cost no
look at the database; while that is out of order, the words are those that were last seen. A page that is kept drawn
is kept under these words too.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import cast

from flask import Flask, current_app

from survey.config import Settings
from survey.store.core import places
from survey.store.database.engine import DatabaseFault, read_transaction
from survey.store.published import region_texts
from survey.web.request import services

SECONDS = 2.0


@dataclass(frozen=True)
class Texts:
    """The region's texts, plain; empty where there is none."""

    unit_word: str = ""
    contact: str = ""
    controller: str = ""
    dpo: str = ""
    accessibility: str = ""
    accessibility_exceptions: str = ""
    region: str = ""


KEYS = tuple(name for name in Texts.__dataclass_fields__ if name != "region")  # what the coordinator writes here


def from_settings(settings: Settings) -> Texts:
    """Return the texts from the settings, for where the coordinator has written nothing."""
    return Texts(unit_word=settings.unit_word, contact=settings.contact, region=settings.region_name)


class RegionTexts:
    """One process's memory of the texts, and until when it holds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until = 0.0
        self._known: Texts | None = None

    def now(self) -> Texts:
        """Return the texts as they were at most two seconds ago."""
        moment = self._clock()
        if self._known is None or moment >= self._until:
            self._known, self._until = self._refresh(), moment + SECONDS
        return self._known

    def invalidate(self) -> None:
        """Forget the texts, so that the person who changed one sees it at once."""
        self._until = 0.0

    def _refresh(self) -> Texts:
        usual = from_settings(services.settings())
        try:
            with read_transaction(services.engine()) as connection:
                written = region_texts.all_texts(connection)
                region = places.region_name(connection)
        except DatabaseFault:
            return self._known or usual
        words = {key: text for key, text in written.items() if key in KEYS}
        return replace(usual, **words, region=region or usual.region)


def init_region_texts(app: Flask) -> None:
    """Give the app its memory of the texts."""
    app.extensions["region_texts"] = RegionTexts()


def texts() -> Texts:
    """Return the region's words for this page."""
    return _memory().now()


def reload_texts() -> None:
    """Forget the texts, so that a change shows at once here; other processes show it within two seconds."""
    _memory().invalidate()


def _memory() -> RegionTexts:
    return cast(RegionTexts, current_app.extensions["region_texts"])
