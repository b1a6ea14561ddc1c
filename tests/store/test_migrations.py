"""Migrations: they make what the models say, on both databases, and keep every row."""

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from survey.store.database.engine import DatabaseFault, DatabaseUnavailable, read_transaction, write_transaction
from survey.store.maintenance import migrate
from survey.store.maintenance.migrate import configuration, upgrade
from survey.store.tables import metadata
from tests.postgres import Cluster
from tests.store import rows


def _differences(connection: Connection, wanted: sa.MetaData) -> list[Any]:
    options = {"compare_type": True, "compare_server_default": True, "target_metadata": wanted}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), wanted))


def _checks(connection: Connection) -> dict[str, set[str | None]]:
    inspector = sa.inspect(connection)
    return {table: {check["name"] for check in inspector.get_check_constraints(table)} for table in metadata.tables}


def test_the_migrated_schema_is_the_models(engine: Engine) -> None:
    with write_transaction(engine) as connection:
        rows.fill(connection)
    with read_transaction(engine) as connection:
        assert _differences(connection, metadata) == []
        models = {
            name: {c.name for c in table.constraints if isinstance(c, sa.CheckConstraint) and c.name}
            for name, table in metadata.tables.items()
        }
        assert _checks(connection) == models


def _one_column_more(wanted: sa.MetaData) -> None:
    wanted.tables["envelope"].append_column(sa.Column("arrived", sa.Date))


def _another_length(wanted: sa.MetaData) -> None:
    wanted.tables["place"].c.name.type = sa.String(121)


def _no_index(wanted: sa.MetaData) -> None:
    wanted.tables["envelope"].indexes.clear()


@pytest.mark.parametrize("plant", [_one_column_more, _another_length, _no_index])
def test_a_difference_would_be_seen(plant: Callable[[sa.MetaData], None], engine: Engine) -> None:
    wanted = sa.MetaData(naming_convention=metadata.naming_convention)
    for table in metadata.sorted_tables:
        table.to_metadata(wanted)
    plant(wanted)
    with read_transaction(engine) as connection:
        assert _differences(connection, wanted) != []


def test_upgrading_again_keeps_every_row(engine: Engine) -> None:
    with write_transaction(engine) as connection:
        written = rows.fill(connection)
    upgrade(engine)
    with read_transaction(engine) as connection:
        assert rows.read(connection) == written


def test_two_at_once_both_end_well(cluster: Cluster, tmp_path: Path) -> None:
    cluster.execute("CREATE DATABASE twice")
    try:
        for url in (f"sqlite:///{tmp_path / 'twice.sqlite'}", cluster.url("twice")):
            failed: list[BaseException] = []

            def run(url: str = url, failed: list[BaseException] = failed) -> None:
                try:
                    upgrade(url)
                except Exception as error:
                    failed.append(error)

            both = [threading.Thread(target=run) for _ in range(2)]
            for each in both:
                each.start()
            for each in both:
                each.join()
            assert failed == []
    finally:
        cluster.execute("DROP DATABASE twice WITH (FORCE)")


def test_a_version_table_that_another_has_just_made_is_no_fault(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgrade(postgres_url)
    # What PostgreSQL says where another's table appears after it has looked.
    monkeypatch.setattr(migrate, "_TURNSTILE", sa.text(str(migrate._TURNSTILE).replace("IF NOT EXISTS ", "")))
    upgrade(postgres_url)


@pytest.mark.parametrize("version", ["20261129", "20261224", "20991231"])
def test_a_database_of_another_version_is_left_alone_with_a_sentence(engine: Engine, version: str) -> None:
    with write_transaction(engine) as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{version}'")
    with pytest.raises(DatabaseFault, match="run that version, or begin with a new instance"):
        upgrade(engine)
    with read_transaction(engine) as connection:
        assert connection.scalar(sa.text("SELECT version_num FROM alembic_version")) == version


def test_a_new_file_is_set_to_wal(tmp_path: Path) -> None:
    upgrade(f"sqlite:///{tmp_path / 'new.sqlite'}")
    connection = sqlite3.connect(tmp_path / "new.sqlite")
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailable, match="CANTOPEN"):
        upgrade(f"sqlite:///{tmp_path / 'nowhere' / 'new.sqlite'}")


def test_files_are_sorted_by_date_in_one_line() -> None:
    scripts = list(ScriptDirectory.from_config(configuration()).walk_revisions())
    files = [Path(script.path).name for script in scripts]
    assert files == sorted(files, reverse=True)
    assert all(name.startswith(f"{script.revision}_") for name, script in zip(files, scripts, strict=True))
