"""Reports of a closing under way: each tenth for the office, once, and that the worker is at work. For the worker."""

from contextlib import suppress

from sqlalchemy import Engine

from survey.sealing.keys.key_volumes import KeyVolumes
from survey.store.answers import closing_progress
from survey.store.core import health
from survey.store.database.engine import write_transaction


class ClosingProgress:
    """Progress of one closing."""

    def __init__(self, engine: Engine, volumes: KeyVolumes, round_key: str) -> None:
        """Begin with nothing written."""
        self._engine, self._volumes, self._round = engine, volumes, round_key
        self._written = -1

    def __call__(self, done: int, of: int) -> None:
        """Take note of how many of how many envelopes are dealt with; a tenth is told when it is over."""
        with suppress(OSError):  # each turn says so
            health.touch_heartbeat(self._volumes.pepper)
        tenths = 10 * done // max(1, of)
        if tenths != self._written:
            with write_transaction(self._engine) as connection:
                closing_progress.save(connection, self._round, tenths)
            self._written = tenths
