"""Every script: what runs from right to left is mirrored, Thai breaks between words, and no letter is a box."""

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from survey.config import ROOT
from survey.domain.questions.questionnaire import QUESTIONS
from survey.web.i18n.language_files import load_languages
from tests.browser.person import Person, a_person
from tests.language_folders import SHOWN
from tests.name_pictures import needs_picture, picture_of

pytestmark = pytest.mark.browser
LANGUAGES = load_languages(ROOT / "translations")
RTL = tuple(tag for tag in SHOWN if LANGUAGES[tag].direction == "rtl")
NON_LATIN = tuple(tag for tag in SHOWN if needs_picture(LANGUAGES[tag]))
WIDE = 640

# Boxes of the first question, measured from the edge where its lines begin.
BOXES = """() => {
  const box = (each) => { const at = each.getBoundingClientRect(); return [at.left, at.right, at.top, at.bottom] }
  const shown = (query) => [...document.querySelectorAll(query)].filter((each) => each.offsetParent)
  return {
    steps: shown('.steps li').map(box), now: shown('.steps .now').map(box),
    radios: shown('.choice input').map(box), labels: shown('.choice').map(box),
    words: shown('.choice > span').map(box), buttons: shown('.form-actions button').map(box),
    main: box(document.querySelector('main')),
  }
}"""
# Where each line of running text ends, and where its language lets it.
TORN = """() => {
  const torn = []
  const words = new Intl.Segmenter('th', { granularity: 'word' })
  const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const node = walker.currentNode
    if (!node.parentElement.offsetParent || !/[ก-๛]{2}/.test(node.data)) continue
    const starts = new Set([...words.segment(node.data)].map((each) => each.index))
    let top = null
    for (let at = 0; at < node.data.length; at++) {
      const range = document.createRange(); range.setStart(node, at); range.setEnd(node, at + 1)
      const [box] = range.getClientRects()
      if (!box || !box.width) continue
      if (top !== null && box.top > top + 8 && !starts.has(at)) torn.push(node.data.slice(at - 9, at + 9))
      top = box.top
    }
  }
  return torn
}"""
STICKS_OUT = "document.documentElement.scrollWidth > innerWidth"


def at_the_first_question(browser: Browser, address: str, tag: str, width: int) -> Person:
    """A person who has gone on to it."""
    person = a_person(browser, address, width=width, height=900)
    person.opens(f"/s/froso/{tag}")
    person.takes_the_first_step()
    return person


def measured(page: Page) -> dict[str, list[list[float]]]:
    """The boxes, each from the edge where lines begin to where they end: mirrored where they run leftwards."""
    found = page.evaluate(BOXES)
    left, right, *_ = found.pop("main")
    if page.get_attribute("html", "dir") == "rtl":
        return {name: [[right - b, right - a, *tall] for a, b, *tall in boxes] for name, boxes in found.items()}
    return {name: [[a - left, b - left, *tall] for a, b, *tall in boxes] for name, boxes in found.items()}


@pytest.mark.parametrize("width", [360, WIDE])
@pytest.mark.parametrize("tag", RTL)
def test_the_question_is_mirrored(browser: Browser, demo_address: str, tag: str, width: int) -> None:
    person = at_the_first_question(browser, demo_address, tag, width)
    found = measured(person.page)
    starts = [each[0] for each in found["steps"]]
    assert len(starts) == len(QUESTIONS) and starts == sorted(starts)
    assert found["now"][0][0] == starts[0], "progress begins where lines begin"
    assert all(radio[1] <= words[0] + 1 for radio, words in zip(found["radios"], found["words"], strict=True))
    tops = [each[2] for each in found["labels"]]
    assert tops == sorted(tops), "the scale goes downwards, from yes"
    assert person.page.evaluate(STICKS_OUT) is False
    person.page.context.close()


