"""The writing of the audit log: the person signed in, or the command line, and the minute. For all pages under /staff.

A deed is noted in its own transaction where it has one, so that neither is there without the other. Wrong tries of
known and unknown addresses cost the same, so that the time of the reply tells nobody which addresses have accounts;
an unknown address itself is never written.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Lock
from typing import Any, cast

from flask import Flask, current_app
from flask_login import current_user, user_logged_in, user_logged_out
from sqlalchemy import Connection

from survey.domain.staff.audit_events import COMMAND_LINE, UNKNOWN
from survey.store.database.engine import write_transaction
from survey.store.staff import audit_log
from survey.web.request import services

MAX_FAILURES = 60
MINUTE = 60.0


class FailureLog:
    """The limit on wrong tries that are written down: so many a minute; the rest are counted."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, Lock()
        self._began, self._noted, self._unnoted = clock(), 0, 0

    def take(self) -> int | None:
        """Return None when this one is only counted; else how many were only counted since the last one written."""
        with self._lock:
            now = self._clock()
            if now - self._began >= MINUTE:
                self._began, self._noted = now, 0
            if self._noted >= MAX_FAILURES:
                self._unnoted += 1
                return None
            self._noted += 1
            unnoted, self._unnoted = self._unnoted, 0
            return unnoted


def init_audit(app: Flask) -> None:
    """Write down who signs in and out."""
    app.extensions["failed_sign_ins"] = FailureLog()
    user_logged_in.connect(_signed_in, app)
    user_logged_out.connect(_signed_out, app)


def event_note(what: str, **about: str | int) -> Callable[[Connection], None]:
    """Return a function that notes an event of the signed-in person; called last in the transaction of the action."""
    who = str(current_user.email)
    return lambda connection: _write(connection, who, what, about)


def event_noter(connection: Connection) -> Callable[..., None]:
    """Return a function that notes, in this transaction, events of the signed-in person."""

    def note(what: str, **about: str | int) -> None:
        event_note(what, **about)(connection)

    return note


def note(what: str, **about: str | int) -> None:
    """Note an event of the signed-in person, where the action has no transaction of its own."""
    with write_transaction(services.engine()) as connection:
        event_note(what, **about)(connection)


def note_of_command_line(connection: Connection, what: str, **about: str | int) -> None:
    """Note an event of the command line."""
    _write(connection, COMMAND_LINE, what, about)


def note_of_person(connection: Connection, email: str, what: str, **about: str | int) -> None:
    """Note an event of somebody who is not signed in, but has shown a link's secret, or a password."""
    _write(connection, email, what, about)


def sign_in_failed(email: str | None, what: str = "sign_in_failed") -> None:
    """Note a wrong try: its account, or that the address is unknown, and not which."""
    unnoted = cast(FailureLog, current_app.extensions["failed_sign_ins"]).take()
    if unnoted is None:
        return
    about: dict[str, str | int] = {"unnoted": unnoted} if unnoted else {}
    with write_transaction(services.engine()) as connection:
        _write(connection, email or UNKNOWN, what, about)


def _write(connection: Connection, who: str, what: str, about: dict[str, str | int]) -> None:
    audit_log.note(connection, who=who, what=what, about=about, at=datetime.now(UTC))


def _signed_in(_app: Flask, user: Any, **_kwargs: object) -> None:
    with write_transaction(services.engine()) as connection:
        _write(connection, user.email, "signed_in", {})


def _signed_out(_app: Flask, user: Any, **_kwargs: object) -> None:
    with write_transaction(services.engine()) as connection:
        _write(connection, user.email, "signed_out", {})
