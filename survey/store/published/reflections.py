"""Reflections of a unit on its own result, and the one improvement it chose. Staff's words, not answers."""

from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.store.tables import reflection, round_


class Reflection(NamedTuple):
    """A unit's words on one round."""

    round: str
    round_name: str
    thoughts: str
    improvement: str


# One statement for both databases; SQLAlchemy has it only per dialect.
_KEEP = sa.text(
    "INSERT INTO reflection (unit, round, thoughts, improvement) VALUES (:unit, :round, :thoughts, :improvement) "
    "ON CONFLICT (unit, round) DO UPDATE SET thoughts = excluded.thoughts, improvement = excluded.improvement"
)
_OF_UNIT = (
    sa.select(reflection.c.round, round_.c.name, reflection.c.thoughts, reflection.c.improvement)
    .join(round_, round_.c.key == reflection.c.round)
    .where(reflection.c.unit == sa.bindparam("at_unit"))
    .order_by(round_.c.opens)
)


def save(connection: Connection, unit: str, round: str, *, thoughts: str, improvement: str) -> None:
    """Store a unit's words on a round, in the place of earlier ones."""
    connection.execute(_KEEP, {"unit": unit, "round": round, "thoughts": thoughts, "improvement": improvement})


def of_unit(connection: Connection, unit: str) -> list[Reflection]:
    """Return a unit's words, the oldest round first."""
    return [Reflection(*row) for row in connection.execute(_OF_UNIT, {"at_unit": unit})]
