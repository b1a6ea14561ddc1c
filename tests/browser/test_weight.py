"""What the first page costs someone on a bad line, and whom it asks: at most 10 000 bytes, two requests, only us."""

import pytest
from playwright.sync_api import Browser

from tests.answering import Answering
from tests.browser.person import Person, a_person

pytestmark = pytest.mark.browser
MOST_BYTES, MOST_REQUESTS = 10_000, 2


def weight(person: Person) -> int:
    """All bytes of the replies, headers and bodies as they came over the line."""
    sizes = [response.request.sizes() for response in person.answered]
    return sum(size["responseHeadersSize"] + size["responseBodySize"] for size in sizes)


@pytest.mark.parametrize("short", ["s", "p"])
def test_the_first_page_is_light_in_every_language(
    browser: Browser, open_address: str, open_house: Answering, short: str
) -> None:
    with open_house.app.test_request_context():
        from survey.web.i18n.language import offered_languages

        tags = [language.tag for language in offered_languages()]
    assert {"sv", "en", "ar"} <= set(tags)
    for tag in tags:
        person = a_person(browser, open_address, tag.split("-")[0])
        person.opens(f"/{short}/froso/{tag}")
        person.page.wait_for_load_state("networkidle")
        person.takes_the_first_step()
        assert len(person.asked) <= MOST_REQUESTS
        assert weight(person) <= MOST_BYTES, tag
        print(f"/{short}/froso/{tag}: {len(person.asked)} request, {weight(person)} bytes")
        assert all(request.url.startswith((open_address, "data:")) for request in person.asked)
        person.page.context.close()


def test_no_cookie_and_nothing_stored_after_a_whole_walk(browser: Browser, open_address: str) -> None:
    person = a_person(browser, open_address)
    person.opens("/s/froso")
    person.begins()
    person.chooses("Ja")
    person.goes_on(8)
    person.page.click(".send")
    person.page.wait_for_url("**/thanks")
    for path in ("/", "/privacy", "/nowhere", "/results/2026-host"):
        person.opens(path)
    assert person.page.context.cookies() == []
    assert person.page.context.storage_state()["origins"] == []
    assert person.page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert all(request.url.startswith((open_address, "data:")) for request in person.asked)
    assert all("set-cookie" not in response.headers for response in person.answered)
