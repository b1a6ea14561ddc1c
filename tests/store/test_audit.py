"""The audit log: each line bound to the one before, the same on both databases, and every way to spoil it is seen."""

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from survey.domain.staff.audit_events import AUDIT_EVENTS
from survey.store.database.engine import DatabaseConflict, DatabaseFault, read_transaction, write_transaction
from survey.store.staff import audit_log
from survey.store.staff.audit_log import LogHead, Verdict

START = datetime(2026, 9, 15, 8, 30, 59, tzinfo=UTC)
ABOUT: dict[str, str | int] = {
    "unit": "froso",
    "round": "2026-host",
    "role": "patient",
    "channel": "slips",
    "count": 50,
}
# What ten such lines end in, on either database.
HEAD = "f202690b"


def write(engine: Engine, count: int = 10) -> None:
    for minute in range(count):
        with write_transaction(engine) as connection:
            at = START + timedelta(minutes=minute)
            audit_log.note(connection, who="åsa@region.example", what="codes_made", about=ABOUT, at=at)


def verdict(engine: Engine, kept: LogHead | None = None) -> Verdict:
    with read_transaction(engine) as connection:
        return audit_log.verify(connection, kept)


def unlocked(connection: Connection) -> None:
    """Take away what keeps the lines as they are, as somebody who owns the database could."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("DROP TRIGGER audit_UPDATE")
        connection.exec_driver_sql("DROP TRIGGER audit_DELETE")
    else:
        connection.exec_driver_sql("ALTER TABLE audit_line DISABLE TRIGGER audit_kept")


def spoil(engine: Engine, *statements: str) -> None:
    with write_transaction(engine) as connection:
        unlocked(connection)
        for statement in statements:
            connection.execute(sa.text(statement))


def test_the_chain_is_the_same_on_both_databases(engine: Engine) -> None:
    assert verdict(engine) == Verdict(LogHead())
    write(engine)
    found = verdict(engine)
    assert found.broken is None
    assert (found.head.number, found.head.sha256[:8]) == (10, HEAD)
    with read_transaction(engine) as connection:
        lines = [json.loads(line) for line in audit_log.lines(connection)]
    assert lines[0] == {
        **{"number": 1, "at": "2026-09-15T08:30Z", "who": "åsa@region.example", "what": "codes_made"},
        **{"about": ABOUT, "before": ""},
    }
    assert [line["number"] for line in lines] == list(range(1, 11))


def rewrite_whole_line(connection: Connection) -> None:
    """A careful hand: the changed line has the right hash of its own."""
    line = next(text for n, text in enumerate(audit_log.lines(connection), 1) if n == 4).replace("50", "51")
    values = {"line": line, "sha256": audit_log._hash(line)}
    connection.execute(sa.update(audit_log.audit_line).where(audit_log.audit_line.c.number == 4).values(values))


PLANTED: list[tuple[str, tuple[str, ...], int, str]] = [
    (
        "changed",
        ("UPDATE audit_line SET line = replace(line, '50', '51') WHERE number = 4",),
        4,
        "not as it was written",
    ),
    ("other hash", (f"UPDATE audit_line SET sha256 = '{'0' * 64}' WHERE number = 4",), 4, "not as it was written"),
    ("removed", ("DELETE FROM audit_line WHERE number = 4",), 4, "missing"),
    ("first removed", ("DELETE FROM audit_line WHERE number = 1",), 1, "missing"),
    (
        "removed and closed up",
        (
            "DELETE FROM audit_line WHERE number = 4",
            *(f"UPDATE audit_line SET number = {n - 1} WHERE number = {n}" for n in range(5, 11)),
        ),
        4,
        "does not follow",
    ),
    (
        "swapped",
        tuple(f"UPDATE audit_line SET number = {to} WHERE number = {of}" for of, to in ((3, 99), (4, 3), (99, 4))),
        3,
        "does not follow",
    ),
    (
        "garbled",
        (f"UPDATE audit_line SET line = 'x', sha256 = '{audit_log._hash('x')}' WHERE number = 4",),
        4,
        "can't be read",
    ),
]


@pytest.mark.parametrize(
    ("statements", "line", "said"), [each[1:] for each in PLANTED], ids=[each[0] for each in PLANTED]
)
def test_a_spoiled_line_is_named(engine: Engine, statements: tuple[str, ...], line: int, said: str) -> None:
    write(engine)
    spoil(engine, *statements)
    found = verdict(engine)
    assert found.broken == line
    assert said in found.fault


def test_a_line_written_anew_with_its_hash_breaks_the_next(engine: Engine) -> None:
    write(engine)
    with write_transaction(engine) as connection:
        unlocked(connection)
        rewrite_whole_line(connection)
    assert verdict(engine).broken == 5


def test_a_cut_tail_is_seen_by_who_kept_the_head(engine: Engine) -> None:
    write(engine)
    kept = verdict(engine).head
    spoil(engine, "DELETE FROM audit_line WHERE number > 7")
    assert verdict(engine).broken is None
    assert verdict(engine, kept).broken == 10
    write(engine, 5)  # lines that are put in their place do not hide it
    assert verdict(engine).broken is None
    found = verdict(engine, kept)
    assert (found.broken, "another line" in found.fault) == (10, True)


def test_a_kept_head_stands_in_a_log_that_has_grown(engine: Engine) -> None:
    write(engine)
    kept = verdict(engine).head
    write(engine, 3)
    assert verdict(engine, kept).broken is None
    assert verdict(engine, LogHead()).broken is None


@pytest.mark.parametrize("statement", ["UPDATE audit_line SET line = ''", "DELETE FROM audit_line"])
def test_the_database_itself_only_adds(engine: Engine, statement: str) -> None:
    write(engine, 1)
    with pytest.raises(DatabaseFault), write_transaction(engine) as connection:
        connection.execute(sa.text(statement))
    assert verdict(engine) == Verdict(LogHead(1, verdict(engine).head.sha256))


def many_at_once(engine: Engine, writers: int = 4, each: int = 25) -> list[BaseException]:
    failed: list[BaseException] = []

    def run() -> None:
        try:
            write(engine, each)
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=run) for _ in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failed


def test_writers_at_once_make_one_chain(engine: Engine) -> None:
    assert many_at_once(engine) == []
    found = verdict(engine)
    assert (found.head.number, found.broken) == (100, None)


def test_control_without_the_lock_writers_stand_in_each_others_way(
    postgres_url: str, open_engine: Callable[..., Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_log, "take_turn", lambda connection, table: None)
    failed = many_at_once(open_engine(postgres_url))
    assert failed and {type(error) for error in failed} == {DatabaseConflict}


def test_a_deed_that_is_undone_leaves_no_line(engine: Engine) -> None:
    def undone() -> None:
        with write_transaction(engine) as connection:
            audit_log.note(connection, who="a", what="signed_in", about={}, at=START)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        undone()
    assert verdict(engine).head == LogHead()


@pytest.mark.parametrize(
    ("what", "about"),
    [
        ("answered", {}),
        ("codes_made", {"code": "2345"}),
        ("messages_handed_in", {"address": "kim@example.org"}),
        ("signed_in", {"person": "kim"}),
    ],
)
def test_only_what_is_named_can_be_written(engine: Engine, what: str, about: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"There is no event|says nothing of"), write_transaction(engine) as connection:
        audit_log.note(connection, who="a", what=what, about=about, at=START)
    assert verdict(engine).head == LogHead()


def test_no_deed_tells_of_a_resident() -> None:
    told = {name for deed in AUDIT_EVENTS.values() for name in deed.detail_names}
    assert told == {
        *("unit", "round", "role", "channel", "count", "kind", "edition", "place", "file"),
        *("change", "text", "person", "unnoted", "entry", "version", "group", "pack", "decision", "language"),
        *("asked_by", "from_to", "was", "now"),
    }
