"""There is room for every language: at 320 pixels, at 400 % zoom, with wide text, on a phone and at a kiosk nothing is
cut, sticks out or lies over something else, on any step of the walk; and a forced palette and paper show all of it.

In Swedish and Arabic in every run of the tests; in all languages by `ATTACK=full python -m pytest` on this file.
"""

import pytest
from playwright.sync_api import Browser, Page

from survey.domain.questions.questionnaire import QUESTIONS
from tests.answering import UNIT
from tests.attacks.full import sized
from tests.browser.boxes import faults_of_boxes, spaced
from tests.browser.person import Person, a_person
from tests.language_folders import SHOWN
from tests.resident_house import PAST, ResidentHouse

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("languages")]
LAST = len(QUESTIONS) + 2
# Wide and high. The second is a screen of 1280 × 1024 at 400 %.
HELD_IN_HAND = ((360, 740), (320, 256))
AT_A_KIOSK = ((1280, 800), (1024, 768), (820, 1180))
SPOKEN = sized(("sv", "ar"), SHOWN)
READ = (
    "privacy/{}",
    "accessibility/{}",
    "helping/{}",
    "conversation/{}",
    f"results/{PAST}/{{}}",
    f"s/{UNIT}/{{}}/thanks",
)
READ += ("?language={}",)


def faults_on_the_way(person: Person, looks: tuple[tuple[int, int], ...]) -> list[str]:
    """What is wrong on any step, in any of these sizes, as it is and with wide text."""
    found: list[str] = []
    for step in range(LAST + 1):
        for name, around in (("", looks), (", details open", looks[:1])):
            if name:
                person.page.evaluate(
                    "document.querySelectorAll('.is-current details').forEach((e) => { e.open = true })"
                )
            found += [f"step {step}{name} at {look}" for look in faults_in(person.page, around)]
        if step < LAST:
            person.page.set_viewport_size({"width": 1280, "height": 1024})
            if 0 < step <= len(QUESTIONS):
                person.page.locator("label.choice:visible").last.click()
            person.page.click(".next")
    return found


def faults_in(page: Page, looks: tuple[tuple[int, int], ...]) -> list[str]:
    """What is wrong with a page in these sizes, as it is and with wide text."""
    found: list[str] = []
    for width, height in looks:
        page.set_viewport_size({"width": width, "height": height})
        found += [f"{width} × {height}: {each}" for each in faults_of_boxes(page)]
        spaced(page)
        found += [f"{width} × {height}, wide text: {each}" for each in faults_of_boxes(page)]
        spaced(page, "")
    return found


@pytest.mark.parametrize("tag", SPOKEN)
def test_there_is_room_in_the_hand(browser: Browser, resident_address: str, tag: str) -> None:
    person = a_person(browser, resident_address)
    person.opens(f"/s/{UNIT}/{tag}")
    found = faults_on_the_way(person, HELD_IN_HAND)
    person.page.click("[href='#languages']")
    found += [f"menu at {each}" for each in faults_in(person.page, HELD_IN_HAND)]
    for path in READ:
        person.opens(f"/{path.format(tag)}")
        found += [f"{path} at {each}" for each in faults_in(person.page, HELD_IN_HAND)]
    person.page.context.close()
    assert found == []


@pytest.mark.parametrize("tag", SPOKEN)
def test_there_is_room_at_a_kiosk(
    browser: Browser, resident_house: ResidentHouse, resident_address: str, tag: str
) -> None:
    person = a_person(browser, resident_address)
    person.opens(f"{resident_house.kiosk}?language={tag}")
    found = [f"start at {each}" for each in faults_in(person.page, AT_A_KIOSK)]
    person.opens(f"{resident_house.kiosk}/{tag}")
    found += faults_on_the_way(person, AT_A_KIOSK)
    person.page.context.close()
    assert found == []


def test_faults_of_room_are_found(browser: Browser, resident_address: str) -> None:
    person = a_person(browser, resident_address)
    person.opens(f"/s/{UNIT}/sv")
    for rules, fault in (
        (".promise { block-size: 2rem; overflow: hidden }", "cut"),
        (".promise { block-size: 1rem }", "over each other"),
        (".promise { inline-size: 60rem }", "sideways"),
        ("#start h2 { white-space: nowrap; inline-size: 4rem }", "wider than its box"),
    ):
        spaced(person.page, rules)
        assert fault in " ".join(faults_of_boxes(person.page)), rules
    person.page.context.close()


@pytest.mark.parametrize("tag", ["sv", "ar"])
def test_a_forced_palette_shows_what_is_chosen_and_what_has_the_focus(
    browser: Browser, resident_address: str, tag: str
) -> None:
    person = a_person(browser, resident_address)
    person.page.emulate_media(forced_colors="active")
    person.opens(f"/s/{UNIT}/{tag}")
    person.goes_on()
    look = "(each) => { const at = getComputedStyle(each); return [at.outlineStyle, at.outlineColor, at.appearance] }"
    option, other = (person.page.locator("label.choice:visible").nth(n) for n in (0, 1))
    option.click()
    person.page.mouse.click(2, 2)
    assert option.evaluate(look)[0] == "solid" and other.evaluate(look)[0] == "none"
    assert option.locator("input").evaluate(look)[2] != "none", "the system draws its own mark of choice"
    person.page.keyboard.press("Tab")
    assert person.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    for part in (".button-primary:visible", ".choice:visible", ".language-link"):
        assert person.page.locator(part).first.evaluate("(each) => getComputedStyle(each).borderTopStyle") == "solid"
    person.page.context.close()


@pytest.mark.parametrize("tag", SPOKEN)
def test_on_paper_every_text_stands_in_black_and_nothing_else(
    browser: Browser, resident_address: str, tag: str
) -> None:
    person = a_person(browser, resident_address, dark=True)
    paths = [f"s/{UNIT}/{{}}", f"p/{UNIT}/{{}}", *READ]
    for path in paths:
        person.opens(f"/{path.format(tag)}")
        person.page.emulate_media(media="print")
        unseen, pale = person.page.evaluate(PRINTED)
        assert (unseen, pale) == ([], []), path
        assert faults_of_boxes(person.page) == [], path
        person.page.emulate_media(media="screen")
    person.page.context.close()


# Every text of the page that a reader can come to on a screen, and is not there on paper; and what is hard to read.
PRINTED = """() => {
  const unseen = [], pale = [];
  for (const text = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT); text.nextNode();) {
    const parent = text.currentNode.parentElement, words = text.currentNode.data.trim();
    const idle = 'script, noscript, option, dialog, button, .language-link, footer, [hidden], data';
    if (!words || parent.closest(idle)) continue;
    const range = document.createRange();
    range.selectNodeContents(text.currentNode);
    if (!range.getBoundingClientRect().width) unseen.push(words.slice(0, 60));
    const [r, g, b] = getComputedStyle(parent).color.match(/[\\d.]+/g).map(Number);
    if (!parent.closest('.demo') && 0.2126 * r + 0.7152 * g + 0.0722 * b > 110) pale.push(words.slice(0, 60));
  }
  return [unseen, pale];
}"""
