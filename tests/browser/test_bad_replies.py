"""Replies that are not ours, when answers are sent or read in another language, on a phone and on a kiosk: no answer
leaves the screen for them, and nobody is thanked for what is not kept.

Half a page and cut bytes can only be made of a reply of ours, so for them the web has always heard the request. The
controls: a page whose script takes whatever comes, and the plain form without script.
"""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, expect

from survey.web.pages.page_cache import inline_assets
from tests.answer.test_kiosk import NOON, at, paired
from tests.answering import UNIT, Answering, counted, make_answering
from tests.attacks.full import Shown, sized
from tests.browser.front import CUT, FAULTS, HANG, Front, in_front_of
from tests.browser.person import Person, a_person, served
from tests.care_unit.conftest import with_people

pytestmark = pytest.mark.browser
GIVEN = {"trygghet": "yes", "overenskommelse": "no"}
SENDS: Callable[[str, str], bool] = lambda method, path: method == "POST" and not path.endswith("/alive")  # noqa: E731
FETCHES: Callable[[str, str], bool] = lambda method, path: method == "GET"  # noqa: E731
PATIENCE = 18_000
LANGUAGES = sized(("sv",), ("sv", "en", "ar"))
# Where the script takes a reply for a thank-you, however its names are spelt, and what would take whatever comes.
NAIVE = (re.findall(r"\w+&&\w+===`kept \$\{\w+\}`", inline_assets().script)[0], "true")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Answering:
    """A house with a unit lead, at noon, where anybody may answer."""
    made = with_people(make_answering(tmp_path_factory.mktemp("bad") / "instance", open_link=True, part="all"))
    at(made.app, NOON)
    return made


@pytest.fixture(scope="module")
def web(house: Answering) -> Iterator[str]:
    """Where it is served."""
    with served(house.app) as found:
        yield found


@pytest.fixture
def front(web: str) -> Iterator[Front]:
    """What stands in front of it."""
    with in_front_of(web) as found:
        yield found


def one_that_keeps_nothing(browser: Browser, address: str) -> Person:
    """A phone, or a kiosk whose browser can't seal: what it sends goes as it is (test_kiosk_weeks has the others)."""
    person = a_person(browser, address)
    person.page.add_init_script("crypto.subtle.generateKey = () => Promise.reject(new Error('X25519'))")
    return person


@dataclass
class Losses:
    """What was lost, by fault: answers from the screen, thank-yous without a row."""

    tried: int = 0
    lost: list[str] = field(default_factory=list)
    untrue: list[str] = field(default_factory=list)

    def looks(self, person: Person, house: Answering, before: int, what: str) -> None:
        """Once a bad reply has come: are the answers still there, and is anybody thanked?"""
        self.tried += 1
        there = person.page.evaluate("[...document.querySelectorAll('input:checked')].map((each) => each.name)")
        if not set(GIVEN) <= set(there):
            self.lost.append(what)
        if "/thanks" in person.page.url and counted(house, "open")[0] == before:
            self.untrue.append(what)

    def told(self) -> str:
        """In words."""
        return f"{len(self.lost)} answers lost, {len(self.untrue)} thank-yous without a row"


def answers(person: Person, path: str) -> None:
    """Two questions answered, and on to the last step, where the clock stands still: nothing is tried by itself."""
    person.page.clock.install(time=NOON)
    person.opens(path)
    person.page.click(".next")
    fills(person)
    now = person.page.evaluate("Date.now()") / 1000
    person.page.clock.pause_at(datetime.fromtimestamp(now + 5, UTC))


def fills(person: Person) -> None:
    """Two answers, from the first question, and on to the last step."""
    for question, code in GIVEN.items():
        person.page.check(f"[name={question}][value={code}]")
        person.page.click(".next")
    person.page.evaluate("while (document.querySelector('.send').hidden) document.querySelector('.next').click()")


def meets(person: Person, front: Front, fault: str, press: str) -> None:
    """Press, and wait until the bad reply has been made of."""
    person.page.click(press)
    has_come(person, front)
    if fault == HANG:
        person.page.clock.run_for(PATIENCE)
    expect(person.page.locator("#wait")).to_be_empty()
    expect(person.page.locator("#problem")).to_be_visible()
    front.heals()


def sending(person: Person) -> str:
    """What sends the answers now: a page that waits for the line has locked them, and is told to try at once."""
    return ".again" if person.page.locator(".again").count() else ".send"


def has_come(person: Person, front: Front) -> None:
    """Wait until the front has met what it spoils: the page's clock is ours, the line's is not."""
    until = time.monotonic() + 20
    while not front.spoilt:
        assert time.monotonic() < until
        person.page.wait_for_timeout(10)


