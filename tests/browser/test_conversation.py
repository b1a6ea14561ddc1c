"""The conversation sheet with script: made on the device from what is in memory, gone as the page is left."""

from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Browser, Playwright

from tests.answer.test_kiosk import paired
from tests.answering import Answering, make_answering
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.person import Person, a_person, served
from tests.care_unit.conftest import with_people

pytestmark = pytest.mark.browser
TICKED = "[...document.querySelectorAll('article [aria-current]')].map((each) => each.dataset.answer)"
EXPECTED = ["trygghet=partly", "overenskommelse=no"]
STORED = """async () => [document.cookie, localStorage.length, sessionStorage.length, (await caches.keys()).length,
  (await indexedDB.databases()).length, JSON.stringify(history.state), location.href]"""


def sends(person: Person, tag: str = "sv", unit: str = "/s/froso") -> None:
    """Answer two questions and send."""
    person.opens(f"{unit}/{tag}")
    person.takes_the_first_step()
    for answered in (1, 2):
        person.page.locator("label.choice:visible").nth(answered).click()
        person.goes_on()
    person.goes_on(6)
    person.page.click(".send")
    person.page.wait_for_url("**/thanks")


def takes_the_sheet(person: Person) -> None:
    """Press for it on the thanks."""
    person.page.click("[data-aid]")
    person.page.wait_for_selector("article")


@pytest.mark.parametrize("tag", ["sv", "fi", "ar", "sv-x-lattlast"])
def test_it_is_filled_in_on_the_device(browser: Browser, open_address: str, tag: str) -> None:
    person = a_person(browser, open_address)
    sends(person, tag)
    before = len(person.asked)
    takes_the_sheet(person)
    assert sorted(person.page.evaluate(TICKED)) == sorted(EXPECTED * (1 if tag == "sv" else 2))
    assert [(each.method, each.post_data, each.url.removeprefix(open_address)) for each in person.asked[before:]] == [
        ("GET", None, "/conversation.js"),
        ("GET", None, f"/conversation/{tag}/underlag-2021"),
    ]
    assert person.page.evaluate("getComputedStyle(document.querySelector('.line')).borderBottomStyle") == "solid"
    assert person.page.is_visible("#own") and person.page.is_visible("#acts")
    assert person.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert person.complaints == []


def test_another_language_brings_what_was_answered_along(browser: Browser, open_address: str) -> None:
    person = a_person(browser, open_address)
    sends(person)
    takes_the_sheet(person)
    person.page.click("[href='#languages']")
    person.page.click("#languages .row[lang=fi]")
    person.page.wait_for_selector("html[lang=fi]")
    assert sorted(person.page.evaluate(TICKED)) == sorted(2 * EXPECTED)
    assert person.complaints == []


def test_it_is_gone_when_the_page_is_left(remembering_browser: Browser, open_address: str) -> None:
    person = a_person(remembering_browser, open_address)
    sends(person)
    takes_the_sheet(person)
    person.opens("/privacy/sv")
    for _ in range(5):
        person.page.go_back()
        assert person.page.evaluate(TICKED) == []
        assert "trygghet" not in person.page.url
        person.page.go_forward()


def test_who_comes_back_to_the_thanks_gets_an_empty_one(remembering_browser: Browser, open_address: str) -> None:
    person = a_person(remembering_browser, open_address)
    sends(person)
    person.opens("/privacy/sv")
    person.page.go_back()
    person.page.wait_for_selector("[data-aid]")
    takes_the_sheet(person)
    assert person.page.evaluate(TICKED) == []
    assert person.page.is_hidden("#own")


def test_a_line_that_fails_is_told_of_and_can_be_tried_again(browser: Browser, open_address: str) -> None:
    person = a_person(browser, open_address)
    sends(person)
    person.page.route("**/conversation/**", lambda route: route.abort())
    person.page.click("[data-aid]")
    person.page.wait_for_selector("#problem:has-text('Sidan kan inte visas')")
    person.page.unroute("**/conversation/**")
    takes_the_sheet(person)
    assert sorted(person.page.evaluate(TICKED)) == sorted(EXPECTED)


def test_it_is_saved_as_one_file_that_stands_alone(browser: Browser, open_address: str, tmp_path: Path) -> None:
    person = a_person(browser, open_address)
    sends(person, "ar")
    takes_the_sheet(person)
    with person.page.expect_download() as waited:
        person.page.click("[data-act=save]")
    file = tmp_path / "saved.html"
    waited.value.save_as(file)
    saved = a_person(browser, open_address)
    saved.page.goto(file.as_uri())
    assert sorted(saved.page.evaluate(TICKED)) == sorted(2 * EXPECTED)
    assert saved.page.get_attribute("html", "dir") == "rtl"
    assert saved.page.evaluate("getComputedStyle(document.querySelector('.line')).borderBottomStyle") == "solid"
    assert not {"script", "form", "a", "button"} & {
        *saved.page.evaluate("[...document.querySelectorAll('*')].map((each) => each.localName)")
    }
    assert saved.asked == [] or all(each.url.startswith(("file:", "data:")) for each in saved.asked)


