"""The page on a line that comes and goes: once it is there it needs none until the answers are sent, and then it sends
the very same again until it is thanked or refused, and says truly which of the three it is.

The page's clock is ours, so that hours pass in a moment. The controls: a page that fetches on its way, and one that
doesn't try again.
"""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Request, expect

from survey.answer import submit
from survey.sealing.intake.submit import Outcome
from survey.store.database.engine import DatabaseUnavailable
from tests.answering import Answering, counted
from tests.attacks.full import sized
from tests.browser.front import HANG, NOTHING, Front, in_front_of
from tests.browser.person import Person, a_person

pytestmark = pytest.mark.browser
SENDS: Callable[[str, str], bool] = lambda method, _: method == "POST"  # noqa: E731
NIGHT = datetime(2026, 9, 15, tzinfo=UTC)
SECOND, MINUTE = 1_000, 60_000
PAUSES = (2, 4, 8, 16, 32, 60, 60)
LAST = 9
UNKNOWN, STAYS = "Vi vet inte om dina svar kom fram.", "Låt sidan vara öppen, så försöker den själv igen."
EARLIER = "Ett tidigare försök kan ändå ha kommit fram."
# Any step of the way that moves on asks the web for something.
FETCHING = ("history.pushState(", "fetch('/privacy/sv').catch(()=>{}),history.pushState(")


@pytest.fixture
def front(open_address: str) -> Iterator[Front]:
    """What stands in front of the house."""
    with in_front_of(open_address) as found:
        yield found


def answers(person: Person, language: str = "sv") -> None:
    """Two questions answered, and on to the last step, where the clock stands still."""
    person.page.clock.install(time=NIGHT)
    person.opens(f"/s/froso/{language}")
    person.goes_on()
    walks(person, 1, LAST)
    person.page.clock.pause_at(NIGHT + timedelta(hours=1))


def walks(person: Person, since: int, to: int) -> None:
    """From step to step; the first and third question are answered on the way."""
    for step in range(since, to):
        if step in (1, 3):
            person.page.click(".is-current label.choice >> nth=0")
        person.page.click(".next")


def tries(front: Front, number: int) -> None:
    """Wait until so many have been spoilt: the page's clock is ours, the line's is not."""
    until = time.monotonic() + 20
    while front.spoilt < number:
        assert time.monotonic() < until, f"{front.spoilt} tries"
        time.sleep(0.01)


def has_answers(person: Person) -> bool:
    """Whether the two answers stand on the screen for who looks, and are still set."""
    return len(person.chosen()) == 2 and person.sees().count("Ändra") == 8 and person.sees().count("Inget svar") == 6


def asked_since(person: Person) -> list[Request]:
    """What the page asks for from now on."""
    found: list[Request] = []
    person.page.on("request", lambda request: found.append(request))  # noqa: PLW0108
    return found


@pytest.mark.parametrize("step", sized((0, 3, 9), tuple(range(LAST + 1))))
def test_in_airplane_mode_from_any_step_all_goes_on_and_it_is_sent_when_there_is_a_line(
    browser: Browser, open_address: str, open_house: Answering, step: int
) -> None:
    person, before = a_person(browser, open_address), counted(open_house, "open")[0]
    person.opens("/s/froso/sv")
    walks(person, 0, step)
    asked = asked_since(person)
    person.page.context.set_offline(True)
    walks(person, step, LAST)
    person.page.locator("[data-step]").first.click()
    person.page.click(".is-current label.choice >> nth=1")
    person.page.click(".clear")
    person.page.click(".is-current label.choice >> nth=2")
    person.page.click(".next")
    person.page.click(".back")
    person.page.click(".next")
    assert asked == [], "nothing was needed"
    kept = person.chosen()
    person.page.click("[href='#languages']")
    person.page.click("button[value=en]")
    expect(person.page.locator("#problem")).to_contain_text("Sidan kunde inte hämtas. Dina svar är kvar här.")
    assert person.chosen() == kept and len(kept) == 2
    person.page.click(".send")
    expect(person.page.locator("#problem")).to_contain_text(STAYS)
    assert UNKNOWN in person.sees() and person.chosen() == kept
    person.page.context.set_offline(False)
    person.page.wait_for_url("**/thanks")
    assert counted(open_house, "open")[0] == before + 1
    person.page.context.close()


