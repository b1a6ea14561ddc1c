"""Engines and transactions for SQLite and PostgreSQL, for every room that reads or writes.

A thank-you may only follow a durable commit, so a connection that is not durable is refused at each checkout.
What a driver says of a fault may hold a person's values (PostgreSQL's DETAIL does), so its words stay here.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import ResourceClosedError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from survey.store.database import postgres, sqlite
from survey.store.database.errors import (
    DatabaseConflict,
    DatabaseFault,
    DatabaseFull,
    DatabaseUnavailable,
    silence,
    translated,
)
from survey.store.database.writer_lock import WriterLock

__all__ = [
    "DatabaseConflict",
    "DatabaseFault",
    "DatabaseFull",
    "DatabaseUnavailable",
    "make_engine",
    "read_transaction",
    "repeatable_read",
    "truncate_wal",
    "write_transaction",
]


# The pool's, SQLite's at BEGIN, a question to which a failing disk gave no answer at all, and those that
# `_in_our_words` has already put in ours.
FAULTS = (PoolTimeout, ResourceClosedError, sqlite3.Error, DatabaseFault)


def make_engine(url: str, patience: float = 10.0) -> Engine:
    """Make the engine for an address; `patience`: the seconds a writer waits for its turn."""
    address = sa.make_url(url)
    kind = address.get_backend_name()
    if kind == "sqlite":
        return _sqlite_engine(address, patience)
    if kind == "postgresql":
        return _postgres_engine(address, patience)
    raise ValueError(f"The database must be SQLite or PostgreSQL, not {kind}.")


@contextmanager
def write_transaction(engine: Engine) -> Iterator[Connection]:
    """Open a write transaction: committed at the end, rolled back on any exception."""
    queue = engine.get_execution_options().get("queue")
    try:
        with engine.connect() as connection:
            if queue is None:
                with connection.begin():
                    postgres.begin(connection)
                    yield connection
            else:
                with queue.acquire(), connection.begin():
                    sqlite.begin(connection, "BEGIN IMMEDIATE")
                    yield connection
    except FAULTS as error:
        raise translated(error) from None


@contextmanager
def read_transaction(engine: Engine) -> Iterator[Connection]:
    """Open a connection that sees one state of the database and changes nothing."""
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                sqlite.begin(connection, "BEGIN")
            else:
                postgres.begin(connection)
            yield connection
    except FAULTS as error:
        raise translated(error) from None


def why_no_connection(engine: Engine) -> str:
    """Return the server's reason for refusing a connection; empty when it accepts one.

    For an operator: no row is asked for.
    """
    if engine.dialect.name == "sqlite":
        path = Path(str(engine.url.database))
        return "" if path.exists() else f"{path} is not there; a new one is made by `flask --app wsgi db upgrade`"
    arguments, options = engine.dialect.create_connect_args(engine.url)
    driver = engine.dialect.loaded_dbapi
    try:
        driver.connect(*arguments, **options).close()
    except driver.Error as refused:
        return " ".join(str(refused).split())
    return ""


def repeatable_read(engine: Engine) -> Engine:
    """Return the engine whose `read_transaction` sees one state in all its statements, on PostgreSQL too."""
    if engine.dialect.name == "sqlite":
        return engine
    return engine.execution_options(**{postgres.SNAPSHOT: True})


def truncate_wal(engine: Engine) -> None:
    """Empty SQLite's write-ahead log, where deleted rows otherwise linger; nothing to do on PostgreSQL."""
    if engine.dialect.name != "sqlite":
        return
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    except FAULTS as error:
        raise translated(error) from None


def _sqlite_engine(address: sa.URL, patience: float) -> Engine:
    if not address.database or address.database == ":memory:":
        raise ValueError("SQLite must be a file: an answer that is only in memory is not kept.")
    path = Path(address.database).absolute()
    engine = sa.create_engine(
        address.set(database=str(path)),
        creator=lambda: sqlite.connect(path, patience),
        hide_parameters=True,
        execution_options={"queue": WriterLock(path.with_name(path.name + "-queue"), patience)},
    )
    event.listen(engine.pool, "checkout", sqlite.Checkout(path))
    event.listen(engine.dialect, "handle_error", _in_our_words)
    return engine


def _postgres_engine(address: sa.URL, patience: float) -> Engine:
    address, settings = postgres.prepare_address(address)
    engine = sa.create_engine(
        address, hide_parameters=True, connect_args=settings, execution_options={"patience": patience}
    )
    event.listen(engine.pool, "checkout", postgres.checkout)
    event.listen(engine.dialect, "handle_error", _in_our_words)
    return engine


def _in_our_words(context: ExceptionContext) -> DatabaseFault:
    silence(context.original_exception)
    if context.sqlalchemy_exception is None:
        return translated(context.original_exception)
    silence(context.sqlalchemy_exception)
    return translated(context.sqlalchemy_exception)
