"""Password resets of staff: the person, the day, and the link's secret by its hash alone."""

from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.store.tables import account, password_reset


class PasswordReset(NamedTuple):
    """A password reset: the day it was made, and the person's number."""

    account: int
    expires_on: date
    made_on: date


_COLUMNS = (password_reset.c.account, password_reset.c.expires_on, password_reset.c.made_on)
_OF_ACCOUNT = password_reset.c.account == sa.bindparam("of_account")
_ONE = sa.select(*_COLUMNS).where(_OF_ACCOUNT)
_BY_UNIQUIFIER = sa.select(*_COLUMNS).where(password_reset.c.previous_uniquifier == sa.bindparam("wanted"))
_REMOVE = sa.delete(password_reset).where(_OF_ACCOUNT)
_ADD = sa.insert(password_reset)
_GOOD = password_reset.c.secret_hash == sa.bindparam("wanted"), password_reset.c.expires_on >= sa.bindparam("today")
_FIND = (
    sa.select(account.c.id)
    .join(password_reset, password_reset.c.account == account.c.id)
    .where(*_GOOD, account.c.active)
)
_TAKE = sa.update(password_reset).where(*_GOOD).values(secret_hash=None)


def of_account(connection: Connection, account_id: int) -> PasswordReset | None:
    """Return the person's reset, used or not, or None."""
    row = connection.execute(_ONE, {"of_account": account_id}).one_or_none()
    return PasswordReset(*row) if row else None


def of_uniquifier(connection: Connection, uniquifier: str) -> PasswordReset | None:
    """Return the reset that ended the session whose cookie carries this uniquifier, or None."""
    row = None if "\0" in uniquifier else connection.execute(_BY_UNIQUIFIER, {"wanted": uniquifier}).first()
    return PasswordReset(*row) if row else None


def save(connection: Connection, wanted: PasswordReset, secret_hash: bytes, uniquifier: str) -> None:
    """Store a reset in place of an earlier one."""
    remove(connection, wanted.account)
    connection.execute(_ADD, {**wanted._asdict(), "secret_hash": secret_hash, "previous_uniquifier": uniquifier})


def find(connection: Connection, secret_hash: bytes, today: date) -> int | None:
    """Return the number of the person whose link has this secret, while it is good and the account open."""
    return connection.scalar(_FIND, {"wanted": secret_hash, "today": today})


def redeem(connection: Connection, secret_hash: bytes, today: date) -> int | None:
    """Use up the link and return its person's number; None for whoever comes second or too late."""
    found = find(connection, secret_hash, today)
    if found is None or not connection.execute(_TAKE, {"wanted": secret_hash, "today": today}).rowcount:
        return None
    return found


def remove(connection: Connection, account_id: int) -> int:
    """Delete the person's reset; return the number deleted."""
    return connection.execute(_REMOVE, {"of_account": account_id}).rowcount
