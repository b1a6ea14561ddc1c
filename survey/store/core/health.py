"""Results of the worker and its nightly checks, and its sign of life, for the health pages."""

import time
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.store.tables import health

# What nobody could write down here, and is seen by who looks: no database, no worker.
DATABASE, SILENT = "database", "silent"
HEARTBEAT = "worker.turn"
HEARTBEAT_INTERVAL = 30  # seconds
SILENT_AFTER = 15 * 60  # a step of a large region's takes minutes


class HealthLine(NamedTuple):
    """A check's result: its name, whether all is well, and the details."""

    name: str
    ok: bool
    detail: str = ""


_ALL = sa.select(health).order_by(health.c.name)
_CLEAR = sa.delete(health).where(health.c.name.in_(sa.bindparam("names", expanding=True)))
_ADD = sa.insert(health)


def lines(connection: Connection) -> list[HealthLine]:
    """Return every check's latest result."""
    return [HealthLine(**row._mapping) for row in connection.execute(_ALL)]


def write(connection: Connection, found: Iterable[HealthLine]) -> None:
    """Store the latest results of these checks."""
    rows = [line._asdict() for line in found]
    if rows:
        connection.execute(_CLEAR, {"names": [row["name"] for row in rows]})
        connection.execute(_ADD, rows)


def touch_heartbeat(folder: Path) -> None:
    """Touch the worker's sign of life where the web can read it: the time of a file that holds nothing.

    Not in the database: its log would get a clock, and with that each answer its minute.
    """
    mark = folder / HEARTBEAT
    if _age(mark) >= HEARTBEAT_INTERVAL:
        folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        mark.touch(0o640)


def is_silent(folder: Path) -> bool:
    """Return whether the worker's sign of life is missing or too old."""
    return heartbeat_age(folder) > SILENT_AFTER


def heartbeat_age(folder: Path) -> float:
    """Return the seconds since the worker's sign of life; infinity where there is none."""
    return _age(folder / HEARTBEAT)


def _age(mark: Path) -> float:
    try:
        return abs(time.time() - mark.stat().st_mtime)
    except OSError:
        return float("inf")
