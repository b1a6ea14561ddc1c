"""The line between web and PostgreSQL is cut, before and after the commit: a retry is thanked once and counted once.

First at each moment in turn, with a look at what is stored right after; then at random under a crowd. Two controls: one
who thanks before the commit has thanked for nothing, one who does not know a second try again has counted it twice.
"""

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import sqlalchemy as sa

from survey.sealing.checks.reconciliation import reconcile
from survey.store import tables
from survey.store.database.engine import read_transaction
from tests.attacks.crowd import Crowd, faults, missing, stored
from tests.attacks.full import Shown, sized
from tests.attacks.history import breaches, kept, numbered
from tests.attacks.processes import serving_small, through
from tests.attacks.proxy import AFTER_COMMIT, BEFORE_COMMIT, MOMENTS, Proxy, between
from tests.attacks.running import SHEET, Client, Instance, Reply, Web, client, instance
from tests.postgres import Cluster

pytestmark = pytest.mark.xdist_group("web")
EACH, CROWD, CUT = sized(1, 50), sized(40, 2000), 0.04
SEED, WITHIN = 11, 120.0


@dataclass(frozen=True)
class Apart:
    """An instance whose web reaches the database through the proxy alone."""

    made: Instance
    web: Web
    proxy: Proxy

    def rows(self) -> tuple[int, int]:
        """How many answers were taken in so far, and how many second tries."""
        own = tables.batch.c.collection_mode.in_(["invited", "open"])
        sums = sa.select(sa.func.sum(tables.batch.c.accepted), sa.func.sum(tables.batch.c.duplicates)).where(own)
        with read_transaction(self.made.engine) as connection:
            accepted, repeats = connection.execute(sums).one()
        return int(accepted), int(repeats)


@contextmanager
def apart(cluster: Cluster, url: str, folder: Path, planted: str = "") -> Iterator[Apart]:
    """The web, the product's own or one with a fault planted, and the proxy between it and its database."""
    target = "tests.attacks.planted:app" if planted else "wsgi:app"
    with instance(folder / "instance", url) as made, between(cluster.port) as proxy:
        through(made, cluster.port, proxy.port)
        with serving_small(made, target, PLANTED=planted) as web:
            yield Apart(made, web, proxy)


@dataclass
class Scissors:
    """Cuts at the moment it is set to, once; or each time a die says so."""

    moment: str = ""
    share: float = 0.0
    cuts: int = 0
    used: threading.Event = field(default_factory=threading.Event)
    dice: random.Random = field(default_factory=lambda: random.Random(SEED))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, moment: str, answer: bytes) -> bool:
        with self.lock:
            if moment != self.moment and self.dice.random() >= self.share:
                return False
            self.moment = ""
            self.cuts += 1
            self.used.set()
            return True


def cut_and_try_again(person: Client, here: Apart, crowd: Crowd, moment: str, code: str) -> None:
    """One answer cut off at that moment; what is stored then; its page sent again, and once more."""
    accepted, repeats = here.rows()
    form_id = person.form_id()
    posted = {**numbered(next(crowd.numbers)), "form_id": form_id, "code": code}
    crowd.sent[code or form_id] = posted
    here.proxy.watch = Scissors(moment)
    page = press(person, crowd, posted)
    assert page.status == 503 and missing(page, posted) == []
    already = moment == AFTER_COMMIT
    assert here.rows() == (accepted + already, repeats)
    # What the page's own button sends, and a double tap on it.
    assert press(person, crowd, page.fields()).status == 303
    assert here.rows() == (accepted + 1, repeats + already)
    assert press(person, crowd, page.fields()).status == 303
    assert here.rows() == (accepted + 1, repeats + already + 1)


def press(person: Client, crowd: Crowd, posted: dict[str, str]) -> Reply:
    """Send it, and keep what came back in the crowd's books."""
    pressed = time.monotonic()
    reply = person.post(SHEET, posted)
    mark = posted["code"] or posted["form_id"]
    crowd.hear(mark, posted, pressed, reply.status)
    if reply.status == 303:
        crowd.thanked.add(mark)
    return reply


