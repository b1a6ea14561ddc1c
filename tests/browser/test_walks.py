"""People answer: with a code, without, by keyboard alone, without script, and changing their minds."""

import pytest
from playwright.sync_api import Browser, Route

from survey.answer import submit
from survey.store.database.engine import DatabaseUnavailable
from tests.answering import Answering, counted
from tests.browser.person import Person, a_person

pytestmark = pytest.mark.browser
FIRST = "Känner du att du kan ha fokus på att leva ditt liv"
FOURTH = "Har du en fast vårdkontakt? (vid behov)"


@pytest.fixture
def karin(browser: Browser, invited_address: str) -> Person:
    """Karin has a letter with a code."""
    return a_person(browser, invited_address)


@pytest.fixture
def omar(browser: Browser, open_address: str) -> Person:
    """Omar scans the poster in the waiting room."""
    return a_person(browser, open_address)


def test_karin_answers_on_her_phone_with_the_link_in_a_message(karin: Person, invited_house: Answering) -> None:
    (code,) = invited_house.codes()
    before = counted(invited_house, "invited")[0]
    karin.opens(f"/s/froso#{code}")
    assert karin.page.locator("#needed").count() == 0  # the link has brought the code along
    assert karin.page.url.endswith("/s/froso")
    assert karin.code_field() == code
    assert FIRST not in karin.sees()
    sent = len(karin.asked)
    karin.begins()
    assert f"Fråga 1 av 7 {FIRST}" in karin.sees()
    karin.chooses("Delvis")
    assert "Fråga 1 av 7" in karin.sees(), "it never moves on by itself"
    karin.goes_on(3)
    assert f"Fråga 4 av 7 {FOURTH}" in karin.sees()
    assert karin.page.title() == "Fråga 4 av 7 – De 7 frågorna – Frösö hälsocentral"
    karin.chooses("Nej, men jag behöver")
    karin.goes_on(4)
    assert "Om dig" in karin.sees()
    karin.page.select_option("#age", "65-79")
    karin.chooses("Ja, någon hjälpte mig")
    karin.chooses("Kvinna")
    karin.goes_on()
    assert "Kontrollera och skicka" in karin.sees()
    assert f"{FOURTH} Nej, men jag behöver Ändra" in karin.sees()
    assert "Kön Kvinna Ändra Ålder 65–79 år Ändra Har du fått hjälp att svara? Ja, någon hjälpte" in karin.sees()
    assert len(karin.asked) == sent, "nothing is sent between the questions"
    karin.presses("Skicka svaren")
    karin.page.wait_for_url("**/s/froso/sv/thanks")
    assert "Svaren är låsta" in karin.sees()
    assert counted(invited_house, "invited")[0] == before + 1
    assert karin.complaints == []


def test_karin_types_the_code_from_her_letter_wrong_and_then_right(karin: Person, invited_house: Answering) -> None:
    (code,) = invited_house.codes()
    karin.opens("/s/froso")
    karin.begins()
    karin.chooses("Ja")
    karin.goes_on(8)
    karin.page.fill("#code", "ABCD")
    karin.presses("Skicka svaren")
    karin.page.wait_for_selector("#problem")
    assert "Vi känner inte igen koden. Dina svar är kvar." in karin.sees()
    assert "Vi känner inte igen koden" in karin.focused()
    assert karin.chosen() == {"trygghet": "yes"}
    karin.page.fill("#code", f" {code[:8].lower()}-{code[8:].lower()} ")
    karin.presses("Skicka svaren")
    karin.page.wait_for_url("**/thanks")


def test_omar_changes_an_answer_and_takes_one_back(omar: Person, open_house: Answering) -> None:
    omar.opens("/s/froso")
    omar.begins()
    omar.chooses("Ja")
    omar.goes_on()
    omar.chooses("Nej")
    omar.goes_on(7)
    omar.page.get_by_role("button", name=f"Ändra: {FIRST}").click()
    assert "Fråga 1 av 7" in omar.sees()
    assert FIRST in omar.focused()
    omar.chooses("Vet inte")
    omar.presses("Klar")
    assert "behöver det? Vet inte Ändra" in omar.sees()
    omar.page.get_by_role("button", name="Ändra: Har du en överenskommelse").click()
    omar.presses("Ta bort svaret")
    omar.presses("Klar")
    assert omar.chosen() == {"trygghet": "dont_know"}
    omar.page.get_by_role("button", name="Ändra: Om dig").click()
    assert not omar.page.is_visible(".clear")
    omar.page.select_option("#age", "80+")
    omar.chooses("Man")
    omar.presses("Ta bort svaret")
    assert not omar.page.is_visible(".clear")
    assert (omar.page.input_value("#age"), omar.chosen()) == ("", {"trygghet": "dont_know"})
    omar.presses("Klar")
    omar.presses("Skicka svaren")
    omar.page.wait_for_url("**/thanks")


