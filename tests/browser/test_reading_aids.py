"""Reading aloud and pictures: a voice of the device alone is asked, nothing is fetched before a press, and what is read
stops when its step or its page is left.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.answer.test_kiosk import paired
from tests.answering import make_answering
from tests.browser.device import ARABIC, FAR, OURS, SIMILAR, Open, read_aloud, said
from tests.browser.person import Person, a_person, served
from tests.care_unit.conftest import with_people

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("voices", ["[]", f"[{FAR}]", f"[{SIMILAR}]", f"[{ARABIC}, {FAR}]"])
def test_without_a_voice_of_its_own_for_the_language_a_device_shows_no_button(opens: Open, voices: str) -> None:
    person = opens(voices)
    for _ in range(9):
        assert not person.page.is_visible(".aloud")
        person.goes_on()
    assert person.complaints == [] and not [each for each in person.asked if "reading-aids" in each.url]


def test_a_browser_without_any_speech_shows_no_button(browser: Browser, open_address: str) -> None:
    person = a_person(browser, open_address)
    person.page.add_init_script("delete window.speechSynthesis; delete Window.prototype.speechSynthesis")
    person.opens("/s/froso/sv")
    person.begins()
    assert not person.page.is_visible(".aloud") and person.complaints == []


def test_a_voice_that_comes_late_or_goes_is_followed(opens: Open) -> None:
    person = opens("[]")
    person.begins()
    person.page.evaluate(f"device.gets([{FAR}, {OURS}])")
    assert person.page.is_visible(".aloud")
    person.page.evaluate(f"device.gets([{FAR}])")
    assert not person.page.is_visible(".aloud")


def test_a_question_is_read_in_its_order_by_the_device_alone(opens: Open) -> None:
    person = opens(f"[{FAR}, {OURS}, {ARABIC}]")
    person.begins()
    person.goes_on(3)
    before = len(person.asked)
    read_aloud(person)
    assert [each.url.rpartition("/")[2] for each in person.asked[before:]] == ["reading-aids.js"]
    words = [text for text, _lang, _voice in said(person)]
    assert words[0].startswith("Har du en fast vårdkontakt?")
    assert words[1:] == ["Ja", "Nej, men jag behöver", "Nej, jag behöver ingen", "Vet inte"]
    assert {(lang, voice) for _text, lang, voice in said(person)} == {("sv-SE", "here")}
    person.page.click(".aloud")
    person.page.wait_for_selector(".aloud[aria-pressed=false]")
    assert person.complaints == []


def test_an_explanation_is_read_where_it_is_open(opens: Open) -> None:
    person = opens(f"[{OURS}]")
    person.begins()
    person.goes_on(3)
    person.page.click(".is-current summary")
    read_aloud(person)
    assert any("en person i vården" in text for text, _lang, _voice in said(person))


def test_a_text_in_a_language_that_no_voice_here_has_is_left_out(opens: Open) -> None:
    person = opens(f"[{OURS}]")
    person.begins()
    person.page.evaluate("document.querySelector('.is-current h2').lang = 'ar'")
    read_aloud(person)
    assert [text for text, _lang, _voice in said(person)] == ["Ja", "Delvis", "Nej", "Vet inte"]


LEAVING: dict[str, Callable[[Person], None]] = {
    "next": lambda person: person.goes_on(),
    "back": lambda person: person.page.click(".back"),
    "the browser's back": lambda person: person.page.evaluate("history.back()"),
    "escape": lambda person: person.page.keyboard.press("Escape"),
    "another language": lambda person: person.page.evaluate("document.querySelector('button[value=en]').click()"),
    "out of sight": lambda person: person.page.evaluate(
        "Object.defineProperty(document, 'hidden', { value: true });"
        "document.dispatchEvent(new Event('visibilitychange'))"
    ),
    "another page": lambda person: person.page.evaluate("dispatchEvent(new Event('pagehide'))"),
}


@pytest.mark.parametrize("way", LEAVING)
def test_what_is_read_stops_when_it_is_left(opens: Open, way: str) -> None:
    person = opens(f"[{OURS}]")
    person.begins()
    person.goes_on()
    read_aloud(person)
    cut = person.page.evaluate("device.cut")
    LEAVING[way](person)
    expect(person.page.locator(".aloud[aria-pressed=true]")).to_have_count(0)
    assert person.page.evaluate("device.cut") > cut


def test_the_chosen_answers_are_never_read(opens: Open) -> None:
    person = opens(f"[{OURS}]")
    person.begins()
    person.chooses("Delvis")
    read_aloud(person)
    assert [text for text, _lang, _voice in said(person)][1:] == ["Ja", "Delvis", "Nej", "Vet inte"]
    person.goes_on(8)
    assert person.page.is_visible(".answers") and not person.page.is_visible(".aloud")


def test_the_keyboard_reaches_it_after_the_options_and_finds_its_name_and_state(opens: Open) -> None:
    person = opens(f"[{OURS}]")
    person.begins()
    for _ in range(2):
        person.page.keyboard.press("Tab")
    button = person.page.get_by_role("button", name="Läs upp")
    assert button.evaluate("each => each === document.activeElement")
    person.page.keyboard.press("Enter")
    person.page.get_by_role("button", name="Läs upp", pressed=True).wait_for()
    assert button.bounding_box()["height"] >= 44  # type: ignore[index]


def test_pictures_come_when_asked_for_stay_over_a_language_and_change_no_answer(opens: Open) -> None:
    person = opens("[]")
    person.begins()
    assert person.page.locator(".picture").count() == 0
    person.chooses("Ja")
    person.page.click(".pictures")
    person.page.locator(".is-current .picture").first.wait_for()
    assert person.page.locator(".is-current .picture").count() == 4
    assert person.page.locator(".about .picture").count() == 0
    assert person.page.locator(".picture:not([aria-hidden=true])").count() == 0
    assert person.page.locator("input:checked").count() == 1
    person.page.evaluate("document.querySelector('button[value=en]').click()")
    person.page.wait_for_selector("html[lang=en] .picture", state="attached")
    person.page.click(".pictures")
    expect(person.page.locator(".picture")).to_have_count(0)
    assert person.complaints == []


def test_each_answer_has_a_picture_of_its_own(opens: Open) -> None:
    person = opens("[]")
    person.begins()
    person.page.click(".pictures")
    person.page.wait_for_selector(".picture", state="attached")
    drawn = person.page.evaluate(
        "[...document.querySelectorAll('#q4 .choice, #q2 .choice')].map((each) => [each.querySelector('input').value,"
        " each.closest('section').id, each.querySelector('.picture').innerHTML])"
    )
    by_meaning = {(value if value != "no" else value + section): picture for value, section, picture in drawn}
    assert len(set(by_meaning.values())) == len(by_meaning) == 6


def test_a_press_that_fetches_nothing_says_so_and_keeps_the_answers(opens: Open) -> None:
    person = opens("[]")
    person.begins()
    person.chooses("Ja")
    person.page.route("**/reading-aids.js", lambda route: route.abort())
    person.page.click(".pictures")
    person.page.wait_for_selector("#problem")
    assert "Dina svar är kvar här." in person.sees() and person.page.locator("input:checked").count() == 1


def test_on_a_kiosk_the_next_person_begins_in_silence_and_without_pictures(opens: Open, tmp_path: Path) -> None:
    house = with_people(make_answering(tmp_path / "instance", open_link=True, part="all"))
    with served(house.app) as address:
        goes_and_another_comes(opens(f"[{OURS}]", paired(house), address))


def goes_and_another_comes(person: Person) -> None:
    """Somebody has a question read with pictures and leaves a kiosk in the middle of it; then somebody begins."""
    person.page.click("[data-language][lang=sv]")
    person.page.wait_for_selector("#sheet")
    person.takes_the_first_step()
    person.page.click(".pictures")
    person.page.wait_for_selector(".picture", state="attached")
    read_aloud(person)
    cut = person.page.evaluate("device.cut")
    person.page.click(".language-link[data-leave]")
    person.page.wait_for_selector("[data-language]")
    assert person.page.evaluate("device.cut") > cut
    person.page.click("[data-language][lang=sv]")
    person.page.wait_for_selector("#sheet")
    assert person.page.locator(".picture").count() == 0
