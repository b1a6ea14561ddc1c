"""The database goes away under the web: restarted hard in the midst of a crowd, locked, lost.

Each time a page with status 503 gives every answer back, nobody is thanked for nothing, the web recovers by
itself, and what is sent again counts once. Two controls, whose thank-yous are not there: one who thanks first, and
a database that lets its commits wait for the disk.
"""

import multiprocessing
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from survey.sealing.checks.reconciliation import reconcile
from survey.store.roles.make_roles import make_roles
from tests.attacks.crowd import Crowd, Stored, faults, missing, stored, under_kills
from tests.attacks.full import Shown, sized
from tests.attacks.history import breaches, kept, numbered
from tests.attacks.processes import own_cluster, serving_small
from tests.attacks.running import ANSWERS, SHEET, Instance, Web, client, instance, running
from tests.postgres import Cluster

pytestmark = pytest.mark.xdist_group("web")
RESTARTS = sized((30,), tuple(range(200, 3200, 200)))
AT_A_THANK_YOU, AT_CONTROL = sized(2, 40), sized(2, 10)
ROLE = "postgres_resident"


@pytest.fixture(scope="module")
def cluster_to_end() -> Iterator[Cluster]:
    """A server that may be ended as one likes."""
    with own_cluster() as server:
        yield server


def crash(server: Cluster, crowd: Crowd) -> None:
    """End it as a crash does, with nothing written that was not written yet; start it when someone was refused."""
    before, end = crowd.statuses[503], time.monotonic() + 60
    server.stop(signal.SIGQUIT)
    while crowd.statuses[503] == before:
        assert time.monotonic() < end
        time.sleep(0.05)
    server.start()


def crash_at_each(server: Cluster, crowd: Crowd, number: int) -> None:
    """Answers one by one, each with a crash of the server at the moment of its thank-you."""
    for _ in range(number):
        with client(crowd.web) as person:
            form_id, answers = person.form_id(), numbered(next(crowd.numbers))
            crowd.sent[form_id], pressed = answers, time.monotonic()
            reply = person.post(SHEET, {**answers, "form_id": form_id, "code": ""})
            server.stop(signal.SIGQUIT)
            crowd.hear(form_id, answers, pressed, reply.status)
            assert reply.status == 303
            crowd.thanked.add(form_id)
            server.start()


def test_a_database_that_is_restarted_hard_loses_and_doubles_nothing(
    cluster_to_end: Cluster, tmp_path: Path, shown: Shown
) -> None:
    cluster_to_end.execute("CREATE DATABASE survey")
    with instance(tmp_path / "instance", cluster_to_end.url("survey")) as made:
        make_roles(made.engine)
        with as_resident(made, cluster_to_end.url("survey", ROLE)) as web:
            crowd = Crowd(web, made.codes(RESTARTS[-1]), patient=True, second_thoughts=0.05)
            under_kills(crowd, RESTARTS, lambda: crash(cluster_to_end, crowd))
            crash_at_each(cluster_to_end, crowd, AT_A_THANK_YOU)
            with client(web) as visitor:
                assert visitor.get("/healthz").status == 200
        made.engine.dispose()
        here = stored(made, crowd)
        broken = breaches(crowd.told, kept(made)) + faults(crowd, here)
        shown("restart", f"PostgreSQL ended by SIGQUIT {len(RESTARTS)} times under 8 senders, {AT_A_THANK_YOU} times "
              "at a thank-you",
              f"{crowd.statuses[303]} thank-yous for {len(crowd.thanked)} answers: {broken or 'each stored once'}; "
              f"{crowd.statuses[0]} lines timed out, and were sent again",
              n=len(crowd.sent))  # fmt: skip
        assert broken == [] and crowd.not_kept == []
        # On a machine that others use, a line may time out while the server starts: nobody is thanked for that.
        assert set(crowd.statuses) - {0} == {303, 503} and crowd.statuses[0] <= len(crowd.sent) // 50
        assert crowd.thanked == set(crowd.sent) == here.marks
        assert all(line.ok for line in reconcile(made.engine))


def test_control_a_database_whose_commits_wait_loses_some(
    cluster_to_end: Cluster, tmp_path: Path, shown: Shown
) -> None:
    cluster_to_end.execute("CREATE DATABASE lossy")
    with instance(tmp_path / "instance", cluster_to_end.url("lossy")) as made:
        cluster_to_end.execute("ALTER DATABASE lossy SET synchronous_commit = off")
        with serving_small(made, "tests.attacks.planted:app", PLANTED="not_durable") as web:
            crowd = Crowd(web)
            crowd.begin()
            try:
                crowd.until(sized(30, 200))
                cluster_to_end.stop(signal.SIGQUIT)
            finally:
                crowd.end()
            cluster_to_end.start()
            crash_at_each(cluster_to_end, crowd, AT_CONTROL)
        made.engine.dispose()
        cluster_to_end.execute("ALTER DATABASE lossy RESET synchronous_commit")
        broken = breaches(crowd.told, kept(made))
    shown("restart", f"once under 8 senders, {AT_CONTROL} times at a thank-you, synchronous_commit off and the "
          "check of it taken out", ", ".join(broken), n=len(crowd.sent), control=True)  # fmt: skip
    assert any("thanked and lost" in each for each in broken), broken


