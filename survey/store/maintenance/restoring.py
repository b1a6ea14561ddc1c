"""A backup put back into a database that is empty, and a database emptied again. Never over what is there.

On SQLite a backup is the file itself; on PostgreSQL the server's own pg_restore reads it, all or nothing.
"""

import os
import shutil
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Engine

from survey.store.database.engine import read_transaction, write_transaction
from survey.store.maintenance.copies import CopyFailed, run_on_server

_COMPANIONS = ("-wal", "-shm", "-journal")


def drill_database(name: str) -> str:
    """Return the name of the database that a drill on PostgreSQL restores into: empty between drills."""
    return f"{name}_drill"


def restore(backup: Path, engine: Engine, *, rights: bool = True) -> None:
    """Put a backup into an empty database; raise CopyFailed for one that holds anything, or a backup that is none.

    `rights`: also what roles may do, whom the server must know.
    """
    if engine.dialect.name == "sqlite":
        _restore_file(backup, Path(str(engine.url.database)))
        return
    if not is_empty(engine):
        raise CopyFailed(f"the database {engine.url.database} is not empty")
    rest = [] if rights else ["--no-privileges"]
    run_on_server(engine.url, "pg_restore", "--no-owner", "--single-transaction", "--exit-on-error", *rest, str(backup))


def is_empty(engine: Engine) -> bool:
    """Return whether a PostgreSQL database holds no table."""
    with read_transaction(engine) as connection:
        return not sa.inspect(connection).get_table_names()


def empty(engine: Engine) -> None:
    """Throw everything in a database of a drill away; a SQLite file goes with those beside it."""
    if engine.dialect.name == "sqlite":
        path = Path(str(engine.url.database))
        for each in (path, *(path.with_name(f"{path.name}{end}") for end in (*_COMPANIONS, "-queue"))):
            each.unlink(missing_ok=True)
        return
    with write_transaction(engine) as connection:
        schema = str(connection.scalar(sa.text("SELECT current_schema()")))
        named = engine.dialect.identifier_preparer.quote(schema)
        connection.exec_driver_sql(f"DROP SCHEMA {named} CASCADE")
        connection.exec_driver_sql(f"CREATE SCHEMA {named}")


def _restore_file(backup: Path, target: Path) -> None:
    left = [
        path for path in (target, *(target.with_name(f"{target.name}{end}") for end in _COMPANIONS)) if path.exists()
    ]
    if left:
        raise CopyFailed(f"{left[0]} is there; move it away first, and what stands in -wal and -shm with it")
    part = target.with_name(f"{target.name}.part")
    try:
        with backup.open("rb") as source, os.fdopen(os.open(part, _NEW, 0o640), "wb") as copy:
            shutil.copyfileobj(source, copy, 1 << 20)
            copy.flush()
            os.fsync(copy.fileno())
        # Unlike a rename, this never takes the place of what is there.
        os.link(part, target)
    finally:
        part.unlink(missing_ok=True)


_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC
