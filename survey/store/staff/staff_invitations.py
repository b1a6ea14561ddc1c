"""Invitations to a staff account: to whom, as what, until when; the link's secret is known by its hash alone."""

from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.store.tables import invite


class Invite(NamedTuple):
    """One invitation that waits."""

    email: str
    role: str
    place: str
    good_until: date


_COLUMNS = (invite.c.email, invite.c.role, invite.c.place, invite.c.good_until)
_ALL = sa.select(*_COLUMNS).order_by(invite.c.email)
_ONE = sa.select(*_COLUMNS).where(
    invite.c.secret_hash == sa.bindparam("wanted"), invite.c.good_until >= sa.bindparam("today")
)
_ADD = sa.insert(invite)
_WITHDRAW = sa.delete(invite).where(invite.c.email == sa.bindparam("wanted"))
_EXPIRED = sa.delete(invite).where(invite.c.good_until < sa.bindparam("today"))
_TAKE = sa.delete(invite).where(invite.c.secret_hash == sa.bindparam("wanted"))


def waiting(connection: Connection) -> list[Invite]:
    """Every invitation that nobody has taken, by address."""
    return [Invite(*row) for row in connection.execute(_ALL)]


def put(connection: Connection, secret_hash: bytes, wanted: Invite, today: date) -> None:
    """Keep an invitation in place of an earlier one to the same address; those too old are forgotten."""
    connection.execute(_EXPIRED, {"today": today})
    connection.execute(_WITHDRAW, {"wanted": wanted.email})
    connection.execute(_ADD, {"secret_hash": secret_hash, **wanted._asdict()})


def find(connection: Connection, secret_hash: bytes, today: date) -> Invite | None:
    """The invitation with this secret, while it is good."""
    row = connection.execute(_ONE, {"wanted": secret_hash, "today": today}).one_or_none()
    return Invite(*row) if row else None


def take(connection: Connection, secret_hash: bytes, today: date) -> Invite | None:
    """The invitation with this secret, used up now; None for who comes second or too late."""
    found = find(connection, secret_hash, today)
    taken = found is not None and connection.execute(_TAKE, {"wanted": secret_hash}).rowcount
    return found if taken else None


def withdraw(connection: Connection, email: str) -> int:
    """Forget the invitation to an address; how many there were."""
    return 0 if "\0" in email else connection.execute(_WITHDRAW, {"wanted": email}).rowcount
