"""Who comes next sees nothing of who was here: Back after the thank-you, with and without script."""

import pytest
from playwright.sync_api import Browser

from tests.browser.person import Person, a_person

pytestmark = pytest.mark.browser


def left(person: Person) -> list[str]:
    """What of an answer can be found on the page now, shown or not."""
    found = [f"{name}={value}" for name, value in person.chosen().items()]
    found += person.page.evaluate(
        "[...document.querySelectorAll('select, #code')].map((each) => each.value).filter(Boolean)"
    )
    return found


def answers(person: Person, code: str) -> None:
    """Everything filled in and sent, to the thank-you."""
    person.opens(f"/s/froso#{code}")
    person.begins()
    person.chooses("Ja")
    person.goes_on()
    person.chooses("Nej")
    person.goes_on(6)
    person.chooses("Kvinna")
    person.page.select_option("#age", "80+")
    person.goes_on()
    person.page.click(".send")
    person.page.wait_for_url("**/thanks")


def goes_back_five_times(person: Person) -> list[str]:
    """What is seen of the answers on the way."""
    seen = []
    for _ in range(5):
        person.page.evaluate("history.back()")
        person.page.wait_for_timeout(300)
        person.page.wait_for_load_state()
        if person.page.url == "about:blank":
            break
        seen += left(person)
        assert "Kvinna Ändra" not in person.sees()
    return seen


def test_five_times_back_after_the_thank_you(
    browser: Browser, remembering_browser: Browser, invited_address: str, invited_house
) -> None:  # type: ignore[no-untyped-def]
    for kind in (browser, remembering_browser):
        person = a_person(kind, invited_address)
        answers(person, invited_house.codes()[0])
        assert goes_back_five_times(person) == []


def test_this_browser_does_put_pages_aside(remembering_browser: Browser, open_address: str) -> None:
    """The control: before anything is sent, the person who was reading something else comes back to their answers."""
    person = a_person(remembering_browser, open_address)
    person.opens("/s/froso")
    person.begins()
    person.chooses("Ja")
    person.opens("/privacy")
    person.page.evaluate("history.back()")
    person.page.wait_for_timeout(500)
    assert left(person) == ["trygghet=yes"]


def test_without_script_the_thank_you_says_to_close_the_browser(browser: Browser, open_address: str) -> None:
    """No reply of ours can make a browser without script forget a page it has put aside."""
    person = a_person(browser, open_address, script=False)
    person.opens("/s/froso")
    person.page.check("[name=trygghet][value=partly]")
    person.page.click(".send")
    assert "Stäng webbläsaren, så att ingen annan kan gå tillbaka till dina svar." in person.sees()
    person.page.go_back()
    assert person.page.locator("input:checked").count() == 0


def test_reloading_begins_anew(browser: Browser, open_address: str) -> None:
    person = a_person(browser, open_address)
    person.opens("/s/froso")
    person.begins()
    person.chooses("Ja")
    person.goes_on(2)
    person.page.reload()
    assert left(person) == []
    assert "Börja" in person.sees()
    person.page.go_back()
    assert left(person) == []
