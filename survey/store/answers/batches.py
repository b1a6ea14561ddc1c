"""Batches: their public keys, the number of answers accepted, and the fate of their envelopes."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.domain.rounds.collection_modes import COLLECTION_MODES, background_mode
from survey.domain.rounds.lifecycle import Round
from survey.store.database.sqlite_fast_path import run
from survey.store.tables import batch, round_


@dataclass(frozen=True)
class Batch:
    """One batch: accepted = waiting while it is open, and = counted + moved + destroyed once it is closed."""

    id: str
    place: str
    round: str
    role: str
    collection_mode: str
    public_key: bytes
    accepted: int = 0
    duplicates: int = 0
    counted: int = 0
    pooled: int = 0
    destroyed: int = 0
    throttled: int = 0
    state: str = "open"


_ALL = sa.select(batch).order_by(batch.c.round, batch.c.place, batch.c.role, batch.c.collection_mode)
_IN_ROUND = _ALL.where(batch.c.round == sa.bindparam("in_round"))
_IDS = sa.select(batch.c.id).where(batch.c.round == sa.bindparam("in_round"))
_PUBLIC = sa.select(batch.c.id, batch.c.public_key).where(
    batch.c.round == sa.bindparam("in_round"),
    batch.c.place == sa.bindparam("at_place"),
    batch.c.role == sa.bindparam("of_role"),
    batch.c.collection_mode == sa.bindparam("by_mode"),
)
_BACKGROUND = sa.select(batch.c.id, batch.c.public_key).where(
    batch.c.round == sa.bindparam("in_round"), batch.c.collection_mode == sa.bindparam("by_mode")
)
_second = batch.alias()
_IS_OPEN = (
    sa.select(batch.c.id)
    .join(round_, round_.c.key == batch.c.round)
    .where(
        batch.c.id == sa.bindparam("wanted"),
        batch.c.place == sa.bindparam("at_place"),
        batch.c.round == sa.bindparam("in_round"),
        batch.c.role == sa.bindparam("of_role"),
        batch.c.collection_mode == sa.bindparam("by_mode"),
        sa.literal_column("'open'") == round_.c.state,
        sa.literal_column("'open'") == batch.c.state,
    )
)
_ARE_OPEN = _IS_OPEN.where(
    sa.exists().where(
        _second.c.id == sa.bindparam("second"),
        _second.c.round == batch.c.round,
        _second.c.role == batch.c.role,
        _second.c.collection_mode == sa.bindparam("by_second"),
        sa.literal_column("'open'") == _second.c.state,
    )
)
_RECEIVED_BY_MODE = sa.select(batch.c.accepted).where(
    batch.c.round == sa.bindparam("in_round"),
    batch.c.place == sa.bindparam("at_place"),
    batch.c.role == sa.bindparam("of_role"),
    batch.c.collection_mode == sa.bindparam("by_mode"),
)
_CROWD = sa.case((batch.c.role == "patient", sa.bindparam("of_patients")), else_=sa.bindparam("of_providers"))
_IN_CROWDS = (
    sa.select(
        batch.c.place,
        batch.c.role,
        sa.func.sum(sa.case((batch.c.accepted >= _CROWD, batch.c.accepted), else_=sa.literal_column("0"))),
    )
    .where(
        batch.c.round == sa.bindparam("in_round"), batch.c.collection_mode.in_(sa.bindparam("modes", expanding=True))
    )
    .group_by(batch.c.place, batch.c.role)
)
_IN_CROWDS_AT = _IN_CROWDS.where(batch.c.place == sa.bindparam("at_place"))
_ADD = sa.insert(batch)
_NONE: sa.ColumnElement[int] = sa.literal_column("0")
_THIS = sa.update(batch).where(batch.c.id == sa.bindparam("wanted"))
_COUNT = (
    sa.update(batch)
    .where(batch.c.id.in_([sa.bindparam("own"), sa.bindparam("second")]))
    .values(
        accepted=batch.c.accepted + sa.bindparam("first", type_=sa.Integer),
        duplicates=batch.c.duplicates
        + sa.case((batch.c.id == sa.bindparam("own"), sa.bindparam("again", type_=sa.Integer)), else_=_NONE),
    )
)
_THROTTLED = sa.select(batch.c.place).where(batch.c.round == sa.bindparam("in_round"), batch.c.throttled > 0)
_THROTTLE = (
    sa.update(batch)
    .where(
        batch.c.round == sa.bindparam("in_round"),
        batch.c.place == sa.bindparam("at_place"),
        batch.c.role == sa.bindparam("of_role"),
        batch.c.collection_mode == sa.literal_column("'open'"),
    )
    .values(throttled=batch.c.throttled + 1)
)
_CALL_THROTTLE = sa.text("SELECT throttle_link(:in_round, :at_place, :of_role)")
_SETTLE = _THIS.values(
    counted=sa.bindparam("counted"),
    pooled=sa.bindparam("pooled"),
    destroyed=sa.bindparam("destroyed"),
    state="closed",
)


def add_batches(connection: Connection, made: Iterable[Batch]) -> None:
    """Store new batches, once their keys are safe on both volumes."""
    rows = [asdict(each) for each in made]
    if rows:
        connection.execute(_ADD, rows)


def batches(connection: Connection, round: str | None = None) -> list[Batch]:
    """Return every batch, or those of one round."""
    found = connection.execute(_IN_ROUND, {"in_round": round}) if round else connection.execute(_ALL)
    return [Batch(**row._mapping) for row in found]


def batch_ids(connection: Connection, round: str) -> list[str]:
    """Return the ids of a round's batches, and nothing of what is in them."""
    return list(connection.scalars(_IDS, {"in_round": round}))


