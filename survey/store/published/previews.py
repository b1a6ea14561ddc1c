"""Previews of a closed round's publication: counts of figures that would be hidden. For the worker and admin."""

import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.store.tables import preview

REFUSED = "refused"
"""Stands in the place of the counts when the figures could not be put together."""

_ONE = sa.select(preview.c.body).where(preview.c.round == sa.bindparam("wanted"))
_DROP = sa.delete(preview).where(preview.c.round == sa.bindparam("wanted"))
_ADD = sa.insert(preview)


def get(connection: Connection, round: str) -> dict[str, Any] | None:
    """Return a round's preview, or None before it was counted."""
    body = connection.scalar(_ONE, {"wanted": round})
    return None if body is None else dict(json.loads(body))


def save(connection: Connection, round: str, counted: Mapping[str, Any]) -> None:
    """Store a round's preview in the place of an earlier one."""
    connection.execute(_DROP, {"wanted": round})
    connection.execute(_ADD, {"round": round, "body": json.dumps(counted, sort_keys=True)})
