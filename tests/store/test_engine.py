"""The engine: what is not durable is refused, writers stand in line."""

import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine

from survey.store.core import health
from survey.store.core.health import HealthLine
from survey.store.database.engine import (
    DatabaseFull,
    DatabaseUnavailable,
    make_engine,
    read_transaction,
    truncate_wal,
    write_transaction,
)
from tests.postgres import Cluster

Make = Callable[..., Engine]


def _path(engine: Engine) -> Path:
    return Path(str(engine.url.database))


def _names(engine: Engine) -> list[str]:
    with read_transaction(engine) as connection:
        return [line.name for line in health.lines(connection)]


def test_what_is_written_is_there_and_what_fails_is_not(engine: Engine) -> None:
    with write_transaction(engine) as connection:
        health.write(connection, [HealthLine("one", True)])
    with pytest.raises(KeyError), write_transaction(engine) as connection:
        health.write(connection, [HealthLine("two", True)])
        raise KeyError
    assert _names(engine) == ["one"]


def test_reading_changes_nothing(engine: Engine) -> None:
    with read_transaction(engine) as connection:
        health.write(connection, [HealthLine("one", True)])
    assert _names(engine) == []


def test_reading_sees_one_state_on_sqlite(sqlite_url: str, open_engine: Make) -> None:
    engine = open_engine(sqlite_url)
    with read_transaction(engine) as connection:
        assert health.lines(connection) == []
        with write_transaction(engine) as other:
            health.write(other, [HealthLine("one", True)])
        assert health.lines(connection) == []


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://somewhere/x"])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(ValueError):
        make_engine(url)


def test_sqlite_is_durable_and_forgets(sqlite_url: str, open_engine: Make) -> None:
    with read_transaction(open_engine(sqlite_url)) as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("synchronous", "journal_mode", "foreign_keys", "secure_delete")
        }
    assert found == {"synchronous": 2, "journal_mode": "wal", "foreign_keys": 1, "secure_delete": 1}


@pytest.mark.parametrize("way", [read_transaction, write_transaction])
def test_a_connection_with_synchronous_normal_is_refused(
    way: Callable[[Engine], AbstractContextManager[Connection]], sqlite_url: str, open_engine: Make
) -> None:
    engine = open_engine(sqlite_url)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA synchronous = NORMAL")
    with pytest.raises(DatabaseUnavailable, match="FULL"), way(engine):
        pass
    with way(engine) as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2, "a sound one takes its place"


@pytest.mark.parametrize("way", [read_transaction, write_transaction])
def test_a_question_without_any_answer_is_a_database_that_is_lost(
    way: Callable[[Engine], AbstractContextManager[Connection]], sqlite_url: str, open_engine: Make
) -> None:
    # As a disk that fails under a SELECT may have it: the driver then says that no rows were asked for.
    with pytest.raises(DatabaseUnavailable), way(open_engine(sqlite_url)) as connection:
        connection.exec_driver_sql("PRAGMA application_id = 0").all()


def test_postgresql_without_synchronous_commit_is_refused(postgres_url: str, open_engine: Make) -> None:
    engine = open_engine(postgres_url)
    with write_transaction(engine) as connection:
        connection.exec_driver_sql(f"ALTER DATABASE {engine.url.database} SET synchronous_commit = off")
    engine.dispose()
    with pytest.raises(DatabaseUnavailable, match="last"), write_transaction(engine):
        pass


def test_a_lost_sqlite_file_is_missed_and_not_made_anew(sqlite_url: str, open_engine: Make) -> None:
    engine = open_engine(sqlite_url)
    path = _path(engine)
    assert _names(engine) == []
    path.rename(path.with_suffix(".away"))
    for make in (lambda: engine, lambda: open_engine(sqlite_url)):
        with pytest.raises(DatabaseUnavailable), write_transaction(make()):
            pass
    assert not path.exists()


