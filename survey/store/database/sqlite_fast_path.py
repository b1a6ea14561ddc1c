"""The few statements that every answer costs, taken straight to SQLite's driver.

For the modules of the way in. The tables and their statements stay SQLAlchemy's; each is turned into text once,
because the engine's own way to the driver costs five times what the driver itself does. On PostgreSQL the way
in is a function of the database, and these go the usual way.
"""

import sqlite3
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Protocol, cast

from sqlalchemy import Connection, Executable
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.sql.elements import CompilerElement


class StatementResult(Protocol):
    """A statement's result, from SQLAlchemy or from the driver."""

    @property
    def rowcount(self) -> int:
        """The number of rows changed."""

    def fetchone(self) -> Any:
        """Return the next row, or None."""


def run(connection: Connection, statement: Executable, values: Mapping[str, Any]) -> StatementResult:
    """Run a statement that is a constant of its module and names all its values."""
    if connection.dialect.name != "sqlite":
        return cast(StatementResult, connection.execute(statement, values))
    return cast(StatementResult, _driver(connection).execute(_text(statement), values))


def run_each(connection: Connection, statement: Executable, rows: Iterable[Mapping[str, Any]]) -> None:
    """Run the same statement for many rows."""
    if connection.dialect.name != "sqlite":
        connection.execute(statement, [dict(row) for row in rows])
        return
    driver, text = _driver(connection), _text(statement)
    for row in rows:
        driver.execute(text, row)


def _driver(connection: Connection) -> sqlite3.Connection:
    return cast(sqlite3.Connection, connection.connection.dbapi_connection)


@cache
def _text(statement: Executable) -> str:
    compiled = cast(CompilerElement, statement).compile(dialect=SQLiteDialect_pysqlite(paramstyle="named"))
    if any(value is not None for value in compiled.params.values()):
        raise ValueError("a value of its own would be lost on the way to the driver")
    return str(compiled)
