"""The disk under the running web is full: a 503 page with every answer, no thanks, and well again with room.

A limit on how large a file may grow stands in for the disk, so that it can be set and lifted while the web
runs, on any machine. The control thanks first and saves then: its thank-yous are not there.
"""

import resource
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from survey.sealing.selfcheck import check
from tests.attacks.crowd import Crowd, Stored, faults, missing, stored
from tests.attacks.running import ANSWERS, SHEET, Client, Web, client, instance, running, serving

pytestmark = pytest.mark.xdist_group("web")
ROOM = 1 << 16


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


def test_a_full_disk_thanks_nobody_and_keeps_the_answers_on_the_page(tmp_path: Path) -> None:
    with instance(tmp_path / "instance") as made, serving(made) as web, client(web) as person:
        crowd, codes = Crowd(web), made.codes(20)
        assert {answer(person, crowd) for _ in range(10)} == {303}
        assert (made.folder / "survey.sqlite-wal").stat().st_size > ROOM
        with no_room(web):
            marks = ["", codes[0], "", codes[1]] * 5
            assert {answer(person, crowd, code) for code in marks} == {503}
            assert person.get(SHEET).status == 200
        assert crowd.not_kept == []
        kept = stored(made, crowd)
        assert faults(crowd, kept) == [] and kept.answers == 10
        waiting = [posted for mark, posted in crowd.sent.items() if mark not in crowd.thanked]
        assert len(waiting) == 12
        # Room again: the same forms, sent again with the page's own button, and twice for good measure.
        assert {person.post(SHEET, posted).status for posted in waiting * 2} == {303}
        crowd.thanked |= set(crowd.sent)
        assert faults(crowd, stored(made, crowd)) == []
        assert all(line.ok for line in check(made.engine))


def test_control_who_thanks_first_thanks_for_nothing(tmp_path: Path) -> None:
    path = tmp_path / "naive.sqlite"
    environ = {"NAIVE": "thanks_first", "NAIVE_FILE": str(path)}
    with running(tmp_path, environ, "tests.attacks.naive:app") as web, client(web) as person:
        crowd = Crowd(web)
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE ballast (content BLOB)")
            connection.execute("INSERT INTO ballast VALUES (randomblob(?))", (2 * ROOM,))
        connection.close()
        with no_room(web):
            assert {answer(person, crowd) for _ in range(300)} == {303}
            time.sleep(1)
        web.kill()
    with sqlite3.connect(path) as connection:
        marks = [mark for (mark,) in connection.execute("SELECT mark FROM mark")]
    connection.close()
    assert any("lost" in each for each in faults(crowd, Stored(frozenset(marks), len(marks), len(marks))))
