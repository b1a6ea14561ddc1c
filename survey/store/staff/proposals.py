"""Proposals of one coordinator that another has not confirmed yet. `web.staff.two_people` says how they are used."""

import json
from datetime import date
from secrets import token_hex
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.store.tables import proposal


class Proposal(NamedTuple):
    """A proposed act, its subject, its proposer's number and its last day. A key names this very wording of it."""

    key: str
    action: str
    subject: str
    details: dict[str, str]
    asked_by: int
    expires_on: date


_COLUMNS = proposal.c
_GOOD = _COLUMNS.expires_on >= sa.bindparam("today")
_ALL = sa.select(proposal).where(_GOOD).order_by(_COLUMNS.expires_on, _COLUMNS.action, _COLUMNS.subject)
_ONE = sa.select(proposal).where(_GOOD, _COLUMNS.key == sa.bindparam("wanted"))
_ADD = sa.insert(proposal)
_REMOVE = sa.delete(proposal).where(_COLUMNS.key == sa.bindparam("wanted"))
_EXPIRED = sa.delete(proposal).where(~_GOOD)
_SAME = sa.delete(proposal).where(
    _COLUMNS.action == sa.bindparam("of_action"), _COLUMNS.subject == sa.bindparam("of_subject")
)
_ABOUT = sa.delete(proposal).where(_COLUMNS.subject == sa.bindparam("of_subject"))


def waiting(connection: Connection, today: date) -> list[Proposal]:
    """Return all waiting proposals, the first to expire first."""
    return [_read(row) for row in connection.execute(_ALL, {"today": today})]


def find(connection: Connection, key: str, today: date) -> Proposal | None:
    """Return the proposal with this key while it is good, or None."""
    row = None if "\0" in key else connection.execute(_ONE, {"wanted": key, "today": today}).one_or_none()
    return _read(row) if row else None


def add(
    connection: Connection,
    action: str,
    subject: str,
    details: dict[str, str],
    asked_by: int,
    *,
    today: date,
    until: date,
) -> str:
    """Store a proposal, in place of one of the same kind and subject, and return its key; delete expired ones."""
    connection.execute(_EXPIRED, {"today": today})
    connection.execute(_SAME, {"of_action": action, "of_subject": subject})
    # Random, so that no key ever comes to mean something else than what was read; without signs, for a first hyphen
    # would make an option of it on the command line.
    made = Proposal(token_hex(11), action, subject, details, asked_by, until)
    row = {**made._asdict(), "details": json.dumps(details, ensure_ascii=False, sort_keys=True)}
    connection.execute(_ADD, row)
    return made.key


def remove(connection: Connection, key: str) -> int:
    """Delete a proposal; return the number deleted."""
    return connection.execute(_REMOVE, {"wanted": key}).rowcount


def remove_about(connection: Connection, subject: str) -> int:
    """Delete every proposal about this person or thing; return the number deleted."""
    return connection.execute(_ABOUT, {"of_subject": subject}).rowcount


def _read(row: "sa.Row[Any]") -> Proposal:
    return Proposal(row.key, row.action, row.subject, json.loads(row.details), row.asked_by, row.expires_on)
