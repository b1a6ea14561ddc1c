"""kill -9 of the web and the worker in the midst of a crowd with double taps: every thank-you is counted exactly once.

Killed and started again and again; then each envelope is opened and held against what every person was told at each
press of the button, the round is closed, and its counts are those of the answers that are stored. Two controls: one
who thanks before saving, one who looks first and saves then.
"""

import ast
import random
import socket
import sqlite3
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from survey.sealing.checks.reconciliation import reconcile
from survey.sealing.rounds.close_round import close_round
from tests.attacks.crowd import Crowd, counts, faults, stored
from tests.attacks.full import FULL, Shown, sized
from tests.attacks.history import Kept, breaches, counted, kept, quantile, recoveries, sheet_of
from tests.attacks.processes import RUN, Worker, start_anew, working
from tests.attacks.running import ROUND, Web, instance, running
from tests.denoised import dice_of

pytestmark = pytest.mark.xdist_group("web")
KILLS, ANSWERS, CODES = sized(1, 40), sized(0, 5000), sized(100, 3000)
PAUSE, BETWEEN = sized((0.3, 0.6), (1.5, 3.0)), sized(40, 10)
READS = sized(0.0, 0.1)  # however fast the machine: there must be answers enough that no two are alike
BACK_WITHIN = 5.0
SEED = 7
Kills = list[tuple[float, str]]


@contextmanager
def kept_port() -> Iterator[int]:
    """A port the kernel chose, that nobody else is given while the web is dead."""
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        holder.bind(("127.0.0.1", 0))
        yield int(holder.getsockname()[1])


def killed_again_and_again(crowd: Crowd, worker: Worker) -> Kills:
    """Let the crowd answer, and kill web and worker until there were enough of both kills and thank-yous."""
    chance, kills = random.Random(SEED), Kills()
    crowd.begin()
    try:
        while len(kills) < KILLS or len(crowd.thanked) < ANSWERS:
            before, pause = len(crowd.thanked), time.monotonic() + chance.uniform(*PAUSE)
            crowd.until(before + BETWEEN)
            time.sleep(max(0.0, pause - time.monotonic()))
            at = time.monotonic()
            crowd.web.kill()
            worker.kill()
            worker.start()
            kills.append((at, start_anew(crowd.web)))
        crowd.until(len(crowd.thanked) + 10)
    finally:
        crowd.end()
    return kills


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_every_thank_you_counts_exactly_once(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path, shown: Shown
) -> None:
    database = request.getfixturevalue("postgres_url") if kind == "postgresql" else ""
    with kept_port() as port, instance(tmp_path / "instance", database) as made, working(made) as worker:
        environ = {"INSTANCE": str(made.folder), "PART": "resident", RUN: "first"}
        with running(tmp_path, environ, "tests.attacks.served:app", port=port, workers=sized(1, 2)) as web:
            crowd = Crowd(web, made.codes(CODES), double_taps=sized(0.3, 0.1), second_thoughts=0.05, reads=READS)
            worker.start()
            kills = killed_again_and_again(crowd, worker)
            assert worker.runs
            worker.kill()
        found, here = kept(made), stored(made, crowd)
        broken = breaches(crowd.told, found, {"first", *(run for _, run in kills)}) + faults(crowd, here)
        back = recoveries(crowd.told, kills)
        shown("once", f"web and worker killed {len(kills)} times under 8 senders with double taps, {kind}",
              f"{crowd.statuses[303]} thank-yous for {len(crowd.thanked)} answers: {broken or 'each stored once'}; "
              f"thanked again after {statistics.median(back):.1f} s, p99 {quantile(back, 0.99):.1f} s",
              n=len(crowd.sent), seed=SEED)  # fmt: skip
        assert broken == []
        # A web that is starved may refuse for a while; then it keeps the answers on the page.
        assert set(crowd.statuses) <= {0, 303, 503} and crowd.not_kept == [] and crowd.taps[2]
        assert not FULL or (crowd.statuses[0] and quantile(back, 0.99) < BACK_WITHIN)
        assert all(line.ok for line in reconcile(made.engine))
        dice = dice_of(made.volumes, ROUND)
        close_round(made.engine, made.volumes, ROUND)
        assert counted(made, dice) == (here.answers, counts(crowd, here))
        assert all(line.ok for line in reconcile(made.engine))


@pytest.mark.parametrize(("habit", "fault"), [("thanks_first", "thanked and lost"), ("looks_first", "stored twice")])
def test_control_the_usual_habits_are_caught(habit: str, fault: str, tmp_path: Path, shown: Shown) -> None:
    # Whether the kill comes just between two steps is chance: the habit is given three.
    for attempt in range(3):
        path = tmp_path / f"naive-{attempt}.sqlite"
        environ = {"NAIVE": habit, "NAIVE_FILE": str(path)}
        with running(tmp_path, environ, "tests.attacks.naive:app", workers=4) as web:
            crowd = killed_once(web, lambda: habit == "thanks_first" or has_twice(path))  # noqa: B023 (called in the loop)
        with sqlite3.connect(path) as connection:
            written = [ast.literal_eval(text) for (text,) in connection.execute("SELECT answers FROM answer")]
        connection.close()
        broken = breaches(crowd.told, Kept(Counter(map(sheet_of, written))))
        if any(fault in each for each in broken):
            break
    shown("once", f"one who {habit.replace('_', ' ')}, killed once", ", ".join(broken), n=len(crowd.sent), control=True)
    assert any(fault in each for each in broken), broken


def has_twice(path: Path) -> bool:
    """Whether the naive survey has taken any mark twice so far."""
    with sqlite3.connect(path, timeout=60) as connection:
        found = connection.execute("SELECT mark FROM mark GROUP BY mark HAVING count(*) > 1").fetchone()
    connection.close()
    return found is not None


def killed_once(web: Web, enough: Callable[[], bool]) -> Crowd:
    """A crowd that taps twice, each of them, and the web killed under it for good when there is enough to see."""
    crowd = Crowd(web, double_taps=1.0)
    crowd.begin()
    try:
        crowd.until(sized(20, 60))
        end = time.monotonic() + 100
        while not enough() and time.monotonic() < end:
            time.sleep(0.2)
        web.kill()
    finally:
        crowd.end()
    return crowd
