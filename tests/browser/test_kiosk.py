"""A kiosk in a real browser: the next person sees nothing of the one before, whatever they press and however long it
stands.
"""

import pytest
from playwright.sync_api import Browser, expect

from survey.answer.open_rounds import OpenRoundCache
from survey.domain.kiosks.times import KIOSK_TIMES
from survey.sealing.rounds.close_round import close_round
from tests.answer.test_kiosk import paired
from tests.answering import ROUND, UNIT, Answering, counted
from tests.browser.front import in_front_of
from tests.browser.person import Person, a_person
from tests.browser.test_back import left

pytestmark = pytest.mark.browser
MINUTE, THANKS_MS = 60_000, int(KIOSK_TIMES["THANKS_MS"])


def stands(browser: Browser, address: str, house: Answering) -> tuple[Person, str]:
    """A device on its start screen, whose clock the test holds; and the screen's address."""
    person, start = a_person(browser, address), paired(house)
    person.page.clock.install()
    person.opens(start)
    return person, start


def answers_some(person: Person) -> None:
    """The first three questions, in Swedish."""
    person.presses("Svenska")
    person.begins()
    person.chooses("Ja")
    person.goes_on()
    person.chooses("Nej")
    person.goes_on()


def seen_going_back(person: Person) -> list[str]:
    """What is seen of any answer while somebody presses Back five times."""
    seen: list[str] = []
    for _ in range(5):
        person.page.go_back()
        person.page.wait_for_load_state()
        if person.page.url == "about:blank":
            break
        seen += left(person)
    return seen


def is_at(person: Person, start: str) -> bool:
    """Whether the start screen is shown."""
    person.page.wait_for_load_state()
    return person.page.url.endswith(start)


def test_a_minute_without_a_touch_asks_and_twenty_seconds_later_all_is_gone(
    browser: Browser, address: str, house: Answering
) -> None:
    person, start = stands(browser, address, house)
    answers_some(person)
    person.page.clock.run_for(MINUTE - 1_000)
    assert not person.page.locator("#still").is_visible()
    person.page.clock.run_for(2_000)
    assert "Är du kvar?" in person.page.inner_text("#still")
    person.page.clock.run_for(20_000)
    person.page.wait_for_url(f"**{start}")
    assert left(person) == []
    assert seen_going_back(person) == []


@pytest.mark.parametrize("touch", ["tap", "key"])
def test_any_touch_says_that_one_is_still_there(touch: str, browser: Browser, address: str, house: Answering) -> None:
    person, start = stands(browser, address, house)
    answers_some(person)
    person.page.clock.run_for(MINUTE + 5_000)
    expect(person.page.locator("#still")).to_be_visible()
    if touch == "tap":
        person.page.mouse.click(3, 3)
    else:
        person.page.keyboard.press("Shift")
    person.page.clock.run_for(30_000)
    assert not person.page.locator("#still").is_visible() and not is_at(person, start)
    assert len(person.chosen()) == 2


@pytest.mark.parametrize("step", range(10))
def test_it_is_wiped_from_whichever_step(step: int, browser: Browser, address: str, house: Answering) -> None:
    person, start = stands(browser, address, house)
    person.presses("العربية")
    person.page.wait_for_url(f"**{start}/ar")
    if step:
        person.takes_the_first_step()
        person.goes_on(step - 1)
    person.page.clock.run_for(MINUTE + 21_000)
    person.page.wait_for_url(f"**{start}")
    assert left(person) == []


def test_after_the_thanks_the_next_person_finds_the_start_and_nothing_else(
    browser: Browser, address: str, house: Answering
) -> None:
    person, start = stands(browser, address, house)
    answers_some(person)
    person.goes_on(6)
    person.page.click(".send")
    person.page.wait_for_url("**/thanks")
    assert counted(house, "open") == (1, 0)
    person.page.clock.run_for(THANKS_MS + 1_000)
    person.page.wait_for_url(f"**{start}")
    assert seen_going_back(person) == []
    person.opens(start)
    stored = person.page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]")
    assert stored == [0, 0, ""]
    person.presses("Svenska")
    person.begins()
    assert left(person) == []
    assert person.complaints == []


def test_reading_again_shows_an_empty_sheet(browser: Browser, address: str, house: Answering) -> None:
    person, _start = stands(browser, address, house)
    answers_some(person)
    person.page.reload()
    assert left(person) == []


def test_the_languages_are_large_enough_to_press(browser: Browser, address: str, house: Answering) -> None:
    person, _start = stands(browser, address, house)
    boxes = [each.bounding_box() for each in person.page.locator(".rows a").all()]
    assert boxes and all(box and box["height"] >= 48 and box["width"] >= 48 for box in boxes)


def test_control_without_its_script_the_next_person_would_see_the_answers(
    browser: Browser, address: str, house: Answering
) -> None:
    person, _start = stands(browser, address, house)
    person.opens(f"/s/{UNIT}/sv")
    person.begins()
    person.chooses("Ja")
    person.page.clock.run_for(2 * MINUTE)
    assert left(person) != []


