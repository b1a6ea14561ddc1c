"""The folder of the database's files, as far as it can be known. For the check that keys lie elsewhere."""

from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Engine

from survey.store.database.engine import DatabaseFault, read_transaction

LOCAL_HOSTS = {None, "", "localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True)
class DataFolder:
    """`path` is None for a database on another machine; `unknown`: it is on this one and does not tell."""

    path: Path | None
    unknown: bool = False


def data_folder(engine: Engine) -> DataFolder:
    """Return the folder that holds the answers."""
    with read_transaction(engine) as connection:
        if engine.dialect.name == "sqlite":
            row = connection.execute(sa.text("PRAGMA database_list")).first()
            return DataFolder(Path(row[2]).parent if row else None, unknown=row is None)
        host = engine.url.host
        if host not in LOCAL_HOSTS and not str(host).startswith("/"):
            return DataFolder(None)
        try:
            folder = connection.execute(sa.text("SELECT current_setting('data_directory', true)")).scalar()
        except DatabaseFault:
            return DataFolder(None, unknown=True)
    return DataFolder(Path(folder)) if folder and _exists(Path(folder)) else DataFolder(None, unknown=True)


def _exists(folder: Path) -> bool:
    try:
        return folder.exists()
    except PermissionError:
        return False
