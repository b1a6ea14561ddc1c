"""The disk under the running web is full: a 503 page with every answer, no thanks, and well again with room.

A limit on how large a file may grow stands in for the disk, so that it can be set and lifted while the web
runs, on any machine. Where this machine lets us, a small disk runs really full: the health page has been red before,
and the reserve gives room to take the answers and to close the round. The control thanks first and saves then: its
thank-yous are not there.
"""

import resource
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path

import pytest

from survey.config import read_settings
from survey.sealing.checks.reconciliation import reconcile
from survey.sealing.rounds.close_round import close_round
from survey.store.answers import tally
from survey.store.database.engine import read_transaction
from survey.store.maintenance.disk import MB, RESERVE
from survey.worker.loop import Worker
from tests.attacks.crowd import Crowd, Stored, faults, missing, stored
from tests.attacks.failing import fill_up, small_disk
from tests.attacks.full import Shown, sized
from tests.attacks.running import ANSWERS, ROUND, SHEET, Client, Instance, Web, client, instance, running, serving

pytestmark = pytest.mark.xdist_group("web")
ROOM = 1 << 16
TIMES = sized(1, 20)
ANSWERED = sized(10, 100)


@contextmanager
def no_room(web: Web) -> Iterator[None]:
    """No file may grow beyond 64 kB for any process of the web, until the block ends."""
    before = {each.pid: resource.prlimit(each.pid, resource.RLIMIT_FSIZE) for each in web.family()}
    for pid, (_, hard) in before.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (ROOM, hard))
    yield
    for pid, limits in before.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)


def answer(person: Client, crowd: Crowd, code: str = "") -> int:
    """One answer with a mark of its own; what came back, kept in the books."""
    form_id = person.form_id()
    posted = {**ANSWERS, "form_id": form_id, "code": code}
    reply = person.post(SHEET, posted)
    crowd.sent[code or form_id] = posted
    if reply.status == 303:
        crowd.thanked.add(code or form_id)
    else:
        crowd.not_kept += missing(reply, posted)
    return reply.status


def test_a_full_disk_thanks_nobody_and_keeps_the_answers_on_the_page(tmp_path: Path, shown: Shown) -> None:
    with instance(tmp_path / "instance") as made, serving(made) as web, client(web) as person:
        crowd, codes, refused = Crowd(web), made.codes(2 * TIMES), 0
        assert {answer(person, crowd) for _ in range(10)} == {303}
        assert (made.folder / "survey.sqlite-wal").stat().st_size > ROOM
        for _ in range(TIMES):
            with no_room(web):
                marks = ["", codes.pop(), "", codes.pop()] * 2 + [""] * 12
                statuses = [answer(person, crowd, code) for code in marks]
                # There may be room for a few: where the log begins again.
                assert set(statuses) <= {303, 503} and statuses.count(503) > len(marks) // 2
                assert person.get(SHEET).status == 200
            refused += statuses.count(503)
            assert faults(crowd, stored(made, crowd)) == []
            waiting = [posted for mark, posted in crowd.sent.items() if mark not in crowd.thanked]
            # Room again: the same forms, sent again with the page's own button, and twice for good measure.
            assert waiting and {person.post(SHEET, posted).status for posted in waiting * 2} == {303}
            crowd.thanked |= set(crowd.sent)
        wrong = faults(crowd, stored(made, crowd))
        result = f"{refused} refused with 503, {len(crowd.not_kept)} fields not kept, {len(wrong)} faults afterwards"
        shown("disk", "no file of the running web may grow, then it may, and all send again", result, n=refused)
        assert wrong == [] and crowd.not_kept == []
        assert all(line.ok for line in reconcile(made.engine))


def health(person: Client) -> str:
    """What the operator sees."""
    return person.get("/healthz").body.decode()


def with_reserve(made: Instance, min_free_mb: int) -> Path:
    """The operator's settings for a very small disk, and the reserve that the worker lays."""
    with (made.folder / "config.toml").open("a", encoding="utf-8") as file:
        file.write(f"min_free_mb = {min_free_mb}\ndisk_reserve_mb = 2\n")
    assert "disk reserve laid" in Worker(made.engine, read_settings(made.folder), {}).turn(date.today())
    return made.folder / RESERVE


def test_the_operator_is_told_in_time_and_the_reserve_gives_room_to_close(tmp_path: Path, shown: Shown) -> None:
    disk = tmp_path / "disk"
    with small_disk(disk, 16 * 1024) as mounted, instance(disk / "instance") as made:
        reserve = with_reserve(made, 4 if mounted else 0)
        with serving(made) as web, client(web) as person, ExitStack() as limits:
            crowd = Crowd(web)
            assert health(person) == "well\n"
            if mounted:
                fill_up(disk, leave=3 * MB)
                assert health(person) == "not well\ndisk\n"
            assert {answer(person, crowd) for _ in range(ANSWERED)} == {303}
            if mounted:
                fill_up(disk)
            else:
                limits.enter_context(no_room(web))
            statuses = [answer(person, crowd) for _ in range(ANSWERED)]
            assert set(statuses) <= {303, 503} and 503 in statuses
            assert crowd.not_kept == [] and faults(crowd, stored(made, crowd)) == []
            reserve.unlink()
            limits.close()
            assert {person.post(SHEET, posted).status for posted in crowd.sent.values()} == {303}
            crowd.thanked |= set(crowd.sent)
            assert faults(crowd, stored(made, crowd)) == []
            close_round(made.engine, made.volumes, ROUND)
            with read_transaction(made.engine) as connection:
                counted = sum(n for _, _, _, n in tally.response_counts(connection, ROUND))
            real = "a small disk runs full under the web, the health page red before; the reserve is deleted"
            result = f"{statuses.count(503)} refused with 503, {counted} of {len(crowd.sent)} counted"
            what = real if mounted else "as if on a small disk, room again, and the round is closed"
            shown("disk", what, result, n=len(crowd.sent))
            assert counted == len(crowd.sent)


def test_control_who_thanks_first_thanks_for_nothing(tmp_path: Path, shown: Shown) -> None:
    path = tmp_path / "naive.sqlite"
    environ = {"NAIVE": "thanks_first", "NAIVE_FILE": str(path)}
    with running(tmp_path, environ, "tests.attacks.naive:app") as web, client(web) as person:
        crowd = Crowd(web)
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE reserve (content BLOB)")
            connection.execute("INSERT INTO reserve VALUES (randomblob(?))", (2 * ROOM,))
        connection.close()
        with no_room(web):
            assert {answer(person, crowd) for _ in range(300)} == {303}
            time.sleep(1)
        web.kill()
    with sqlite3.connect(path) as connection:
        marks = [mark for (mark,) in connection.execute("SELECT mark FROM mark")]
    connection.close()
    lost = len(crowd.thanked - set(marks))
    result = f"{lost} of {len(crowd.thanked)} thanked and lost"
    shown("disk", "thanks first, saves then", result, n=len(crowd.sent), control=True)
    assert any("lost" in each for each in faults(crowd, Stored(frozenset(marks), len(marks), len(marks))))
