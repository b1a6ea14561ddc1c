"""A thief with a copy after every commit: which rows it wrote, where they lie, how large the log grew, when.

On SQLite from the raw pages, on PostgreSQL from transaction ids, places of rows and the write-ahead log. What two
copies share says nothing, so only differences are kept. The list of codes is the thief's too, with their pepper.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy import Engine

from survey.domain.questions.answer_scale import ANSWER_CODES, QUESTIONS
from survey.domain.questions.responses import SIZE, UnreadableResponse, unpack
from survey.store.database.engine import read_transaction
from tests.attacks.pages import Pages, Value, rowid, values

WORD = re.compile("[a-z_]+")
Said = dict[str, str]


@dataclass(frozen=True)
class Wrote:
    """One row that a commit wrote: its columns, and the numbers that say where and how."""

    values: tuple[Value, ...]
    marks: tuple[int, ...]


@dataclass(frozen=True)
class Commit:
    """What one commit wrote, and the numbers that go with the whole of it."""

    rows: tuple[Wrote, ...]
    marks: tuple[int, ...]


class Thief(Protocol):
    """Somebody who looks after every commit."""

    def look(self) -> Commit:
        """What has been written since the last look."""


class SqliteThief:
    """Reads the log beside the file: new pages, the rows in them, the file's time."""

    def __init__(self, engine: Engine) -> None:
        self.file = Path(str(engine.url.database))
        self.pages = Pages(self.file)
        self.last = self._time()

    def _time(self) -> int:
        return self.pages.log.stat().st_mtime_ns if self.pages.log.exists() else 0

    def look(self) -> Commit:
        """What has been written since the last look."""
        found, frames = self.pages.new_cells()
        before, self.last = self.last, self._time()
        wrote = [Wrote(values(raw), (*cell, rowid(raw), rowid(raw) % 2, len(raw))) for raw, cell in found.items()]
        return Commit(tuple(wrote), (frames, self.last - before))


class PostgresThief:
    """Asks for the rows of the newest transactions, with their hidden columns; reads the server's log."""

    def __init__(self, engine: Engine, log: Path) -> None:
        self.engine, self.log = engine, log
        with read_transaction(engine) as connection:
            named = connection.scalars(sa.text("SELECT relname FROM pg_stat_user_tables ORDER BY relname"))
            quote = engine.dialect.identifier_preparer.quote
            each = [f"SELECT xmin::text::bigint, ctid::text, row_to_json(t) FROM {quote(name)} t "
                    "WHERE xmin = ANY (CAST(:new AS xid[]))" for name in named]  # fmt: skip
        self.new_rows = sa.text(" UNION ALL ".join(each))
        self.next = self.lsn = self.said = 0
        self.look()

    def look(self) -> Commit:
        """What has been written since the last look."""
        with read_transaction(self.engine) as connection:
            now = sa.text("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint, "
                          "pg_current_wal_insert_lsn() - '0/0'::pg_lsn")  # fmt: skip
            following, lsn = connection.execute(now).one()
            new = [str(xid) for xid in range(self.next or following, following)]
            found = connection.execute(self.new_rows, {"new": new}).all() if new else []
        said = self.log.stat().st_size
        marks = (int(lsn) - self.lsn, said - self.said)
        self.next, self.lsn, self.said = following, int(lsn), said
        return Commit(tuple(Wrote(_columns(row), _place(xid, place)) for xid, place, row in found), marks)


def _columns(row: dict[str, Any]) -> tuple[Value, ...]:
    return tuple(
        bytes.fromhex(value[2:]) if isinstance(value, str) and value.startswith("\\x") else value
        for value in row.values()
    )


def _place(xid: int, place: str) -> tuple[int, ...]:
    block, line = (int(number) for number in place.strip("()").split(","))
    return xid, xid % 2, block, line, line % 2


def thief_of(engine: Engine, log: Path | None) -> Thief:
    """The thief for a database; `log`: what PostgreSQL's server prints."""
    return PostgresThief(engine, log) if log else SqliteThief(engine)


def said_plainly(wrote: Iterable[Wrote]) -> Said:
    """Answers that stand in rows for whoever reads them: as words, or packed without a seal."""
    found: Said = {}
    for row in wrote:
        words = WORD.findall(" ".join(value for value in row.values if isinstance(value, str)))
        found |= {
            question: code for question, code in pairwise(words) if question in QUESTIONS and code in ANSWER_CODES
        }
        for value in row.values:
            if isinstance(value, bytes):
                found |= _packed(value)
    return found


def _packed(value: bytes) -> Said:
    for start in range(len(value) - SIZE + 1):
        try:
            return dict(unpack(value[start : start + SIZE]).answers)
        except UnreadableResponse:
            continue
    return {}


@dataclass
class Loot:
    """What came with each code: its answers where they stood there, else only numbers."""

    second: str = ""  # the batch of the second envelopes, as the table of batches says
    said: dict[str, Said] = field(default_factory=dict)
    marks: dict[str, list[int]] = field(default_factory=dict)
    ids: dict[str, dict[str, bytes]] = field(default_factory=dict)

    def take(self, commit: Commit, codes: Mapping[object, str], order: int) -> None:
        """Tell whose commit it was by the code that was spent in it, and keep all that is new with it."""
        owners = {codes[value] for row in commit.rows for value in row.values if _hashable(value) and value in codes}
        if not owners:
            return
        (code,) = owners
        self.said[code] = said_plainly(commit.rows)
        sealed = [row for row in commit.rows if len(row.values) == 3 and isinstance(row.values[2], bytes)]
        self.ids[code] = {str(row.values[1]): bytes(row.values[0]) for row in sealed}  # type: ignore[arg-type]
        numbers = [order, *commit.marks]
        for row in sorted(sealed, key=lambda row: row.values[1] == self.second):
            numbers += [*row.marks, len(row.values[2]), *row.values[0], *row.values[2]]  # type: ignore[arg-type,misc]
        self.marks[code] = numbers


def _hashable(value: Value) -> bool:
    return isinstance(value, str | bytes)
