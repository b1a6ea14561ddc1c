"""Migration of a database to the newest schema. For `flask db upgrade`, `make run` and tests; safe to run again."""

import os
import sqlite3
from contextlib import suppress
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script.revision import RevisionError
from alembic.util import CommandError
from sqlalchemy import Connection, Engine

from survey.domain.questions.answer_scale import TOLD_APART
from survey.store.database.engine import make_engine, read_transaction, write_transaction
from survey.store.database.errors import DatabaseFault, translated
from survey.store.database.table_locks import lock_table
from survey.store.database.writer_lock import WriterLock
from survey.store.maintenance.phases import Migration, before_contracting, pending

_OF_ANOTHER_VERSION = (
    "Another version made this database, and this one can't upgrade it: run that version, or begin with a new instance."
)
MIGRATIONS = Path(__file__).parents[2] / "migrations"
# Alembic's own table, as it makes it: there before the first turn can be taken.
_VERSION = "alembic_version"
_KEY = f"CONSTRAINT {_VERSION}_pkc PRIMARY KEY"
_TURNSTILE = sa.text(f"CREATE TABLE IF NOT EXISTS {_VERSION} (version_num VARCHAR(32) NOT NULL {_KEY})")


def upgrade(engine: Engine | str, *, contracting: bool = True) -> list[Migration]:
    """Create or change the tables, all or nothing, and return what was done; a new SQLite file is made and set to WAL.

    `contracting`: also what older code does not stand. Raises DatabaseFault for a database that is at a version
    unknown here.
    """
    if isinstance(engine, Engine):
        return _upgrade(engine, contracting)
    made = make_engine(engine)
    try:
        return _upgrade(made, contracting)
    finally:
        made.dispose()


def pending_migrations(engine: Engine) -> list[Migration]:
    """Return what a database lacks of today's shape; raise DatabaseFault as `upgrade` does."""
    with read_transaction(engine) as connection:
        return _pending(connection, configuration())


def is_migrated(engine: Engine) -> bool:
    """Return whether there are tables of ours, of whatever version."""
    if engine.dialect.name == "sqlite" and not Path(str(engine.url.database)).exists():
        return False
    with read_transaction(engine) as connection:
        return MigrationContext.configure(connection).get_current_revision() is not None


def _pending(connection: Connection, config: Config) -> list[Migration]:
    try:
        return pending(connection, config)
    except (CommandError, RevisionError):
        raise DatabaseFault(_OF_ANOTHER_VERSION) from None


def _upgrade(engine: Engine, contracting: bool) -> list[Migration]:
    if engine.dialect.name == "sqlite":
        _prepare_file(Path(str(engine.url.database)), engine.get_execution_options()["queue"])
    else:
        # Two at once may both find it missing, and the second is told so in one of several ways. Then it is there, and
        # if it is not, the lock says what is wrong.
        with suppress(DatabaseFault), write_transaction(engine) as connection:
            connection.execute(_TURNSTILE)
    with write_transaction(engine) as connection:
        lock_table(connection, _VERSION)
        config = configuration()
        config.attributes["connection"] = connection
        waiting = _pending(connection, config)
        target = waiting[-1].revision if waiting and contracting else before_contracting(waiting)
        if target:
            command.upgrade(config, target)
        _add_options(connection)
        return waiting[: next((n for n, each in enumerate(waiting, 1) if each.revision == target), 0)]


def _add_options(connection: Connection) -> None:
    """Add the tally's columns of options that the answer scale has got since the last migration."""
    here = {column["name"] for column in sa.inspect(connection).get_columns("tally")}
    for code in TOLD_APART:
        if code not in here:
            connection.execute(sa.text(f"ALTER TABLE tally ADD COLUMN {code} INTEGER"))


def configuration() -> Config:
    """Return Alembic's settings, in place of a file."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def _prepare_file(path: Path, queue: WriterLock) -> None:
    # Here and only here: web workers that race to set WAL lock each other out. And in turn with whoever else migrates:
    # SQLite does not wait for another's lock when it is to change the journal.
    _close_to_others(path)
    try:
        connection = sqlite3.connect(path)
        try:
            with queue.acquire():
                connection.execute("PRAGMA journal_mode = WAL")
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise translated(error) from None


def _close_to_others(path: Path) -> None:
    """Create the file closed to other accounts from the first byte on; SQLite copies its rights to those next to it."""
    # Where the folder is missing, SQLite says so.
    with suppress(FileNotFoundError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640))
    for each in (path, *(path.with_name(f"{path.name}-{kind}") for kind in ("wal", "shm", "queue"))):
        # One that was made by an older version, or another account's, which is that one's to close.
        with suppress(FileNotFoundError, PermissionError):
            each.chmod(each.stat().st_mode & 0o770)
