"""The outbox: sealed messages that wait to be sent. A row is deleted once its message is accepted; no trace stays.

Who sends one claims it first: another worker passes it by until the claim runs out, as that of a killed one does.
Times are in minutes.
"""

from collections.abc import Collection, Iterable
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.store.tables import issued_codes, outbox_key, outbox_message

# The cause of a permanent refusal: the address; perhaps us; perhaps us, but others got through since.
ABOUT_THE_ADDRESS, ABOUT_US, OTHERS_TAKEN = 1, 2, 3


class OutboxMessage(NamedTuple):
    """A sealed message, the list it belongs to, and the number of tries."""

    id: bytes
    unit: str
    round: str
    role: str
    channel: str
    sealed: bytes
    attempts: int = 0
    refusals: int = 0
    not_before: int = 0
    claimed_until: int = 0


def _of_row() -> sa.ColumnElement[bool]:
    return sa.and_(*(outbox_message.c[name] == issued_codes.c[name] for name in ("unit", "round", "role", "channel")))


_PAUSED = sa.exists().where(_of_row(), issued_codes.c.paused)
_WANTED = outbox_message.c.id == sa.bindparam("wanted")
_BY_CHANNEL = outbox_message.c.channel == sa.bindparam("by")
_OF_ROUND = outbox_message.c.round == sa.bindparam("in_round")
_OF_LIST = sa.and_(
    *(outbox_message.c[name] == sa.bindparam(f"of_{name}") for name in ("unit", "round", "role", "channel"))
)
_NOW: sa.BindParameter[int] = sa.bindparam("now")
_DUE = sa.and_(outbox_message.c.not_before <= _NOW, outbox_message.c.claimed_until <= _NOW, ~_PAUSED)

_ADD = sa.insert(outbox_message)
_IDS = sa.select(outbox_message.c.id).where(
    outbox_message.c.round.in_(sa.bindparam("in_rounds", expanding=True)), _BY_CHANNEL, _DUE
)
_WHOLE = sa.select(*(outbox_message.c[name] for name in OutboxMessage._fields))
_ONE = _WHOLE.where(_WANTED)
_CLAIM = sa.update(outbox_message).where(_WANTED, _DUE).values(claimed_until=sa.bindparam("until"))
_RELEASE = sa.update(outbox_message).where(_WANTED).values(claimed_until=0)
_LATER = (
    sa.update(outbox_message)
    .where(_WANTED)
    .values(claimed_until=0, attempts=outbox_message.c.attempts + 1, not_before=sa.bindparam("until"))
)
_HOLD = (
    sa.update(outbox_message)
    .where(_WANTED)
    .values(claimed_until=0, refusals=sa.bindparam("known"), not_before=sa.bindparam("until"))
)
_HELD = (
    sa.select(outbox_message.c.refusals, sa.func.count())
    .where(_BY_CHANNEL, outbox_message.c.refusals > 0)
    .group_by(outbox_message.c.refusals)
)
_CONFIRMED = _WHOLE.where(_BY_CHANNEL, outbox_message.c.refusals == ABOUT_THE_ADDRESS)
_TAKEN = (
    sa.update(outbox_message).where(_BY_CHANNEL, outbox_message.c.refusals == ABOUT_US).values(refusals=OTHERS_TAKEN)
)
_ALL_AGAIN = (
    sa.update(outbox_message).where(_BY_CHANNEL, outbox_message.c.refusals > 0).values(refusals=0, not_before=0)
)
_GONE = sa.delete(outbox_message).where(_WANTED)
_COUNTS = (
    sa.select(outbox_message.c.role, outbox_message.c.channel, sa.func.count())
    .where(outbox_message.c.unit == sa.bindparam("at_unit"), _OF_ROUND)
    .group_by(outbox_message.c.role, outbox_message.c.channel)
)
_LEFT = (
    sa.select(outbox_message.c.unit, outbox_message.c.role, outbox_message.c.channel, sa.func.count())
    .where(_OF_ROUND)
    .group_by(outbox_message.c.unit, outbox_message.c.role, outbox_message.c.channel)
)
_BY_ALL_CHANNELS = sa.select(outbox_message.c.channel, sa.func.count()).group_by(outbox_message.c.channel)
_FORGET = sa.delete(outbox_message).where(_OF_ROUND)
_STOP = sa.delete(outbox_message).where(_OF_LIST)
_ADD_KEY = sa.insert(outbox_key)
_KEY = sa.select(outbox_key.c.public_key).where(outbox_key.c.round == sa.bindparam("in_round"))


