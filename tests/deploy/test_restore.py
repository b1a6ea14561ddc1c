"""A backup named by its day, and the drill that restores it elsewhere, looks through it and throws it away."""

import os
import secrets
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import Engine

from survey.cli.maintenance.backup import command as backup_command
from survey.cli.maintenance.restore import command as restore_command
from survey.sealing.checks.backup import back_up
from survey.sealing.checks.drill import drill
from survey.store import tables
from survey.store.database.engine import DatabaseFault, read_transaction, write_transaction
from survey.store.maintenance.copies import CopyFailed
from survey.store.maintenance.migrate import is_migrated, upgrade
from survey.store.maintenance.restoring import drill_database
from survey.store.published import editions
from survey.web.request.services import Services, init_services
from tests.attacks.tools import every_row
from tests.postgres import Cluster
from tests.sealed import ROUND, Sealed, make_sealed

DAY = date(2027, 3, 1)
EDITION = '{"number": 1}'


@pytest.fixture
def sealed(engine: Engine, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Sealed:
    """An open round with answers, an edition; on PostgreSQL with that server's own programs."""
    if engine.dialect.name == "postgresql":
        cluster: Cluster = request.getfixturevalue("cluster")
        monkeypatch.setenv("PATH", f"{cluster.install / 'bin'}:{os.environ['PATH']}")
    made = make_sealed(engine, tmp_path / "instance")
    made.fill({"vast-ett": 12, "ost-ett": 3})
    with write_transaction(engine) as connection:
        editions.add(connection, ROUND, EDITION, sha256(EDITION.encode()).hexdigest(), DAY)
    return made


@pytest.fixture
def elsewhere(sealed: Sealed, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a place where nothing is."""
    if sealed.engine.dialect.name == "sqlite":
        yield f"sqlite:///{tmp_path / 'elsewhere.sqlite'}"
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    name = f"drill_{secrets.token_hex(4)}"
    cluster.execute(f"CREATE DATABASE {name}")
    yield cluster.url(name)
    cluster.execute(f"DROP DATABASE {name} WITH (FORCE)")


def nothing_is(address: str, open_engine: Callable[..., Engine]) -> bool:
    return not is_migrated(open_engine(address))


def test_a_drill_restores_looks_through_and_throws_away(
    sealed: Sealed, elsewhere: str, tmp_path: Path, open_engine: Callable[..., Engine]
) -> None:
    back_up(sealed.engine, tmp_path / "backup")
    before = every_row(sealed.engine)
    found = {each.name: each.ok for each in drill(tmp_path / "backup", elsewhere)}
    assert all(found.values()) and {"opens", "answers", "editions", "packs", "audit log"} < set(found)
    assert nothing_is(elsewhere, open_engine) and every_row(sealed.engine) == before


def in_any_order(engine: Engine) -> dict[str, list[Any]]:
    """Every row, sorted, and nothing of where it stands: a server gives restored ones another place."""
    with read_transaction(engine) as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(sa.select(*table.c))), key=repr)
            for table in tables.metadata.sorted_tables
        }


def other_count(connection: sa.Connection) -> None:
    connection.execute(sa.update(tables.batch).where(tables.batch.c.accepted > 0).values(accepted=99))


def other_edition(connection: sa.Connection) -> None:
    guards = "trigger" if connection.dialect.name == "sqlite" else "user"
    if guards == "user":
        connection.exec_driver_sql("ALTER TABLE edition DISABLE TRIGGER USER")
    else:
        for name in connection.scalars(
            sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'edition'")
        ).all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
    connection.execute(sa.update(tables.edition).values(body="{ }"))


def short_envelope(connection: sa.Connection) -> None:
    connection.execute(sa.update(tables.envelope).values(sealed=b"short"))


@pytest.mark.parametrize(
    ("plant", "name"), [(other_count, "answers"), (other_edition, "editions"), (short_envelope, "envelopes")]
)
def test_what_is_wrong_in_a_backup_is_found(
    plant: Callable[[sa.Connection], None],
    name: str,
    sealed: Sealed,
    elsewhere: str,
    tmp_path: Path,
    open_engine: Callable[..., Engine],
) -> None:
    with write_transaction(sealed.engine) as connection:
        plant(connection)
    back_up(sealed.engine, tmp_path / "backup")
    assert [each.name for each in drill(tmp_path / "backup", elsewhere) if not each.ok] == [name]
    assert nothing_is(elsewhere, open_engine)


def test_half_a_backup_is_refused_and_leaves_nothing(
    sealed: Sealed, elsewhere: str, tmp_path: Path, open_engine: Callable[..., Engine]
) -> None:
    back_up(sealed.engine, tmp_path / "backup")
    os.truncate(tmp_path / "backup", (tmp_path / "backup").stat().st_size // 2)
    with pytest.raises(DatabaseFault):
        list(drill(tmp_path / "backup", elsewhere))
    assert nothing_is(elsewhere, open_engine)


def test_a_drill_touches_nothing_that_is_there(sealed: Sealed, elsewhere: str, tmp_path: Path) -> None:
    back_up(sealed.engine, tmp_path / "backup")
    upgrade(elsewhere)
    for address in (elsewhere, sealed.engine.url.render_as_string(hide_password=False)):
        with pytest.raises(CopyFailed):
            list(drill(tmp_path / "backup", address))
    assert sealed.waiting() == 30  # each of the fifteen, and its second envelope


Run = Callable[..., Result]


@pytest.fixture
def run(sealed: Sealed, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Run]:
    """The two commands, on this database."""
    app = Flask("survey")
    settings = replace(sealed.settings, demo=False)
    init_services(app, Services(sealed.engine, settings, {}, sealed.volumes, lambda: DAY))
    cluster: Any = request.getfixturevalue("cluster") if sealed.engine.dialect.name == "postgresql" else None
    own = drill_database(str(sealed.engine.url.database))
    if cluster:
        cluster.execute(f"CREATE DATABASE {own}")

    def invoke(command: Any, *arguments: str) -> Result:
        with app.app_context():
            return CliRunner().invoke(command, [*arguments])

    yield invoke
    if cluster:
        cluster.execute(f"DROP DATABASE {own} WITH (FORCE)")


def test_one_command_a_day_and_the_oldest_go(run: Run, tmp_path: Path) -> None:
    copies = tmp_path / "copies"
    copies.mkdir()
    (copies / "survey-notes.txt").touch()
    for _ in range(2):
        assert run(backup_command, str(copies)).exit_code == 0
    (copies / "survey-2027-02-27.dump").touch()
    last = run(backup_command, str(copies), "--keep", "2")
    assert last.exit_code == 0 and "audit log: head" in last.output
    names = sorted(path.name.rpartition(".")[0] for path in copies.iterdir())
    assert names == ["survey-2027-03-01-2", "survey-2027-03-01-3", "survey-notes"]
    assert all(path.stat().st_mode & 0o077 == 0 for path in copies.glob("survey-2027*"))
    newest = run(restore_command, str(copies), "--drill")
    assert newest.exit_code == 0 and "survey-2027-03-01-3" in newest.output
    empty = run(restore_command, str(tmp_path / "instance"), "--drill")
    assert empty.exit_code == 1 and "no copy of ours" in empty.output


def test_a_backup_is_never_laid_beside_its_keys(run: Run, sealed: Sealed) -> None:
    beside = sealed.volumes.private.parent / "copies"
    beside.mkdir()
    refused = run(backup_command, str(beside))
    assert refused.exit_code == 1 and "on a key volume" in refused.output
    assert list(beside.iterdir()) == []


def test_a_drill_is_one_command_and_clears_what_a_killed_one_left(
    run: Run, sealed: Sealed, tmp_path: Path, open_engine: Callable[..., Engine]
) -> None:
    back_up(sealed.engine, tmp_path / "backup")
    name = drill_database(str(sealed.engine.url.database))
    left = (
        f"sqlite:///{sealed.settings.instance / 'drill.sqlite'}"
        if sealed.engine.dialect.name == "sqlite"
        else sealed.engine.url.set(database=name).render_as_string(hide_password=False)
    )
    upgrade(left)
    drilled = run(restore_command, str(tmp_path / "backup"), "--drill")
    assert drilled.exit_code == 0, drilled.output
    assert "can be put back" in drilled.output and "FAULT" not in drilled.output
    assert nothing_is(left, open_engine) and sealed.waiting() == 30


def test_a_backup_is_put_back_where_nothing_is_and_nowhere_else(run: Run, sealed: Sealed, tmp_path: Path) -> None:
    back_up(sealed.engine, tmp_path / "backup")
    before = in_any_order(sealed.engine)
    refused = run(restore_command, str(tmp_path / "backup"))
    assert refused.exit_code == 1 and "Nothing was restored" in refused.output
    assert in_any_order(sealed.engine) == before
    if sealed.engine.dialect.name == "sqlite":
        path = Path(str(sealed.engine.url.database))
        sealed.engine.dispose()
        for each in path.parent.glob(f"{path.name}*"):
            each.rename(each.with_name(f"old-{each.name}"))
    else:
        with write_transaction(sealed.engine) as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
    restored = run(restore_command, str(tmp_path / "backup"))
    assert restored.exit_code == 0, restored.output
    assert in_any_order(sealed.engine) == before
