"""Through PgBouncer as deploy/ has it: each transaction on another connection, and every answer once."""

import os
import shutil
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from survey.store.answers import access_codes, batches
from survey.store.answers.submissions import ACCEPTED, REPEATED, accept
from survey.store.database.engine import (
    DatabaseFault,
    DatabaseUnavailable,
    read_transaction,
    repeatable_read,
    write_transaction,
)
from tests.attacks.running import ROOT, free_port
from tests.deploy.proxies import program
from tests.parts import Parts, owned_database
from tests.postgres import Cluster
from tests.store.arrivals import ROUND, UNIT, ask, invited

POOLED = "?pgbouncer=true"
CODES = [bytes([n]) * 32 for n in range(1, 41)]
OWN = 4  # connections of the pooler's own


@contextmanager
def pooler(parts: Parts, folder: Path) -> Iterator[int]:
    """PgBouncer with the settings of deploy/, and a place of the test's own."""
    port = free_port()
    roles = [parts.owner, *(parts.role(part) for part in ("resident", "staff", "worker"))]
    (folder / "users").write_text("".join(f'"{role}" ""\n' for role in roles))
    where = f"host=127.0.0.1 port={parts.cluster.port} dbname={parts.database} pool_size={OWN}"
    (folder / "databases.ini").write_text(f"{parts.database} = {where}\n")
    (folder / "place.ini").write_text(f"""listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {folder}/users
logfile = {folder}/log
""")
    settings = (ROOT / "deploy" / "pgbouncer" / "pgbouncer.ini").read_text(encoding="utf-8")
    assert settings.count("%include /etc/pgbouncer/") == 2
    (folder / "pgbouncer.ini").write_text(settings.replace("/etc/pgbouncer", str(folder)), encoding="utf-8")
    other = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}
    if other:
        for path in (folder, *folder.iterdir()):
            shutil.chown(path, "nobody", "nogroup")
    process = subprocess.Popen([program("pgbouncer"), str(folder / "pgbouncer.ini")], cwd="/", **other)  # type: ignore[call-overload]
    try:
        until = time.monotonic() + 20
        while True:
            try:
                psycopg.connect(f"host=127.0.0.1 port={port} user={parts.owner} dbname={parts.database}").close()
                break
            except psycopg.OperationalError:
                assert time.monotonic() < until and process.poll() is None
                time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture
def pooled(cluster: Cluster, open_engine: Callable[..., Engine]) -> Iterator[Callable[[str], str]]:
    """The address of a part through the pooler, on a database with an open round and forty codes."""
    with tempfile.TemporaryDirectory(prefix="sju-pgbouncer-") as folder, owned_database(cluster) as parts:
        with write_transaction(ask(open_engine(parts.url()))) as connection:
            access_codes.add(connection, CODES, UNIT, ROUND, "patient")
        with pooler(parts, Path(folder)) as port:
            yield lambda part: parts.url(part).replace(f":{cluster.port}/", f":{port}/")
            log = (Path(folder) / "log").read_text(encoding="utf-8")
            assert "stats" not in log and parts.role("resident") not in log


def send_twice(engine: Engine, number: int) -> list[str]:
    """Somebody answers with a code, and presses the button again."""
    marks = {"envelope_id": b"e%015d", "background_id": b"b%015d"}
    said = []
    for turn in range(2):
        ids = {name: mark % (2 * number + turn) for name, mark in marks.items()}
        with write_transaction(engine) as connection:
            said.append(accept(connection, invited(CODES[number], **ids)))
    return said


def test_every_answer_is_stored_once_through_a_pooler(
    pooled: Callable[[str], str], open_engine: Callable[..., Engine]
) -> None:
    engine = open_engine(pooled("resident") + POOLED)
    with ThreadPoolExecutor(8) as senders:
        said = Counter(
            each for pair in senders.map(lambda n: send_twice(engine, n), range(len(CODES))) for each in pair
        )
    assert said == {ACCEPTED: len(CODES), REPEATED: len(CODES)}
    worker = open_engine(pooled("worker") + POOLED)
    with read_transaction(repeatable_read(worker)) as connection:
        assert connection.scalar(sa.text("SHOW transaction_isolation")) == "repeatable read"
        assert sum(each.accepted for each in batches.batches(connection, ROUND)) == 2 * len(CODES)
    with read_transaction(worker) as connection:
        assert connection.scalar(sa.text("SHOW transaction_isolation")) == "read committed"


def test_patience_goes_with_the_transaction_and_stays_with_nobody(
    pooled: Callable[[str], str], open_engine: Callable[..., Engine]
) -> None:
    hasty = open_engine(pooled("worker") + POOLED, 0.2)
    patient = open_engine(pooled("worker") + POOLED, 10.0)
    with write_transaction(patient) as connection:
        connection.exec_driver_sql("SELECT 1 FROM round FOR UPDATE")
        with pytest.raises(DatabaseUnavailable), write_transaction(hasty) as other:
            other.exec_driver_sql("SELECT 1 FROM round FOR UPDATE")
    for _ in range(2 * OWN):
        with psycopg.connect(pooled("worker"), autocommit=True, prepare_threshold=None) as plain:
            assert plain.execute("SHOW lock_timeout").fetchone() == ("0",)


def ask_often(engine: Engine, busy: Engine) -> None:
    """Ask the same often, and once more while another holds the connection that it was asked on."""
    for number in range(10):
        with write_transaction(busy) if number == 9 else nullcontext() as holding:
            if holding is not None:
                holding.exec_driver_sql("SELECT 1")
            # Committed: after a rollback the driver begins to count anew.
            with write_transaction(engine) as connection:
                batches.public_batch(connection, ROUND, UNIT, "patient", "invited")


def test_the_same_is_asked_on_another_connection(
    pooled: Callable[[str], str], open_engine: Callable[..., Engine]
) -> None:
    ask_often(open_engine(pooled("resident") + POOLED), open_engine(pooled("resident") + POOLED))
    # The control: a statement that was prepared is not there.
    with pytest.raises(DatabaseFault, match="26000"):
        ask_often(open_engine(pooled("resident")), open_engine(pooled("resident")))