def test_a_replaced_sqlite_file_is_missed_once_and_then_used(sqlite_url: str, open_engine: Make) -> None:
    engine = open_engine(sqlite_url)
    path = _path(engine)
    assert _names(engine) == []
    path.with_suffix(".new").write_bytes(path.read_bytes())
    path.with_suffix(".new").replace(path)
    with pytest.raises(DatabaseUnavailable, match="replaced"):
        _names(engine)
    assert _names(engine) == []


def test_a_locked_sqlite_is_unavailable(sqlite_url: str, open_engine: Make) -> None:
    engine = open_engine(sqlite_url, patience=0.1)
    other = sqlite3.connect(_path(engine), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseUnavailable, match="BUSY"), write_transaction(engine):
        pass
    other.execute("ROLLBACK")
    other.close()
    with write_transaction(engine):
        pass


def test_a_full_sqlite_is_full(sqlite_url: str, open_engine: Make) -> None:
    engine = open_engine(sqlite_url)
    with pytest.raises(DatabaseFull), write_transaction(engine) as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")
        health.write(connection, [HealthLine("big", True, "x" * 1_000_000)])


def test_a_read_only_sqlite_is_unavailable(sqlite_url: str, open_engine: Make) -> None:
    engine = open_engine(sqlite_url)
    with pytest.raises(DatabaseUnavailable, match="READONLY"), write_transaction(engine) as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")
        health.write(connection, [HealthLine("one", True)])


def test_a_broken_sqlite_is_unavailable(sqlite_url: str, open_engine: Make) -> None:
    _path(make_engine(sqlite_url)).write_bytes(b"no database at all" * 500)
    with pytest.raises(DatabaseUnavailable, match="NOTADB"):
        _names(open_engine(sqlite_url))


def test_a_stopped_postgresql_is_unavailable_and_comes_back(
    cluster: Cluster, postgres_url: str, open_engine: Make
) -> None:
    engine = open_engine(postgres_url)
    assert _names(engine) == []
    cluster.stop()
    try:
        with pytest.raises(DatabaseUnavailable):
            _names(engine)
    finally:
        cluster.start()
    assert _names(engine) == []


def test_a_postgresql_row_that_is_held_is_unavailable(postgres_url: str, open_engine: Make) -> None:
    engine = open_engine(postgres_url, patience=0.2)
    with write_transaction(engine) as connection:
        health.write(connection, [HealthLine("one", True)])
    with write_transaction(engine) as connection:
        health.write(connection, [HealthLine("one", False)])
        with pytest.raises(DatabaseUnavailable, match="55P03"), write_transaction(engine) as other:
            health.write(other, [HealthLine("one", False)])


def test_the_log_is_emptied(sqlite_url: str, open_engine: Make) -> None:
    engine = open_engine(sqlite_url)
    with write_transaction(engine) as connection:
        health.write(connection, [HealthLine("one", True, "x" * 10_000)])
    log = _path(engine).with_name("survey.sqlite-wal")
    assert log.stat().st_size > 10_000
    truncate_wal(engine)
    assert log.stat().st_size == 0


def test_writers_stand_in_line(sqlite_url: str, open_engine: Make) -> None:
    engine = open_engine(sqlite_url)
    order: list[int] = []

    def write(number: int) -> None:
        with write_transaction(engine):
            order.append(number)

    with write_transaction(engine):
        line = [threading.Thread(target=write, args=(number,)) for number in range(5)]
        for each in line:
            each.start()
            time.sleep(0.1)
        assert order == []
    for each in line:
        each.join()
    assert order == [0, 1, 2, 3, 4]


def test_who_waits_too_long_leaves_the_line(sqlite_url: str, open_engine: Make) -> None:
    holder, hasty = open_engine(sqlite_url), open_engine(sqlite_url, patience=0.1)
    with write_transaction(holder):
        for _ in range(3):
            with pytest.raises(DatabaseUnavailable, match="queue"), write_transaction(hasty):
                pass
    for engine in (hasty, holder, hasty):
        with write_transaction(engine):
            pass
