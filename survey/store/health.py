"""What the nightly checks found, for the health page."""

from collections.abc import Iterable
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.store.tables import health


class Line(NamedTuple):
    """One check: its name, whether all is well, and what to know about it."""

    name: str
    ok: bool
    detail: str = ""


_ALL = sa.select(health).order_by(health.c.name)
_CLEAR = sa.delete(health).where(health.c.name.in_(sa.bindparam("names", expanding=True)))
_ADD = sa.insert(health)


def lines(connection: Connection) -> list[Line]:
    """Every check's latest line."""
    return [Line(**row._mapping) for row in connection.execute(_ALL)]


def write(connection: Connection, found: Iterable[Line]) -> None:
    """Keep the latest lines of these checks."""
    rows = [line._asdict() for line in found]
    if rows:
        connection.execute(_CLEAR, {"names": [row["name"] for row in rows]})
        connection.execute(_ADD, rows)