@pytest.mark.parametrize("tag", RTL)
def test_each_box_stands_where_its_swedish_twin_stands_mirrored(browser: Browser, demo_address: str, tag: str) -> None:
    both = []
    for each in ("sv", tag):
        person = at_the_first_question(browser, demo_address, each, WIDE)
        both.append(measured(person.page))
        person.page.context.close()
    swedish, mirrored = both
    for name in ("steps", "radios", "labels"):
        across = [[[round(side) for side in box[:2]] for box in found[name]] for found in (swedish, mirrored)]
        assert across[0] == across[1], name


@pytest.mark.parametrize("tag", ["sv", *RTL])
def test_the_focus_goes_down_the_page_and_along_its_lines(browser: Browser, demo_address: str, tag: str) -> None:
    person = at_the_first_question(browser, demo_address, tag, WIDE)
    page, visited = person.page, []
    mirrored = LANGUAGES[tag].direction == "rtl"
    page.locator(".back").focus()
    while page.evaluate("document.querySelector('.form-actions').contains(document.activeElement)"):
        box = page.locator(":focus").bounding_box()
        assert box
        visited.append((round(box["y"] / 12), -box["x"] - box["width"] if mirrored else box["x"]))
        page.keyboard.press("Tab")
    assert len(visited) == 2 and visited == sorted(visited)
    page.context.close()


@pytest.mark.parametrize("width", [320, 360, WIDE])
def test_thai_breaks_between_words_and_nowhere_sticks_out(browser: Browser, demo_address: str, width: int) -> None:
    person = a_person(browser, demo_address, width=width, height=900)
    for path in ("/s/froso/th", "/privacy/th", "/accessibility/th", "/?language=th"):
        person.opens(path)
        assert person.page.evaluate(TORN) == [], path
        assert person.page.evaluate(STICKS_OUT) is False, path
    person.opens("/s/froso/th")
    for step in range(len(QUESTIONS) + 2):
        assert person.page.evaluate(TORN) == [], step
        assert person.page.evaluate(STICKS_OUT) is False, step
        person.takes_the_first_step()
    person.page.context.close()


def test_a_torn_word_would_be_seen(browser: Browser, demo_address: str) -> None:
    person = a_person(browser, demo_address, width=320)
    person.opens("/privacy/th")
    person.page.evaluate("document.querySelector('main').style.setProperty('line-break', 'anywhere')")
    assert person.page.evaluate(TORN) != []
    person.page.context.close()


@pytest.mark.parametrize("tag", SHOWN)
def test_a_font_of_the_system_has_each_letter_and_none_is_fetched(
    browser: Browser, demo_address: str, tag: str
) -> None:
    person = at_the_first_question(browser, demo_address, tag, WIDE)
    session = person.page.context.new_cdp_session(person.page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    main = session.send("DOM.querySelector", {"nodeId": root, "selector": "main"})["nodeId"]
    fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": main})["fonts"]
    assert fonts and not any(each["isCustomFont"] or "LastResort" in each["familyName"] for each in fonts), fonts
    assert not [each for each in person.asked if each.resource_type == "font"]
    person.page.context.close()


@pytest.mark.parametrize("tag", NON_LATIN)
def test_who_pairs_a_kiosk_sees_how_each_language_should_look(browser: Browser, demo_address: str, tag: str) -> None:
    person = a_person(browser, demo_address)
    person.opens("/kiosk")
    spoken = LANGUAGES[tag]
    row = person.page.locator(f"dd:has(span[lang='{spoken.html_lang}'])")
    assert row.locator("span").inner_text() == spoken.name
    picture = row.locator("img")
    assert picture.evaluate("(each) => each.complete && each.naturalWidth > 40 && each.naturalHeight === 80")
    assert person.page.evaluate(STICKS_OUT) is False
    assert person.complaints == []
    person.page.context.close()


def test_each_picture_is_of_the_name_as_it_is() -> None:
    assert {tag for tag in SHOWN if picture_of(tag).exists()} == {*NON_LATIN}
    for tag in NON_LATIN:
        with Image.open(picture_of(tag)) as picture:
            assert picture.info["Title"] == LANGUAGES[tag].name
            darkest, lightest = picture.convert("L").getextrema()
            assert darkest < 40 and lightest == 255
