"""Progress of a round's closing, in tenths of its envelopes. For the worker, and for admin that reads it.

Never a number of answers. Whether a tenth is over is written while the round is closing, when nobody can answer.
"""

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.store.tables import closing_progress

_THIS = closing_progress.c.round == sa.bindparam("in_round")
_TENTHS = sa.select(closing_progress.c.tenths).where(_THIS)
_FORGET = sa.delete(closing_progress).where(_THIS)
_ADD = sa.insert(closing_progress)


def save(connection: Connection, round: str, tenths: int) -> None:
    """Store how far a round's closing has come."""
    forget(connection, round)
    connection.execute(_ADD, {"round": round, "tenths": tenths})


def tenths(connection: Connection, round: str) -> int:
    """Return how far a round's closing has come; 0 where it has not begun, or is over."""
    return int(connection.scalar(_TENTHS, {"in_round": round}) or 0)


def forget(connection: Connection, round: str) -> None:
    """Forget how far it had come: it is over."""
    connection.execute(_FORGET, {"in_round": round})
