"""Workers on several hosts, each with key volumes of its own: one is at work, another takes its place.

kill -9 of the one that closes a round, on its host; the other finishes there, with the keys that were handed to it. The
counts are those of the stored answers, and no key is left on either host.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from survey.config import read_settings
from survey.sealing.checks.reconciliation import reconcile
from survey.sealing.keys.handing_over import KeysDiffer, keep, keys_here
from survey.sealing.keys.key_volumes import KEY_SIZE, RNG_SEED, KeysMissing, KeyVolumes
from survey.sealing.keys.registry import is_over as is_marked_over
from survey.sealing.rounds.close_round import close_round
from survey.sealing.rounds.key_cleanup import erase_ended
from survey.store.core import rounds
from survey.store.core.worker_lease import LeaseLost, WorkerLease
from survey.store.database.engine import make_engine, write_transaction
from tests.attacks.crowd import Crowd, Stored, counts, faults, marks_in
from tests.attacks.full import Shown, sized
from tests.attacks.history import counted
from tests.attacks.processes import Worker, working
from tests.attacks.running import ROOT, ROUND, Instance, instance
from tests.attacks.test_kill_worker import fill, is_at_it, is_over, seen, wait
from tests.denoised import dice_of
from tests.postgres import Cluster

pytestmark = pytest.mark.xdist_group("web")
ANSWERS = sized(60, 2000)
TAKES_OVER_WITHIN = 30.0


def another_host(made: Instance, folder: Path) -> Instance:
    """A second host: the same settings and database, key volumes of its own with nothing on them."""
    folder.mkdir()
    (folder / "config.toml").write_text((made.folder / "config.toml").read_text(encoding="utf-8"), encoding="utf-8")
    settings = read_settings(folder)
    return replace(made, folder=folder, settings=settings)


def ask(host: Instance, *words: str) -> list[str]:
    """The command line of a host."""
    return ["env", f"INSTANCE={host.folder}", sys.executable, "-m", "flask", "--app", "wsgi", *words]


def hand_over(one: Instance, other: Instance, *how: str) -> "subprocess.CompletedProcess[str]":
    """`keys send | keys receive`, as SSH would join them."""
    sending = subprocess.Popen(ask(one, "keys", "send", *how), cwd=ROOT, stdout=subprocess.PIPE)
    done = subprocess.run(
        ask(other, "keys", "receive"), cwd=ROOT, stdin=sending.stdout, capture_output=True, text=True, check=False
    )
    assert sending.wait(60) == 0
    return done


def files(volumes: KeyVolumes) -> int:
    """How many private keys lie on a host."""
    return len(volumes.private_names(ROUND))


@contextmanager
def two_hosts(folder: Path, database: str) -> Iterator[tuple[Instance, Instance]]:
    """Two hosts with one database, the second with the keys of the first one's round."""
    with instance(folder / "one", database) as one:
        other = another_host(one, folder / "other")
        done = hand_over(one, other, "--private")
        assert done.returncode == 0, done.stderr
        yield one, other


def kill_as_it_closes(one: Instance, worker: Worker, second: Worker) -> str:
    """Let the first be at work and the second stand by, ask for the closing, and kill the first as it is at it.

    The state of the round then.
    """
    worker.start()
    wait(worker, lambda: "checked" in worker.said())
    second.start()
    wait(second, lambda: "stands by" in second.said())
    with write_transaction(one.engine) as connection:
        rounds.set_state(connection, ROUND, "closing")
    wait(worker, lambda: is_at_it(one) or is_over(one))
    worker.kill()
    return seen(one)[0]


def test_another_host_finishes_what_one_began(postgres_url: str, tmp_path: Path, shown: Shown) -> None:
    with two_hosts(tmp_path, postgres_url) as (one, other), ExitStack() as stack:
        dice = dice_of(one.volumes, ROUND)
        crowd = Crowd(None)
        fill(one, crowd, ANSWERS)
        (tmp_path / "second").mkdir()
        first = stack.enter_context(working(one))
        second = stack.enter_context(working(other))
        second.folder = tmp_path / "second"
        state, at = kill_as_it_closes(one, first, second), time.monotonic()
        wait(second, lambda: "closed and counted" in second.said())
        took = time.monotonic() - at
        assert "takes over" in second.said() and seen(other)[0] == "closed" and files(other.volumes) == 0
        total, found = counted(one, dice)
        here = Stored(*marks_in(one, crowd), total)
        wrong = faults(crowd, here)
        shown("hosts", f"worker killed as it closed on one host ({state}), finished on another",
              f"{took:.0f} s; {len(crowd.thanked)} thank-yous: {wrong or 'all counted, nothing else'}",
              n=len(crowd.sent))  # fmt: skip
        assert wrong == [] and found == counts(crowd, here)
        assert all(line.ok for line in reconcile(one.engine))
        # The lost host comes back: what it still has of the round is erased before anything else is done there.
        second.kill()
        first.start()
        wait(first, lambda: files(one.volumes) == 0)
        assert took < TAKES_OVER_WITHIN


