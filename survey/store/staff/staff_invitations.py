"""Invitations to a staff account: address, role, last day; the link's secret is known by its hash alone."""

from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.store.tables import staff_invitation


class StaffInvitation(NamedTuple):
    """An invitation that waits."""

    email: str
    role: str
    place: str
    expires_on: date
    language: str = ""


_COLUMNS = tuple(staff_invitation.c[name] for name in StaffInvitation._fields)
_ALL = sa.select(*_COLUMNS).order_by(staff_invitation.c.email)
_ONE = sa.select(*_COLUMNS).where(
    staff_invitation.c.secret_hash == sa.bindparam("wanted"), staff_invitation.c.expires_on >= sa.bindparam("today")
)
_ADD = sa.insert(staff_invitation)
_WITHDRAW = sa.delete(staff_invitation).where(staff_invitation.c.email == sa.bindparam("wanted"))
_EXPIRED = sa.delete(staff_invitation).where(staff_invitation.c.expires_on < sa.bindparam("today"))
_TAKE = sa.delete(staff_invitation).where(staff_invitation.c.secret_hash == sa.bindparam("wanted"))


def waiting(connection: Connection) -> list[StaffInvitation]:
    """Return every invitation that nobody has accepted, by address."""
    return [StaffInvitation(*row) for row in connection.execute(_ALL)]


def save(connection: Connection, secret_hash: bytes, wanted: StaffInvitation, today: date) -> None:
    """Store an invitation in place of an earlier one to the same address; expired ones are deleted."""
    connection.execute(_EXPIRED, {"today": today})
    connection.execute(_WITHDRAW, {"wanted": wanted.email})
    connection.execute(_ADD, {"secret_hash": secret_hash, **wanted._asdict()})


def find(connection: Connection, secret_hash: bytes, today: date) -> StaffInvitation | None:
    """Return the invitation with this secret while it is good, or None."""
    row = connection.execute(_ONE, {"wanted": secret_hash, "today": today}).one_or_none()
    return StaffInvitation(*row) if row else None


def redeem(connection: Connection, secret_hash: bytes, today: date) -> StaffInvitation | None:
    """Use up the invitation with this secret and return it; None for whoever comes second or too late."""
    found = find(connection, secret_hash, today)
    taken = found is not None and connection.execute(_TAKE, {"wanted": secret_hash}).rowcount
    return found if taken else None


def withdraw(connection: Connection, email: str) -> int:
    """Delete the invitation to an address; return the number deleted."""
    return 0 if "\0" in email else connection.execute(_WITHDRAW, {"wanted": email}).rowcount