def test_control_a_page_that_needs_the_line_on_its_way_is_seen(browser: Browser, front: Front) -> None:
    front.planted = FETCHING
    person = a_person(browser, front.address)
    person.opens("/s/froso/sv")
    person.page.context.set_offline(True)
    asked = asked_since(person)
    walks(person, 0, LAST)
    assert len(asked) == LAST


@pytest.mark.parametrize("reaches", [False, True], ids=["never arrived", "reply lost"])
def test_a_line_that_is_gone_for_hours_loses_nothing_and_counts_once(
    browser: Browser, front: Front, open_house: Answering, reaches: bool
) -> None:
    person, before = a_person(browser, front.address), counted(open_house, "open")[0]
    answers(person)
    bodies = asked_since(person)
    front.spoils(NOTHING, SENDS, reaches)
    person.page.click(".send")
    expect(person.page.locator("#problem")).to_contain_text(f"{UNKNOWN} De är kvar här.")
    expect(person.page.locator("#problem")).to_contain_text(STAYS)
    person.page.locator(".again").focus()
    for number, pause in enumerate(PAUSES, 1):
        tries(front, number)
        expect(person.page.locator("#wait")).to_be_empty()
        person.page.clock.run_for((pause - 1) * SECOND)
        assert front.spoilt == number, "ever more seldom"
        person.page.clock.run_for(SECOND)
    for number in range(len(PAUSES) + 1, sized(30, 300)):
        tries(front, number)
        expect(person.page.locator("#wait")).to_be_empty()
        person.page.clock.run_for(MINUTE)
    # The last one has failed, and the next is a minute away, before the line is mended.
    tries(front, number + 1)
    expect(person.page.locator("#wait")).to_be_empty()
    assert person.focused() == "Försök igen", "nobody is called back each time"
    assert has_answers(person)
    assert counted(open_house, "open")[0] == before + reaches
    front.heals()
    person.page.clock.run_for(MINUTE)
    person.page.clock.resume()
    person.page.wait_for_url("**/thanks")
    assert counted(open_house, "open")[0] == before + 1
    sent = {request.post_data for request in bodies if request.method == "POST"}
    assert len(sent) == 1, "the very same each time"


def test_control_a_page_that_does_not_try_again_is_seen(browser: Browser, front: Front) -> None:
    front.planted = ("data-later=", "data-never=")
    person = a_person(browser, front.address)
    answers(person)
    front.spoils(NOTHING, SENDS, reaches=False)
    person.page.click(".send")
    expect(person.page.locator("#problem")).to_contain_text(UNKNOWN)
    for _ in range(10):
        person.page.clock.run_for(MINUTE)
        person.page.wait_for_timeout(20)
    assert front.spoilt == 1


@pytest.mark.parametrize("event", ["online", "visibilitychange"])
def test_it_is_sent_at_once_when_the_line_is_back_or_the_page_is_looked_at(
    browser: Browser, front: Front, event: str
) -> None:
    person = a_person(browser, front.address)
    answers(person)
    front.spoils(NOTHING, SENDS, reaches=False)
    person.page.click(".send")
    for number, pause in enumerate(PAUSES, 1):
        tries(front, number)
        expect(person.page.locator("#wait")).to_be_empty()
        person.page.clock.run_for(pause * SECOND)
    tries(front, len(PAUSES) + 1)
    expect(person.page.locator("#wait")).to_be_empty()
    at = {"online": "window", "visibilitychange": "document"}[event]
    person.page.evaluate(f"{at}.dispatchEvent(new Event('{event}', {{ bubbles: true }}))")
    tries(front, len(PAUSES) + 2)
    expect(person.page.locator("#wait")).to_be_empty()
    front.heals()
    person.page.clock.run_for(PAUSES[0] * SECOND)
    person.page.clock.resume()
    person.page.wait_for_url("**/thanks")


