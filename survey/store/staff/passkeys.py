"""The staff's passkeys: a public key each, and when it was last used. For the sign-in.

A passkey answers a challenge that was given at a moment; a reply to that challenge, or to an earlier one, is never
taken twice: a conditional UPDATE says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.store.tables import passkey


@dataclass(frozen=True)
class Passkey:
    """A passkey: `last_challenge_at` is in milliseconds."""

    credential: bytes
    account: int
    public_key: bytes
    sign_count: int
    last_challenge_at: int
    label: str


_WANTED = passkey.c.credential == sa.bindparam("wanted")
_OF_ACCOUNT = passkey.c.account == sa.bindparam("of_account")
_ADD = sa.insert(passkey)
_FIND = sa.select(passkey).where(_WANTED)
_MINE = sa.select(passkey).where(_OF_ACCOUNT).order_by(passkey.c.label, passkey.c.credential)
_TAKE = (
    sa.update(passkey)
    .where(_WANTED, passkey.c.last_challenge_at < sa.bindparam("now"))
    .values(last_challenge_at=sa.bindparam("now"), sign_count=sa.bindparam("uses"))
)
_REMOVE = sa.delete(passkey).where(_WANTED, _OF_ACCOUNT)


def add(connection: Connection, made: Passkey) -> None:
    """Store a new passkey; raise DatabaseConflict when it is here already."""
    connection.execute(_ADD, vars(made))


def find(connection: Connection, credential: bytes) -> Passkey | None:
    """Return the passkey with this id, or None."""
    row = connection.execute(_FIND, {"wanted": credential}).one_or_none()
    return Passkey(**row._mapping) if row is not None else None


def of_account(connection: Connection, account: int) -> Sequence[Passkey]:
    """Return the person's passkeys."""
    return [Passkey(**row._mapping) for row in connection.execute(_MINE, {"of_account": account})]


def record_use(connection: Connection, credential: bytes, issued: int, count: int) -> bool:
    """Record its use; return False when it has answered this challenge or a later one before."""
    return connection.execute(_TAKE, {"wanted": credential, "now": issued, "uses": count}).rowcount == 1


def remove(connection: Connection, credential: bytes, account: int) -> None:
    """Delete one of the person's passkeys."""
    connection.execute(_REMOVE, {"wanted": credential, "of_account": account})
