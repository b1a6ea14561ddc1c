"""Meeting packs: drafts that may change, frozen ones that are bytes for ever. A decision's fate may be told later."""

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.store.database.engine import DatabaseConflict
from survey.store.tables import pack, pack_comment, pack_decision


class PackIsFrozen(Exception):
    """A change to a frozen pack, which is never changed."""


@dataclass(frozen=True)
class Pack:
    """A pack without its bytes; `number`, `frozen_on` and `sha256` are a frozen one's."""

    id: str
    revision: int
    edition: int
    previous_pack: str | None
    title: str
    places: tuple[str, ...]
    questions: tuple[str, ...]
    introduction: str
    number: int | None
    frozen_on: date | None
    sha256: str | None


class PackDecision(NamedTuple):
    """A decision of a meeting, and its status since."""

    n: int
    text: str
    who: str
    due_on: date | None
    status: str
    outcome: str
    question: str | None


STILL_OPEN = ("open", "going_on")


def earlier_decisions(connection: Connection, pack: Pack) -> list[PackDecision]:
    """Return earlier decisions with their status: those of the pack before, and older ones that are not done."""
    found: list[PackDecision] = []
    before, seen = pack.previous_pack, {pack.id}
    while before and before not in seen and (earlier := get(connection, before)):
        own = decisions(connection, before)
        found += own if before == pack.previous_pack else [each for each in own if each.status in STILL_OPEN]
        seen.add(before)
        before = earlier.previous_pack
    return found


_COLUMNS = tuple(pack.c[name] for name in Pack.__dataclass_fields__)
_OF_ID = pack.c.id == sa.bindparam("of_pack")
_ONE = sa.select(*_COLUMNS).where(_OF_ID)
_ALL = sa.select(*_COLUMNS).order_by(pack.c.number.desc(), pack.c.title, pack.c.id)
_FILE = sa.select(pack.c.html, pack.c.pdf).where(_OF_ID)
_ADD = sa.insert(pack)
_DRAFT = (_OF_ID, pack.c.sha256.is_(None))
_CHANGE = sa.update(pack).where(*_DRAFT, pack.c.revision == sa.bindparam("of_revision"))
_STEP = sa.update(pack).where(*_DRAFT).values(revision=pack.c.revision + 1)
_LAST = sa.select(sa.func.coalesce(sa.func.max(pack.c.number), 0))
_REMOVE = sa.delete(pack).where(*_DRAFT)
_COMMENTS = sa.select(pack_comment.c.question, pack_comment.c.text).where(
    pack_comment.c.pack == sa.bindparam("of_pack")
)
_NO_COMMENTS = sa.delete(pack_comment).where(pack_comment.c.pack == sa.bindparam("of_pack"))
_ADD_COMMENT = sa.insert(pack_comment)
_OF_PACK = pack_decision.c.pack == sa.bindparam("of_pack")
_DECISIONS = (
    sa.select(*(pack_decision.c[name] for name in PackDecision._fields)).where(_OF_PACK).order_by(pack_decision.c.n)
)
_ALL_DECISIONS = sa.select(pack_decision.c.pack, *(pack_decision.c[name] for name in PackDecision._fields)).order_by(
    pack_decision.c.n
)
_ADD_DECISION = sa.insert(pack_decision)
_OF_DECISION = (_OF_PACK, pack_decision.c.n == sa.bindparam("of_n"))
_DECISION = sa.select(*(pack_decision.c[name] for name in PackDecision._fields)).where(*_OF_DECISION).with_for_update()
_REMOVE_DECISION = sa.delete(pack_decision).where(*_OF_DECISION)
_REMOVE_DECISIONS = sa.delete(pack_decision).where(_OF_PACK)
_FOLLOW = (
    sa.update(pack_decision)
    .where(*_OF_DECISION)
    .values(status=sa.bindparam("new_status"), outcome=sa.bindparam("new_outcome"))
)


def _read(row: Any) -> Pack:
    found = dict(row._mapping)
    return Pack(**found | {name: tuple(found[name].split("\n")) for name in ("places", "questions")})


def get(connection: Connection, id: str) -> Pack | None:
    """Return the pack with that id, or None."""
    row = connection.execute(_ONE, {"of_pack": id}).one_or_none()
    return _read(row) if row else None


def all_packs(connection: Connection) -> list[Pack]:
    """Return all packs: the drafts, and the frozen ones with the newest first."""
    found = [_read(row) for row in connection.execute(_ALL)]
    return sorted(found, key=lambda each: (each.number is not None, -(each.number or 0)))


def files(connection: Connection, id: str) -> tuple[bytes, bytes | None] | None:
    """Return a frozen pack's page and its PDF, if it could be made; the same bytes for ever."""
    row = connection.execute(_FILE, {"of_pack": id}).one_or_none()
    if row is None or row.html is None:
        return None
    return bytes(row.html), bytes(row.pdf) if row.pdf is not None else None