def test_a_line_that_comes_back_while_a_try_hangs_is_tried_right_after(browser: Browser, front: Front) -> None:
    person = a_person(browser, front.address)
    answers(person)
    front.spoils(HANG, SENDS, reaches=False)
    person.page.click(".send")
    tries(front, 1)
    for _ in range(3):
        person.page.evaluate("window.dispatchEvent(new Event('online'))")
    front.heals()
    expect(person.page.locator("#problem")).to_be_visible()
    person.page.clock.run_for(1)
    person.page.clock.resume()
    person.page.wait_for_url("**/thanks")


def test_nothing_can_be_changed_while_it_waits_and_all_of_it_can_be_read(browser: Browser, front: Front) -> None:
    person = a_person(browser, front.address)
    answers(person)
    person.page.fill("#code", "")
    front.spoils(NOTHING, SENDS, reaches=False)
    person.page.dblclick(".send")
    tries(front, 1)
    expect(person.page.locator("#wait")).to_be_empty()
    assert front.spoilt == 1, "a double tap is one"
    assert person.page.locator("#sheet :is(input, button, select):enabled:not([type=hidden])").count() == 0
    presses = "for (const each of ['[data-step]', '.back', '.language-link[href*=lang]']) "
    person.page.evaluate(presses + "document.querySelector(each).click()")
    person.page.evaluate("history.back()")
    person.page.wait_for_timeout(200)
    assert person.page.locator(".step.is-current").get_attribute("id") == "q9" and has_answers(person)
    assert not person.page.locator("#languages").is_visible()
    asked: list[str] = []
    person.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    person.page.evaluate("setTimeout(() => location.reload())")
    person.page.clock.run_for(1)
    person.page.wait_for_timeout(300)
    assert asked == ["beforeunload"] and has_answers(person)
    front.heals()
    person.page.clock.resume()
    person.presses("Försök igen")
    person.page.wait_for_url("**/thanks")


def refuses(*_: object) -> None:
    """The house can't keep anything."""
    raise DatabaseUnavailable("locked")


def test_a_house_that_can_not_keep_it_says_so_and_is_tried_until_it_can(
    browser: Browser, front: Front, open_house: Answering, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, before = a_person(browser, front.address), counted(open_house, "open")[0]
    answers(person)
    with monkeypatch.context() as down:
        down.setattr(submit, "accept", refuses)
        person.page.click(".send")
        expect(person.page.locator("#problem")).to_contain_text("Inget är sparat. Dina svar är kvar på den här sidan.")
        expect(person.page.locator("#problem")).to_contain_text(STAYS)
        front.spoils(NOTHING, SENDS, reaches=False)
        person.page.clock.run_for(2 * SECOND)
        expect(person.page.locator("#problem")).to_contain_text(UNKNOWN)
        front.heals()
        person.page.clock.run_for(4 * SECOND)
        expect(person.page.locator("#wait")).to_be_empty()
        assert "Inget är sparat" not in person.sees(), "not said when an earlier try may have come through"
    person.page.clock.run_for(8 * SECOND)
    person.page.clock.resume()
    person.page.wait_for_url("**/thanks")
    assert counted(open_house, "open")[0] == before + 1


@pytest.mark.parametrize("reaches", [None, False, True], ids=["at once", "never arrived", "reply lost"])
def test_closed_meanwhile_is_final_and_true(
    browser: Browser, front: Front, open_house: Answering, monkeypatch: pytest.MonkeyPatch, reaches: bool | None
) -> None:
    person, before = a_person(browser, front.address), counted(open_house, "open")[0]
    answers(person)
    if reaches is not None:
        front.spoils(NOTHING, SENDS, reaches)
        person.page.click(".send")
        expect(person.page.locator("#problem")).to_contain_text(UNKNOWN)
        front.heals()
    monkeypatch.setattr(submit, "accept", lambda *_: Outcome.CLOSED)
    person.page.click(".send" if reaches is None else ".again")
    expect(person.page.locator("#problem")).to_contain_text("Tiden att svara är slut.")
    assert (EARLIER in person.sees()) == (reaches is not None), "an earlier try may have come through"
    assert STAYS not in person.sees() and not person.page.locator(".again").count()
    assert has_answers(person) and person.page.locator(".send").is_enabled()
    asked = asked_since(person)
    for _ in range(5):
        person.page.clock.run_for(MINUTE)
    assert asked == [], "what was refused is not sent again"
    assert counted(open_house, "open")[0] == before + bool(reaches)
