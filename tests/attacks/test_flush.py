"""PostgreSQL: before every thank-you, the answer's commit is on the disk.

At each commit's reply, before the web hears of it, the server is asked how far its log is flushed; afterwards its own
log says where each answer's commit ends. Two controls: with `synchronous_commit` off the product takes no answer; one
that takes it all the same thanks before the flush.
"""

import math
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from survey.sealing.keys.keyed_hash import hash_of_code, hash_of_form_id
from tests.attacks.crowd import Crowd, stored
from tests.attacks.full import Shown, sized
from tests.attacks.history import THANKED, Told, breaches, kept, numbered
from tests.attacks.processes import serving_small, through
from tests.attacks.proxy import AFTER_COMMIT, between
from tests.attacks.running import ROUND, SHEET, Instance, Web, client, instance
from tests.postgres import Cluster

pytestmark = pytest.mark.xdist_group("web")
ANSWERS, HASH = sized(40, 3000), 32
FLUSHED = b"SELECT pg_current_wal_flush_lsn() - '0/0'"
# Where in the log the commit ends that left each mark as it stands.
COMMITS = """
WITH ended AS (
    SELECT xid, end_lsn - '0/0' AS ends FROM pg_get_wal_records_info(%s, pg_current_wal_flush_lsn())
    WHERE resource_manager = 'Transaction' AND record_type LIKE 'COMMIT%%'
), marked AS (
    SELECT form_id_hash AS mark, xmin AS xid FROM used_form_id
    UNION ALL SELECT code_hash, xmin FROM access_code WHERE spent = 1
)
SELECT mark, ends FROM marked JOIN ended USING (xid)
"""
OTHERS_OUT = """
SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@dataclass
class Flushes:
    """How far the log was flushed at each commit's reply; asked before it is passed on."""

    server: "psycopg.Connection[Any]"
    start: str = ""
    seen: list[tuple[bytes, int, float]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.start = self.ask(b"SELECT pg_current_wal_insert_lsn()::text")

    def ask(self, question: bytes) -> Any:
        """The one value that the server answers with."""
        row = self.server.execute(question).fetchone()
        assert row is not None
        return row[0]

    def __call__(self, moment: str, answer: bytes) -> bool:
        if moment == AFTER_COMMIT:
            with self.lock:
                self.seen.append((answer, int(self.ask(FLUSHED)), time.monotonic()))
        return False


@contextmanager
def watching(url: str, port: int, folder: Path, planted: str = "") -> Iterator[tuple[Instance, Web, Flushes]]:
    """The web, and between it and its database one who asks at each commit; with a fault, commits don't wait."""
    target = "tests.attacks.planted:app" if planted else "wsgi:app"
    with instance(folder / "instance", url) as made, between(port) as proxy:
        through(made, port, proxy.port)
        if planted:
            let_commits_wait(made, False)
        with psycopg.connect(url, autocommit=True) as asking, serving_small(made, target, PLANTED=planted) as web:
            asking.execute("SET synchronous_commit = on")
            asking.execute("CREATE EXTENSION pg_walinspect")
            with log_kept(asking):
                proxy.watch = Flushes(asking)
                yield made, web, proxy.watch


def let_commits_wait(made: Instance, wait: bool) -> None:
    """Whether commits wait for the disk, for connections that are made from now on."""
    name, how = made.engine.url.database, "RESET synchronous_commit" if wait else "SET synchronous_commit = off"
    with psycopg.connect(made.settings.database, autocommit=True) as administrator:
        administrator.execute(f"ALTER DATABASE {name} {how}".encode())


@contextmanager
def log_kept(server: "psycopg.Connection[Any]") -> Iterator[None]:
    """Let the server keep its log, to be read when all is over."""
    server.execute("SELECT pg_create_physical_replication_slot('watched', true)")
    try:
        yield
    finally:
        server.execute("SELECT pg_drop_replication_slot('watched')")


def answered(made: Instance, web: Web) -> Crowd:
    """A crowd that has answered, by codes and by form ids, with double taps."""
    crowd = Crowd(web, made.codes(ANSWERS // 2), patient=True)
    crowd.begin()
    try:
        crowd.until(ANSWERS, within=sized(120, 300))
    finally:
        crowd.end()
    return crowd


def flushes_before(flushes: Flushes, ends: Mapping[bytes, int]) -> dict[bytes, float]:
    """For each mark whose commit was seen to be flushed: when that was first seen."""
    found: dict[bytes, float] = {}
    for answer, flushed, moment in flushes.seen:
        mark = next(each for at in range(len(answer)) if (each := answer[at : at + HASH]) in ends)
        if flushed >= ends[mark]:
            found.setdefault(mark, moment)
    return found


def early(made: Instance, flushes: Flushes, crowd: Crowd) -> list[Told]:
    """The thank-yous that were heard before the flush of their answer's commit was seen."""
    # What is not flushed can't be read: a commit that waits takes all before it along.
    flushes.ask(b"SELECT pg_logical_emit_message(true, '', '')::text")
    ends = {bytes(mark): int(end) for mark, end in flushes.server.execute(COMMITS, [flushes.start])}
    flushed, pepper = flushes_before(flushes, ends), made.volumes.pepper_of(ROUND)
    found = []
    for each in crowd.told:
        hashes = hash_of_code(pepper, each.mark), hash_of_form_id(pepper, each.mark)
        seen = min(flushed.get(some, math.inf) for some in hashes)
        if each.status == THANKED and seen > each.heard:
            found.append(each)
    return found


def test_every_thank_you_comes_after_the_flush_of_its_commit(
    cluster: Cluster, postgres_url: str, tmp_path: Path, shown: Shown
) -> None:
    with watching(postgres_url, cluster.port, tmp_path) as (made, web, flushes):
        crowd = answered(made, web)
        thanks, before = crowd.statuses[THANKED], len(early(made, flushes, crowd))
        broken = breaches(crowd.told, kept(made))
        shown("flush", "the server's flushed log asked at each commit, 8 senders",
              f"{before} of {thanks} thank-yous came before the flush of their commit", n=thanks)  # fmt: skip
        assert (before, broken) == (0, []) and thanks >= ANSWERS
        refused = refused_when_commits_do_not_wait(made, web, flushes)
        shown("flush", "synchronous_commit switched off", f"{refused[503]} of {refused.total()} refused with 503",
              n=refused.total(), control=True)  # fmt: skip
        assert set(refused) == {503} and stored(made, crowd).answers == len(crowd.sent)


def refused_when_commits_do_not_wait(made: Instance, web: Web, flushes: Flushes) -> Counter[int]:
    """The statuses of answers that are sent when the database has been told not to wait for the disk."""
    with client(web) as person:
        forms = [person.form_id() for _ in range(sized(5, 100))]
    let_commits_wait(made, False)
    flushes.server.execute(OTHERS_OUT)
    with client(web) as person:
        found = Counter(person.post(SHEET, {**numbered(0), "form_id": each, "code": ""}).status for each in forms)
    let_commits_wait(made, True)
    made.engine.dispose()
    return found


def test_control_commits_that_do_not_wait_are_thanked_too_early(
    cluster: Cluster, postgres_url: str, tmp_path: Path, shown: Shown
) -> None:
    with watching(postgres_url, cluster.port, tmp_path, "not_durable") as (made, web, flushes):
        crowd = answered(made, web)
        thanks, before = crowd.statuses[THANKED], len(early(made, flushes, crowd))
    shown("flush", "synchronous_commit off, and the check of it taken out",
          f"{before} of {thanks} thank-yous came before the flush of their commit", n=thanks, control=True)  # fmt: skip
    assert before > thanks // 4