def test_the_browsers_own_back_button_steps_through_the_questions(omar: Person) -> None:
    omar.opens("/s/froso")
    omar.begins()
    omar.chooses("Ja")
    omar.goes_on(2)
    assert "Fråga 3 av 7" in omar.sees()
    assert omar.page.evaluate("history.state") == [3, 3]
    omar.page.go_back()
    assert "Fråga 2 av 7" in omar.sees()
    omar.presses("Tillbaka")
    omar.page.wait_for_selector("#q1.is-current")
    assert omar.chosen() == {"trygghet": "yes"}
    omar.page.go_forward()
    assert "Fråga 2 av 7" in omar.sees()


def test_maryam_changes_language_in_the_middle_and_sends_nothing_by_it(
    browser: Browser, open_address: str, open_house: Answering
) -> None:
    maryam = a_person(browser, open_address)
    maryam.opens("/s/froso")
    maryam.begins()
    maryam.chooses("Delvis")
    maryam.goes_on()
    maryam.chooses("Nej")
    maryam.page.click(".language-link")
    assert maryam.focused() in ("Svenska", "العربية")
    maryam.page.click("button[value=ar]")
    maryam.page.wait_for_selector("html[lang=ar]")
    assert maryam.page.get_attribute("html", "dir") == "rtl"
    assert maryam.page.url.endswith("/s/froso/ar")
    assert maryam.page.locator(".is-current").get_attribute("id") == "q2"
    assert maryam.chosen() == {"trygghet": "partly", "overenskommelse": "no"}
    assert {request.method for request in maryam.asked} == {"GET"}
    assert not any("partly" in request.url for request in maryam.asked)
    maryam.page.go_back()
    maryam.page.wait_for_selector("#q1.is-current")
    assert maryam.page.locator(".next").inner_text() == "التالي"
    maryam.page.click(".language-link")
    maryam.page.click("button[value=en]")
    maryam.page.wait_for_selector("html[lang=en]")
    for _ in range(8):
        maryam.page.click(".next")
    maryam.page.click(".send")
    maryam.page.wait_for_url("**/s/froso/en/thanks")
    assert maryam.complaints == []


def test_the_language_menu_closes_with_escape_and_gives_the_focus_back(omar: Person) -> None:
    omar.opens("/s/froso")
    omar.page.click(".language-link")
    assert omar.page.is_visible("#languages")
    omar.page.keyboard.press("Escape")
    assert not omar.page.is_visible("#languages")
    assert "Languages" in omar.focused()


def test_greta_uses_only_the_keyboard(browser: Browser, open_address: str, open_house: Answering) -> None:
    greta = a_person(browser, open_address, width=1280, height=800)
    before = counted(open_house, "open")[0]
    keys = greta.page.keyboard
    greta.opens("/s/froso")
    tab_to(greta, "Börja")
    keys.press("Enter")
    assert "Fråga 1 av 7" in greta.focused(), "the question is read out first"
    keys.press("Tab")
    keys.press("Space")
    assert greta.chosen() == {"trygghet": "yes"}
    keys.press("ArrowDown")
    assert greta.chosen() == {"trygghet": "partly"}
    keys.press("Enter")
    assert "Fråga 2 av 7" in greta.focused(), "Enter goes on, and never sends"
    keys.press("Tab")
    assert "Vad är en överenskommelse?" in greta.focused()
    for _ in range(7):
        tab_to(greta, "Nästa")
        keys.press("Enter")
    tab_to(greta, "Skicka svaren")
    assert greta.page.evaluate("getComputedStyle(document.activeElement).outlineWidth") == "4px"
    keys.press("Enter")
    greta.page.wait_for_url("**/thanks")
    assert counted(open_house, "open")[0] == before + 1


