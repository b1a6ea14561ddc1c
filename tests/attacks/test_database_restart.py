"""The database goes away under the web: restarted hard in the midst of a crowd, locked, lost.

Each time a page with status 503 gives every answer back, nobody is thanked for nothing, the web recovers by
itself, and what is sent again counts once. The control thanks first: its thank-yous are not there.
"""

import multiprocessing
import signal
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from survey.sealing.selfcheck import check
from survey.store.accepting import grant_resident
from tests.attacks.crowd import Crowd, Stored, faults, missing, stored, under_kills
from tests.attacks.running import ANSWERS, SHEET, Instance, Web, client, instance, running, serving
from tests.postgres import Cluster

pytestmark = pytest.mark.xdist_group("web")
RESTARTS = (50, 100)
ROLE = "resident_web"


@pytest.fixture
def own_cluster() -> Iterator[Cluster]:
    """A server of one's own, to be ended as one likes."""
    with tempfile.TemporaryDirectory(prefix="sju-postgres-") as folder:
        server = Cluster(Path(folder))
        try:
            yield server
        finally:
            server.stop()


def test_a_database_that_is_restarted_hard_loses_and_doubles_nothing(own_cluster: Cluster, tmp_path: Path) -> None:
    own_cluster.execute("CREATE DATABASE survey")
    own_cluster.execute(f"CREATE ROLE {ROLE} LOGIN")

    def restart() -> None:
        own_cluster.stop(signal.SIGQUIT)
        time.sleep(0.5)
        own_cluster.start()

    with instance(tmp_path / "instance", own_cluster.url("survey")) as made:
        grant_resident(made.engine, ROLE)
        with as_resident(made, own_cluster.url("survey", ROLE)) as web:
            crowd = Crowd(web, made.codes(400), patient=True)
            under_kills(crowd, RESTARTS, restart)
            with client(web) as visitor:
                assert visitor.get("/healthz").status == 200
        made.engine.dispose()
        kept = stored(made, crowd)
        assert set(crowd.statuses) == {303, 503}
        assert crowd.not_kept == []
        assert crowd.thanked == set(crowd.sent) == kept.marks
        assert faults(crowd, kept) == []
        assert all(line.ok for line in check(made.engine))


@contextmanager
def as_resident(made: Instance, url: str) -> Iterator[Web]:
    """The web with the account that may accept answers and nothing else."""
    config = made.folder / "config.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace(made.settings.database, url), encoding="utf-8")
    with serving(made) as web:
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


def test_a_locked_database_keeps_the_answers_on_the_page(tmp_path: Path) -> None:
    with (
        instance(tmp_path / "instance") as made,
        serving(made, "tests.attacks.served:app", PATIENCE="1") as web,
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
        assert faults(crowd, stored(made, crowd)) == []


def test_a_lost_database_keeps_the_answers_on_the_page(tmp_path: Path) -> None:
    with instance(tmp_path / "instance") as made, serving(made) as web, client(web) as person:
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
        assert faults(crowd, stored(made, crowd)) == []


def test_control_who_thanks_first_has_thanked_for_nothing(tmp_path: Path) -> None:
    path = tmp_path / "naive.sqlite"
    environ = {"NAIVE": "thanks_first", "NAIVE_FILE": str(path)}
    with running(tmp_path, environ, "tests.attacks.naive:app") as web, client(web) as person:
        form_id = person.form_id()
        crowd = Crowd(web, sent={form_id: ANSWERS})
        with held_by_another(path):
            assert person.post(SHEET, {**ANSWERS, "form_id": form_id, "code": ""}).status == 303
            crowd.thanked.add(form_id)
            web.kill()
        with sqlite3.connect(path) as connection:
            marks = [mark for (mark,) in connection.execute("SELECT mark FROM mark")]
        connection.close()
        assert faults(crowd, Stored(frozenset(marks), len(marks), len(marks)))[0] == "thanked and lost: 1"