@contextmanager
def as_resident(made: Instance, url: str) -> Iterator[Web]:
    """The web with the account that may accept answers and nothing else."""
    config = made.folder / "config.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace(made.settings.database, url), encoding="utf-8")
    with serving_small(made) as web:
        yield web


def hold(path: Path, held: Event, enough: Event) -> None:
    """Another program that keeps the database to itself."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=20)
    connection.execute("BEGIN EXCLUSIVE")
    held.set()
    enough.wait(30)
    connection.execute("ROLLBACK")


@contextmanager
def held_by_another(path: Path) -> Iterator[None]:
    """SQLite's lock, held by another process until the block ends."""
    processes = multiprocessing.get_context("spawn")
    held, enough = processes.Event(), processes.Event()
    other = processes.Process(target=hold, args=(path, held, enough))
    other.start()
    try:
        assert held.wait(20)
        yield
    finally:
        enough.set()
        other.join(20)


def test_a_locked_database_keeps_the_answers_on_the_page(tmp_path: Path, shown: Shown) -> None:
    with (
        instance(tmp_path / "instance") as made,
        serving_small(made, "tests.attacks.served:app", PATIENCE="1") as web,
        client(web) as person,
    ):
        (code,) = made.codes(1)
        form_id = person.form_id()
        by_code, by_form = {**ANSWERS, "code": code, "form_id": form_id}, {**ANSWERS, "form_id": form_id}
        with held_by_another(made.folder / "survey.sqlite"):
            pages = [(posted, person.post(SHEET, posted)) for posted in (by_code, by_form)]
            assert person.get(SHEET).status == 200
        for posted, page in pages:
            assert page.status == 503
            assert missing(page, posted) == []
            # What the page's own button sends.
            assert person.post(SHEET, page.fields()).status == 303
        crowd = Crowd(web, sent=dict.fromkeys((code, form_id), ANSWERS), thanked={code, form_id})
        found = faults(crowd, stored(made, crowd))
        shown("restart", "SQLite held by another program, then sent again", f"{found or 'each stored once'}", n=2)
        assert found == []


def test_a_lost_database_keeps_the_answers_on_the_page(tmp_path: Path, shown: Shown) -> None:
    with instance(tmp_path / "instance") as made, serving_small(made) as web, client(web) as person:
        form_id = person.form_id()
        posted = {**ANSWERS, "form_id": form_id}
        assert person.post(SHEET, posted).status == 303
        made.engine.dispose()
        path, away = made.folder / "survey.sqlite", tmp_path / "away"
        path.rename(away)
        second = {**ANSWERS, "form_id": person.form_id()}
        # What was remembered of the unit is forgotten after two seconds; both pages say the same then.
        pages = [person.post(SHEET, second)]
        time.sleep(2.5)
        pages += [person.post(SHEET, second), person.get(SHEET), person.get("/healthz")]
        assert [page.status for page in pages] == [503] * 4
        assert missing(pages[0], second) == missing(pages[1], second) == []
        assert not path.exists()
        away.rename(path)
        assert person.post(SHEET, pages[1].fields()).status == 303
        assert person.get("/healthz").status == 200
        crowd = Crowd(web, sent={form_id: ANSWERS, second["form_id"]: ANSWERS})
        crowd.thanked |= set(crowd.sent)
        found = faults(crowd, stored(made, crowd))
        shown("restart", "SQLite's file moved away and back, then sent again", f"{found or 'each stored once'}", n=2)
        assert found == []


def test_control_who_thanks_first_has_thanked_for_nothing(tmp_path: Path, shown: Shown) -> None:
    path = tmp_path / "naive.sqlite"
    environ = {"NAIVE": "thanks_first", "NAIVE_FILE": str(path)}
    with running(tmp_path, environ, "tests.attacks.naive:app", workers=1) as web, client(web) as person:
        form_id = person.form_id()
        crowd = Crowd(web, sent={form_id: ANSWERS})
        with held_by_another(path):
            assert person.post(SHEET, {**ANSWERS, "form_id": form_id, "code": ""}).status == 303
            crowd.thanked.add(form_id)
            web.kill()
        with sqlite3.connect(path) as connection:
            marks = [mark for (mark,) in connection.execute("SELECT mark FROM mark")]
        connection.close()
        found = faults(crowd, Stored(frozenset(marks), len(marks), len(marks)))
        shown("restart", "one who thanks first, and a locked database", found[0], n=1, control=True)
        assert found[0] == "thanked and lost: 1"
