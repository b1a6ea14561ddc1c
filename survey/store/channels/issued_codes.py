"""Counts of a unit's issued codes, by role and channel, and of its paper forms. Counts only."""

from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.store.tables import issued_codes

PAPER = "paper"  # the channel without codes


class IssuedCount(NamedTuple):
    """Counts of codes: made, undeliverable, and stopped by the unit; and whether their sending is paused."""

    n: int
    refused: int = 0
    stopped: int = 0
    paused: bool = False


# One statement for both databases; SQLAlchemy has it only per dialect.
_MORE = sa.text(
    "INSERT INTO issued_codes (unit, round, role, channel, n) VALUES (:unit, :round, :role, :channel, :n) "
    "ON CONFLICT (unit, round, role, channel) DO UPDATE SET n = issued_codes.n + excluded.n"
)
_CHANGE = sa.update(issued_codes).where(
    *(issued_codes.c[name] == sa.bindparam(f"of_{name}") for name in ("unit", "round", "role", "channel"))
)
_REFUSED = _CHANGE.values(refused=issued_codes.c.refused + sa.bindparam("more"))
_STOPPED = _CHANGE.values(stopped=issued_codes.c.stopped + sa.bindparam("more"), paused=False)
_PAUSED = _CHANGE.values(paused=sa.bindparam("rests"))
_OF_UNIT = sa.select(
    issued_codes.c.role,
    issued_codes.c.channel,
    issued_codes.c.n,
    issued_codes.c.refused,
    issued_codes.c.stopped,
    issued_codes.c.paused,
).where(issued_codes.c.unit == sa.bindparam("at_unit"), issued_codes.c.round == sa.bindparam("in_round"))
_FOR_STAFF = sa.select(issued_codes.c.unit, issued_codes.c.channel, issued_codes.c.n).where(
    issued_codes.c.round == sa.bindparam("in_round"), issued_codes.c.role == sa.literal_column("'provider'")
)
_BY_UNIT = (
    sa.select(issued_codes.c.unit, issued_codes.c.role, sa.func.sum(issued_codes.c.n))
    .where(issued_codes.c.round == sa.bindparam("in_round"), issued_codes.c.channel != PAPER)
    .group_by(issued_codes.c.unit, issued_codes.c.role)
)


def add(connection: Connection, n: int, *, unit: str, round: str, role: str, channel: str) -> None:
    """Count `n` more codes."""
    connection.execute(_MORE, {"n": n, "unit": unit, "round": round, "role": role, "channel": channel})


def refuse(connection: Connection, n: int = 1, *, unit: str, round: str, role: str, channel: str) -> None:
    """Count `n` codes as messages that could not be delivered."""
    connection.execute(_REFUSED, {"more": n, **_named(unit, round, role, channel)})


def stop(connection: Connection, n: int, *, unit: str, round: str, role: str, channel: str) -> None:
    """Count `n` codes as never sent, because the unit stopped it."""
    connection.execute(_STOPPED, {"more": n, **_named(unit, round, role, channel)})


def pause(connection: Connection, rests: bool, *, unit: str, round: str, role: str, channel: str) -> None:
    """Pause the sending, or let it go on."""
    connection.execute(_PAUSED, {"rests": rests, **_named(unit, round, role, channel)})


def of_unit(connection: Connection, unit: str, round: str) -> dict[tuple[str, str], IssuedCount]:
    """Return a unit's counts in a round, by role and channel."""
    rows = connection.execute(_OF_UNIT, {"at_unit": unit, "in_round": round})
    return {(role, channel): IssuedCount(*more) for role, channel, *more in rows}


def of_round(connection: Connection, round: str) -> dict[tuple[str, str], int]:
    """Count the codes made in a round, by unit and role."""
    return {(unit, role): int(n) for unit, role, n in connection.execute(_BY_UNIT, {"in_round": round})}


def _named(unit: str, round: str, role: str, channel: str) -> dict[str, str]:
    return {"of_unit": unit, "of_round": round, "of_role": role, "of_channel": channel}


class StaffCounts(NamedTuple):
    """Counts of a unit's codes and paper forms for its staff."""

    codes: int = 0
    sheets: int = 0


def staff_counts(connection: Connection, round: str) -> dict[str, StaffCounts]:
    """Return each unit's counts for its staff in a round."""
    found: dict[str, StaffCounts] = {}
    for unit, channel, n in connection.execute(_FOR_STAFF, {"in_round": round}):
        codes, sheets = found.get(unit, StaffCounts())
        found[unit] = StaffCounts(codes, sheets + n) if channel == PAPER else StaffCounts(codes + n, sheets)
    return found
