"""Who may only connect to PostgreSQL stops nobody: turns are taken by locks that only a role with rights can hold."""

import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from survey.domain.records.action_plan import Event
from survey.domain.records.record_types import StoredVersion
from survey.store.database.engine import read_transaction, write_transaction
from survey.store.maintenance.migrate import upgrade
from survey.store.published.plan_records import EVENTS
from survey.store.staff import audit_log
from survey.store.tables import metadata
from tests.postgres import Cluster

ROOM = Path(__file__).resolve().parent.parent.parent / "survey"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
MODES = ("ACCESS SHARE", "ROW EXCLUSIVE", "SHARE ROW EXCLUSIVE", "ACCESS EXCLUSIVE")
EVERY_LOCK_SEEN = "SELECT DISTINCT classid, objid, objsubid FROM pg_locks WHERE locktype = 'advisory'"


@pytest.fixture
def onlooker(cluster: Cluster, postgres_url: str) -> Iterator[str]:
    """The address of a role that may connect, and was given nothing else."""
    role = f"onlooker_{secrets.token_hex(4)}"
    cluster.execute(f"CREATE ROLE {role} LOGIN")
    yield postgres_url.replace("postgres@", f"{role}@")
    cluster.execute(f"DROP ROLE {role}")


def write(engine: Engine) -> None:
    with write_transaction(engine) as connection:
        EVENTS.newest_for_update(connection)
        EVENTS.add(connection, StoredVersion("e", 1, NOON.date(), Event(day=NOON.date(), title="Nytt journalsystem")))
        audit_log.note(connection, who="a@region.example", what="signed_in", about={}, at=NOON)


def test_who_may_only_connect_stops_no_staff_and_no_upgrade(
    onlooker: str, postgres_url: str, open_engine: Callable[..., Engine]
) -> None:
    engine = open_engine(postgres_url, 1.0)
    with psycopg.connect(onlooker) as held:
        for number in (7777, 7778, 7779):
            held.execute("SELECT pg_advisory_lock(%s)", [number])
        for table in metadata.tables:
            for mode in MODES:
                with pytest.raises(psycopg.errors.InsufficientPrivilege), held.transaction():
                    held.execute(f'LOCK TABLE "{table}" IN {mode} MODE'.encode())
        write(engine)
        upgrade(engine)
    with read_transaction(engine) as connection:
        assert audit_log.head(connection).number == 1


def test_a_turn_holds_no_lock_that_anybody_can_take(postgres_url: str, open_engine: Callable[..., Engine]) -> None:
    engine = open_engine(postgres_url)
    with write_transaction(engine) as connection:
        EVENTS.newest_for_update(connection)
        audit_log.note(connection, who="a@region.example", what="signed_in", about={}, at=NOON)
        assert connection.execute(sa.text(EVERY_LOCK_SEEN)).all() == []
    found = [path.name for path in ROOM.rglob("*.py") if "pg_advisory" in path.read_text(encoding="utf-8")]
    assert found == []
