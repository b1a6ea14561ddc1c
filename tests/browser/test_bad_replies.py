"""Replies that are not ours, at each moment of the walk, on a phone and on a kiosk: no answer leaves the screen for
them, nobody is thanked for what is not kept, and a kiosk is well again by itself.

Half a page and cut bytes can only be made of a reply of ours, so for them the web has always heard the request. The
controls: a page whose script takes whatever comes, and the plain form without script.
"""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

import pytest
from playwright.sync_api import Browser, expect

from survey.domain.kiosks.times import KIOSK_TIMES
from survey.web.pages.page_cache import inline_assets
from tests.answer.test_kiosk import NOON, at, paired
from tests.answering import UNIT, Answering, counted, make_answering
from tests.attacks.full import Shown, sized
from tests.browser.front import CUT, FAULTS, HANG, NOTHING, Front, in_front_of
from tests.browser.person import Person, a_person, served
from tests.care_unit.conftest import with_people

pytestmark = pytest.mark.browser
GIVEN = {"trygghet": "yes", "overenskommelse": "no"}
SENDS: Callable[[str, str], bool] = lambda method, path: method == "POST" and not path.endswith("/alive")  # noqa: E731
FETCHES: Callable[[str, str], bool] = lambda method, path: method == "GET"  # noqa: E731
PATIENCE, MINUTE = 18_000, 60_000
AT_A_KIOSK = sized(("502", "302 to elsewhere", "a portal's 200", "half a page", NOTHING, HANG), FAULTS)
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


def is_ours(person: Person) -> bool:
    """Whether what is shown is the page that was loaded, and not one of the browser's or a gateway's own."""
    return bool(person.page.evaluate("!!self.answerSheet && !document.querySelector('center, #login')"))


def waits_calmly(person: Person, front: Front, fault: str, moved: int) -> None:
    """Whatever made it fetch, the kiosk shows its calm page; and once the line is well, it starts by itself."""
    page = person.page
    page.clock.run_for(moved)
    has_come(person, front)
    if fault == HANG:
        page.clock.run_for(PATIENCE)
    expect(page.locator("#calm")).to_be_attached()
    page.wait_for_timeout(30)
    page.clock.run_for(1_000)
    expect(page.locator("#calm")).to_be_visible()
    assert is_ours(person) and page.locator("input").count() == 0
    front.heals()
    for _ in range(20):
        page.clock.run_for(2_500)
        if page.locator("[data-language]").count():
            break
        page.wait_for_timeout(20)
    expect(page.locator("[data-language]").first).to_be_visible()
    assert is_ours(person)


Spoil = Callable[[], None]


def chooses_a_language(person: Person, spoil: Spoil) -> int:
    """At the start."""
    spoil()
    person.page.click("[data-language]")
    return 0


def is_left(person: Person, spoil: Spoil) -> int:
    """With answers on it, and walked away from."""
    person.page.click("[data-language]")
    person.page.click(".next")
    fills(person)
    spoil()
    return MINUTE + 21_000


def begins_anew(person: Person, spoil: Spoil) -> int:
    """With answers on it, and told to forget them."""
    is_left(person, spoil)
    person.page.click(".language-link[data-leave]")
    person.page.click("#anew [data-leave]")
    return 0


def has_thanked(person: Person, spoil: Spoil) -> int:
    """After the thank-you."""
    is_left(person, spoil)
    person.page.click(".send")
    person.page.wait_for_url("**/thanks")
    return KIOSK_TIMES["THANKS_MS"] + 1_000


@pytest.mark.parametrize("moment", [chooses_a_language, is_left, begins_anew, has_thanked])
def test_a_kiosk_waits_calmly_and_is_well_again_by_itself(
    browser: Browser, front: Front, house: Answering, moment: Callable[[Person, Spoil], int], shown: Shown
) -> None:
    person, start = one_that_keeps_nothing(browser, front.address), paired(house)
    person.page.clock.install()
    person.opens(start)
    for fault in AT_A_KIOSK:
        moved = moment(person, partial(front.spoils, fault, FETCHES))
        waits_calmly(person, front, fault, moved)
        assert person.page.url.endswith(start)
    name = moment.__name__.replace("_", " ")
    result = f"well again by itself {len(AT_A_KIOSK)} times"
    shown("front", f"bad replies to a kiosk that {name}", result, n=len(AT_A_KIOSK))
    loads = [request for request in person.asked if request.is_navigation_request()]
    assert len(loads) == 1, "the page is loaded once"


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
