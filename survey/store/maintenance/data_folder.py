"""The folder of the database's files, as far as it can be known. For the check that keys lie elsewhere.

A proxy or a pooler on this machine may lead to another one, so the server is asked for its own address.
"""

import socket
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
            if not _is_ours(connection.scalar(sa.text("SELECT host(inet_server_addr())"))):
                return DataFolder(None)
            folder = connection.execute(sa.text("SELECT current_setting('data_directory', true)")).scalar()
        except DatabaseFault:
            return DataFolder(None, unknown=True)
    return DataFolder(Path(folder)) if folder and _exists(Path(folder)) else DataFolder(None, unknown=True)


def _is_ours(address: str | None) -> bool:
    """Return whether a server with this address of its own is on this machine, whatever stands between."""
    if address is None:
        return True  # a socket of the file system
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((address, 0))
        except OSError:
            return False
    return True


def _exists(folder: Path) -> bool:
    try:
        return folder.exists()
    except PermissionError:
        return False
