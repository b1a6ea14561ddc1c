"""Leaving the sheet: nobody does so by mistake, and nobody is held when there is nothing to lose."""

import pytest
from playwright.sync_api import Browser, Dialog, expect

from tests.answering import Answering, counted
from tests.browser.front import HANG, in_front_of
from tests.browser.person import Person, a_person

pytestmark = pytest.mark.browser


def asked_of(person: Person) -> list[str]:
    """What the browser asks the person, who says yes to all of it."""
    asked: list[str] = []

    def yes(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    person.page.on("dialog", yes)
    return asked


def answers_one(person: Person) -> None:
    """From another page of ours to the third question, with one answer."""
    person.opens("/privacy")
    person.opens("/s/froso")
    person.begins()
    person.chooses("Ja")
    person.goes_on(2)


def test_leaving_or_reloading_asks_first_when_there_are_answers(browser: Browser, open_address: str) -> None:
    person = a_person(browser, open_address)
    asked = asked_of(person)
    answers_one(person)
    person.page.reload()
    assert asked == ["beforeunload"]
    person.opens("/privacy")
    assert asked == ["beforeunload"], "with nothing answered nothing is asked"
    answers_one(person)
    person.goes_on(5)
    person.page.select_option("#age", "80+")
    for each in person.page.locator("input:checked").all():
        each.evaluate("(field) => { field.checked = false }")
    person.opens("/privacy")
    assert asked == ["beforeunload"] * 2, "a list that one chooses from is an answer too"


def test_one_back_leaves_after_the_thank_you(browser: Browser, open_address: str) -> None:
    person = a_person(browser, open_address)
    asked = asked_of(person)
    answers_one(person)
    person.goes_on(6)
    person.page.click(".send")
    person.page.wait_for_url("**/thanks")
    assert "Svaren är låsta" in person.sees() and "Tack" in person.page.title()
    person.page.go_back()
    person.page.wait_for_url("**/privacy")
    person.page.go_forward()
    assert "Svaren är låsta" in person.sees()
    assert (asked, person.chosen()) == ([], {})


def test_one_back_leaves_after_a_reload(browser: Browser, open_address: str) -> None:
    person = a_person(browser, open_address)
    asked_of(person)
    answers_one(person)
    person.page.reload()
    expect(person.page.locator("#start.is-current")).to_be_visible()
    person.page.wait_for_function("history.state[1] === 0")
    person.page.go_back()
    person.page.wait_for_url("**/privacy")


def test_nobody_walks_away_while_it_is_sent(browser: Browser, open_address: str, open_house: Answering) -> None:
    before = counted(open_house, "open")[0]
    with in_front_of(open_address) as front:
        person = a_person(browser, front.address)
        answers_one(person)
        person.goes_on(6)
        front.spoils(HANG, lambda method, _: method == "POST", reaches=False)
        person.page.click(".send")
        said = person.page.get_by_role("status").filter(has_text="Skickar …")
        expect(said).to_be_visible()
        person.page.keyboard.press("Enter")
        person.page.mouse.click(180, 700)
        presses = "for (const each of ['.language-link', '.back']) document.querySelector(each).click()"
        person.page.evaluate(presses)
        assert not person.page.is_visible("#languages")
        person.page.evaluate("history.back()")
        person.page.wait_for_timeout(200)
        assert person.page.locator(".step.is-current").get_attribute("id") == "q9"
        assert person.page.evaluate("history.state") == [9, 9] and front.spoilt == 1
        front.heals()
        expect(person.page.locator("#problem")).to_contain_text("De är kvar här.")
        person.page.wait_for_url("**/thanks")
    assert counted(open_house, "open")[0] == before + 1


def test_the_language_of_the_thank_you_can_be_changed(browser: Browser, open_address: str) -> None:
    person = a_person(browser, open_address)
    answers_one(person)
    person.goes_on(6)
    person.page.click(".send")
    person.page.wait_for_url("**/thanks")
    person.page.click(".language-link")
    person.page.click("#languages a[lang=ar]")
    person.page.wait_for_url("**/s/froso/ar/thanks")
    assert person.page.get_attribute("html", "dir") == "rtl"


def test_an_old_browser_sends_the_form_by_itself(browser: Browser, open_address: str, open_house: Answering) -> None:
    """With what the script stands on taken away, all questions stand on one page; the code is still taken."""
    before, person = counted(open_house, "open")[0], a_person(browser, open_address)
    person.page.add_init_script("delete self.SubmitEvent")
    person.opens("/s/froso#ABCD")
    assert person.code_field() == "ABCD"
    person.page.fill("#code", "")
    person.page.check("[name=trygghet][value=partly]")
    person.page.click(".send")
    assert person.page.url.endswith("/s/froso/sv/thanks")
    assert counted(open_house, "open")[0] == before + 1
    assert person.complaints == []
