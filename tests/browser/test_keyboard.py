"""Everybody's walk by the keyboard alone, in each language, on a phone and at a kiosk: from the first page to the last.

On every step the focus begins at the heading, goes as the eye reads (from the right in right-to-left languages), and
what has it is drawn so that it is seen, and covered by nothing.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Browser

from survey.config import ROOT
from survey.domain.questions.questionnaire import QUESTIONS
from survey.web.i18n.language_files import load_languages
from tests.answering import UNIT, counted
from tests.attacks.full import sized
from tests.browser.person import Person, a_person
from tests.language_folders import SHOWN
from tests.resident_house import ResidentHouse

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("languages")]
LANGUAGES = load_languages(ROOT / "translations")
SPOKEN = sized(("sv", "ar"), SHOWN)
LAST = len(QUESTIONS) + 2
MOST_STOPS = 40
# Where the focus is, and what is wrong with how it looks there. Of an option, the box around it is what one sees.
FOCUS = """async () => {
  await new Promise((drawn) => { requestAnimationFrame(() => requestAnimationFrame(drawn)) });
  const at = document.activeElement, seen = at.closest('.choice') || at, box = seen.getBoundingClientRect();
  const look = getComputedStyle(seen), faults = [];
  const inside = !!at.closest('#sheet');
  if (parseFloat(look.outlineWidth) < 3 || look.outlineStyle === 'none') faults.push('no outline');
  const out = box.top < -1 || box.bottom > innerHeight + 1 || box.left < -1 || box.right > innerWidth + 1;
  if (out) faults.push('off screen');
  for (const [x, y] of [[.5, .5], [.02, .5], [.98, .5]]) {
    const found = document.elementFromPoint(box.left + x * box.width, box.top + y * box.height);
    if (!found || !(seen.contains(found) || found.contains(seen))) faults.push('covered');
  }
  const name = (at.innerText || at.value || at.name || at.tagName).trim().slice(0, 40);
  return { name, inside, faults, option: at.type === 'radio', classes: at.className,
    top: Math.round(box.top + scrollY), left: box.left, right: box.right, bottom: box.bottom + scrollY };
}"""
HEADING_FIRST = "document.activeElement.matches('.is-current [tabindex=\"-1\"]')"


def stops(person: Person) -> Iterator[dict[str, Any]]:
    """Each place that Tab comes to on the step, past the top of the page where it begins there."""
    come = False
    for _ in range(MOST_STOPS):
        person.page.keyboard.press("Tab")
        place = person.page.evaluate(FOCUS)
        if place["inside"]:
            yield place
        elif come:
            return
        come = come or place["inside"]


def faults_of_order(places: list[dict[str, Any]], direction: str) -> list[str]:
    """Where the focus goes against how one reads: upwards, or backwards within a line."""
    found = []
    for before, after in pairwise(places):
        in_line = after["top"] < before["bottom"] - 2 and before["top"] < after["bottom"] - 2
        if in_line:
            backwards = after["left"] < before["left"] if direction == "ltr" else after["right"] > before["right"]
        else:
            backwards = after["top"] < before["top"]
        if backwards:
            found.append(f"from {before['name']} back to {after['name']}")
    return found


def walks(person: Person, direction: str) -> list[str]:
    """Through the sheet by Tab, Space and Enter, every question answered; what was wrong on the way."""
    found: list[str] = []
    for step in range(LAST + 1):
        if step:
            assert person.page.evaluate(HEADING_FIRST), f"step {step} does not begin at its heading"
        places = []
        for place in stops(person):
            places.append(place)
            if place["option"]:
                person.page.keyboard.press("Space")
        found += [f"step {step}, {each['name']}: {fault}" for each in places for fault in each["faults"]]
        found += [f"step {step}: {each}" for each in faults_of_order(places, direction)]
        last = "send" if step == LAST else "next"
        assert last in places[-1]["classes"].split(), f"step {step} ends at {places[-1]['name']}"
        person.page.keyboard.press("Shift+Tab")
        assert last in person.page.evaluate("document.activeElement.className").split()
        assert len(person.chosen()) == min(step, len(QUESTIONS)) + 2 * (step > len(QUESTIONS))
        person.page.keyboard.press("Enter")
    return found


def sent(person: Person, tag: str, house: ResidentHouse, before: int) -> None:
    """The thank-you is shown, has the focus, and one more answer is counted."""
    person.page.wait_for_url("**/thanks")
    assert person.page.get_attribute("html", "lang") == LANGUAGES[tag].html_lang
    assert person.page.evaluate("document.activeElement.tagName") == "H1"
    assert counted(house.made, "open")[0] == before + 1


@pytest.mark.parametrize("tag", SPOKEN)
def test_by_the_keyboard_on_a_phone(
    browser: Browser, resident_house: ResidentHouse, resident_address: str, tag: str
) -> None:
    person, before = a_person(browser, resident_address), counted(resident_house.made, "open")[0]
    person.opens(f"/s/{UNIT}/{tag}")
    found = walks(person, LANGUAGES[tag].direction)
    sent(person, tag, resident_house, before)
    person.page.context.close()
    assert found == []


@pytest.mark.parametrize("tag", SPOKEN)
def test_by_the_keyboard_at_a_kiosk(
    browser: Browser, resident_house: ResidentHouse, resident_address: str, tag: str
) -> None:
    person = a_person(browser, resident_address, width=1280, height=800)
    before = counted(resident_house.made, "open")[0]
    person.opens(resident_house.kiosk)
    for _ in SHOWN:
        person.page.keyboard.press("Tab")
        if person.page.evaluate("document.activeElement.getAttribute('href')") == f"{resident_house.kiosk}/{tag}":
            break
    person.page.keyboard.press("Enter")
    person.page.wait_for_selector("#sheet")
    found = walks(person, LANGUAGES[tag].direction)
    sent(person, tag, resident_house, before)
    person.page.context.close()
    assert found == []


def test_a_fault_of_order_and_of_looks_is_found(browser: Browser, resident_address: str) -> None:
    person = a_person(browser, resident_address)
    person.opens(f"/s/{UNIT}/sv")
    person.goes_on()
    assert faults_of_order(list(stops(person)), "ltr") == []
    person.page.evaluate(
        "const style = new CSSStyleSheet();"
        "style.replaceSync('.form-actions { display: flex; flex-direction: row-reverse }"
        " :focus-visible, .choice:has(:focus-visible) { outline: none !important }');"
        "document.adoptedStyleSheets = [style]"
    )
    places = list(stops(person))
    assert faults_of_order(places, "ltr")
    assert any("no outline" in each["faults"] for each in places)
    person.page.context.close()
