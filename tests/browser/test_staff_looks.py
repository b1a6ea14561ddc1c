"""Every page of the staff side: accessible by the rules that a machine can check, and within its small screen."""

import pytest
from playwright.sync_api import Browser

from tests.browser.staff_pages import PAGES, faults, signed_in

pytestmark = pytest.mark.browser
NAMES = sorted({name for name, _address in PAGES.values()})
# Each language once on each screen, each look once in each language.
HABITS = (("sv", 360, False), ("sv", 1100, True), ("en", 360, True), ("en", 1100, False))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("language", "width", "dark"), HABITS)
def test_nothing_is_in_the_way(
    browser: Browser, staff_address: str, name: str, language: str, width: int, dark: bool
) -> None:
    page = signed_in(browser, staff_address, name, language, width, dark=dark)
    found = []
    for person, path in PAGES.values():
        if person == name:
            answer = page.goto(path)
            assert answer is not None and answer.status == 200, path
            found += faults(page)
    page.context.close()
    assert found == []
