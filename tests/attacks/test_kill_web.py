"""kill -9 of the web in the midst of a crowd with double taps: every thank-you is counted exactly once.

Killed and started again, twice over; then the round is closed, and its counts are those of the answers
that are stored. Two controls: one who thanks before saving, one who looks first and saves then.
"""

import sqlite3
from collections import Counter
from pathlib import Path

import pytest

from survey.sealing.closing import close_round
from survey.sealing.selfcheck import check
from survey.store import tally
from survey.store.engine import reading
from tests.attacks.crowd import Crowd, Stored, counts, faults, stored, under_kills
from tests.attacks.running import ROUND, UNIT, Instance, Web, instance, running, serving

pytestmark = pytest.mark.xdist_group("web")
KILLS = (60, 130)


def kill_and_start(web: Web) -> None:
    """kill -9 for every process of the web, and a new start at the same port."""
    web.kill()
    web.start()


def counted(made: Instance) -> tuple[int, Counter[tuple[str, str]]]:
    """Close the round: how many answers were counted, and how many of each."""
    close_round(made.engine, made.volumes, ROUND)
    with reading(made.engine) as connection:
        wide = tally.wide(connection, [ROUND])
        totals = sum(n for *_, n in tally.totals(connection, ROUND))
    found = Counter[tuple[str, str]]()
    for row in wide:
        assert row["place"] == UNIT
        codes = [name for name in row if name in ("yes", "partly", "no", "not_needed", "dont_know")]
        found.update({(row["question"], code): row[code] for code in codes if row[code]})
    return totals, found


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_every_thank_you_counts_exactly_once(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    database = request.getfixturevalue("postgres_url") if kind == "postgresql" else ""
    with instance(tmp_path / "instance", database) as made:
        with serving(made) as web:
            crowd = Crowd(web, made.codes(400))
            under_kills(crowd, KILLS, lambda: kill_and_start(web))
        kept = stored(made, crowd)
        assert faults(crowd, kept) == []
        assert set(crowd.statuses) <= {0, 303} and crowd.statuses[0] and crowd.taps[2] > 5
        assert all(line.ok for line in check(made.engine))
        assert counted(made) == (kept.answers, counts(crowd, kept))
        assert all(line.ok for line in check(made.engine))


@pytest.mark.parametrize(("habit", "fault"), [("thanks_first", "thanked and lost"), ("looks_first", "twice")])
def test_control_the_usual_habits_are_caught(habit: str, fault: str, tmp_path: Path) -> None:
    path = tmp_path / "naive.sqlite"
    environ = {"NAIVE": habit, "NAIVE_FILE": str(path)}
    with running(tmp_path, environ, "tests.attacks.naive:app", workers=4) as web:
        crowd = Crowd(web, double_taps=0.5)
        under_kills(crowd, (60,), lambda: kill_and_start(web))
    with sqlite3.connect(path) as connection:
        marks = [mark for (mark,) in connection.execute("SELECT mark FROM mark")]
        (answers,) = connection.execute("SELECT count(*) FROM answer").fetchone()
    connection.close()
    found = faults(crowd, Stored(frozenset(marks), len(marks), answers))
    assert any(fault in each for each in found), found
