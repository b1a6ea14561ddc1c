"""Every page and state has no fault by axe's rules for WCAG 2.2 AA, and says its language.

In Swedish and Arabic in every run of the tests; in all languages by
`ATTACK=full python -m pytest tests/browser/test_accessible.py`.
"""

import pytest
from playwright.sync_api import Browser

from survey.config import ROOT
from survey.web.i18n.language_files import load_languages
from tests.attacks.full import sized
from tests.browser.axe import violations
from tests.browser.person import a_person
from tests.browser.states import every_state
from tests.language_folders import SHOWN
from tests.resident_house import ResidentHouse

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("languages")]
LANGUAGES = load_languages(ROOT / "translations")
SPOKEN = sized(("sv", "ar"), SHOWN)


@pytest.mark.parametrize("tag", SPOKEN)
def test_no_page_or_state_has_a_fault(
    browser: Browser, resident_house: ResidentHouse, resident_address: str, tag: str
) -> None:
    person, spoken = a_person(browser, resident_address, tag.split("-", maxsplit=1)[0]), LANGUAGES[tag]
    found, looks = list[str](), 0
    for name in every_state(person, resident_house, tag):
        looks += 1
        root = person.page.locator("html")
        if (root.get_attribute("lang"), root.get_attribute("dir")) != (spoken.html_lang, spoken.direction):
            found.append(f"{name}: the page is in {root.get_attribute('lang')}")
        found += [f"{name}: {each}" for each in violations(person.page)]
    person.page.context.close()
    assert found == []
    assert looks > 45


def test_a_fault_is_found(browser: Browser, resident_address: str) -> None:
    person = a_person(browser, resident_address)
    person.opens("/privacy")
    person.page.evaluate("document.querySelector('main').append(document.createElement('input'))")
    person.page.evaluate("document.querySelector('h1').style.color = '#ccc'")
    assert {each.partition(":")[0] for each in violations(person.page)} == {"label", "color-contrast"}
    person.page.context.close()
