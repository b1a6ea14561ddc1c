"""Queries of the rounds, and the lock of the closing. For the seal, the pages and the worker."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.domain.rounds.lifecycle import CANCELLED, STATES, Round, RoundError, may_enter, round_faults
from survey.store.tables import batch, round_

_ALL = sa.select(round_).order_by(round_.c.opens, round_.c.key)
_ONE = sa.select(round_).where(round_.c.key == sa.bindparam("wanted"))
_OPEN_FOR = (
    sa.select(round_)
    .where(
        round_.c.state == "open",
        # The resident part's account may read some of the columns only, so one of them is named.
        sa.exists(batch.c.id).where(batch.c.round == round_.c.key, batch.c.place == sa.bindparam("unit")),
    )
    .order_by(round_.c.opens)
)
_NEWEST_FOR = (
    sa.select(round_)
    .where(sa.exists(batch.c.id).where(batch.c.round == round_.c.key, batch.c.place == sa.bindparam("unit")))
    .order_by(round_.c.opens.desc(), round_.c.key.desc())
    .limit(1)
)
_OPEN = (round_.c.key == sa.bindparam("wanted"), round_.c.state == "open")
_EXTEND = sa.update(round_).where(*_OPEN, round_.c.closes < sa.bindparam("later")).values(closes=sa.bindparam("later"))
_PROTECT = sa.update(round_).where(round_.c.key == sa.bindparam("wanted"), round_.c.state == "opening")
_REMOVE = sa.delete(round_).where(round_.c.key == sa.bindparam("wanted"), round_.c.state == "draft")
_STATE = sa.select(round_.c.state).where(round_.c.key == sa.bindparam("wanted"))
_ALONE = _STATE.with_for_update()
_ALL_ALONE = _ALL.with_for_update()
_ADD = sa.insert(round_)
_CHANGEABLE = [each.name for each in round_.c if each.name not in ("key", "state", "protection", "tree")]
_CHANGE = (
    sa.update(round_)
    .where(round_.c.key == sa.bindparam("wanted"), round_.c.state == "draft")
    .values({name: sa.bindparam(name) for name in _CHANGEABLE})
)
_STEP = (
    sa.update(round_)
    .where(
        round_.c.key == sa.bindparam("wanted"),
        round_.c.state.in_(sa.bindparam("from", expanding=True)),
    )
    .values(state=sa.bindparam("to"))
)


def add_round(connection: Connection, added: Round) -> None:
    """Store a new round; raise RoundError when it has a fault."""
    if faults := round_faults(added):
        raise RoundError(added.key, *faults)
    connection.execute(_ADD, added.__dict__)


def get_round(connection: Connection, key: str) -> Round | None:
    """Return the round with that key, or None; no key holds a NUL, which PostgreSQL does not take."""
    row = None if "\0" in key else connection.execute(_ONE, {"wanted": key}).one_or_none()
    return Round(**row._mapping) if row is not None else None


def rounds(connection: Connection) -> list[Round]:
    """Return every round, the oldest first."""
    return [Round(**row._mapping) for row in connection.execute(_ALL)]


def change_draft(connection: Connection, changed: Round) -> None:
    """Store a draft's new days and settings; raise RoundError when it is no draft any longer, or has a fault."""
    if faults := round_faults(changed):
        raise RoundError(changed.key, *faults)
    row = {"wanted": changed.key, **changed.__dict__}
    if connection.execute(_CHANGE, row).rowcount != 1:
        raise RoundError(changed.key, "not_draft")


def rounds_for_update(connection: Connection) -> list[Round]:
    """Return every round, and lock them all until the transaction ends."""
    return [Round(**row._mapping) for row in connection.execute(_ALL_ALONE)]


def open_round_for(connection: Connection, unit: str, today: date) -> Round | None:
    """Return the round in which a unit is asked today, the days of grace included."""
    found = (Round(**row._mapping) for row in connection.execute(_OPEN_FOR, {"unit": unit}))
    return next((each for each in found if each.accepts(today)), None)


def round_to_distribute(connection: Connection, unit: str, today: date) -> Round | None:
    """Return the open round for which a unit may make slips and links, before its first day too."""
    found = (Round(**row._mapping) for row in connection.execute(_OPEN_FOR, {"unit": unit}))
    return next((each for each in found if each.may_distribute(today)), None)


def latest_round_of(connection: Connection, unit: str) -> Round | None:
    """Return the latest round that was opened with a unit, whatever its state is now."""
    row = connection.execute(_NEWEST_FOR, {"unit": unit}).first()
    return Round(**row._mapping) if row is not None else None


def extend(connection: Connection, key: str, closes: date) -> None:
    """Move an open round's last day; raise RoundError when it is not open any longer, or the day is not later."""
    if connection.execute(_EXTEND, {"wanted": key, "later": closes}).rowcount != 1:
        raise RoundError(key, "not_later")


def set_protection(connection: Connection, key: str, protection: str) -> None:
    """Store a round's protection; raise RoundError when it is not being opened."""
    if connection.execute(_PROTECT.values(protection=protection), {"wanted": key}).rowcount != 1:
        raise RoundError(key, "not_opening")


def set_counted(connection: Connection, key: str, tree: str) -> None:
    """Store the tree of places that a round was counted at."""
    connection.execute(sa.update(round_).where(round_.c.key == key).values(tree=tree))


def remove_draft(connection: Connection, key: str) -> None:
    """Delete a draft; raise RoundError when it is none any longer."""
    if connection.execute(_REMOVE, {"wanted": key}).rowcount != 1:
        raise RoundError(key, "not_draft")


def set_state(connection: Connection, key: str, state: str) -> None:
    """Take the round one step on, or leave it where it is; raise RoundError for a leap or a step back."""
    before = [each for each in (*STATES, *CANCELLED) if may_enter(each, state)]
    changed = connection.execute(_STEP, {"wanted": key, "from": before, "to": state}).rowcount
    if changed != 1:
        raise RoundError(key, "no_such_step")


def lock_round_for_closing(connection: Connection, key: str) -> str | None:
    """Wait until no answer is on its way into the round, lock it, and return its state."""
    return connection.scalar(_ALONE, {"wanted": key})