def add(connection: Connection, waiting: Iterable[OutboxMessage]) -> None:
    """Store sealed messages, sorted by their random ids, so that they lie in no order of a list."""
    rows = [each._asdict() for each in sorted(waiting)]
    if rows:
        connection.execute(_ADD, rows)


def due(connection: Connection, rounds: Collection[str], channel: str, now: int) -> list[bytes]:
    """Return the ids of these rounds' messages that may be sent by this channel now."""
    return list(connection.scalars(_IDS, {"in_rounds": list(rounds), "by": channel, "now": now}))


def get(connection: Connection, wanted: bytes) -> OutboxMessage | None:
    """Return a message, or None if it has gone meanwhile."""
    row = connection.execute(_ONE, {"wanted": wanted}).one_or_none()
    return OutboxMessage(*row) if row is not None else None


def claim(connection: Connection, wanted: bytes, now: int, until: int) -> bool:
    """Claim a message for sending; return False when another has it, or its list is paused or gone."""
    return connection.execute(_CLAIM, {"wanted": wanted, "now": now, "until": until}).rowcount == 1


def release(connection: Connection, wanted: bytes) -> None:
    """Give up a claim on a message that was not sent by no fault of its own."""
    connection.execute(_RELEASE, {"wanted": wanted})


def postpone(connection: Connection, wanted: bytes, until: int) -> None:
    """Schedule another try of a message that may or may not have been accepted."""
    connection.execute(_LATER, {"wanted": wanted, "until": until})


def hold(connection: Connection, wanted: bytes, known: int, until: int) -> None:
    """Hold a message that was refused for good, while it isn't certain that this is its own fault."""
    connection.execute(_HOLD, {"wanted": wanted, "known": known, "until": until})


def count_held(connection: Connection, channel: str) -> dict[int, int]:
    """Count the held messages, by whether their refusal is known to be their own."""
    return {row[0]: row[1] for row in connection.execute(_HELD, {"by": channel})}


def confirmed(connection: Connection, channel: str) -> list[OutboxMessage]:
    """Record that another message got through, and return those that were refused for their address: for good now."""
    connection.execute(_TAKEN, {"by": channel})
    return [OutboxMessage(*row) for row in connection.execute(_CONFIRMED, {"by": channel})]


def release_held(connection: Connection, channel: str) -> None:
    """Release every held message: so many refusals must be about us and not about the addresses."""
    connection.execute(_ALL_AGAIN, {"by": channel})


def remove(connection: Connection, wanted: bytes) -> bool:
    """Delete a message that was accepted, or never will be; return whether it was still here."""
    return connection.execute(_GONE, {"wanted": wanted}).rowcount == 1


def count_of_unit(connection: Connection, unit: str, round: str) -> dict[tuple[str, str], int]:
    """Count a unit's waiting messages, by role and channel."""
    rows = connection.execute(_COUNTS, {"at_unit": unit, "in_round": round})
    return {(role, channel): n for role, channel, n in rows}


def count_of_round(connection: Connection, round: str) -> dict[tuple[str, str, str], int]:
    """Count a round's waiting messages, by unit, role and channel."""
    return {(unit, role, channel): n for unit, role, channel, n in connection.execute(_LEFT, {"in_round": round})}


def count_by_channel(connection: Connection) -> dict[str, int]:
    """Count all waiting messages, by channel."""
    return {row[0]: row[1] for row in connection.execute(_BY_ALL_CHANNELS)}


def delete_list(connection: Connection, unit: str, round: str, role: str, channel: str) -> int:
    """Delete a list's waiting messages; return their number."""
    named = {"of_unit": unit, "of_round": round, "of_role": role, "of_channel": channel}
    return connection.execute(_STOP, named).rowcount


def delete_of_round(connection: Connection, round: str) -> int:
    """Delete a round's waiting messages; return their number."""
    return connection.execute(_FORGET, {"in_round": round}).rowcount


def add_key(connection: Connection, round: str, public_key: bytes) -> None:
    """Store the public key that a round's messages are sealed to."""
    connection.execute(_ADD_KEY, {"round": round, "public_key": public_key})


def key(connection: Connection, round: str) -> bytes | None:
    """Return the key that a round's messages are sealed to; None for a round older than such keys."""
    found = connection.scalar(_KEY, {"in_round": round})
    return bytes(found) if found is not None else None
