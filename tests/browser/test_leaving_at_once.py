"""Leaving at once, with somebody looking over the shoulder: an empty page whatever the line, and nothing behind Back.

And what of an answer is left on a person's own phone when the browser is closed: nothing, in any file of its profile.
The controls: a link that is a link alone, and a page that stores what is sent.
"""

from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, Playwright, expect

from tests.answer.test_kiosk import paired
from tests.answering import UNIT, Answering, counted, make_answering
from tests.attacks.full import sized
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.front import in_front_of
from tests.browser.person import Person, a_person, served
from tests.browser.test_bad_line import LAST, walks
from tests.browser.test_leaving import asked_of
from tests.care_unit.conftest import with_people
from tests.language_folders import SHOWN

pytestmark = pytest.mark.browser
EMPTY = "about:blank"
# What a script that is a link alone would be: the click is not ours.
PLAIN = ('class="language-link leave"', 'class="language-link"')
STORING = (
    "history.pushState(",
    "localStorage.setItem('kept', document.querySelector('#code').value),history.pushState(",
)
CANARY = "CANARY 4711"


def left(page: Page) -> list[str]:
    """What of an answer can be found on the page now, shown or not."""
    found: list[str] = page.evaluate(
        "[...document.querySelectorAll('input:checked, select, #code')].map((each) => each.value).filter(Boolean)"
    )
    return found


def seen_on_the_way(person: Person) -> list[str]:
    """What is seen of an answer, five times back and then forward again."""
    seen = []
    for move in ["back"] * 5 + ["forward"] * 5:
        with suppress(Error):
            person.page.evaluate(f"history.{move}()")
        person.page.wait_for_timeout(300)
        with suppress(Error):  # on its way to what is before us
            seen += left(person.page)
        if "/s/" in person.page.url and move == "back":
            seen.append(person.page.url)
    return seen


def leaves(person: Person) -> None:
    """Press the quiet link, and see that nobody asks and that the page is empty."""
    asked = asked_of(person)
    person.page.click(".leave")
    person.page.wait_for_url(EMPTY)
    assert asked == [] and not person.page.inner_text("body").strip()


@pytest.mark.parametrize("step", sized((0, 4, LAST), tuple(range(LAST + 1))))
def test_from_any_step_with_and_without_a_line_nothing_is_behind_back(
    browser: Browser, remembering_browser: Browser, open_address: str, step: int
) -> None:
    for kind, offline in ((browser, False), (remembering_browser, False), (remembering_browser, True)):
        person = a_person(kind, open_address)
        person.opens("/privacy")
        person.opens("/s/froso")
        walks(person, 0, step)
        person.page.context.set_offline(offline)
        leaves(person)
        person.page.context.set_offline(False)
        assert seen_on_the_way(person) == []
        assert [each for each in person.complaints if "ERR_INTERNET" not in each] == []
        person.page.context.close()


def test_leaving_while_it_waits_for_the_line_sends_nothing_more(
    browser: Browser, open_address: str, open_house: Answering
) -> None:
    person, before = a_person(browser, open_address), counted(open_house, "open")[0]
    person.opens("/s/froso")
    walks(person, 0, LAST)
    person.page.context.set_offline(True)
    person.page.click(".send")
    expect(person.page.locator("#problem")).to_be_visible()
    leaves(person)
    person.page.context.set_offline(False)
    person.page.wait_for_timeout(2_500)
    assert counted(open_house, "open")[0] == before
    assert seen_on_the_way(person) == []


def test_leaving_the_thank_you(remembering_browser: Browser, open_address: str) -> None:
    person = a_person(remembering_browser, open_address)
    person.opens("/s/froso")
    walks(person, 0, LAST)
    person.page.click(".send")
    person.page.wait_for_url("**/thanks")
    leaves(person)
    assert seen_on_the_way(person) == []


def test_it_can_be_reached_and_pressed_with_keys(browser: Browser, open_address: str) -> None:
    person = a_person(browser, open_address)
    person.opens("/s/froso")
    walks(person, 0, 2)
    person.page.evaluate("document.querySelector('.is-current legend').focus()")
    person.page.keyboard.press("Shift+Tab")
    assert person.focused() == "Lämna sidan"
    person.page.keyboard.press("Enter")
    person.page.wait_for_url(EMPTY)
    assert seen_on_the_way(person) == []


