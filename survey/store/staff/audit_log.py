"""The audit log: only added to, each line bound to the one before it. Never of a respondent.

A line is JSON and holds the hash of the line before; the table keeps the line's own hash beside it. A changed,
removed or moved line breaks the chain there. A tail that is cut off breaks nothing, so the head is kept elsewhere
(`flask check` prints it) and looked for again.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.domain.staff.audit_events import event_fault
from survey.store.database.table_locks import take_turn
from survey.store.tables import audit_line

_HEAD = sa.select(audit_line.c.number, audit_line.c.sha256).order_by(audit_line.c.number.desc()).limit(1)
_ADD = sa.insert(audit_line)
_ALL = sa.select(audit_line).order_by(audit_line.c.number)
_NEWEST = sa.select(audit_line.c.line).order_by(audit_line.c.number.desc())
_STEPWISE = {"yield_per": 1000}


class LogHead(NamedTuple):
    """The newest line's number and hash, to keep elsewhere."""

    number: int = 0
    sha256: str = ""

    def __str__(self) -> str:
        """Format as it is printed, and handed in again."""
        return f"{self.number}:{self.sha256}"


class LogLine(NamedTuple):
    """An audit event, as it is read."""

    number: int
    at: datetime
    who: str
    what: str
    about: dict[str, str | int]


@dataclass(frozen=True)
class Verdict:
    """The result of a verification: the log's head, and the fault at the first broken line, if any."""

    head: LogHead
    broken: int | None = None
    fault: str = ""


def note(connection: Connection, *, who: str, what: str, about: dict[str, str | int], at: datetime) -> None:
    """Write an audit event, to the minute; the last thing in the transaction of the act itself.

    Raises ValueError for what is no deed of staff, or says more of one than it may.
    """
    if fault := event_fault(what, about):
        raise ValueError(fault)
    take_turn(connection, audit_line.name)
    before = head(connection)
    entry: dict[str, Any] = {
        "number": before.number + 1,
        "at": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ"),
        "who": who,
        "what": what,
        "about": about,
        "before": before.sha256,
    }
    line = json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    connection.execute(_ADD, {"number": before.number + 1, "line": line, "sha256": _hash(line)})


def head(connection: Connection) -> LogHead:
    """Return the newest line's number and hash."""
    row = connection.execute(_HEAD).one_or_none()
    return LogHead(*row) if row else LogHead()


def lines(connection: Connection) -> Iterator[str]:
    """Yield every line, the oldest first."""
    for row in connection.execute(_ALL, execution_options=_STEPWISE):
        yield row.line


def newest(connection: Connection, *, before: int | None = None, what: str | None = None, most: int) -> list[LogLine]:
    """Return at most `most` lines, the newest first: those before a number, of one kind of event."""
    wanted = _NEWEST.limit(most)
    if before is not None:
        wanted = wanted.where(audit_line.c.number < before)
    if what is not None:
        # As it stands in a line: inside a value the quotes would be escaped.
        wanted = wanted.where(audit_line.c.line.contains(f'"what":"{what}"', autoescape=True))
    return [_read(row.line) for row in connection.execute(wanted)]


def _read(line: str) -> LogLine:
    entry = json.loads(line)
    return LogLine(entry["number"], datetime.fromisoformat(entry["at"]), entry["who"], entry["what"], entry["about"])


def verify(connection: Connection, earlier_head: LogHead | None = None) -> Verdict:
    """Verify the whole chain; `earlier_head` is a head that was printed earlier and must still stand in it."""
    before, kept_is_here = LogHead(), earlier_head is None or earlier_head == LogHead()
    for row in connection.execute(_ALL, execution_options=_STEPWISE):
        if fault := _fault(row.number, row.line, row.sha256, before):
            return Verdict(before, before.number + 1, fault)
        before = LogHead(row.number, row.sha256)
        kept_is_here = kept_is_here or before == earlier_head
    if not kept_is_here:
        assert earlier_head is not None
        cut = before.number < earlier_head.number
        fault = "the log ends before it" if cut else "another line stands there than the one that was kept"
        return Verdict(before, earlier_head.number, fault)
    return Verdict(before)


def _fault(number: int, line: str, stored_hash: str, before: LogHead) -> str:
    if number != before.number + 1:
        return "the line is missing"
    if _hash(line) != stored_hash:
        return "the line is not as it was written"
    try:
        entry = json.loads(line)
        bound = (entry["number"], entry["before"])
    except (ValueError, KeyError, TypeError):
        return "the line can't be read"
    return "" if bound == (number, before.sha256) else "the line does not follow the one before it"


def _hash(line: str) -> str:
    return sha256(line.encode()).hexdigest()
