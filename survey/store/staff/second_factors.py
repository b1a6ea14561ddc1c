"""Second factors: an authenticator's code, or a recovery code, shown besides a password. For the sign-in.

Each step of an authenticator is good once and each recovery code too, whoever comes first: a conditional UPDATE or
DELETE says who that was. Secrets are sealed and codes hashed before they come here.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.store.tables import authenticator, passkey, recovery_code

_OF_ACCOUNT: sa.BindParameter[int] = sa.bindparam("of_account")
_SEALED = sa.select(authenticator.c.encrypted_secret).where(authenticator.c.account == _OF_ACCOUNT)
_ADD = sa.insert(authenticator)
_REMOVE = sa.delete(authenticator).where(authenticator.c.account == _OF_ACCOUNT)
_TAKE = (
    sa.update(authenticator)
    .where(authenticator.c.account == _OF_ACCOUNT, authenticator.c.last_time_step < sa.bindparam("now"))
    .values(last_time_step=sa.bindparam("now"))
)
_ADD_CODE = sa.insert(recovery_code)
_SPEND = sa.delete(recovery_code).where(
    recovery_code.c.account == _OF_ACCOUNT, recovery_code.c.code_hash == sa.bindparam("wanted")
)
_NO_CODES = sa.delete(recovery_code).where(recovery_code.c.account == _OF_ACCOUNT)
_NO_PASSKEYS = sa.delete(passkey).where(passkey.c.account == _OF_ACCOUNT)
_CODES = sa.select(sa.func.count()).select_from(recovery_code).where(recovery_code.c.account == _OF_ACCOUNT)


def encrypted_secret(connection: Connection, account: int) -> str | None:
    """Return the sealed secret of the person's authenticator, or None."""
    return connection.execute(_SEALED, {"of_account": account}).scalar_one_or_none()


def set_authenticator(connection: Connection, account: int, sealed: str, step: int) -> None:
    """Store an authenticator instead of any before; the step that proved it is used up."""
    connection.execute(_REMOVE, {"of_account": account})
    connection.execute(_ADD, {"account": account, "encrypted_secret": sealed, "last_time_step": step})


def remove_authenticator(connection: Connection, account: int) -> None:
    """Delete the authenticator."""
    connection.execute(_REMOVE, {"of_account": account})


def use_time_step(connection: Connection, account: int, step: int) -> bool:
    """Use up a step of the authenticator; return False when it or a later one has been used."""
    return connection.execute(_TAKE, {"of_account": account, "now": step}).rowcount == 1


def set_recovery_codes(connection: Connection, account: int, hashes: Sequence[bytes]) -> None:
    """Store these codes instead of any before."""
    connection.execute(_NO_CODES, {"of_account": account})
    if hashes:
        connection.execute(_ADD_CODE, [{"code_hash": each, "account": account} for each in hashes])


def spend_recovery_code(connection: Connection, account: int, code_hash: bytes) -> bool:
    """Use up a recovery code; return False when the person has no such code."""
    return connection.execute(_SPEND, {"of_account": account, "wanted": code_hash}).rowcount == 1


def recovery_codes_left(connection: Connection, account: int) -> int:
    """Count the unused recovery codes."""
    return int(connection.execute(_CODES, {"of_account": account}).scalar_one())


def forget_all(connection: Connection, account: int) -> None:
    """Delete every second factor of the person."""
    for statement in (_REMOVE, _NO_CODES, _NO_PASSKEYS):
        connection.execute(statement, {"of_account": account})
