"""How many codes a unit has handed out, by role and by way. Counts only: codes are never told apart."""

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.store.tables import handout

# One statement for both databases; SQLAlchemy has it only per dialect.
_MORE = sa.text(
    "INSERT INTO handout (unit, round, role, way, n) VALUES (:unit, :round, :role, :way, :n) "
    "ON CONFLICT (unit, round, role, way) DO UPDATE SET n = handout.n + excluded.n"
)
_OF_UNIT = sa.select(handout.c.role, handout.c.way, handout.c.n).where(
    handout.c.unit == sa.bindparam("at_unit"), handout.c.round == sa.bindparam("in_round")
)


def add(connection: Connection, n: int, *, unit: str, round: str, role: str, way: str) -> None:
    """Count so many more."""
    connection.execute(_MORE, {"n": n, "unit": unit, "round": round, "role": role, "way": way})


def of_unit(connection: Connection, unit: str, round: str) -> dict[tuple[str, str], int]:
    """How many a unit has handed out in a round, by role and way."""
    rows = connection.execute(_OF_UNIT, {"at_unit": unit, "in_round": round})
    return {(role, way): n for role, way, n in rows}
