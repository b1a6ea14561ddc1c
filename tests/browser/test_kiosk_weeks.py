"""A kiosk without a line for two weeks: each answer that was thanked for is counted once, whatever happens meanwhile.

Its browser is killed and started, its replies are lost, its pages change, the server's disk fills up, the database is
put back to the day before, and the tablet is let go and paired again. Then it is stolen and read raw.
"""

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from survey.answer.open_rounds import OpenRoundCache
from survey.sealing.keys.transport_key import TRANSPORT
from survey.sealing.rounds.close_round import close_round
from survey.store.answers.batches import batches
from survey.store.channels import kiosks
from survey.store.database.engine import read_transaction, write_transaction
from survey.web.request.services import Services
from tests.answer.test_kiosk import paired
from tests.answering import ROUND, TODAY, UNIT, Answering, counted, make_answering
from tests.attacks.failing import may_grow, may_not_grow
from tests.attacks.full import Shown, sized
from tests.attacks.rest import Look, marked
from tests.browser.front import CUT, NOTHING, Front, in_front_of
from tests.browser.person import served
from tests.browser.tablet import Tablet
from tests.care_unit.conftest import with_people

pytestmark = [pytest.mark.browser, pytest.mark.slow]
DAYS, ANSWERS, KILLS = 14, sized(56, 1_000), 20
LOST = (NOTHING, CUT, "half a page", "502", "an empty 200", "a portal's 200", "302 to elsewhere")
SEED = 20261130
STALLED = 75.0  # seconds; between two tries lie sixty at most


@dataclass
class Ward:
    """A unit with one tablet, a line that somebody can spoil, and a server whose days pass."""

    made: Answering
    front: Front
    tablet: Tablet
    day: date = TODAY
    thanked: int = 0
    kills: int = 0
    uploads: list[str] = field(default_factory=list)

    def passes_to(self, day: date) -> None:
        """Let the server's days, and the tablet's when it starts again, come to that one."""
        self.day = day
        house: Services = self.made.app.extensions["services"]
        self.made.app.extensions["services"] = replace(house, today=lambda: day)
        self.made.app.extensions["answer"].open_rounds = OpenRoundCache()

    def starts_again(self, kill: bool = True) -> None:
        """End the tablet's browser in the middle of whatever it does, and start it."""
        if kill:
            self.tablet.is_killed()
            self.kills += 1
        elif self.tablet.context is not None:
            self.tablet.is_switched_off()
        self.tablet.boots(date=f"{self.day}T09:00:00")
        self.tablet.page.wait_for_selector("[data-language]")

    def answers(self, some: list[dict[str, str]]) -> None:
        """Let some answer, and count whom the tablet thanked."""
        self.tablet.opens_a_sheet()
        self.thanked += self.tablet.answers(some)
        self.tablet.page.reload()
        self.tablet.page.wait_for_selector("#sheet, [data-language]")
        self.tablet.page.goto(self.tablet.address + self.tablet.start)

    def is_cut_off(self) -> None:
        """Nothing gets through any longer."""
        self.front.spoils(NOTHING, lambda *_: True, reaches=False)

    def loses_replies(self, fault: str) -> None:
        """What is sent gets through, and what the server says does not come back."""
        self.front.spoils(fault, lambda method, path: method == "POST" and "/sealed/" in path, reaches=True)

    def waits_until_sent(self) -> None:
        """Let it report and send what waits, as long as that becomes less within the longest wait between two tries."""
        left, until = self.waiting(), time.monotonic() + STALLED
        while left:
            self.tablet.reports()
            self.tablet.page.wait_for_timeout(250)
            left, before = self.waiting(), left
            if left < before:
                until = time.monotonic() + STALLED
            assert time.monotonic() < until, f"{left} wait still"

    def waiting(self) -> int:
        """How many wait there."""
        return list(self.tablet.stored().values()).count("waiting")


@pytest.fixture
def ward(tmp_path: Path, playwright: Playwright) -> Iterator[Ward]:
    """A tablet that was just paired, in a round of which a month is left and that has two weeks of grace."""
    made = with_people(make_answering(tmp_path / "instance", open_link=True, part="all"))
    with served(made.app) as web, in_front_of(web) as front:
        tablet = Tablet(playwright, tmp_path / "profile", front.address, paired(made))
        found = Ward(made, front, tablet)
        tablet.boots("/paired", date=f"{TODAY}T09:00:00")
        tablet.page.wait_for_selector("#able", state="visible")
        tablet.page.goto(tablet.address + tablet.start)
        yield found
        tablet.is_killed()


