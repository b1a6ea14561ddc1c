"""A backup and the database's own files: no answer in plain, no private key, after closing no envelope.

The control writes one answer and one key in plain: the same scan finds both.
"""

import sqlite3
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from survey.domain.responses import pack, pack_background
from survey.store import inbox, tables
from survey.store.batches import batches
from survey.store.engine import reading, writing
from tests.attacks.tools import bytes_below, hits
from tests.postgres import Cluster
from tests.sealed import ROUND, Sealed, make_sealed, responses

UNIT = "vast-ett"


def files(tmp_path: Path) -> bytes:
    """The database's files as they lie, log included, and a backup made the proper way."""
    copy = tmp_path / "backup.sqlite"
    live, backup = sqlite3.connect(tmp_path / "survey.sqlite"), sqlite3.connect(copy)
    live.backup(backup)
    live.close()
    backup.close()
    return bytes_below(*tmp_path.glob("survey.sqlite*"), copy)


def secrets_of(sealed: Sealed, plain: list[bytes]) -> list[bytes]:
    """What must stand nowhere: every private key of the round, every packed answer."""
    names = sealed.volumes.private_names(ROUND)
    return [*(sealed.volumes.private_key(ROUND, name) for name in names), *plain]


def answered(sealed: Sealed) -> list[bytes]:
    """Send answers; what they are in plain. The padding of the packed bytes is left out."""
    invented = responses(30, seed="backup")
    for response in invented:
        sealed.send(UNIT, response)
    return [content.rstrip(b"\0") for r in invented for content in (pack(r), pack_background(r))]


@pytest.fixture
def sealed(sqlite_url: str, open_engine: object, tmp_path: Path) -> Sealed:
    return make_sealed(open_engine(sqlite_url), tmp_path)  # type: ignore[operator]


def test_no_answer_and_no_key_is_in_the_files_or_a_backup(sealed: Sealed, tmp_path: Path) -> None:
    secrets = secrets_of(sealed, answered(sealed))
    assert len(secrets) > 80
    assert hits(secrets, files(tmp_path)) == 0
    sealed.close()
    assert hits(secrets, files(tmp_path)) == 0


def test_after_closing_no_envelope_is_left_in_the_files(sealed: Sealed, tmp_path: Path) -> None:
    answered(sealed)
    with reading(sealed.engine) as connection:
        envelopes = [e for b in batches(connection) for e in inbox.envelopes(connection, b.id)]
    assert len(envelopes) == 60
    assert hits(envelopes, files(tmp_path)) == 60
    sealed.close()
    assert hits(envelopes, files(tmp_path)) == 0


def test_control_an_answer_or_a_key_in_plain_is_found(sealed: Sealed, tmp_path: Path) -> None:
    plain = answered(sealed)
    secrets = secrets_of(sealed, plain)
    with writing(sealed.engine) as connection:
        batch = batches(connection)[0].id
        for number, secret in enumerate((secrets[0].hex().encode(), plain[0])):
            row = {"id": bytes([number]) * 16, "batch": batch, "envelope": secret}
            connection.execute(sa.insert(tables.inbox), [row])
    assert hits(secrets[:1], files(tmp_path)) == 1
    assert hits(plain[:1], files(tmp_path)) == 1


def test_nor_in_the_folder_of_postgresql(
    cluster: Cluster, postgres_url: str, open_engine: object, tmp_path: Path
) -> None:
    engine: Engine = open_engine(postgres_url)  # type: ignore[operator]
    sealed = make_sealed(engine, tmp_path)
    secrets = secrets_of(sealed, answered(sealed))
    pattern = b"control in plain, " * 4
    with writing(engine) as connection:
        batch = batches(connection)[0].id
        connection.execute(sa.insert(tables.inbox), [{"id": b"c" * 16, "batch": batch, "envelope": pattern}])
    cluster.execute("CHECKPOINT")
    with psycopg.connect(postgres_url) as connection_:
        folder = connection_.execute("SELECT oid FROM pg_database WHERE datname = current_database()").fetchone()
    assert folder is not None
    found = bytes_below(cluster.data / "base" / str(folder[0]), cluster.data / "pg_wal", cluster.folder / "log")
    assert hits(secrets, found) == 0
    assert pattern in found
