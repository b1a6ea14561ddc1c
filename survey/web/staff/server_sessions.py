"""The sessions kept on the server, one a sign-in: ten hours at most, ended alone or all together. For the sign-in.

The cookie's own age says exactly when thirty idle minutes have passed. The row's is coarser, so that reading a page
writes nothing more than once in five minutes; it ends what the owner of a copied cookie might keep alive, and what
is listed as open.
"""

import time
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from secrets import token_bytes
from typing import Any, cast

from flask import Flask, g, session
from flask_login import user_logged_in, user_logged_out
from flask_security import login_user

from survey.store.database.engine import DatabaseFault, read_transaction, write_transaction
from survey.store.staff import staff_sessions
from survey.store.staff.staff_sessions import StaffSession
from survey.web.request import services
from survey.web.request.sessions import IDLE
from survey.web.staff.security_datastore import AccountDatastore, User

WHOLE = 10 * 60
NOTED = 5
RECENT = 10


def init_open_sessions(app: Flask) -> None:
    """Let nobody be signed in whose session is not open here; after Flask-Security is in its place."""
    manager: Any = app.login_manager  # type: ignore[attr-defined]
    find = manager._user_callback

    def load(uniquifier: str) -> User | None:
        account = find(uniquifier)
        return account if account is not None and _is_open(account) else None

    manager.user_loader(load)
    user_logged_in.connect(_begin, app)
    user_logged_in.connect(_renew_csrf_token, app)
    user_logged_out.connect(_end, app)


def _renew_csrf_token(_app: Flask, **_kwargs: object) -> None:
    """Give the session new form marks: a page drawn before the sign-in, perhaps for another person, can't be sent."""
    session.pop("csrf_token", None)
    g.pop("csrf_token", None)


def enter(account: User, factors: Sequence[str], authenticated_at: int | None = None) -> None:
    """Sign a person in who has shown these factors, now or in the minute `authenticated_at`."""
    g.two_factor, g.authenticated_at = len(factors) > 1, authenticated_at
    login_user(account, authn_via=list(factors))


def current() -> StaffSession:
    """Return the session of this request; only under `requires`."""
    return cast(StaffSession, g.staff_session)


def minutes() -> int:
    """Return the moment, in whole minutes since 1970."""
    return int(time.time() // 60)


def is_recent_sign_in() -> bool:
    """Return whether the person has shown who they are within the last ten minutes."""
    return minutes() - current().authenticated_at <= RECENT


def note_authentication() -> None:
    """Note that the person has just shown who they are again."""
    with write_transaction(services.engine()) as connection:
        staff_sessions.note_authentication(connection, current().token_hash, minutes())


def mark_two_factor() -> None:
    """Note that a second factor has been shown in this session."""
    with write_transaction(services.engine()) as connection:
        staff_sessions.mark_two_factor(connection, current().token_hash)


def of_person(account: User) -> Sequence[StaffSession]:
    """Return the person's open sessions."""
    with read_transaction(services.engine()) as connection:
        return staff_sessions.of_account(connection, account.id, **_limits())


def end_one(account: User, token_hash: bytes) -> None:
    """End one of the person's sessions."""
    with write_transaction(services.engine()) as connection:
        staff_sessions.end(connection, token_hash, account.id)


def end_others(account: User) -> None:
    """End every session of the person but this, and make every cookie of theirs from before now invalid."""
    AccountDatastore(services.engine()).renew_uniquifier(account)
    with write_transaction(services.engine()) as connection:
        staff_sessions.end_all(connection, account.id, but=current().token_hash)
    session["_user_id"] = account.fs_uniquifier


def end_all(account: User) -> None:
    """End every session of the person."""
    end_others(account)
    end_one(account, current().token_hash)


def _limits() -> dict[str, int]:
    now = minutes()
    return {"started_after": now - WHOLE, "used_after": now - int(IDLE.total_seconds()) // 60 - NOTED}


def _hashed(mark: object) -> bytes:
    return sha256(str(mark).encode()).digest()


def _is_open(account: User) -> bool:
    with read_transaction(services.engine()) as connection:
        found = staff_sessions.find(connection, _hashed(session.get("mark")), **_limits())
    if found is None or found.account != account.id:
        return False
    g.staff_session = found
    if minutes() - found.last_used >= NOTED:
        # A page that can be read must not be kept back because the disk is full.
        with suppress(DatabaseFault), write_transaction(services.engine()) as connection:
            staff_sessions.note_use(connection, found.token_hash, minutes())
    return True


def _begin(_app: Flask, user: User, **_more: object) -> None:
    old, mark, now = session.get("mark"), token_bytes(32).hex(), minutes()
    shown = g.get("authenticated_at")
    authenticated_at = now if shown is None else shown
    with write_transaction(services.engine()) as connection:
        staff_sessions.delete_expired(connection, **_limits())
        if old:
            staff_sessions.end_by_token(connection, _hashed(old))
        begun = StaffSession(_hashed(mark), user.id, now, now, authenticated_at, g.get("two_factor", False))
        staff_sessions.begin(connection, begun)
    session["mark"] = mark
    session["person"] = user.id
    # Begun by a person who sat here before.
    session.pop("new_authenticator", None)
    g.staff_session = begun


def _end(_app: Flask, user: User, **_more: object) -> None:
    end_one(user, _hashed(session.pop("mark", None)))