def add(connection: Connection, draft: Pack) -> None:
    """Store a new draft."""
    row = {name: getattr(draft, name) for name in Pack.__dataclass_fields__}
    connection.execute(_ADD, row | {name: "\n".join(row[name]) for name in ("places", "questions")})


def change(connection: Connection, id: str, revision: int, **values: Any) -> None:
    """Change a draft that is still at this revision; raise PackIsFrozen or DatabaseConflict when it is not."""
    row = {name: "\n".join(value) if isinstance(value, tuple) else value for name, value in values.items()}
    named = {"of_pack": id, "of_revision": revision}
    if connection.execute(_CHANGE.values(revision=revision + 1, **row), named).rowcount != 1:
        _refuse(connection, id)
        raise DatabaseConflict("the draft was changed meanwhile")


def _refuse(connection: Connection, id: str) -> None:
    found = get(connection, id)
    if found is not None and found.sha256 is not None:
        raise PackIsFrozen(f"pack {found.number} is frozen")


def _step(connection: Connection, id: str) -> None:
    """Raise the draft's revision before a part of it is changed: a pack that is just being frozen is drawn anew."""
    if connection.execute(_STEP, {"of_pack": id}).rowcount != 1:
        _refuse(connection, id)
        raise DatabaseConflict("there is no such draft")


def next_number(connection: Connection) -> int:
    """Return the number of the next frozen pack."""
    return int(connection.scalar(_LAST) or 0) + 1


def freeze(
    connection: Connection, draft: Pack, number: int, *, sha256: str, html: bytes, pdf: bytes | None, on: date
) -> None:
    """Store the pack's bytes under this number.

    Raises PackIsFrozen or DatabaseConflict when pack or number are taken.
    """
    if next_number(connection) != number:
        raise DatabaseConflict("the number is taken")
    values = {"number": number, "frozen_on": on, "sha256": sha256, "html": html, "pdf": pdf}
    change(connection, draft.id, draft.revision, **values)


def remove(connection: Connection, id: str) -> None:
    """Remove a draft with all its parts."""
    _step(connection, id)
    connection.execute(_NO_COMMENTS, {"of_pack": id})
    connection.execute(_REMOVE_DECISIONS, {"of_pack": id})
    connection.execute(_REMOVE, {"of_pack": id})


def comments(connection: Connection, id: str) -> dict[str, str]:
    """Return the comments, by question."""
    return {row.question: row.text for row in connection.execute(_COMMENTS, {"of_pack": id})}


def replace_comments(connection: Connection, id: str, written: dict[str, str]) -> None:
    """Replace the comments; the caller has to have raised the draft's revision."""
    _refuse(connection, id)
    connection.execute(_NO_COMMENTS, {"of_pack": id})
    for question, text in written.items():
        connection.execute(_ADD_COMMENT, {"pack": id, "question": question, "text": text})


def decisions(connection: Connection, id: str) -> list[PackDecision]:
    """Return the decisions, in the order they were written."""
    return [PackDecision(*row) for row in connection.execute(_DECISIONS, {"of_pack": id})]


def meetings(connection: Connection) -> list[tuple[Pack, list[PackDecision]]]:
    """Return the frozen packs with any decisions, the newest first, each with its decisions."""
    of_pack: dict[str, list[PackDecision]] = {}
    for row in connection.execute(_ALL_DECISIONS):
        of_pack.setdefault(row.pack, []).append(PackDecision(*row[1:]))
    return [
        (each, of_pack[each.id]) for each in all_packs(connection) if each.number is not None and each.id in of_pack
    ]


def add_decision(
    connection: Connection, id: str, *, text: str, who: str, due_on: date | None, question: str | None = None
) -> None:
    """Add a decision to a draft."""
    _step(connection, id)
    n = max((each.n for each in decisions(connection, id)), default=0) + 1
    row = {"pack": id, "n": n, "text": text, "who": who, "due_on": due_on, "status": "open", "outcome": ""}
    row["question"] = question
    connection.execute(_ADD_DECISION, row)


def decision_for_update(connection: Connection, id: str, n: int) -> PackDecision | None:
    """Return a decision that nobody else changes until the transaction ends."""
    row = connection.execute(_DECISION, {"of_pack": id, "of_n": n}).one_or_none()
    return PackDecision(*row) if row else None


def remove_decision(connection: Connection, id: str, n: int) -> None:
    """Delete a decision from a draft."""
    _step(connection, id)
    connection.execute(_REMOVE_DECISION, {"of_pack": id, "of_n": n})


def set_decision_status(connection: Connection, id: str, n: int, *, status: str, outcome: str) -> bool:
    """Set the status of a decision, of a frozen pack too; return whether there is such a decision."""
    named = {"of_pack": id, "of_n": n, "new_status": status, "new_outcome": outcome}
    return connection.execute(_FOLLOW, named).rowcount == 1
