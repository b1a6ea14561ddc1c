"""Everybody's walk: each language in a demo, on a phone, from the first page to the last, nothing cut."""

import pytest
from playwright.sync_api import Browser

from survey.config import ROOT
from survey.domain.questions.questionnaire import QUESTIONS
from survey.web.i18n.language_files import load_languages
from tests.browser.person import a_person
from tests.language_folders import SHOWN

pytestmark = pytest.mark.browser
LANGUAGES = load_languages(ROOT / "translations")
STICKS_OUT = """() => [...document.querySelectorAll('main *')].filter((each) => {
  const at = each.getBoundingClientRect()
  const hides = ['hidden', 'clip'].includes(getComputedStyle(each).overflowX) && at.width > 1
  const cut = hides && each.scrollWidth > each.clientWidth + 1
  return at.width && each.offsetParent && (cut || at.left < -1 || at.right > innerWidth + 1)
}).map((each) => each.outerHTML.slice(0, 80))"""


@pytest.mark.parametrize("tag", SHOWN)
def test_a_person_answers_in_their_own_language(browser: Browser, demo_address: str, tag: str) -> None:
    spoken = LANGUAGES[tag]
    person = a_person(browser, demo_address)
    person.opens(f"/s/froso/{tag}")
    page = person.page
    assert page.get_attribute("html", "lang") == spoken.html_lang
    assert page.get_attribute("html", "dir") == spoken.direction
    assert page.is_visible(".draft-translation") == spoken.unreviewed
    for step in range(len(QUESTIONS) + 2):
        assert page.evaluate(STICKS_OUT) == [], step
        person.takes_the_first_step()
        if step < len(QUESTIONS):
            page.locator("label.choice:visible").first.click()
    assert page.evaluate(STICKS_OUT) == []
    said = page.locator(".answers:visible dd").all_inner_texts()
    assert sum(spoken.texts.get("Ja", "Ja") in each for each in said) == len(QUESTIONS)
    assert page.is_visible(".send")
    page.click(".language-link")
    assert page.locator("#languages button[name=lang]").all_inner_texts() == [LANGUAGES[each].name for each in SHOWN]
    assert page.evaluate(STICKS_OUT) == []
    assert person.complaints == []
    page.context.close()