def a_phones_sends(person: Person, front: Front, house: Answering, fault: str, reaches: bool, losses: Losses) -> None:
    """Sent into a bad reply, looked at, and sent again: once is counted."""
    before, what = counted(house, "open")[0], f"{fault}, {'reply lost' if reaches else 'never arrived'}"
    front.spoils(fault, SENDS, reaches)
    meets(person, front, fault, sending(person))
    losses.looks(person, house, before, what)
    said = person.page.get_attribute("#sheet", "data-lost")
    assert (said and said in person.sees()) or fault == "a page not found"
    assert counted(house, "open")[0] in (before, before + 1)


def moments() -> list[tuple[str, bool]]:
    """Each fault before the web heard of it, and after."""
    return [(fault, reaches) for fault in FAULTS for reaches in (False, True) if reaches or fault not in CANT_BE_BEFORE]


CANT_BE_BEFORE = ("half a page", CUT)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kiosk", [False, True], ids=["phone", "kiosk"])
def test_no_answer_leaves_the_screen_and_nobody_is_thanked_for_nothing(
    browser: Browser, front: Front, house: Answering, kiosk: bool, language: str, shown: Shown
) -> None:
    losses, where = Losses(), paired(house) if kiosk else f"/s/{UNIT}"
    walks = sized([moments()], [[each] for each in moments()])
    for walk in walks:
        person = one_that_keeps_nothing(browser, front.address)
        answers(person, f"{where}/{language}")
        before = counted(house, "open")[0]
        for fault, reaches in walk:
            a_phones_sends(person, front, house, fault, reaches, losses)
        person.page.click(sending(person))
        person.page.wait_for_url("**/thanks")
        assert counted(house, "open")[0] == before + 1, "however often it was sent"
        person.page.context.close()
    shown("front", f"bad replies to what was sent, {'kiosk' if kiosk else 'phone'}, {language}", losses.told(),
          n=losses.tried)  # fmt: skip
    assert (losses.lost, losses.untrue) == ([], [])


@pytest.mark.parametrize("kiosk", [False, True], ids=["phone", "kiosk"])
def test_a_language_that_does_not_come_leaves_the_answers_where_they_are(
    browser: Browser, front: Front, house: Answering, kiosk: bool, shown: Shown
) -> None:
    losses, before = Losses(), counted(house, "open")[0]
    person = one_that_keeps_nothing(browser, front.address)
    answers(person, f"{paired(house) if kiosk else f'/s/{UNIT}'}/sv")
    for fault in FAULTS:
        front.spoils(fault, FETCHES)
        person.page.click("[href='#languages']")
        meets(person, front, fault, "button[value=en]")
        losses.looks(person, house, before, fault)
    person.page.click("[href='#languages']")
    person.page.click("button[value=en]")
    person.page.wait_for_selector("html[lang=en]")
    losses.looks(person, house, before, "when it came")
    shown("front", f"bad replies to a change of language, {'kiosk' if kiosk else 'phone'}",
          f"{len(losses.lost)} answers lost", n=losses.tried)  # fmt: skip
    assert (losses.lost, losses.untrue) == ([], [])
    assert counted(house, "open")[0] == before


def test_control_a_page_that_takes_whatever_comes_loses(
    browser: Browser, front: Front, house: Answering, shown: Shown
) -> None:
    front.planted, losses = NAIVE, Losses()
    for fault in sized(("502", "302 to our thank-you"), tuple(each for each in FAULTS if each != HANG)):
        person, before = a_person(browser, front.address), counted(house, "open")[0]
        answers(person, f"/s/{UNIT}/sv")
        front.spoils(fault, SENDS, reaches=False)
        person.page.click(".send")
        person.page.wait_for_function("!document.querySelector('#wait')?.textContent")
        losses.looks(person, house, before, fault)
        front.heals()
        person.page.context.close()
    shown("front", "a script that takes whatever comes", losses.told(), n=losses.tried, control=True)
    assert losses.lost and losses.untrue


def test_control_the_plain_form_loses_and_reloading_the_error_sends_again(
    browser: Browser, front: Front, house: Answering, shown: Shown
) -> None:
    """Nothing of ours stands in the way of a page that the browser loads; but what was posted can be posted again."""
    person, losses, before = a_person(browser, front.address, script=False), Losses(), counted(house, "open")[0]
    person.opens(f"/s/{UNIT}/sv")
    person.page.check("[name=trygghet][value=yes]")
    assert "Ladda om den sidan. Då skickas svaren igen" in person.sees()
    front.spoils("502", SENDS, reaches=False)
    person.page.click(".send")
    losses.looks(person, house, before, "502")
    front.heals()
    shown("front", "the plain form, without script", f"{len(losses.lost)} answers lost", n=1, control=True)
    assert losses.lost
    person.page.reload()
    assert "Svaren är låsta" in person.sees()
    assert counted(house, "open")[0] == before + 1
