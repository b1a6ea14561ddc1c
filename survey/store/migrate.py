"""Brings a database to the newest shape. For `flask db upgrade`, `make run` and tests; safe to run again."""

import sqlite3
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from survey.store.engine import make_engine, writing
from survey.store.faults import translated
from survey.store.queue import Queue

MIGRATIONS = Path(__file__).parent.parent / "migrations"
# Any number, as long as all who migrate use the same: two at once wait for each other.
_LOCK = sa.text("SELECT pg_advisory_xact_lock(7777)")


def upgrade(engine: Engine | str) -> None:
    """Make or change the tables, all or nothing; a new SQLite file is made and set to WAL."""
    if isinstance(engine, Engine):
        _upgrade(engine)
        return
    made = make_engine(engine)
    try:
        _upgrade(made)
    finally:
        made.dispose()


def _upgrade(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        _prepare_file(Path(str(engine.url.database)), engine.get_execution_options()["queue"])
    with writing(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(_LOCK)
        config = configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def configuration() -> Config:
    """Alembic's settings, in place of a file."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def _prepare_file(path: Path, queue: Queue) -> None:
    # Here and only here: web workers that race to set WAL lock each other out. And in turn with whoever else migrates:
    # SQLite does not wait for another's lock when it is to change the journal.
    try:
        connection = sqlite3.connect(path)
        try:
            with queue.turn():
                connection.execute("PRAGMA journal_mode = WAL")
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise translated(error) from None
