"""Identities that another sign-in vouches for: an issuer and its subject, bound to a person once.

For the sign-in. The address is no identity: it may be given to somebody else there. One subject of an issuer is one
person here.
"""

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.store.staff.accounts import Account
from survey.store.tables import account, identity

_FIND = (
    sa.select(account)
    .join(identity, identity.c.account == account.c.id)
    .where(identity.c.issuer == sa.bindparam("by"), identity.c.subject == sa.bindparam("wanted"))
)
_OF_ACCOUNT = sa.select(identity.c.subject).where(
    identity.c.issuer == sa.bindparam("by"), identity.c.account == sa.bindparam("wanted")
)
_BIND = sa.insert(identity)


def find(connection: Connection, issuer: str, subject: str) -> Account | None:
    """Return the person that this subject is bound to, or None."""
    row = connection.execute(_FIND, {"by": issuer, "wanted": subject}).one_or_none()
    return Account(**row._mapping) if row is not None else None


def is_bound(connection: Connection, issuer: str, account_id: int) -> bool:
    """Return whether this issuer vouches for the person, with or without a slash at the end of its address."""
    same = (issuer.rstrip("/"), issuer.rstrip("/") + "/")
    return any(connection.execute(_OF_ACCOUNT, {"by": each, "wanted": account_id}).first() for each in same)


def bind(connection: Connection, issuer: str, subject: str, account_id: int) -> None:
    """Bind a subject; raise DatabaseConflict when it, or another of this issuer for the person, is bound already."""
    connection.execute(_BIND, {"issuer": issuer, "subject": subject, "account": account_id})
