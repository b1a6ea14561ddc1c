"""A passkey in Chromium with a virtual device: added, used as the second step and alone, and refused plainly."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, CDPSession, Page

from tests.browser.axe import violations
from tests.browser.person import served
from tests.followup.staffed import PASSWORD, PEOPLE, furnish_instance

pytestmark = pytest.mark.browser


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with served(furnish_instance(tmp_path, 1)) as found:
        yield found.replace("127.0.0.1", "localhost")  # a passkey belongs to a name


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="sv-SE")
    yield context.new_page()
    context.close()


def with_device(page: Page) -> tuple[CDPSession, str]:
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    kind = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options = {**kind, "isUserVerified": True, "automaticPresenceSimulation": True}
    return device, device.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


def sign_in(page: Page, address: str) -> None:
    page.goto(f"{address}/staff/sign-in")
    page.fill("#email", PEOPLE["Freja"][0])
    page.fill("#password", PASSWORD)
    page.click("form.sign-in button.button-primary")


def press(page: Page) -> None:
    page.click("form[data-passkey] button")


def test_a_passkey_is_added_and_used(page: Page, address: str) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    device, number = with_device(page)
    sign_in(page, address)
    page.goto(f"{address}/staff/account/second-factor/passkey")
    page.fill("#label", "Min dator")
    press(page)
    page.wait_for_selector("ol.codes")
    page.click("header form[action$='sign-out'] button")
    page.wait_for_url(re.compile("sign-in"))
    sign_in(page, address)
    page.wait_for_url(re.compile("/staff/second-step$"))
    press(page)
    page.wait_for_url(re.compile("/staff/followup"))
    page.click("header form[action$='sign-out'] button")
    page.wait_for_url(re.compile("sign-in"))
    page.click("text=Logga in med nyckel")
    press(page)
    page.wait_for_url(re.compile("/staff/followup"))
    assert complaints == []
    page.goto(f"{address}/staff/passkey")
    device.send("WebAuthn.setUserVerified", {"authenticatorId": number, "isUserVerified": False})
    press(page)
    page.wait_for_selector("form[data-passkey] [role=alert]:visible")
    assert "Enheten gav ingen nyckel" in page.inner_text("form[data-passkey] [role=alert]")


def test_without_script_the_page_says_so(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="sv-SE")
    page = context.new_page()
    page.goto(f"{address}/staff/passkey")
    assert page.is_disabled("form[data-passkey] button")
    assert "behöver skript" in page.inner_text("main")
    context.close()


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1100, "light")])
def test_the_pages_of_the_account_break_no_rule(browser: Browser, address: str, width: int, scheme: str) -> None:
    habits = {"color_scheme": scheme, "viewport": {"width": width, "height": 800}}
    context = browser.new_context(locale="sv-SE", **habits)
    page = context.new_page()
    sign_in(page, address)
    account = f"{address}/staff/account"
    factors = f"{account}/second-factor"
    for each in (f"{account}/", f"{account}/password", f"{account}/confirm", factors, f"{factors}/authenticator"):
        looked_at(page, each, width)
    for each in (f"{factors}/passkey", f"{address}/staff/passkey"):
        looked_at(page, each, width)
    context.close()


def looked_at(page: Page, address: str, width: int) -> None:
    page.goto(address)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