@pytest.mark.parametrize("tag", sized(("ar", "pl"), SHOWN))
def test_it_is_there_in_every_language_on_a_phone_and_not_at_a_kiosk(
    browser: Browser, demo_address: str, tag: str
) -> None:
    person = a_person(browser, demo_address)
    for short in ("s", "p"):
        person.opens(f"/{short}/froso/{tag}")
        expect(person.page.locator("header .leave")).to_be_in_viewport()
    leaves(person)
    person.page.context.close()


def test_a_kiosk_has_no_way_out(browser: Browser, tmp_path: Path) -> None:
    made = with_people(make_answering(tmp_path / "instance", open_link=True, part="all"))
    with served(made.app) as address:
        person = a_person(browser, address)
        person.opens(f"{paired(made)}/sv")
        assert person.page.locator(".leave").count() == 0 and "Börja om" in person.sees()


def test_without_script_it_is_a_link(browser: Browser, open_address: str) -> None:
    person = a_person(browser, open_address, script=False)
    person.opens("/s/froso")
    person.page.check("[name=trygghet][value=yes]")
    person.presses("Lämna sidan")
    person.page.wait_for_url(EMPTY)
    person.page.go_back()
    assert person.page.locator("input:checked").count() == 0


def test_control_a_link_alone_leaves_the_answers_behind_back(remembering_browser: Browser, open_address: str) -> None:
    with in_front_of(open_address) as front:
        front.planted = PLAIN
        person = a_person(remembering_browser, front.address)
        person.opens("/s/froso")
        walks(person, 0, 4)
        asked = asked_of(person)
        person.page.click("[href='about:blank']")
        person.page.wait_for_url(EMPTY)
        assert asked == ["beforeunload"]
        assert seen_on_the_way(person)


def in_files(profile: Path, words: str) -> list[str]:
    """The files of a browser's profile that hold these words, as it writes them down."""
    forms = [words.encode(), words.encode("utf-16-le")]
    found = []
    for path in sorted(each for each in profile.rglob("*") if each.is_file() and not each.is_symlink()):
        content = path.read_bytes()
        found += [path.relative_to(profile).as_posix() for form in forms if form in content]
    return found


def walks_and_waits(playwright: Playwright, address: str, profile: Path) -> str:
    """All of a walk in a browser with this profile, on a line that fails first; the form id."""
    context = playwright.chromium.launch_persistent_context(
        profile, executable_path=CHROMIUM, args=ARGUMENTS, viewport={"width": 360, "height": 740}
    )
    context.set_default_timeout(10_000)
    person = Person(context.pages[0], address)
    person.opens(f"/s/{UNIT}")
    form_id = str(person.page.locator("[name=form_id]").input_value())
    person.page.evaluate(f"document.querySelector('#code').value = '{CANARY}'")
    walks(person, 0, LAST)
    context.set_offline(True)
    person.page.click(".send")
    expect(person.page.locator("#problem")).to_be_visible()
    person.page.wait_for_timeout(sized(1_000, 20_000))
    context.set_offline(False)
    expect(person.page.locator("#code-wrong")).to_be_visible()
    person.page.wait_for_timeout(1_000)
    context.close()
    return form_id


@pytest.mark.parametrize("planted", [False, True], ids=["as it is", "control"])
def test_nothing_of_an_answer_is_in_any_file_of_the_browser(
    playwright: Playwright, open_address: str, tmp_path: Path, planted: bool
) -> None:
    with in_front_of(open_address) as front:
        front.planted = STORING if planted else ("", "")
        form_id = walks_and_waits(playwright, front.address, tmp_path / "profile")
    names = {
        words: in_files(tmp_path / "profile", words)
        for words in (CANARY, form_id, "trygghet", "overenskommelse=yes", "in_place")
    }
    assert in_files(tmp_path / "profile", "/s/froso"), "the profile was written"
    assert bool(names[CANARY]) == planted, names
    assert planted or not any(names.values()), names
