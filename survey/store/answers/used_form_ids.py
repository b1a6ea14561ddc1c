"""Form ids that have been used, known only by their hash: a form sent twice counts once."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.store.database.sqlite_fast_path import run
from survey.store.tables import used_form_id

# One statement for both databases; SQLAlchemy has it only per dialect.
_REMEMBER = sa.text("INSERT INTO used_form_id (form_id_hash, round) VALUES (:form, :round) ON CONFLICT DO NOTHING")
_KNOWN = sa.select(used_form_id.c.round).where(used_form_id.c.form_id_hash == sa.bindparam("form"))
_UNUSED = sa.text("SELECT unused_forms(:forms)")
_FORGET = sa.delete(used_form_id).where(used_form_id.c.round == sa.bindparam("in_round"))


def is_known(connection: Connection, form_id_hash: bytes) -> bool:
    """Return whether a form id has been used."""
    if connection.dialect.name == "postgresql":
        return not unused(connection, [form_id_hash])
    return connection.execute(_KNOWN, {"form": form_id_hash}).first() is not None


def remember(connection: Connection, form_id_hash: bytes, round: str) -> int:
    """Store a form id: return 1 the first time, 0 ever after."""
    return run(connection, _REMEMBER, {"form": form_id_hash, "round": round}).rowcount


def unused(connection: Connection, hashes: Collection[bytes]) -> set[bytes]:
    """Return those of the hashes that no form id was stored under."""
    if connection.dialect.name == "postgresql":
        return {bytes(found) for found in connection.scalars(_UNUSED, {"forms": list(hashes)})}
    return {each for each in hashes if not is_known(connection, each)}


def delete(connection: Connection, round: str) -> int:
    """Delete a round's form ids; return their number."""
    return connection.execute(_FORGET, {"in_round": round}).rowcount