def tab_to(person: Person, name: str) -> None:
    """Press Tab until the thing with this name has the focus."""
    for _ in range(40):
        person.page.keyboard.press("Tab")
        if person.focused() == name:
            return
    raise AssertionError(f"Tab never came to {name}")


def test_nils_has_no_script(browser: Browser, open_address: str, open_house: Answering) -> None:
    nils = a_person(browser, open_address, script=False)
    before = counted(open_house, "open")[0]
    nils.opens("/s/froso")
    assert [f"Fråga {n} av 7" in nils.sees() for n in range(1, 8)] == [True] * 7
    assert "Börja" not in nils.sees()
    assert not nils.page.is_visible("#languages")
    nils.page.check("[name=trygghet][value=partly]")
    nils.page.check("[name=gender][value=man]")
    nils.page.click(".language-link")
    assert nils.page.is_visible("#languages")
    nils.page.click("button[value=en]")
    assert nils.page.get_attribute("html", "lang") == "en"
    assert nils.page.is_checked("[name=trygghet][value=partly]")
    assert nils.page.is_checked("[name=gender][value=man]")
    nils.page.fill("#code", "ABCD")
    nils.page.keyboard.press("Enter")
    nils.page.wait_for_selector("#problem")
    assert nils.page.title().startswith("Error")
    assert nils.page.is_checked("[name=trygghet][value=partly]")
    nils.page.fill("#code", "")
    nils.page.click(".send")
    assert nils.page.url.endswith("/s/froso/en/thanks")
    assert counted(open_house, "open")[0] == before + 1


def test_the_code_is_taken_as_mail_programs_hand_it_on(karin: Person, invited_house: Answering) -> None:
    (code,) = invited_house.codes()
    karin.opens(f"/s/froso#%23{code}")
    assert karin.code_field() == code
    assert "#" not in karin.page.url
    karin.page.evaluate("location.hash = '#ABCD%20EFGH'")
    karin.page.wait_for_timeout(100)
    assert karin.code_field() == "ABCD EFGH"
    assert "#" not in karin.page.url


def test_omar_loses_the_line_while_sending(omar: Person, open_house: Answering) -> None:
    before = counted(open_house, "open")[0]
    omar.opens("/s/froso")
    omar.begins()
    omar.chooses("Ja")
    omar.goes_on(8)
    cut = omar.page.context

    def let_through_but_lose_the_reply(route: Route) -> None:
        route.fetch(max_redirects=0)
        route.abort()

    cut.route("**/s/froso/sv", let_through_but_lose_the_reply)
    omar.presses("Skicka svaren")
    omar.page.wait_for_selector("#problem")
    assert "Vi vet inte om dina svar kom fram. De är kvar här." in omar.sees()
    cut.unroute("**/s/froso/sv")
    omar.page.wait_for_url("**/thanks")
    assert counted(open_house, "open")[0] == before + 1


def test_omar_sends_when_the_database_is_locked_and_again_when_it_is_not(
    omar: Person, open_house: Answering, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise DatabaseUnavailable("locked")

    before = counted(open_house, "open")[0]
    omar.opens("/s/froso")
    omar.begins()
    omar.chooses("Nej")
    omar.goes_on(8)
    with monkeypatch.context() as locked:
        locked.setattr(submit, "accept", refuse)
        omar.presses("Skicka svaren")
        omar.page.wait_for_selector("text=Dina svar kunde inte sparas")
        assert "Inget är sparat. Dina svar är kvar" in omar.sees()
        assert len(omar.chosen()) == 1, "our own error leaves the form where it is too"
    omar.page.wait_for_url("**/thanks")
    assert counted(open_house, "open")[0] == before + 1


def test_what_is_sent_has_one_length_whatever_was_answered(omar: Person) -> None:
    lengths = set()
    for choices in ((), ("Ja",), ("Delvis", "Nej", "Ja", "Vet inte")):
        omar.opens("/s/froso")
        omar.begins()
        for choice in choices:
            omar.chooses(choice)
            omar.goes_on()
        while not omar.page.is_visible(".send"):
            omar.goes_on()
        omar.page.click(".send")
        omar.page.wait_for_selector("#problem, h1:text-is('Tack')")
        (body,) = [request.post_data for request in omar.asked if request.method == "POST"]
        lengths.add(len(body or ""))
        omar.asked.clear()
    assert lengths == {1024}
