"""A kiosk without a line, in a real browser: nothing is lost, nothing comes twice, and nothing lies there in clear."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.answer.test_kiosk import paired
from tests.answering import Answering, counted, make_answering
from tests.browser.person import Person, a_person, served
from tests.care_unit.conftest import with_people

pytestmark = pytest.mark.browser


@pytest.fixture
def house(tmp_path: Path) -> Answering:
    """A house with a unit lead."""
    return with_people(make_answering(tmp_path / "instance", open_link=True, part="all"))


@pytest.fixture
def address(house: Answering) -> Iterator[str]:
    """Where it is served."""
    with served(house.app) as found:
        yield found


def ready(browser: Browser, address: str, house: Answering) -> tuple[Person, str]:
    """A device that has been paired, and has put its pages aside."""
    person, start = a_person(browser, address), paired(house)
    person.opens(f"{start}/paired")
    person.page.wait_for_selector("#able", state="visible")
    person.presses("Visa startsidan")
    person.page.wait_for_selector("[data-language]")
    return person, start


def answers(person: Person, language: str) -> None:
    """From the start to the thank-you, with a yes to the first question."""
    person.presses(language)
    person.page.wait_for_selector(".next")
    person.goes_on()
    person.page.locator(".is-current label.choice").first.click()
    person.goes_on(8)
    person.page.click(".send")
    person.page.wait_for_selector("#said[value^=kept]", state="attached")


def test_answers_without_a_line_come_when_it_is_back(browser: Browser, address: str, house: Answering) -> None:
    person, _start = ready(browser, address, house)
    person.page.context.set_offline(True)
    for language in ("Svenska", "English", "العربية"):
        answers(person, language)
        if language == "Svenska":
            assert "sparade på surfplattan" in person.sees()
        person.page.click("[data-leave]")
        person.page.wait_for_selector("[data-language]")
    assert counted(house, "open") == (0, 0)
    person.page.context.set_offline(False)
    for _ in range(100):
        if counted(house, "open") == (3, 0):
            break
        person.page.wait_for_timeout(100)
    assert counted(house, "open") == (3, 0)
