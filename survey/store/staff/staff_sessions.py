"""Sessions of staff: a row for each, so that each can be ended. For the sign-in; nobody who answers is here.

The cookie carries a random token and the row its hash, so a copy of the database opens no session. Moments are whole
minutes since 1970.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.store.tables import account, staff_session


@dataclass(frozen=True)
class StaffSession:
    """A session: begun, used and last proved with a password; `two_factor`: opened with two factors."""

    token_hash: bytes
    account: int
    started: int
    last_used: int
    authenticated_at: int
    two_factor: bool


_TOKEN = staff_session.c.token_hash == sa.bindparam("wanted")
_OF_ACCOUNT = staff_session.c.account == sa.bindparam("of_account")
_OPEN = staff_session.c.started > sa.bindparam("started_after"), staff_session.c.last_used > sa.bindparam("used_after")
_BEGIN = sa.insert(staff_session)
_FIND = sa.select(staff_session).where(_TOKEN, *_OPEN)
_MINE = sa.select(staff_session).where(_OF_ACCOUNT, *_OPEN).order_by(staff_session.c.last_used.desc())
_USE = sa.update(staff_session).where(_TOKEN).values(last_used=sa.bindparam("now"))
_PROVE = sa.update(staff_session).where(_TOKEN).values(authenticated_at=sa.bindparam("now"))
_TWO_FACTOR = sa.update(staff_session).where(_TOKEN).values(two_factor=True)
_END = sa.delete(staff_session).where(_TOKEN, _OF_ACCOUNT)
_END_BY_TOKEN = sa.delete(staff_session).where(_TOKEN)
_END_ALL = sa.delete(staff_session).where(_OF_ACCOUNT)
_END_OTHERS = sa.delete(staff_session).where(_OF_ACCOUNT, staff_session.c.token_hash != sa.bindparam("wanted"))
_END_AT = sa.delete(staff_session).where(
    staff_session.c.account.in_(sa.select(account.c.id).where(account.c.email == sa.bindparam("address")))
)
_FORGET = sa.delete(staff_session).where(sa.not_(sa.and_(*_OPEN)))


def begin(connection: Connection, made: StaffSession) -> None:
    """Store a new session."""
    connection.execute(_BEGIN, vars(made))


def find(connection: Connection, token_hash: bytes, *, started_after: int, used_after: int) -> StaffSession | None:
    """Return the session with this token, unless it has ended or expired."""
    limits = {"started_after": started_after, "used_after": used_after}
    row = connection.execute(_FIND, {"wanted": token_hash, **limits}).one_or_none()
    return StaffSession(**row._mapping) if row is not None else None


def of_account(
    connection: Connection, account_id: int, *, started_after: int, used_after: int
) -> Sequence[StaffSession]:
    """Return the person's open sessions, the latest used first."""
    rows = connection.execute(
        _MINE, {"of_account": account_id, "started_after": started_after, "used_after": used_after}
    )
    return [StaffSession(**row._mapping) for row in rows]


def note_use(connection: Connection, token_hash: bytes, now: int) -> None:
    """Record that a page was requested in the session."""
    connection.execute(_USE, {"wanted": token_hash, "now": now})


def note_authentication(connection: Connection, token_hash: bytes, now: int) -> None:
    """Record that the person has just authenticated again."""
    connection.execute(_PROVE, {"wanted": token_hash, "now": now})


def mark_two_factor(connection: Connection, token_hash: bytes) -> None:
    """Record that a second factor has been shown in the session."""
    connection.execute(_TWO_FACTOR, {"wanted": token_hash})


def end(connection: Connection, token_hash: bytes, account_id: int) -> None:
    """End one session of this person."""
    connection.execute(_END, {"wanted": token_hash, "of_account": account_id})


def end_by_token(connection: Connection, token_hash: bytes) -> None:
    """End the session with this token, whoever's it is."""
    connection.execute(_END_BY_TOKEN, {"wanted": token_hash})


def end_all(connection: Connection, account_id: int, but: bytes | None = None) -> None:
    """End every session of this person, or every one except `but`."""
    if but is None:
        connection.execute(_END_ALL, {"of_account": account_id})
    else:
        connection.execute(_END_OTHERS, {"of_account": account_id, "wanted": but})


def end_all_at(connection: Connection, address: str) -> None:
    """End every session of the person with this address."""
    connection.execute(_END_AT, {"address": address})


def delete_expired(connection: Connection, *, started_after: int, used_after: int) -> None:
    """Delete expired sessions."""
    connection.execute(_FORGET, {"started_after": started_after, "used_after": used_after})
