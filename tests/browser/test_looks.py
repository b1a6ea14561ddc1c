"""Every page in every language: accessible by the rules that a machine can check, and within its small screen."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Route

from survey.answer import submit
from survey.store.database.engine import DatabaseUnavailable
from tests.answering import Answering
from tests.browser.axe import violations
from tests.browser.person import Person, a_person

pytestmark = pytest.mark.browser
LANGUAGES = ("sv", "en", "ar")


def fits(person: Person) -> bool:
    """Whether nothing sticks out sideways."""
    return bool(person.page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def at_step(step: int) -> Callable[[Person], None]:
    """A way to a step of the sheet."""

    def walk(person: Person) -> None:
        person.opens("/s/froso")
        for number in range(step):
            if number in (1, 3):
                person.page.click(".is-current label.choice >> nth=0")
            person.page.click(".next")

    return walk


def opens(path: str) -> Callable[[Person], None]:
    """A way to an address."""
    return lambda person: person.opens(path)


def asks_for_the_menu(person: Person) -> None:
    """The language menu, open."""
    person.opens("/s/froso")
    person.page.click(".language-link")


def sends_nothing(person: Person) -> None:
    """The sheet, come back with a notice."""
    at_step(9)(person)
    person.page.evaluate("document.querySelectorAll('input:checked').forEach((each) => { each.checked = false })")
    person.page.click(".send")
    person.page.wait_for_selector("#problem")


PAGES: dict[str, Callable[[Person], None]] = {
    **{f"step {step}": at_step(step) for step in (0, 1, 2, 4, 8, 9)},
    "staff": opens("/p/froso"),
    "menu": asks_for_the_menu,
    "notice": sends_nothing,
    "thanks": opens("/s/froso/{}/thanks"),
    "front": opens("/"),
    "units": opens("/units/ostersund"),
    "privacy": opens("/privacy"),
    "accessibility": opens("/accessibility"),
    "helping": opens("/helping"),
    "conversation": opens("/conversation"),
    "not found": opens("/nowhere"),
    "unknown unit": opens("/s/nowhere"),
    "not published": opens("/results/2026-host"),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_no_axe_violation_light_or_dark_and_nothing_sticks_out(
    browser: Browser, open_address: str, name: str, language: str
) -> None:
    person = a_person(browser, open_address, language)
    PAGES[name](person)
    assert person.page.get_attribute("html", "lang") == language
    assert violations(person.page) == []
    person.page.emulate_media(color_scheme="dark")
    assert violations(person.page) == []
    for width in (320, 360, 1280):
        person.page.set_viewport_size({"width": width, "height": 740})
        assert fits(person), width
    person.page.set_viewport_size({"width": 320, "height": 740})
    for size in ("175%", "200%"):
        person.page.evaluate(f"document.documentElement.style.fontSize = '{size}'")
        assert fits(person), size
    person.page.context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_axe_violation_without_script(browser: Browser, open_address: str, language: str) -> None:
    """axe needs script to look, so the page's own is taken out on the way."""
    person = a_person(browser, open_address, language)

    def without_script(route: Route) -> None:
        reply = route.fetch()
        route.fulfill(response=reply, body=re.sub("<script>.*?</script>", "", reply.text(), flags=re.S))

    person.page.route("**/s/froso", without_script)
    person.opens("/s/froso")
    assert person.page.locator("fieldset:visible").count() == 9
    assert violations(person.page) == []
    person.page.context.close()


def test_axe_can_fail(browser: Browser, open_address: str) -> None:
    person = a_person(browser, open_address)
    person.opens("/privacy")
    person.page.evaluate("document.querySelector('main').append(document.createElement('input'))")
    assert any("label" in each for each in violations(person.page))


def test_the_page_that_keeps_answers(
    browser: Browser, open_address: str, open_house: Answering, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise DatabaseUnavailable("locked")

    monkeypatch.setattr(submit, "accept", refuse)
    person = a_person(browser, open_address)
    at_step(9)(person)
    person.page.click(".send")
    person.page.wait_for_selector("text=Dina svar kunde inte sparas")
    assert violations(person.page) == []
    assert fits(person)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("short", ["s", "p"])
def test_who_asks_why_what_is_promised_and_until_when_fit_in_one_screen(
    browser: Browser, open_address: str, short: str, language: str
) -> None:
    person = a_person(browser, open_address, language, width=360, height=740)
    person.opens(f"/{short}/froso")
    assert person.page.evaluate("document.querySelector('.care').getBoundingClientRect().bottom") <= 740


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_one_presses_is_large_enough(browser: Browser, open_address: str, language: str) -> None:
    person = a_person(browser, open_address, language)
    for step in range(10):
        at_step(step)(person)
        small = person.page.evaluate(
            "[...document.querySelectorAll('button, summary, select, label.choice, .language-link, input[type=text]')]"
            ".filter((each) => each.checkVisibility({visibilityProperty: true}))"
            ".filter((each) => each.getBoundingClientRect().height < 44).map((each) => each.outerHTML)"
        )
        assert small == []
        options = person.page.evaluate(
            "[...document.querySelectorAll('.is-current .choice, .button-primary:not([hidden])')]"
            ".map((each) => each.getBoundingClientRect().height)"
        )
        assert min(options) >= 56


def test_nothing_moves_by_itself_for_anybody(browser: Browser, open_address: str) -> None:
    person = a_person(browser, open_address)
    at_step(1)(person)
    duration = "getComputedStyle(document.querySelector('.choice')).transitionDuration"
    assert person.page.evaluate(duration) == "0s"
    person.page.emulate_media(reduced_motion="no-preference")
    assert person.page.evaluate(duration) == "0s"


def test_only_logical_properties_are_used() -> None:
    from survey.web.pages.page_cache import inline_assets

    physical = re.findall(
        r"[{;](?:margin|padding|border)-(?:left|right)|[{;](?:left|right|float|width|height):",
        inline_assets().kiosk_css,
    )
    assert physical == []
    assert "text-align:left" not in inline_assets().kiosk_css
