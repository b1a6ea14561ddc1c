"""Which voice of a device reads what, and when it has done so; and how pictures stand beside the options."""

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.device import ARABIC, OURS, Open, read_aloud, said
from tests.browser.person import Person, a_person

pytestmark = pytest.mark.browser
FINLAND = "{ name: 'in Finland', lang: 'sv_FI', localService: true }"
USUAL = "{ name: 'usual', lang: 'sv-SE', localService: true, default: true }"
END = "() => device.spoken[device.spoken.length - 1].onend()"
FAIL = "() => device.spoken[0].onerror()"


def pressed(person: Person, button: str) -> Any:
    """Whether a button says that it is pressed."""
    return person.page.get_attribute(button, "aria-pressed")


def test_a_page_in_another_language_is_read_by_a_voice_in_it_however_the_device_writes_its_name(opens: Open) -> None:
    person = opens(f"[{OURS}, {ARABIC}]", "/s/froso/ar")
    person.takes_the_first_step()
    read_aloud(person)
    assert {(lang, voice) for _text, lang, voice in said(person)} == {("ar_EG", "here too")}


@pytest.mark.parametrize(
    ("voices", "marked", "voice"),
    [
        (f"{FINLAND}, {OURS}", "sv", "in Finland"),
        (f"{FINLAND}, {OURS}, {USUAL}", "sv", "usual"),
        (f"{OURS}, {FINLAND}, {USUAL}", "sv-FI", "in Finland"),
    ],
)
def test_the_nearest_voice_reads(opens: Open, voices: str, marked: str, voice: str) -> None:
    person = opens(f"[{voices}]")
    person.begins()
    person.page.evaluate("(tag) => { document.querySelector('.is-current h2').lang = tag }", marked)
    read_aloud(person)
    assert said(person)[0][2] == voice


def test_what_is_not_seen_is_not_read(opens: Open) -> None:
    person = opens(f"[{OURS}]")
    person.begins()
    person.page.evaluate("document.querySelector('.is-current .choice span').style.display = 'none'")
    read_aloud(person)
    assert [text for text, *_ in said(person)][1:] == ["Delvis", "Nej", "Vet inte"]


def test_what_is_asked_about_oneself_is_read_and_what_a_list_holds_is_not(opens: Open) -> None:
    person = opens(f"[{OURS}]")
    person.begins()
    person.goes_on(7)
    read_aloud(person)
    words = [text for text, *_ in said(person)]
    assert words[0] == "Om dig" and {"Kön", "Ålder", "Kvinna", "Har du fått hjälp att svara?"} <= set(words)
    assert len(words) == len(set(words)) and not {"Vill inte svara", "English"} & set(words)


def test_when_all_is_read_or_a_voice_fails_the_button_says_so(opens: Open) -> None:
    person = opens(f"[{OURS}]")
    person.begins()
    for end in (END, FAIL):
        read_aloud(person)
        person.page.evaluate(end)
        assert pressed(person, ".aloud") == "false"
        person.page.evaluate("device.spoken.length = 0")


def test_the_end_of_what_was_cut_cuts_nothing_and_does_not_end_what_is_read_now(opens: Open) -> None:
    person = opens(f"[{OURS}]")
    person.begins()
    read_aloud(person)
    person.page.evaluate("window.before = device.spoken.splice(0)")
    person.page.click(".aloud")
    expect(person.page.locator(".aloud")).to_have_attribute("aria-pressed", "false")
    cut = person.page.evaluate("device.cut")
    person.page.evaluate("before.forEach((each) => each.onerror())")
    assert person.page.evaluate("device.cut") == cut
    read_aloud(person)
    person.page.evaluate("before.forEach((each) => each.onerror())")
    assert pressed(person, ".aloud") == "true"


def test_pictures_say_that_they_are_shown_and_are_offered_on_questions_alone(opens: Open) -> None:
    person = opens("[]")
    shown = []
    for step in range(10):
        shown += [step] if person.page.is_visible(".pictures") else []
        if step < 9:
            person.goes_on()
    assert shown == [1, 2, 3, 4, 5, 6, 7]
    person.page.click(".back")
    person.page.click(".back")
    for state in ("true", "false"):
        person.page.click(".pictures")
        expect(person.page.locator(".pictures")).to_have_attribute("aria-pressed", state)


def test_the_staff_s_no_is_a_no(opens: Open) -> None:
    drawn = []
    for path in ("/s/froso/sv", "/p/froso/sv"):
        person = opens("[]", path)
        person.begins()
        person.page.click(".pictures")
        person.page.wait_for_selector(".picture", state="attached")
        beside = "[name={}][value=no] ~ .picture"
        drawn.append([person.page.inner_html(beside.format(name)) for name in ("trygghet", "fast_vardkontakt")])
    (no, needed), (staff_no, other) = drawn
    assert no == staff_no == other != needed


def test_pictures_come_and_go_in_a_browser_without_any_speech(browser: Browser, open_address: str) -> None:
    person = a_person(browser, open_address)
    person.page.add_init_script("delete window.speechSynthesis; delete Window.prototype.speechSynthesis")
    person.opens("/s/froso/sv")
    person.begins()
    person.page.click(".pictures")
    person.page.locator(".is-current .picture").first.wait_for()
    person.goes_on()
    person.page.evaluate("dispatchEvent(new Event('pagehide'))")
    assert person.complaints == []


@pytest.mark.parametrize("button", [".aloud", ".pictures"])
def test_an_aid_sends_nothing_and_is_not_there_without_a_script(
    opens: Open, browser: Browser, open_address: str, button: str
) -> None:
    person = opens(f"[{OURS}]")
    person.begins()
    before = person.page.inner_text(".is-current .count")
    person.page.click(button)
    expect(person.page.locator(button)).to_have_attribute("aria-pressed", "true")
    assert person.page.inner_text(".is-current .count") == before
    assert [each.method for each in person.asked] == ["GET", "GET"]
    other = a_person(browser, open_address, script=False)
    other.opens("/s/froso/sv")
    assert not other.page.is_visible(button)


def test_what_another_page_left_to_be_said_is_cut_before_one_begins(opens: Open) -> None:
    person = opens(f"[{OURS}]")
    person.begins()
    assert person.page.evaluate("device.cut") == 0
    read_aloud(person)
    assert person.page.evaluate("device.cut") == 1
