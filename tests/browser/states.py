"""Every page that residents, care staff and people at a kiosk meet, and every state it comes into, in a browser.

Each is a walk that stops where there is something to look at, and says what it is called.
"""

from collections.abc import Iterator
from contextlib import suppress

from playwright.sync_api import Error, Route

from survey.domain.questions.questionnaire import QUESTIONS
from tests.answering import UNIT
from tests.browser.device import DEVICE, EVERY_LANGUAGE
from tests.browser.person import Person, served
from tests.resident_house import STOPS, UNSENDABLE, ResidentHouse, addresses, stopped, unreachable

OTHER = {"sv": "en"}  # where one comes from when one changes to a language: Swedish, but for Swedish
# As a browser that has no script sends it, which locks nothing meanwhile.
SEND_AS_IT_IS = (
    "for (const each of document.querySelector('#sheet').elements) each.disabled = false;"
    "HTMLFormElement.prototype.submit.call(document.querySelector('#sheet'))"
)


def every_state(person: Person, house: ResidentHouse, tag: str) -> Iterator[str]:
    """All that the house has, in a language: while its round is open, before and after it, with aids and films."""
    for name, (address, _status) in addresses(house, tag).items():
        person.opens(address)
        yield name
    with unreachable():
        person.opens(f"/s/nobody/{tag}")
    yield "unavailable"
    yield from round_states(person, house, tag)
    yield from asked_states(person, tag)
    yield from sheet_states(person, f"/s/{UNIT}", tag)
    yield from faulty_states(person, f"/s/{UNIT}", tag)
    yield from kiosk_states(person, house.kiosk, tag)
    yield from aid_states(person, house, tag)


def round_states(person: Person, house: ResidentHouse, tag: str) -> Iterator[str]:
    """What stands in the place of the sheet and of a kiosk's start before the round and after it."""
    for name, app in (("coming", house.before), ("closed", house.after)):
        with served(app) as address:
            person.page.goto(f"{address}/s/{UNIT}/{tag}")
            yield name
            person.page.goto(f"{address}{house.kiosk}?language={tag}")
            yield f"kiosk {name}"


def asked_states(person: Person, tag: str) -> Iterator[str]:
    """What is found of units, and a code that pairs no kiosk."""
    for name, words in (("nothing found", "xyz"), ("found", "hälsocentral")):
        _asks(person, f"/?language={tag}", "find", words)
        yield f"front, {name}"
    _asks(person, f"/kiosk?language={tag}", "code", "x")
    yield "kiosk pairing, wrong code"


def _asks(person: Person, address: str, field: str, words: str) -> None:
    person.opens(address)
    with person.page.expect_navigation():
        person.page.fill(f"main [name={field}]", words)
        person.page.keyboard.press("Enter")


def to_step(person: Person, address: str, step: int) -> None:
    """From an address to a step of its sheet, with the first and third question answered."""
    person.opens(address)
    for number in range(step):
        if number in (1, 3):
            person.page.click(".is-current label.choice >> nth=0")
        person.page.click(".next")


def sheet_states(person: Person, address: str, tag: str) -> Iterator[str]:
    """The sheet on its way to the thank-you."""
    page, other = person.page, OTHER.get(tag, "sv")
    to_step(person, f"{address}/{other}", 2)
    page.click("[href='#languages']")
    page.click(f"button[name=lang][value='{tag}']")
    page.wait_for_selector(".next:visible")
    page.wait_for_url(f"**{address}/{tag}")
    yield "after a change of language"
    page.click(".is-current summary")
    yield "open details"
    page.click(".is-current label.choice >> nth=1")
    yield "an answer chosen"
    page.click("[href='#languages']")
    yield "language menu"
    page.keyboard.press("Escape")
    person.goes_on(len(QUESTIONS) - 1)
    yield "about oneself"
    person.goes_on()
    yield "check page"
    page.click(".send")
    page.wait_for_url("**/thanks")
    yield "thanks, in the sheet's place"


def faulty_states(person: Person, address: str, tag: str) -> Iterator[str]:
    """The sheet when something is wrong: with it, with the line, with the house."""
    page, there = person.page, f"{address}/{tag}"
    last = len(QUESTIONS) + 2
    person.opens(there)
    person.goes_on(last)
    page.click(".send")
    page.wait_for_selector("#problem")
    yield "nothing answered"
    to_step(person, there, last)
    page.fill("#code", UNSENDABLE)
    page.click(".send")
    page.wait_for_selector("#problem")
    yield "wrong code"
    yield from _lost_states(person, there, last)
    for name, stop in STOPS.items():
        to_step(person, there, last)
        with stopped(stop):
            page.click(".send")
            page.wait_for_selector("#problem")
            yield name
            page.evaluate(SEND_AS_IT_IS)
            page.wait_for_selector("#what")
        yield f"{name}, a page of its own"


def _lost_states(person: Person, there: str, last: int) -> Iterator[str]:
    held: list[Route] = []
    to_step(person, there, last)
    person.page.route(f"**{there}", lambda route: held.append(route))  # noqa: PLW0108
    person.page.click(".send")
    person.page.wait_for_selector("#wait:not(:empty)")
    yield "on its way"
    for route in held:
        with suppress(Error):
            route.abort()
    person.page.wait_for_selector("#problem")
    yield "the line lost"
    person.page.unroute(f"**{there}")


def kiosk_states(person: Person, start: str, tag: str) -> Iterator[str]:
    """A kiosk's sheet, what it asks, and what stands there while it has no line."""
    person.opens(f"{start}/{tag}")
    person.goes_on()
    yield "kiosk, a question"
    for name in ("still", "anew"):
        person.page.evaluate(f"document.querySelector('#{name}').showModal()")
        yield f"kiosk, asks {name}"
        person.page.evaluate(f"document.querySelector('#{name}').close()")
    person.page.evaluate(
        "document.querySelector('#calm').hidden = false;"
        "document.querySelector('main').replaceChildren(document.querySelector('#calm'))"
    )
    yield "kiosk, without a line"
    person.opens(f"{start}/paired?language={tag}")
    # Every page in every language is put aside first.
    person.page.wait_for_selector("#wait", state="hidden", timeout=60_000)
    yield "kiosk, paired"


def aid_states(person: Person, house: ResidentHouse, tag: str) -> Iterator[str]:
    """A question that is read aloud, with pictures beside its options, and filmed; on a phone and at a kiosk."""
    person.page.add_init_script(DEVICE % f"[{EVERY_LANGUAGE}]")
    with served(house.filmed) as address:
        for kind, start in (("", f"/s/{UNIT}"), ("kiosk, ", house.kiosk)):
            person.page.goto(f"{address}{start}/{tag}")
            person.page.click(".is-current details:has(video) summary")
            yield f"{kind}introduction, film"
            person.goes_on(3)
            person.page.click(".aloud")
            person.page.wait_for_selector(".aloud[aria-pressed=true]")
            yield f"{kind}read aloud"
            person.page.click(".pictures")
            person.page.wait_for_selector(".is-current .picture")
            yield f"{kind}pictures"
            person.page.click(".is-current details:has(video) summary")
            yield f"{kind}film"