def test_a_kiosk_has_no_link_and_keeps_nothing(browser: Browser, tmp_path: Path) -> None:
    house = with_people(make_answering(tmp_path / "whole", open_link=True, part="all"))
    with served(house.app) as address:
        person = a_person(browser, address, width=1024)
        sends(person, unit=paired(house))
        assert person.page.locator("[data-aid]").count() == 0
        assert person.page.is_visible(".phone img")
        assert person.page.evaluate("answerSheet.sent()") is None
        assert [each.url for each in person.asked if "conversation" in each.url] == []


def test_without_script_it_is_one_reply(browser: Browser, open_address: str) -> None:
    person = a_person(browser, open_address, script=False)
    person.opens("/s/froso/fi")
    person.page.check("[name=trygghet][value=partly]", force=True)
    person.page.check("[name=overenskommelse][value=no]", force=True)
    person.page.click("[name=in_place]")
    ticked = person.page.locator("article [aria-current]")
    assert [each.get_attribute("data-answer") for each in ticked.all()] == [each for each in EXPECTED for _ in "12"]
    assert person.page.is_visible("article") and not person.page.is_visible("#acts")
    person.opens("/privacy/fi")
    assert "trygghet" not in person.page.url


@pytest.fixture
def profile(tmp_path: Path) -> Iterator[Path]:
    """A folder for all that a browser remembers."""
    yield tmp_path / "profile"


@pytest.mark.parametrize("scripted", [True, False])
def test_nothing_of_it_is_in_the_browsers_folder(
    playwright: Playwright, open_house: Answering, open_address: str, profile: Path, scripted: bool
) -> None:
    """The control is a value in the page's storage: found in the same folder by the same scan.

    Without script the browser itself keeps what was posted in the file it restores its tabs from, as it does for any
    reply to a post; the privacy page of the project says so.
    """
    context = playwright.chromium.launch_persistent_context(
        profile, executable_path=CHROMIUM, args=ARGUMENTS, java_script_enabled=scripted, locale="sv"
    )
    person = Person(context.new_page(), open_address)
    if scripted:
        sends(person)
        takes_the_sheet(person)
        assert sorted(person.page.evaluate(TICKED)) == sorted(EXPECTED)
        cookie, *none, state, address = person.page.evaluate(STORED)
        assert (cookie, none, address) == ("", [0, 0, 0, 0], f"{open_address}/s/froso/sv/thanks")
        assert "partly" not in state
    else:
        person.opens("/s/froso/sv")
        person.page.check("[name=trygghet][value=partly]", force=True)
        person.page.check("[name=overenskommelse][value=no]", force=True)
        person.page.click("[name=in_place]")
        person.page.wait_for_selector("article")
    person.opens("/accessibility/sv")
    context.pages[0].goto(f"{open_address}/healthz")
    if scripted:
        context.pages[0].evaluate("localStorage.setItem('planted', 'overenskommelse=control')")
    context.close()
    planted = [b"trygghet=partly", b"overenskommelse=no", "trygghet=partly".encode("utf-16-le")]
    ours = [path for path in profile.rglob("*") if path.is_file() and (scripted or path.parent.name != "Sessions")]
    held = {path: path.read_bytes() for path in ours}
    assert held
    if scripted:
        assert any(b"overenskommelse=control" in each for each in held.values()), "the control"
    assert [path for path, each in held.items() if any(word in each for word in planted)] == []
    files = [path for path in open_house.instance.rglob("*") if path.is_file()]
    assert files and [path for path in files if any(word in path.read_bytes() for word in planted)] == []


LONGER = "more => { document.querySelector('article section').style.paddingBottom = `${more}mm` }"


def printed(person: Person) -> list[str]:
    """The words of each sheet, as the page is printed now."""
    found = pypdfium2.PdfDocument(person.page.pdf(prefer_css_page_size=True))
    return [page.get_textpage().get_text_bounded() for page in found]


def test_printed_both_boxes_to_write_in_are_on_one_sheet(browser: Browser, open_address: str) -> None:
    person = a_person(browser, open_address)
    for tag, sheets in (("ar", 2), ("sv", 1)):
        person.page.goto(f"{open_address}/conversation/{tag}")
        assert len(printed(person)) == sheets
    # wherever the sheet ends, in whichever language
    for more in range(10, 120, 20):
        person.page.evaluate(LONGER, more)
        (sheet,) = [words for words in printed(person) if "Det här är viktigt för mig" in words]
        assert "Det här kom vi överens om" in sheet, more