def count_in_crowds(connection: Connection, round_: Round, unit: str) -> dict[str, int]:
    """Count the answers at a unit in batches that have reached their threshold, by role; 0 where none has.

    Codes, open links and paper are opened apart, so these are the ones that can be shown for the unit. Never told as
    it is: see `survey.domain.disclosure.count_rounding`.
    """
    rows = connection.execute(_IN_CROWDS_AT, {**_crowds(round_), "at_place": unit})
    return {role: int(n) for _unit, role, n in rows}


def count_in_crowds_by_unit(connection: Connection, round_: Round, *, paper: bool = True) -> dict[tuple[str, str], int]:
    """Count the same for every unit that is asked in a round, by unit and role; with or without paper answers."""
    return {(unit, role): int(n) for unit, role, n in connection.execute(_IN_CROWDS, _crowds(round_, paper))}


def _crowds(round_: Round, paper: bool = True) -> dict[str, object]:
    return {
        "in_round": round_.key,
        "modes": [each for each in COLLECTION_MODES if paper or each != "paper"],
        "of_patients": round_.threshold_patient,
        "of_providers": round_.threshold_provider,
    }


def received_by_mode(connection: Connection, round: str, unit: str, role: str, collection_mode: str) -> int:
    """Count a unit's answers by one collection mode; of paper alone may the unit know it."""
    named = {"in_round": round, "at_place": unit, "of_role": role, "by_mode": collection_mode}
    return int(connection.scalar(_RECEIVED_BY_MODE, named) or 0)


def throttled_units(connection: Connection, round: str) -> set[str]:
    """Return the units whose open link was sent to too often, in some hour of the round."""
    return set(connection.scalars(_THROTTLED, {"in_round": round}))


def public_batch(
    connection: Connection, round: str, unit: str, role: str, collection_mode: str
) -> tuple[str, bytes] | None:
    """Return the id and the public key that an answer here is sealed to; None where nobody is asked."""
    named = {"in_round": round, "at_place": unit, "of_role": role, "by_mode": collection_mode}
    row = connection.execute(_PUBLIC, named).one_or_none()
    return (row.id, row.public_key) if row is not None else None


def background_batch(connection: Connection, round: str, collection_mode: str) -> tuple[str, bytes] | None:
    """Return the id and the public key that the second envelopes of a collection mode are sealed to."""
    named = {"in_round": round, "by_mode": background_mode(collection_mode)}
    row = connection.execute(_BACKGROUND, named).one_or_none()
    return (row.id, row.public_key) if row is not None else None


def is_open(
    connection: Connection, own: str, second: str | None, *, unit: str, round: str, role: str, collection_mode: str
) -> bool:
    """Return whether the round is open and these are its batches for such an answer, `second` for the background."""
    named = {"wanted": own, "at_place": unit, "in_round": round, "of_role": role, "by_mode": collection_mode}
    if second is None:
        return run(connection, _IS_OPEN, named).fetchone() is not None
    named |= {"second": second, "by_second": background_mode(collection_mode)}
    return run(connection, _ARE_OPEN, named).fetchone() is not None


def count(connection: Connection, own: str, second: str | None, *, first: bool) -> None:
    """Count one more envelope in both batches; or none, when it was sent again and the first answer stands.

    The same statement for both, so that neither takes longer.
    """
    run(connection, _COUNT, {"own": own, "second": second or own, "first": int(first), "again": int(not first)})


def throttle(connection: Connection, *, round: str, unit: str, role: str) -> None:
    """Note that a unit's open link was sent to too often within an hour: a number of times, without when."""
    call = _CALL_THROTTLE if connection.dialect.name == "postgresql" else _THROTTLE
    connection.execute(call, {"in_round": round, "at_place": unit, "of_role": role})


def settle(connection: Connection, batch_id: str, *, counted: int, pooled: int, destroyed: int) -> None:
    """Close a batch and record the fate of its envelopes."""
    fates = {"counted": counted, "pooled": pooled, "destroyed": destroyed}
    connection.execute(_SETTLE, {"wanted": batch_id, **fates})