def test_two_weeks_without_a_line_lose_and_double_nothing(
    ward: Ward, monkeypatch: pytest.MonkeyPatch, shown: Shown, tmp_path: Path
) -> None:
    given = [dict(each) for each in marked(ANSWERS, SEED)]
    shares = [given[number::DAYS] for number in range(DAYS)]
    twice_killed = range(KILLS - DAYS)
    before = tmp_path / "yesterday.sqlite"
    database = ward.made.instance / "survey.sqlite"
    for number, share in enumerate(shares):
        ward.passes_to(TODAY + timedelta(number))
        ward.is_cut_off()
        ward.starts_again()
        if number in twice_killed:
            ward.answers(share[:2])
            ward.starts_again()
        ward.answers(share[2 if number in twice_killed else 0 :])
        if number in (4, 5):  # the line is there, and what the server says is lost on its way
            for fault in LOST:
                ward.loses_replies(fault)
                ward.tablet.reports()
        elif number in (6, 12):  # another edition is put in, and its pages are put aside
            ward.front.heals()
            monkeypatch.setattr("survey.answer.kiosk.pages.app_version", lambda name=number: f"edition {name}")
            ward.starts_again(kill=False)
            ward.tablet.page.evaluate("self.kioskQueue.prepare()")
        elif number == 7:  # the server has no room
            ward.front.heals()
            may_not_grow(ward.made.house.engine, 0)
            ward.tablet.reports()
            may_grow(ward.made.house.engine)
        elif number == 8:  # the night's copy
            ward.front.heals()
            ward.made.house.engine.dispose()
            shutil.copy(database, before)
        elif number == 9:  # after which more is acknowledged, and then it is put back
            ward.front.heals()
            ward.waits_until_sent()
            restored(ward, before, database)
        elif number == 10:
            let_go_and_paired_again(ward)
    ward.front.heals()
    ward.starts_again()
    ward.waits_until_sent()
    ward.waits_until_sent()
    taken, again = counted(ward.made, "open")
    close_round(ward.made.house.engine, ward.made.house.volumes, ROUND)
    with read_transaction(ward.made.house.engine) as connection:
        opened = {(b.place, b.collection_mode): b.counted for b in batches(connection, ROUND) if b.role == "patient"}
    shown("kiosk", f"{DAYS} days, {ward.kills} kills, 2 editions, replies lost in {len(LOST)} ways, a full disk, a "
          "restored database, let go once", f"{ward.thanked} thanked, {taken} counted once, {again} second tries",
          n=ANSWERS, seed=SEED)  # fmt: skip
    assert ward.thanked == taken == opened[UNIT, "open"] == ANSWERS
    assert again > 0, "no reply was lost"


def restored(ward: Ward, before: Path, database: Path) -> None:
    """Put yesterday's database back."""
    ward.made.house.engine.dispose()
    for path in database.parent.glob("survey.sqlite-*"):
        path.unlink()
    shutil.copy(before, database)
    ward.made.app.extensions["answer"].open_rounds = OpenRoundCache()


def let_go_and_paired_again(ward: Ward) -> None:
    """The unit lets its tablet go, and pairs it anew; what waits there is sent by its new token."""
    engine = ward.made.house.engine
    with write_transaction(engine) as connection:
        for each in kiosks.of_unit(connection, UNIT, ""):
            kiosks.revoke(connection, each.id, UNIT)
    ward.front.heals()
    ward.tablet.reports()
    waiting = [state for state in ward.tablet.stored().values() if state == "waiting"]
    assert waiting
    ward.tablet.is_switched_off()
    ward.tablet.start = paired(ward.made)
    ward.tablet.boots("/paired", date=f"{ward.day}T09:00:00")
    ward.tablet.page.wait_for_selector("#able", state="visible")
    ward.starts_again(kill=False)


def test_a_stolen_tablet_tells_nothing(ward: Ward, shown: Shown) -> None:
    given = marked(sized(30, 300), SEED)
    ward.is_cut_off()
    ward.answers([dict(each) for each in given])
    [key, *_] = [path.read_bytes() for path in ward.made.instance.rglob(f"*{TRANSPORT}")]
    assert len(ward.tablet.stored()) == len(given) == ward.thanked
    ward.tablet.is_killed()
    look = Look(given, [key])
    look.at(ward.tablet.profile)
    shown("kiosk", "the tablet's storage, read raw", str(look), n=len(given), seed=SEED)
    assert (look.found_answers, look.found_keys) == (set(), set())
    ward.starts_again(kill=False)
    ward.tablet.page.evaluate("""async (all) => {
      const asked = indexedDB.open('kiosk', 1);
      await new Promise((resolve) => { asked.onsuccess = resolve; });
      const store = asked.result.transaction('answers', 'readwrite').objectStore('answers');
      const clear = (each) => new URLSearchParams(each).toString();
      all.forEach((each, n) => store.put({ mark: `clear ${n}`, clear: clear(each) }));
      await new Promise((resolve) => { store.transaction.oncomplete = resolve; });
    }""", [dict(each) for each in given])  # fmt: skip
    ward.tablet.is_killed()
    look.at(ward.tablet.profile)
    shown("kiosk", "the same, kept in clear", f"{len(look.found_answers)} answers", n=len(given), control=True)
    assert len(look.found_answers) > len(given) * 3 // 4
    ward.tablet.boots(date=f"{ward.day}T09:00:00")


def test_the_order_in_the_database_tells_nothing_of_the_tablets(ward: Ward, shown: Shown) -> None:
    given = marked(sized(40, 300), SEED + 1)
    ward.is_cut_off()
    ward.answers([dict(each) for each in given])
    marks = sorted(ward.tablet.stored())
    arrived: list[str] = []

    def note(method: str, path: str) -> bool:
        if method == "POST" and "/sealed/" in path:
            arrived.append(path)
        return False

    ward.front.spoils("502", note)
    sent: list[str] = []
    ward.tablet.page.on(
        "request", lambda one: sent.append((one.post_data_buffer or b"")[:16].hex()) if "/sealed/" in one.url else None
    )
    ward.waits_until_sent()
    hit = sum(one == other for one, other in zip(marks, sent, strict=True))
    shown("kiosk", "a thief with tablet and database guesses which sealed answer is which by their order",
          f"{hit} right; by chance about 1", n=len(given), seed=SEED + 1)  # fmt: skip
    assert len(arrived) == len(given) and hit <= 6