def test_a_cut_line_thanks_nobody_for_nothing_and_counts_a_retry_once(
    cluster: Cluster, postgres_url: str, tmp_path: Path, shown: Shown
) -> None:
    with apart(cluster, postgres_url, tmp_path) as here:
        crowd = Crowd(here.web, here.made.codes(EACH * len(MOMENTS) + CROWD), patient=True, second_thoughts=0.05)
        with client(here.web) as person:
            for moment in MOMENTS * EACH:
                for code in ("", crowd.codes.pop()):
                    cut_and_try_again(person, here, crowd, moment, code)
            assert thanked_while_held(person, here, crowd, 0.5) == []
        one_by_one = len(crowd.sent)
        here.proxy.watch = scissors = Scissors(share=CUT)
        crowd.begin()
        try:
            crowd.until(one_by_one + CROWD, within=sized(120, 300))
        finally:
            crowd.end()
        broken = breaches(crowd.told, kept(here.made)) + faults(crowd, stored(here.made, crowd))
        shown("restart", f"line to PostgreSQL cut before and after commit, {one_by_one} in turn, "
              f"{scissors.cuts} at random under 8 senders",
              f"{crowd.statuses[303]} thank-yous for {len(crowd.thanked)} answers: {broken or 'each stored once'}",
              n=len(crowd.sent), seed=SEED)  # fmt: skip
        assert broken == [] and crowd.not_kept == []
        assert set(crowd.statuses) == {303, 503} and scissors.cuts
        assert crowd.thanked == set(crowd.sent)
        assert all(line.ok for line in reconcile(here.made.engine))


def thanked_while_held(person: Client, here: Apart, crowd: Crowd, seconds: float) -> list[int]:
    """What comes back to an answer within so many seconds in which its commit is held back."""
    arrived, enough, came = threading.Event(), threading.Event(), list[int]()

    def hold(moment: str, answer: bytes) -> bool:
        if moment == BEFORE_COMMIT:
            arrived.set()
            enough.wait(WITHIN)
        return False

    here.proxy.watch = hold
    posted = {**numbered(next(crowd.numbers)), "form_id": person.form_id(), "code": ""}
    crowd.sent[posted["form_id"]] = posted
    sender = threading.Thread(target=lambda: came.append(press(person, crowd, posted).status))
    sender.start()
    assert arrived.wait(WITHIN)
    end = time.monotonic() + seconds
    while not came and time.monotonic() < end:
        time.sleep(0.01)
    early = list(came)
    enough.set()
    sender.join(WITHIN)
    assert came == [303]
    return early


CAUGHT = [("thanks_first", "thanked and lost"), ("forgets_marks", "stored twice")]


@pytest.mark.parametrize(("fault", "found"), sized(CAUGHT[:1], CAUGHT))
def test_control_faults_of_that_kind_are_caught(
    fault: str, found: str, cluster: Cluster, postgres_url: str, tmp_path: Path, shown: Shown
) -> None:
    with apart(cluster, postgres_url, tmp_path, fault) as here, client(here.web) as person:
        crowd = Crowd(here.web)
        if fault == "thanks_first":
            assert thanked_while_held(person, here, crowd, WITHIN) == [303]
        for moment in MOMENTS * sized(1, 10):
            form_id = person.form_id()
            posted = {**numbered(next(crowd.numbers)), "form_id": form_id, "code": ""}
            crowd.sent[form_id] = posted
            here.proxy.watch = scissors = Scissors(moment)
            if press(person, crowd, posted).status != 303:
                press(person, crowd, posted)
            assert scissors.used.wait(WITHIN)
        broken = breaches(crowd.told, kept(here.made))
    shown("restart", f"the line cut under one who {fault.replace('_', ' ')}", ", ".join(broken),
          n=len(crowd.sent), control=True)  # fmt: skip
    assert any(found in each for each in broken), broken
