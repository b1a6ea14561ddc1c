"""A new version on a database with rows in every table: added to while older code runs, killed anywhere, begun again.

The next versions are planted: one that adds, one that takes away, and one that adds behind that.
"""

import multiprocessing
import os
import signal
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import Connection, Engine, event

from survey.cli.maintenance.upgrade import command
from survey.config import Settings
from survey.sealing.keys.key_storage import volumes_of
from survey.store.database.engine import make_engine, read_transaction, write_transaction
from survey.store.maintenance import migrate
from survey.store.maintenance.migrate import MIGRATIONS, configuration, pending_migrations, upgrade
from survey.store.maintenance.phases import PHASES
from survey.store.tables import metadata
from survey.web.request.services import Services, init_services
from tests.sealed import make_sealed
from tests.store import rows

FILES = {
    "20991231_a_column.py": '''
        """A note beside each place, and an index.

        Revision ID: 20991231
        """

        import sqlalchemy as sa
        from alembic import op

        revision, down_revision, phase = "20991231", "{head}", "expand"


        def upgrade() -> None:
            op.add_column("place", sa.Column("note", sa.String(40), server_default=""))
            op.execute("UPDATE place SET note = name")
            op.create_index("ix_place_note", "place", ["note"])
            op.create_table("later", sa.Column("id", sa.Integer, primary_key=True))
            op.execute("INSERT INTO later (id) VALUES (1)")
    ''',
    "20991232_gone.py": '''
        """The line on whether all is well goes.

        Revision ID: 20991232
        """

        from alembic import op

        revision, down_revision, phase = "20991232", "20991231", "contract"


        def upgrade() -> None:
            with op.batch_alter_table("health") as batch:
                batch.drop_column("detail")
    ''',
    "20991233_behind.py": '''
        """Something that stands behind what was taken away.

        Revision ID: 20991233
        """

        import sqlalchemy as sa
        from alembic import op

        revision, down_revision, phase = "20991233", "20991232", "expand"


        def upgrade() -> None:
            op.create_table("last", sa.Column("id", sa.Integer, primary_key=True))
    ''',
}
ADDS, TAKES, BEHIND = FILES


