"""A pile of paper forms is keyed in: each in one screen of a usual laptop, with number keys, or without script."""

import time
from collections.abc import Iterator

import pytest
from flask import request
from playwright.sync_api import Browser, Page, expect

from survey.store.channels import issued_codes
from survey.store.database.engine import write_transaction
from tests.answering import ROUND, UNIT, Answering, counted, make_answering
from tests.browser.person import served
from tests.browser.staff_pages import faults, signed_in, with_everyone

pytestmark = pytest.mark.browser
# What a browser leaves of a screen of 1366 by 768.
LAPTOP = {"width": 1366, "height": 625}
SLOW = 0.15


@pytest.fixture
def made(tmp_path_factory: pytest.TempPathFactory) -> Answering:
    """A unit that has printed forms. Its script is slow on its way: no key may be lost to that."""
    made = with_everyone(make_answering(tmp_path_factory.mktemp("keying") / "a", open_link=True, part="all"))
    with write_transaction(made.house.engine) as connection:
        for role in ("patient", "provider"):
            issued_codes.add(connection, 40, unit=UNIT, round=ROUND, role=role, channel=issued_codes.PAPER)
    made.app.before_request(lambda: time.sleep(SLOW) if request.path.endswith("keying.js") else None)
    return made


@pytest.fixture
def address(made: Answering) -> Iterator[str]:
    """Where it is served."""
    with served(made.app) as found:
        yield found


def at_the_pile(browser: Browser, address: str, language: str = "sv", role: str = "patient") -> Page:
    """A laptop with the form on its screen."""
    page = signed_in(browser, address, "Frida", language, LAPTOP["width"])
    page.set_viewport_size({"width": LAPTOP["width"], "height": LAPTOP["height"]})
    page.goto(f"/staff/unit/{UNIT}/paper/{role}")
    return page


def chosen(page: Page) -> dict[str, str]:
    """The answers that stand in the form."""
    checked = "[...document.querySelectorAll('input:checked')].map((each) => [each.name, each.value])"
    found: dict[str, str] = page.evaluate(f"Object.fromEntries({checked})")
    return {name: value for name, value in found.items() if value}


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("role", ["patient", "provider"])
def test_a_form_is_one_screen_also_after_one_is_done(browser: Browser, address: str, language: str, role: str) -> None:
    page = at_the_pile(browser, address, language, role)
    for done in range(2):
        assert page.evaluate("document.documentElement.scrollHeight") <= LAPTOP["height"]
        bottom = "document.querySelector('.button-primary').getBoundingClientRect().bottom"
        assert page.evaluate(bottom) <= LAPTOP["height"]
        assert faults(page) == []
        page.keyboard.press("1")
        page.click("button.button-primary")
        expect(page.locator("#said b")).to_contain_text(str(done + 1))
    page.context.close()


def test_number_keys_answer_and_go_on_and_enter_locks(browser: Browser, address: str, made: Answering) -> None:
    page = at_the_pile(browser, address)
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text))
    page.keyboard.type("1203 9")  # no question has nine answers
    told = {"trygghet": "yes", "overenskommelse": "partly", "fast_vardkontakt": "not_needed"}
    assert chosen(page) == told
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    page.keyboard.type("1")
    assert chosen(page)["fast_vardkontakt"] == "yes"
    page.keyboard.press("Enter")
    expect(page.locator("button.button-primary")).to_be_focused()
    assert counted(made, "paper") == (0, 0)
    page.keyboard.press("Backspace")
    page.keyboard.type("2")  # helped, the last row
    expect(page.locator("button.button-primary")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_contain_text("Inskrivna nu: 1.")
    expect(page.locator("fieldset input:checked").first).to_be_focused()
    page.keyboard.type("1" * 10)
    expect(page.locator("button.button-primary")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_contain_text("Inskrivna nu: 2.")
    assert counted(made, "paper") == (2, 0)
    assert complaints == []
    page.context.close()


def test_without_script_they_are_plain_choices(browser: Browser, address: str, made: Answering) -> None:
    page = at_the_pile(browser, address)
    context = browser.new_context(
        base_url=address, locale="sv", java_script_enabled=False, storage_state=page.context.storage_state()
    )
    plain = context.new_page()
    plain.goto(page.url)
    expect(plain.locator("#keys")).to_be_hidden()
    expect(plain.locator(".digit").first).to_be_hidden()
    plain.locator("[name=trygghet][value=yes]").check()
    plain.click("button.button-primary")
    expect(plain.locator("#said")).to_contain_text("Inskrivna nu: 1.")
    assert counted(made, "paper") == (1, 0)
    for each in (context, page.context):
        each.close()
