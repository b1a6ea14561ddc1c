"""The region's own words on the pages: whom to contact, who is responsible. Plain text, by name."""

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.store.tables import region_text

_ALL = sa.select(region_text.c.name, region_text.c.text)
_REMOVE = sa.delete(region_text).where(region_text.c.name == sa.bindparam("wanted"))
_ADD = sa.insert(region_text)


def all_texts(connection: Connection) -> dict[str, str]:
    """Return every text that has been written, by name."""
    return {row.name: row.text for row in connection.execute(_ALL)}


def save(connection: Connection, name: str, text: str) -> None:
    """Store a text in place of the earlier one; an empty one deletes it."""
    connection.execute(_REMOVE, {"wanted": name})
    if text:
        connection.execute(_ADD, {"name": name, "text": text})