def contacts(person: Person, minutes: int, *, touches: bool) -> list[float]:
    """When the device tells that it is on, in seconds of its hour, while somebody uses it or nobody does."""
    # Noted where it is said: on a slow machine the test hears of it later, by the page's clock too.
    person.page.evaluate("""() => {
      const { fetch } = self;
      self.heard = [];
      self.fetch = (to, ...how) => {
        if (`${to}`.endsWith('/alive')) self.heard.push(Date.now() / 1000 % 3600);
        return fetch(to, ...how);
      };
    }""")
    for _ in range(minutes * 4):
        person.page.clock.run_for(MINUTE // 4)
        if touches:
            person.page.keyboard.press("Shift")
    person.page.wait_for_timeout(50)
    found: list[float] = person.page.evaluate("heard")
    return found


@pytest.mark.parametrize("used", [True, False])
def test_it_is_heard_of_by_the_clock_whether_it_is_used_or_not(
    used: bool, browser: Browser, address: str, house: Answering
) -> None:
    person, start = a_person(browser, address), paired(house)
    person.page.clock.install(time="2026-09-15T10:18:00")
    person.opens(f"{start}/sv" if used else start)
    told = contacts(person, 5, touches=used)
    assert len(told) == 1 and 20 * 60 <= told[0] <= 21 * 60


@pytest.mark.parametrize("size", [(1024, 768), (1280, 800)], ids=str)
def test_a_tablet_that_lies_down_shows_each_question_whole(
    size: tuple[int, int], browser: Browser, address: str, house: Answering
) -> None:
    start = paired(house)
    for language in ("sv", "en", "ar"):
        person = a_person(browser, address, language, width=size[0], height=size[1])
        person.opens(f"{start}/{language}")
        for step in range(1, 9):
            person.page.click(".next")
            ends = person.page.evaluate("document.querySelector('.form-actions').getBoundingClientRect().bottom")
            assert ends <= size[1] and person.page.evaluate("scrollY") == 0, (language, step)
        person.page.context.close()


def thanked(person: Person) -> None:
    """From the start to the thank-you."""
    answers_some(person)
    person.goes_on(6)
    person.page.click(".send")
    person.page.wait_for_url("**/thanks")


def test_the_thanks_stay_while_somebody_touches(browser: Browser, address: str, house: Answering) -> None:
    person, start = stands(browser, address, house)
    thanked(person)
    for _ in range(4):
        person.page.clock.run_for(THANKS_MS - 5_000)
        person.page.evaluate("window.turned = new Promise((turns) => { addEventListener('wheel', turns) }); 0")
        person.page.mouse.move(5, 5)
        person.page.mouse.wheel(0, 40)
        person.page.evaluate("turned")  # a slow machine turns later
    assert "Dina svar är mottagna och låsta" in person.sees()
    person.page.clock.run_for(THANKS_MS + 1_000)
    person.page.wait_for_url(f"**{start}")


def test_to_begin_anew_asks_and_forgets(browser: Browser, address: str, house: Answering) -> None:
    person, start = stands(browser, address, house)
    answers_some(person)
    person.page.click(".language-link[data-leave]")
    person.page.click("#anew [data-stay]")
    assert len(person.chosen()) == 2
    person.page.click(".language-link[data-leave]")
    person.page.click("#anew [data-leave]")
    person.page.wait_for_url(f"**{start}")
    assert left(person) == [] and seen_going_back(person) == []
    person.opens(start)
    person.presses("Svenska")
    person.page.click(".language-link[data-leave]")
    person.page.wait_for_url(f"**{start}")


def test_the_start_is_fetched_anew_now_and_then_and_stays_when_it_does_not_come(
    browser: Browser, address: str, house: Answering
) -> None:
    with in_front_of(address) as front:
        person, _start = stands(browser, front.address, house)
        front.spoils("502", lambda method, _: method == "GET")
        person.page.clock.run_for(10 * MINUTE + 1_000)
        for _ in range(100):  # a slow machine asks later
            person.page.wait_for_timeout(50)
            if front.spoilt:
                break
        assert front.spoilt and person.page.is_visible("[data-language]") and not person.page.is_visible("#calm")
        front.heals()
        close_round(house.house.engine, house.house.volumes, ROUND)
        house.app.extensions["answer"].open_rounds = OpenRoundCache()
        person.page.clock.run_for(10 * MINUTE + 1_000)
        person.page.wait_for_selector("text=Ingen enkät just nu")


def test_a_newer_edition_is_taken_into_use_between_two_persons(
    browser: Browser, address: str, house: Answering
) -> None:
    with in_front_of(address) as front:
        person, start = stands(browser, front.address, house)
        person.presses("Svenska")
        person.begins()
        front.planted = ('"IDLE_MS":60000', '"IDLE_MS":30000')
        person.page.clock.run_for(MINUTE + 21_000)
        person.page.wait_for_selector("[data-language]")
        loads = [request for request in person.asked if request.is_navigation_request()]
        assert [each.url.endswith(start) for each in loads] == [True, True]
