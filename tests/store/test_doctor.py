"""`flask db doctor`: each fault of a database is one line with what to do, and exit status 1; 0 when all is well."""

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from click.testing import Result
from sqlalchemy import Connection, Engine

from survey.app import create_app
from survey.store.core.worker_lease import WorkerLease
from survey.store.database.engine import make_engine
from survey.store.maintenance import postgres_health, schema_check, sqlite_health
from survey.store.maintenance.database_checks import checks
from tests.parts import Parts, owned_database
from tests.postgres import Cluster

# What the server of the tests is not, nor need be.
OF_THE_SERVER = {"database log"}


@pytest.fixture(scope="module")
def parts(cluster: Cluster) -> Iterator[Parts]:
    """A database with its owner and the parts' roles."""
    with owned_database(cluster) as made:
        yield made


@pytest.fixture
def doctor(tmp_path: Path) -> Callable[[str], Result]:
    """The command, as who has this address."""

    def call(url: str) -> Result:
        text = f'secret = "{"s" * 40}"\ndemo = true\nmin_free_mb = 0\ndatabase = "{url}"\n'
        (tmp_path / "config.toml").write_text(text)
        app = create_app("all", tmp_path)
        with app.app_context():
            done = app.test_cli_runner().invoke(args=["db", "doctor"])
        app.extensions["services"].engine.dispose()
        return done

    return call


def faults(done: Result) -> dict[str, str]:
    """The lines of faults, by what they are of."""
    found = [line for line in done.output.splitlines() if line.startswith("FAULT")]
    return {line[7:23].strip(): line[24:] for line in found}


@pytest.mark.parametrize("part", ["", "worker"])
def test_a_well_kept_server_is_well_for_the_owner_and_for_the_worker(
    parts: Parts, doctor: Callable[[str], Result], part: str
) -> None:
    if part:
        parts.cluster.execute(f"ALTER ROLE {parts.role(part)} SET idle_session_timeout = 0")
    done = doctor(parts.url(part))
    assert set(faults(done)) == OF_THE_SERVER and done.exit_code == 1
    assert len(done.output.splitlines()) == len(checks("postgresql", 0))


def test_a_well_kept_file_is_well_and_ends_with_0(sqlite_url: str, doctor: Callable[[str], Result]) -> None:
    done = doctor(sqlite_url)
    assert (done.exit_code, faults(done)) == (0, {}), done.output


Plant = Callable[[Connection], object]
ON_FILE: dict[str, tuple[str, str]] = {
    "columns": ("CREATE VIEW peek AS SELECT * FROM envelope", "view peek"),
    "indexes": ("DROP INDEX ix_envelope_batch", "no index ix_envelope_batch on envelope"),
    "version": ("UPDATE alembic_version SET version_num = 'old'", "it is at old"),
    "durability": ("PRAGMA journal_mode = DELETE", "journal_mode = delete"),
    "pages": ("INSERT INTO envelope VALUES (x'00', 'nowhere', x'00')", "envelope refers to what is not there"),
}


@pytest.mark.parametrize("name", ON_FILE)
def test_each_fault_of_a_file_is_a_line_with_what_to_do(
    sqlite_url: str, doctor: Callable[[str], Result], name: str
) -> None:
    planted, said = ON_FILE[name]
    plain = sa.create_engine(sqlite_url, isolation_level="AUTOCOMMIT")
    with plain.connect() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql(planted)
    plain.dispose()
    done = doctor(sqlite_url)
    remedy = next(each.remedy for each in checks("sqlite", 0) if each.name == name)
    assert list(faults(done)) == [name] and done.exit_code == 1
    assert faults(done)[name].startswith(said) and faults(done)[name].endswith(remedy)


