"""Replies that are not ours, whenever a kiosk fetches: it shows its own calm page, and is well again by itself."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from playwright.sync_api import Browser, expect

from survey.domain.kiosks.times import KIOSK_TIMES
from tests.answer.test_kiosk import paired
from tests.answering import Answering
from tests.attacks.full import Shown, sized
from tests.browser.front import FAULTS, HANG, NOTHING, Front, in_front_of
from tests.browser.person import Person
from tests.browser.test_bad_replies import FETCHES, PATIENCE, fills, has_come, one_that_keeps_nothing

pytestmark = pytest.mark.browser
MINUTE = 60_000
AT_A_KIOSK = sized(("502", "302 to elsewhere", "a portal's 200", "half a page", NOTHING, HANG), FAULTS)
Spoil = Callable[[], None]


@pytest.fixture
def front(address: str) -> Iterator[Front]:
    """What stands in front of the web."""
    with in_front_of(address) as found:
        yield found


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
