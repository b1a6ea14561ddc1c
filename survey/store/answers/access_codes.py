"""One-time codes, known only by their hash. No name, no time, no number: only whether one is spent."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.store.database.sqlite_fast_path import run
from survey.store.tables import access_code

_ADD = sa.insert(access_code)
_THIS = (
    access_code.c.code_hash == sa.bindparam("wanted"),
    access_code.c.unit == sa.bindparam("at_unit"),
    access_code.c.round == sa.bindparam("in_round"),
    access_code.c.role == sa.bindparam("of_role"),
)
_ONE: sa.ColumnElement[int] = sa.literal_column("1")
_SPEND = sa.update(access_code).where(*_THIS, access_code.c.spent == sa.literal_column("0")).values(spent=_ONE)
_KNOWN = sa.select(access_code.c.spent).where(*_THIS)
_FORGET = sa.delete(access_code).where(access_code.c.round == sa.bindparam("in_round"))


def add(connection: Connection, hashes: Iterable[bytes], unit: str, round: str, role: str) -> None:
    """Store the hashes of new codes."""
    # Sorted, so that the order of rows says nothing of the order in which codes were printed.
    rows = [{"code_hash": each, "unit": unit, "round": round, "role": role} for each in sorted(hashes)]
    if rows:
        connection.execute(_ADD, rows)


def spend(connection: Connection, code_hash: bytes, unit: str, round: str, role: str) -> int:
    """Spend a code if it is good and unspent: return 1, else 0. The only way to know is to do it."""
    return run(connection, _SPEND, _named(code_hash, unit, round, role)).rowcount


def is_known(connection: Connection, code_hash: bytes, unit: str, round: str, role: str) -> bool:
    """Return whether a code belongs here, spent or not."""
    return run(connection, _KNOWN, _named(code_hash, unit, round, role)).fetchone() is not None


def delete(connection: Connection, round: str) -> int:
    """Delete a round's codes; return their number."""
    return connection.execute(_FORGET, {"in_round": round}).rowcount


def _named(code_hash: bytes, unit: str, round: str, role: str) -> dict[str, object]:
    return {"wanted": code_hash, "at_unit": unit, "in_round": round, "of_role": role}