def test_only_one_is_at_work_and_another_takes_its_place(postgres_url: str) -> None:
    one, other = WorkerLease(make_engine(postgres_url)), WorkerLease(make_engine(postgres_url))
    assert one.take() and one.take() and not other.take()
    with pytest.raises(LeaseLost):
        other.refuse_lost()
    one.refuse_lost()
    one.release()
    assert other.take() and not one.take()
    with pytest.raises(LeaseLost):
        one.refuse_lost()
    other.release()


def transactions(connection: sa.Connection) -> int:
    """How many transactions of the server's have had a number: what each row of an answer carries, too."""
    return int(connection.execute(sa.text("SELECT pg_snapshot_xmax(pg_current_snapshot())::text")).scalar_one())


def test_a_lease_is_no_clock_beside_the_answers(postgres_url: str, shown: Shown) -> None:
    engine, looks = make_engine(postgres_url), 60
    lease, waiting = WorkerLease(engine), WorkerLease(engine)
    with engine.connect() as reader:
        before = transactions(reader)
        assert all(lease.take() and not waiting.take() for _ in range(looks))
        held = transactions(reader) - before
        lease.release()
        with engine.begin() as writer:
            writer.execute(sa.text("INSERT INTO worker_lease VALUES ('at work')"))
        before = transactions(reader)
        for _ in range(looks):
            with engine.begin() as writer:
                writer.execute(sa.text("UPDATE worker_lease SET name = name"))
        renewed = transactions(reader) - before
    what = f"{looks} looks at the worker's lease, counted in transaction numbers"
    shown("hosts", what, f"{held} used up, so nothing between two answers' numbers", n=looks)
    shown("hosts", f"{what}: a row that is renewed", f"{renewed} used up: a clock", n=looks, control=True)
    # The server's own cleaning may come by.
    assert held < 6 and renewed >= looks


def test_a_lease_ends_with_its_connection(cluster: Cluster, postgres_url: str) -> None:
    one, other = WorkerLease(make_engine(postgres_url)), WorkerLease(make_engine(postgres_url))
    assert one.take()
    cluster.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE mode = 'ShareRowExclusiveLock' AND granted")
    with pytest.raises(LeaseLost):
        one.refuse_lost()
    assert other.take() and not one.take()
    other.release()


def test_keys_go_into_a_pipe_and_to_who_has_no_others(postgres_url: str, tmp_path: Path) -> None:
    with two_hosts(tmp_path, postgres_url) as (one, other):
        assert keys_here(other.volumes, ROUND) == keys_here(one.volumes, ROUND)
        with (tmp_path / "keys").open("w") as file:
            refused = subprocess.run(ask(one, "keys", "send"), cwd=ROOT, stdout=file, check=False, stderr=file)
        assert refused.returncode == 1 and "into a pipe alone" in (tmp_path / "keys").read_text()
        web = another_host(one, tmp_path / "web")
        assert subprocess.run(ask(web, "keys", "status"), cwd=ROOT, check=False).returncode == 1
        assert hand_over(one, web).returncode == 0
        assert files(web.volumes) == 0 and web.volumes.pepper_of(ROUND) == one.volumes.pepper_of(ROUND)
        assert subprocess.run(ask(web, "keys", "status"), cwd=ROOT, check=False).returncode == 0
        strange = another_host(one, tmp_path / "strange")
        strange.volumes.make_pepper(ROUND)
        refused_there = hand_over(one, strange)
        assert refused_there.returncode == 1 and "opened with other keys" in refused_there.stderr


def test_a_round_that_ended_elsewhere_is_erased_where_a_worker_stands_by(postgres_url: str, tmp_path: Path) -> None:
    with two_hosts(tmp_path, postgres_url) as (one, other):
        fill(one, Crowd(None), 30)
        today = date.today()
        assert erase_ended(other.engine, other.volumes, today) == 0 and files(other.volumes) == files(one.volumes)
        close_round(one.engine, one.volumes, ROUND)
        assert erase_ended(other.engine, other.volumes, today) > files(one.volumes) == files(other.volumes) == 0
        assert is_marked_over(other.volumes, ROUND) and keys_here(other.volumes, ROUND).transport == b""
        # The pepper stays for second tries, and keys that come late stay out.
        assert other.volumes.pepper_of(ROUND) == one.volumes.pepper_of(ROUND)
        late = replace(keys_here(one.volumes, ROUND), private={RNG_SEED: bytes(KEY_SIZE)})
        with pytest.raises(KeysDiffer):
            keep(other.volumes, late)
        assert erase_ended(other.engine, other.volumes, today + timedelta(90)) > 0
        with pytest.raises(KeysMissing):
            other.volumes.pepper_of(ROUND)
