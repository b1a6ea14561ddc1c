"""Queries of the places, for every room of the survey."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.domain.places.place_tree import Place
from survey.store.tables import place

REFERENCES = ("parent", "filial_of", "merged_into")

_ALL = sa.select(place).order_by(place.c.key)
# Does not wait for rows that only refer to a place, as each new code does.
_ALL_ALONE = _ALL.with_for_update(key_share=True)
_ONE = sa.select(place).where(place.c.key == sa.bindparam("wanted"))
_HOLD = sa.select(place.c.key).where(place.c.key == sa.bindparam("wanted")).with_for_update(key_share=True)
_ONE_HELD = _ONE.with_for_update(key_share=True)
_REGION = sa.select(place.c.name).where(place.c.level == sa.literal_column("'region'"))
_KEYS = sa.select(place.c.key)
_ADD = sa.insert(place)
_CHANGE = (
    sa.update(place)
    .where(place.c.key == sa.bindparam("wanted"))
    .values({column.name: sa.bindparam(column.name) for column in place.c if column.name != "key"})
)


def all_places(connection: Connection) -> list[Place]:
    """Return every place, ended ones too."""
    return [Place(**row._mapping) for row in connection.execute(_ALL)]


def places_for_update(connection: Connection) -> list[Place]:
    """Return every place, locked until the transaction ends: two who change the tree at once take turns."""
    return [Place(**row._mapping) for row in connection.execute(_ALL_ALONE)]


def lock_place(connection: Connection, key: str) -> None:
    """Lock a place until the transaction ends: two who write about it at once take turns."""
    connection.execute(_HOLD, {"wanted": key})


def unit_by_key(connection: Connection, key: str) -> Place | None:
    """Return the unit with that key; None for other places."""
    # A NUL stands in no key, and PostgreSQL takes none: asked for one, it would seem to be out of order.
    row = None if "\0" in key else connection.execute(_ONE, {"wanted": key}).one_or_none()
    return Place(**row._mapping) if row is not None and row.level == "unit" else None


def unit_for_update(connection: Connection, key: str) -> Place | None:
    """Return the unit with that key, locked until the transaction ends: two who make codes for it take turns."""
    row = connection.execute(_ONE_HELD, {"wanted": key}).one_or_none()
    return Place(**row._mapping) if row is not None and row.level == "unit" else None


def region_name(connection: Connection) -> str:
    """Return the region's name; empty before there is one."""
    return str(connection.scalar(_REGION) or "")


def save_places(connection: Connection, places: Iterable[Place]) -> None:
    """Add new places and change known ones; they may come in any order."""
    here = set(connection.scalars(_KEYS))
    rows: list[dict[str, Any]] = [asdict(each) for each in places]
    new = [{**row, **dict.fromkeys(REFERENCES)} for row in rows if row["key"] not in here]
    if new:
        connection.execute(_ADD, new)
    # The second step sets what the places say of each other, once all of them are there.
    if rows:
        connection.execute(_CHANGE, [{**row, "wanted": row["key"]} for row in rows])