def test_a_file_that_is_short_of_room_or_of_a_checkpoint_is_told(
    sqlite_url: str, open_engine: Callable[..., Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_engine(sqlite_url).connect() as connection:
        assert sqlite_health.short_of_room(connection, 0) == sqlite_health.long_wal(connection) == []
        assert "MB left in" in sqlite_health.short_of_room(connection, 1 << 40)[0]
        monkeypatch.setattr(sqlite_health, "MAX_WAL", -1)
        assert "MB" in (sqlite_health.long_wal(connection) or ["0 MB"])[0]
        monkeypatch.setattr(sqlite_health, "OLDEST_VERSION", (99,))
        assert sqlite_health.old_library(connection)


@pytest.fixture
def owner(parts: Parts) -> Iterator[Connection]:
    """The administrator's connection; what is planted in it is undone."""
    engine = make_engine(parts.cluster.url(parts.database))
    with engine.connect() as connection:
        yield connection
        connection.rollback()
    engine.dispose()


def test_a_missing_index_another_version_and_a_large_object_are_seen(owner: Connection, parts: Parts) -> None:
    assert schema_check.missing_indexes(owner) == schema_check.version_faults(owner) == []
    assert schema_check.schema_differences(owner) == []
    for statement in ("DROP INDEX ix_envelope_batch", "DELETE FROM alembic_version", "SELECT lo_create(0)"):
        owner.exec_driver_sql(statement)
    assert schema_check.missing_indexes(owner) == ["no index ix_envelope_batch on envelope"]
    assert schema_check.version_faults(owner)[0].startswith("it is at no version")
    assert schema_check.schema_differences(owner) == ["large object of postgres"]


def test_an_index_that_was_never_built_is_seen(owner: Connection) -> None:
    assert postgres_health.broken_indexes(owner) == []
    owner.exec_driver_sql("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_envelope_batch'::regclass")
    assert postgres_health.broken_indexes(owner) == ["index ix_envelope_batch is not valid"]


def test_a_transaction_that_is_old_or_forgotten_is_seen(
    owner: Connection, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert postgres_health.long_transactions(owner) == []
    monkeypatch.setattr(postgres_health, "MAX_MINUTES", 0)
    with psycopg.connect(parts.url("worker")) as connection:
        connection.execute("SELECT 1 FROM round")
        owner.rollback()  # its clock stands as long as its own transaction
        seen = postgres_health.long_transactions(owner)
    assert len(seen) == 1 and seen[0].startswith(parts.role("worker"))


def test_the_workers_lease_may_last(
    owner: Connection, parts: Parts, open_engine: Callable[..., Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_health, "MAX_MINUTES", 0)
    lease = WorkerLease(open_engine(parts.url("worker")))
    assert lease.take()
    owner.rollback()  # its clock stands as long as its own transaction
    assert postgres_health.long_transactions(owner) == []
    lease.release()


def test_what_is_not_its_own_a_part_sees_by_what_it_holds_back(
    parts: Parts, open_engine: Callable[..., Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_health, "MAX_ROWS_BEHIND", -1)
    with psycopg.connect(parts.url()) as connection, open_engine(parts.url("worker")).connect() as looking:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        connection.execute("SELECT 1 FROM round")
        assert any(each.startswith(f"{parts.owner} while") for each in postgres_health.long_transactions(looking))


def test_a_slot_that_holds_the_log_is_seen(owner: Connection, parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"slot_{secrets.token_hex(4)}"
    parts.cluster.execute(f"SELECT pg_create_physical_replication_slot('{name}', true)")
    try:
        assert postgres_health.held_wal(owner) == []
        monkeypatch.setattr(postgres_health, "MAX_WAL_KEPT", -1)
        assert postgres_health.held_wal(owner)[0].startswith(f"replication slot {name} keeps")
    finally:
        parts.cluster.execute(f"SELECT pg_drop_replication_slot('{name}')")


@pytest.mark.parametrize(
    ("look", "limit", "value"),
    [
        (postgres_health.near_connection_limit, "MAX_CONNECTIONS_SHARE", 0),
        (postgres_health.old_version, "OLDEST_VERSION", 99),
    ],
)
def test_each_limit_is_held(
    owner: Connection, monkeypatch: pytest.MonkeyPatch, look: Callable[[Connection], list[str]], limit: str, value: int
) -> None:
    assert look(owner) == []
    monkeypatch.setattr(postgres_health, limit, value)
    assert len(look(owner)) == 1


def test_dead_rows_are_told_by_their_share(parts: Parts, owner: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    assert postgres_health.bloated_tables(owner) == []
    with psycopg.connect(parts.url(), autocommit=True) as connection:
        connection.execute("INSERT INTO region_text SELECT 'n' || n, 'x' FROM generate_series(1, 100) AS n")
        connection.execute("DELETE FROM region_text")
        connection.execute("SELECT pg_stat_force_next_flush()")
    owner.rollback()
    monkeypatch.setattr(postgres_health, "MIN_DEAD", 50)
    seen = postgres_health.bloated_tables(owner)
    assert [each for each in seen if each.startswith("region_text: 100 % dead rows")]


def test_a_server_that_listens_in_plain_is_told(owner: Connection) -> None:
    assert postgres_health.open_listening(owner) == []
