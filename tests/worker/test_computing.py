"""What is computed beside the worker: a real process that ends when nothing waits, with the worker, and not before."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import psutil
import pytest

from survey import journal
from survey.store.core import rounds
from survey.store.database.engine import read_transaction, write_transaction
from survey.store.published import editions
from survey.worker.computing import Subprocess
from tests.attacks.processes import Worker, working
from tests.attacks.running import ROUND, Instance, instance

TODAY = date(2026, 11, 1)
HEAVY = ("pandas", "numpy")


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Instance]:
    """An instance with an open round."""
    with instance(tmp_path / "instance") as made:
        yield made


@pytest.fixture
def beside(made: Instance, monkeypatch: pytest.MonkeyPatch) -> Iterator[Subprocess]:
    """Computes for this process."""
    monkeypatch.setenv("INSTANCE", str(made.folder))
    beside = Subprocess([sys.executable, "-m", "flask", "--app", "wsgi", "worker", "--computing-for"])
    yield beside
    beside.end()


def children(pid: int) -> list[psutil.Process]:
    """The living children of a process."""
    return [each for each in psutil.Process(pid).children() if each.status() != psutil.STATUS_ZOMBIE]


def computing() -> list[psutil.Process]:
    """Return this process's living children that compute; a database may be another child of it."""
    return [each for each in children(os.getpid()) if "--computing-for" in each.cmdline()]


def has_ended(process: psutil.Process) -> bool:
    """Whether it ends in a moment; whoever inherits it may let it lie."""
    end = time.monotonic() + 1
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        if time.monotonic() > end:
            return False
    return True


def computes(process: psutil.Process) -> bool:
    """Whether a process has loaded what is heavy."""
    maps = Path(f"/proc/{process.pid}/maps")
    return maps.exists() and any(name in maps.read_text() for name in HEAVY)


def until(holds: Callable[[], object], worker: Worker) -> None:
    """Wait for it, as long as the worker lives."""
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end and worker.runs, worker.said()
        time.sleep(0.02)


def ask(made: Instance, step: str) -> None:
    """Set the round's state, as the web does."""
    with write_transaction(made.engine) as connection:
        rounds.set_state(connection, ROUND, step)


def published(made: Instance) -> tuple[str, int]:
    """The round's state, and how many editions there are."""
    with read_transaction(made.engine) as connection:
        found = rounds.get_round(connection, ROUND)
        assert found is not None
        return found.state, len(editions.heads(connection))


def test_a_fault_is_told_by_its_kind_and_what_comes_next_is_computed(beside: Subprocess) -> None:
    for _ in range(2):
        with pytest.raises(journal.RelayHandler) as told:
            beside.publish(ROUND, TODAY)
        assert journal.fault(told.value).startswith("RoundError at survey.publication.publish:")
    (process,) = computing()
    process.terminate()
    assert beside.draw(1) == 0 and process.is_running()
    process.kill()
    with pytest.raises(ChildProcessError):
        beside.draw(1)
    assert beside.draw(1) == 0
    beside.end()
    assert computing() == []


def test_a_worker_at_rest_has_loaded_nothing_that_computes_and_stops_when_its_turn_is_over(made: Instance) -> None:
    ask(made, "closing")
    with working(made) as worker:
        worker.start()
        assert worker.process is not None
        pid = worker.process.pid
        until(lambda: f"what will be hidden is counted round={ROUND}" in worker.said(), worker)
        until(lambda: children(pid) == [], worker)
        assert not computes(psutil.Process(pid))
        ask(made, "publishing")
        until(lambda: "pictures drawn" in worker.said(), worker)
        (process,) = children(pid)
        assert computes(process) and not computes(psutil.Process(pid))
        # As a service is stopped: all of its processes at once.
        for each in (process.pid, pid):
            os.kill(each, signal.SIGTERM)
        assert worker.process.wait(20) == 0 and not process.is_running()
    assert f"published round={ROUND} edition=1" in worker.said()
    assert worker.said().splitlines()[-1].endswith("worker stopped")
    assert not [line for line in worker.said().splitlines() if " INFO " not in line], worker.said()


def test_a_worker_that_is_killed_takes_with_it_what_it_computes(made: Instance) -> None:
    ask(made, "closing")
    with working(made) as worker:
        worker.start()
        until(lambda: published(made)[0] == "closed", worker)
        ask(made, "publishing")
        assert worker.process is not None
        pid = worker.process.pid
        until(lambda: any(computes(each) for each in children(pid)), worker)
        (process,) = children(pid)
        worker.kill()
        assert has_ended(process)
        worker.start()
        until(lambda: published(made) == ("published", 1), worker)