@pytest.fixture
def plant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Lays newer migrations beside ours."""
    head = ScriptDirectory.from_config(configuration()).get_current_head()
    folder = tmp_path / "versions"
    folder.mkdir()

    def lay(*names: str) -> None:
        for name in names:
            (folder / name).write_text(dedent(FILES[name]).replace("{head}", str(head)).lstrip(), encoding="utf-8")

        def both() -> Config:
            config = configuration()
            config.set_main_option("version_locations", f"{MIGRATIONS / 'versions'}\n{folder}")
            config.set_main_option("path_separator", "newline")
            return config

        monkeypatch.setattr(migrate, "configuration", both)

    return lay


Rows = dict[str, list[tuple[Any, ...]]]


def everything(connection: Connection) -> Rows:
    """Every row of every table that there is, its newer columns left out."""
    return {
        table.name: sorted(map(tuple, connection.execute(sa.select(*table.c))), key=repr)
        for table in metadata.sorted_tables
    }


def published(connection: Connection) -> dict[str, str]:
    """The bytes of editions, their pictures and frozen packs, by hash."""
    texts = {
        "edition": "SELECT number, body FROM edition",
        "drawing": "SELECT chart, svg FROM drawing",
        "pack": "SELECT id, html FROM pack",
        "pdf": "SELECT id, pdf FROM pack",
    }
    return {
        f"{name} {key}": sha256(raw if isinstance(raw, bytes) else raw.encode()).hexdigest()
        for name, text in texts.items()
        for key, raw in connection.execute(sa.text(text))
    }


@pytest.fixture
def filled(engine: Engine) -> tuple[Engine, Rows, dict[str, str]]:
    """A database of today with a row in each table."""
    with write_transaction(engine) as connection:
        rows.fill(connection)
    with read_transaction(engine) as connection:
        before = everything(connection)
        assert all(before.values()), "every table has a row"
        return engine, before, published(connection)


def killed_at(url: str, statement: int) -> bool:
    """Upgrade in a process of its own that is killed before a statement of the migration; return whether it was."""

    def run() -> None:
        engine = make_engine(url)
        left = [statement]

        @event.listens_for(engine, "before_cursor_execute")
        def count(*_: object) -> None:
            left[0] -= 1
            if left[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)

        upgrade(engine)
        os._exit(0)

    process = multiprocessing.get_context("fork").Process(target=run)
    process.start()
    process.join(60)
    assert process.exitcode in (0, -signal.SIGKILL)
    return process.exitcode != 0


def revision(connection: Connection) -> str:
    return str(connection.scalar(sa.text("SELECT version_num FROM alembic_version")))


def test_killed_at_each_statement_and_begun_again_no_row_is_lost(
    filled: tuple[Engine, Rows, dict[str, str]], plant: Callable[..., None]
) -> None:
    engine, before, bytes_before = filled
    url = engine.url.render_as_string(hide_password=False)
    with read_transaction(engine) as connection:
        first = revision(connection)
    plant(ADDS)
    engine.dispose()
    killed = 0
    while killed_at(url, killed):
        with read_transaction(engine) as connection:
            assert (everything(connection), published(connection)) == (before, bytes_before)
            assert revision(connection) == first, "all or nothing"
            assert "later" not in sa.inspect(connection).get_table_names()
        engine.dispose()
        killed += 1
    assert killed > 8
    with read_transaction(engine) as connection:
        assert revision(connection) == "20991231"
        assert (everything(connection), published(connection)) == (before, bytes_before)
        assert connection.scalar(sa.text("SELECT note FROM place")) == "a"


def test_control_statement_by_statement_half_of_it_would_stay(sqlite_url: str, plant: Callable[..., None]) -> None:
    plain = sa.create_engine(sqlite_url, isolation_level="AUTOCOMMIT")
    with plain.connect() as connection:
        connection.exec_driver_sql("ALTER TABLE place ADD COLUMN note VARCHAR(40)")
    plain.dispose()
    plant(ADDS)
    assert killed_at(sqlite_url, 1)
    with pytest.raises(Exception, match="duplicate column"):
        upgrade(sqlite_url)


Run = Callable[..., Result]


@pytest.fixture
def run(engine: Engine, tmp_path: Path) -> Run:
    settings = Settings(instance=tmp_path, secret="s" * 40, demo=True)
    app = Flask("survey")
    init_services(app, Services(engine, settings, {}, volumes_of(settings), lambda: rows.DAY))

    def invoke(*arguments: str) -> Result:
        with app.app_context():
            return CliRunner().invoke(command, [*arguments])

    return invoke


def test_what_takes_away_waits_until_nothing_older_runs(engine: Engine, run: Run, plant: Callable[..., None]) -> None:
    plant(ADDS, TAKES)
    first = run()
    assert first.exit_code == 0 and "--finish" in first.output, first.output
    assert [line.split()[:2] for line in first.output.splitlines()[:2]] == [["done", "20991231"], ["waits", "20991232"]]
    assert run().output.splitlines()[0].split()[:2] == ["waits", "20991232"]
    last = run("--finish")
    assert last.exit_code == 0 and "up to date" in last.output, last.output
    assert pending_migrations(engine) == []


def test_older_code_takes_answers_on_what_was_added(
    engine: Engine, run: Run, plant: Callable[..., None], tmp_path: Path
) -> None:
    sealed = make_sealed(engine, tmp_path / "instance")
    sealed.fill({"vast-ett": 11})
    plant(ADDS, TAKES)
    assert run().exit_code == 0
    sealed.fill({"vast-ett": 1}, seed=2)
    sealed.close()
    with read_transaction(engine) as connection:
        counted = sa.text("SELECT sum(counted) FROM batch WHERE place = 'vast-ett'")
        assert connection.scalar(counted) == 12


def test_a_version_that_was_passed_over_is_said(engine: Engine, run: Run, plant: Callable[..., None]) -> None:
    plant(ADDS, TAKES, BEHIND)
    behind = run()
    assert behind.exit_code == 1 and "stop every service" in behind.output, behind.output
    assert [each.revision for each in pending_migrations(engine)] == ["20991232", "20991233"]
    assert run("--finish").exit_code == 0


def test_only_an_empty_database_is_filled_where_that_is_asked(
    engine: Engine, run: Run, plant: Callable[..., None]
) -> None:
    plant(ADDS)
    assert run("--if-empty").output == "The tables are there already.\n"
    assert [each.revision for each in pending_migrations(engine)] == ["20991231"]


# What takes something away from code that is there, or asks something of it that it does not give.
CONTRACTING = ("drop_table", "drop_column", "alter_column", "rename_table", "drop_constraint", "DROP ", "RENAME ")


def faults_of_phase(source: str, phase: str) -> list[str]:
    """What an expanding migration does that older code would not stand."""
    return [word for word in CONTRACTING if phase == "expand" and word in source]


def test_every_migration_says_its_phase_and_keeps_to_it() -> None:
    scripts = list(ScriptDirectory.from_config(configuration()).walk_revisions())
    for script in scripts:
        phase = getattr(script.module, "phase", None)
        assert phase in PHASES, script.path
        if script.down_revision:  # the first makes all, and older code there is none
            assert faults_of_phase(Path(script.path).read_text(encoding="utf-8"), phase) == [], script.path
    assert faults_of_phase(dedent(FILES[TAKES]), "expand") == ["drop_column"]
    assert faults_of_phase(dedent(FILES[TAKES]), "contract") == []
