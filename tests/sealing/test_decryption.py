"""Envelopes that processes of their own open: the same counts, as private as the worker, ended with it."""

import ctypes
import os
import pickle
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from survey.sealing.keys.key_volumes import KeysMissing
from survey.sealing.rounds import decrypt_round, decryption
from survey.sealing.rounds.close_round import close_round
from survey.sealing.rounds.decryption import Decryption, SealedPart, decrypting
from tests.denoised import dice_of, written_in
from tests.sealed import ROUND, Sealed, add_sealed, make_sealed
from tests.sealing.test_closing_again import undisturbed

ROOT = Path(__file__).parents[2]
PR_GET_DUMPABLE, PR_GET_PDEATHSIG = 3, 2


@pytest.fixture
def waiting(sqlite_url: str, open_engine: Callable[..., Engine], tmp_path: Path) -> Sealed:
    """A round with 346 answers, where a region's remainder is filled up from three units."""
    sealed = make_sealed(open_engine(sqlite_url), tmp_path)
    add_sealed(sealed.engine, sealed.volumes, 300)
    sealed.fill({"vast-ett": 14, "vast-tva": 14, "ost-ett": 14, "ost-tva": 4}, channel="invited")
    return sealed


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes open what waits, however little it is, in parts as small."""
    monkeypatch.setattr(decryption, "MIN_FOR_PROCESSES", 0)
    monkeypatch.setattr(decryption.os, "sched_getaffinity", lambda who: {0, 1})
    monkeypatch.setattr(decrypt_round, "PART", 50)


def test_processes_count_what_one_would(
    waiting: Sealed, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = undisturbed(waiting)
    request.getfixturevalue("processes")
    started: list[int] = []

    def pool(*given: Any) -> ProcessPoolExecutor:
        started.append(given[0])
        return ProcessPoolExecutor(*given)

    monkeypatch.setattr(decryption, "ProcessPoolExecutor", pool)
    assert undisturbed(waiting) == alone
    assert started == [2]


def test_where_no_process_may_be_started_the_worker_opens_them_itself(
    waiting: Sealed, processes: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_given: Any) -> ProcessPoolExecutor:
        raise PermissionError

    expected = undisturbed(waiting)
    monkeypatch.setattr(decryption, "ProcessPoolExecutor", refused)
    assert undisturbed(waiting) == expected


def state_of_process(_parts: object) -> tuple[int, int, tuple[int, int], bool]:
    """In such a process: whether it may be dumped, what ends it, its core limit, and whether it minds a SIGTERM."""
    here, number = ctypes.CDLL(None), ctypes.c_int()
    here.prctl(PR_GET_PDEATHSIG, ctypes.byref(number), 0, 0, 0)
    minds = signal.getsignal(signal.SIGTERM) is not signal.SIG_IGN
    return here.prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), number.value, resource.getrlimit(resource.RLIMIT_CORE), minds


def test_a_process_is_private_before_it_is_handed_anything() -> None:
    with ProcessPoolExecutor(1, get_context("spawn"), decryption._begin, (os.getpid(),)) as pool:
        assert pool.submit(state_of_process, None).result() == (0, signal.SIGKILL, (0, 0), False)
    with ProcessPoolExecutor(1, get_context("spawn")) as control:
        dumpable, ended_by, _limit, minds = control.submit(state_of_process, None).result()
    assert (dumpable, ended_by, minds) == (1, 0, True)


def test_nothing_of_a_key_is_sent_to_a_process(waiting: Sealed) -> None:
    own = waiting.batches()["vast-ett", "patient", "open"]
    key = waiting.volumes.private_key(ROUND, own.id)
    seed, pepper = dice_of(waiting.volumes).key, waiting.volumes.pepper_of(ROUND)
    sent = pickle.dumps(Decryption(waiting.volumes, ROUND, decryption.lots_of(seed)))
    assert not any(secret in sent for secret in (key, seed, pepper))


def test_a_key_that_is_not_there_stops_it_from_a_process_too(waiting: Sealed, processes: None) -> None:
    lost = Decryption(waiting.volumes, ROUND, b"l" * 32)
    with decrypting(lost, 1) as decrypt_of, pytest.raises(KeysMissing):
        list(decrypt_of(False)([[SealedPart("f" * 32, [])]]))


class Fallen(Exception):
    pass


@pytest.mark.parametrize("by", ["the worker", "a process of its"])
def test_a_fall_while_envelopes_are_opened_and_a_rerun_give_the_same_figures(
    by: str, waiting: Sealed, processes: None
) -> None:
    expected = undisturbed(waiting)

    def fall(done: int, of: int) -> None:
        if done < of / 3:
            return
        if by == "the worker":
            raise Fallen
        for child in _children():
            os.kill(child, signal.SIGKILL)

    with pytest.raises((Fallen, BrokenProcessPool)):
        close_round(waiting.engine, waiting.volumes, ROUND, progress=fall)
    assert waiting.waiting() == 692 and not waiting.totals()
    waiting.close()
    assert written_in(waiting.engine).figures == expected.figures


def _children() -> list[int]:
    tasks = Path(f"/proc/{os.getpid()}/task")
    found = [each for task in tasks.iterdir() for each in (task / "children").read_text().split()]
    return [int(each) for each in found if "spawn_main" in Path(f"/proc/{each}/cmdline").read_text()]


WORKER = """
import os, sys, time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from survey.sealing.rounds import decrypt_round, decryption
if __name__ == "__main__":
    with ProcessPoolExecutor(2, get_context("spawn"), decryption._begin, (os.getpid(),)) as pool:
        print(*{each.result() for each in [pool.submit(os.getpid) for _ in range(40)]}, flush=True)
        time.sleep(60)
"""


def test_processes_end_with_the_worker_however_it_ends(tmp_path: Path) -> None:
    path = tmp_path / "worker.py"
    path.write_text(WORKER)
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, path], stdout=subprocess.PIPE, text=True, env=environ) as worker:
        assert worker.stdout is not None
        found = [int(each) for each in worker.stdout.readline().split()]
        worker.kill()
    until = time.monotonic() + 20
    while any(map(_runs, found)):
        assert time.monotonic() < until
        time.sleep(0.05)
    assert found


def _runs(process: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{process}/status").read_text()
    except OSError:
        return False
