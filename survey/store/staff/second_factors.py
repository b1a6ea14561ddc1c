"""Second factors: an authenticator's code, or a recovery code, shown besides a password. For the sign-in.

Each step of an authenticator is good once and each recovery code too, whoever comes first: a conditional UPDATE or
DELETE says who that was. Secrets are sealed and codes hashed before they come here.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.store.tables import authenticator, passkey, recovery_code

_OF_PERSON: sa.BindParameter[int] = sa.bindparam("of_person")
_SEALED = sa.select(authenticator.c.encrypted_secret).where(authenticator.c.account == _OF_PERSON)
_ADD = sa.insert(authenticator)
_REMOVE = sa.delete(authenticator).where(authenticator.c.account == _OF_PERSON)
_TAKE = (
    sa.update(authenticator)
    .where(authenticator.c.account == _OF_PERSON, authenticator.c.last_time_step < sa.bindparam("now"))
    .values(step=sa.bindparam("now"))
)
_ADD_CODE = sa.insert(recovery_code)
_SPEND = sa.delete(recovery_code).where(
    recovery_code.c.account == _OF_PERSON, recovery_code.c.code_hash == sa.bindparam("wanted")
)
_NO_CODES = sa.delete(recovery_code).where(recovery_code.c.account == _OF_PERSON)
_NO_PASSKEYS = sa.delete(passkey).where(passkey.c.account == _OF_PERSON)
_CODES = sa.select(sa.func.count()).select_from(recovery_code).where(recovery_code.c.account == _OF_PERSON)


def sealed_secret(connection: Connection, person: int) -> str | None:
    """Return the sealed secret of the person's authenticator, or None."""
    return connection.execute(_SEALED, {"of_person": person}).scalar_one_or_none()


def set_authenticator(connection: Connection, person: int, sealed: str, step: int) -> None:
    """Store an authenticator instead of any before; the step that proved it is used up."""
    connection.execute(_REMOVE, {"of_person": person})
    connection.execute(_ADD, {"person": person, "sealed": sealed, "step": step})


def remove_authenticator(connection: Connection, person: int) -> None:
    """Delete the authenticator."""
    connection.execute(_REMOVE, {"of_person": person})


def take_step(connection: Connection, person: int, step: int) -> bool:
    """Use up a step of the authenticator; return False when it or a later one has been used."""
    return connection.execute(_TAKE, {"of_person": person, "now": step}).rowcount == 1


def set_recovery_codes(connection: Connection, person: int, hashes: Sequence[bytes]) -> None:
    """Store these codes instead of any before."""
    connection.execute(_NO_CODES, {"of_person": person})
    if hashes:
        connection.execute(_ADD_CODE, [{"code_hash": each, "person": person} for each in hashes])


def spend_recovery_code(connection: Connection, person: int, code_hash: bytes) -> bool:
    """Use up a recovery code; return False when the person has no such code."""
    return connection.execute(_SPEND, {"of_person": person, "wanted": code_hash}).rowcount == 1


def recovery_codes_left(connection: Connection, person: int) -> int:
    """Count the unused recovery codes."""
    return int(connection.execute(_CODES, {"of_person": person}).scalar_one())


def forget_all(connection: Connection, person: int) -> None:
    """Delete every second factor of the person."""
    for statement in (_REMOVE, _NO_CODES, _NO_PASSKEYS):
        connection.execute(statement, {"of_person": person})
