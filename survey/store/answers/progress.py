"""Residents' answers so far at each unit, in tens, as the worker last counted them: once a day, without paper.

For the pages of the staff. A figure that moves with each answer would be a counter: who puts in answers of their own
until it stands before the next ten would see each answer come, and when.
"""

from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.store.tables import progress

_TAKEN = sa.select(progress.c.unit).where(
    progress.c.round == sa.bindparam("in_round"), progress.c.taken >= sa.bindparam("today")
)
_FORGET = sa.delete(progress).where(progress.c.round == sa.bindparam("in_round"))
_ADD = sa.insert(progress)
_OF_ROUND = sa.select(progress.c.unit, progress.c.tens).where(progress.c.round == sa.bindparam("in_round"))


def is_counted(connection: Connection, round: str, today: date) -> bool:
    """Return whether a round's figures were counted today already."""
    return connection.execute(_TAKEN.limit(1), {"in_round": round, "today": today}).first() is not None


def save(connection: Connection, round: str, tens: Mapping[str, int], today: date) -> None:
    """Store a round's figures, by unit, in the place of the day before's."""
    connection.execute(_FORGET, {"in_round": round})
    if tens:
        rows = [{"round": round, "unit": unit, "tens": n, "taken": today} for unit, n in tens.items()]
        connection.execute(_ADD, rows)


def of_round(connection: Connection, round: str) -> dict[str, int]:
    """Return the figures by unit; a unit that is not there has none yet."""
    return {row.unit: row.tens for row in connection.execute(_OF_ROUND, {"in_round": round})}
