"""Every page and state has no fault by axe's rules for WCAG 2.2 AA, and says its language.

In Swedish and Arabic in every run of the tests; in all languages by
`ATTACK=full python -m pytest -s tests/browser/test_accessible.py`.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import template_rendered
from jinja2 import Template
from playwright.sync_api import Browser

from survey.config import ROOT
from survey.web.i18n.language_files import load_languages
from tests.attacks.full import sized
from tests.browser.axe import violations
from tests.browser.person import a_person, served
from tests.browser.states import every_state
from tests.language_folders import SHOWN
from tests.resident_house import ResidentHouse, make_resident_house

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("languages")]
LANGUAGES = load_languages(ROOT / "translations")
SPOKEN = sized(("sv", "ar"), SHOWN)


# A button that is smaller than a finger, as WCAG 2.2 measures it.
SMALL = """(name) => Object.assign(document.createElement('button'), {
  textContent: name, style: 'display: inline-block; min-block-size: 0; block-size: 9px; inline-size: 9px; padding: 0',
})"""
TEMPLATES = ROOT / "survey" / "templates"
MET = {f"answer/{path.name}" for path in TEMPLATES.glob("answer/[!_]*.html")} | {
    f"web/{name}.html" for name in ("accessibility", "error", "helping", "privacy")
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> ResidentHouse:
    """A house that has drawn no page yet."""
    return make_resident_house(tmp_path_factory.mktemp("accessible") / "house")


@pytest.fixture(scope="module")
def address(house: ResidentHouse) -> Iterator[str]:
    """Where it is served."""
    with served(house.made.app) as found:
        yield found


@pytest.mark.parametrize("tag", SPOKEN)
def test_no_page_or_state_has_a_fault(browser: Browser, house: ResidentHouse, address: str, tag: str) -> None:
    person, spoken = a_person(browser, address, tag.removesuffix("-x-lattlast")), LANGUAGES[tag]
    found, drawn, looks = list[str](), set[str | None](), 0

    def draw(_sender: object, template: Template, **_named: Any) -> None:
        drawn.add(template.name)

    with template_rendered.connected_to(draw):
        for name in every_state(person, house, tag):
            looks += 1
            root = person.page.locator("html")
            if (root.get_attribute("lang"), root.get_attribute("dir")) != (spoken.html_lang, spoken.direction):
                found.append(f"{name}: the page is in {root.get_attribute('lang')}")
            found += [f"{name}: {each}" for each in violations(person.page)]
    person.page.context.close()
    print(f"{tag}: {looks} states, {len(found)} violations")
    assert found == []
    assert MET - drawn == set(), "no state shows them"
    assert looks > 60


def test_a_fault_is_found(browser: Browser, address: str) -> None:
    person = a_person(browser, address)
    person.opens("/privacy")
    person.page.evaluate("document.querySelector('main').append(document.createElement('input'))")
    person.page.evaluate("document.querySelector('h1').style.color = '#ccc'")
    person.page.evaluate("document.querySelector('main').append(...Array.from('ab', SMALL))".replace("SMALL", SMALL))
    assert {each.partition(":")[0] for each in violations(person.page)} == {"label", "color-contrast", "target-size"}
    person.page.context.close()
