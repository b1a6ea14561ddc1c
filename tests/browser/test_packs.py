"""Meeting packs in a browser: made, written, frozen and read; every page accessible, and within a phone's width."""

import time
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import violations
from tests.browser.person import presses_in, served
from tests.care_unit.printed import faults, language, opened, words
from tests.followup.staffed import PASSWORD, PEOPLE, furnish_instance

pytestmark = pytest.mark.browser
EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
PACKS = "/staff/followup/packs"
WIDTHS = (360, 1100)
SECONDS = 60.0


def looked_at(page: Page, address: str) -> None:
    """The page at both widths: no fault, nothing that sticks out, no picture that does not show."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(address)
        assert violations(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (address, width)
        assert page.evaluate("[...document.images].every((each) => each.naturalWidth > 0)"), address


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """A page in which Freja is signed in, with two published rounds to read."""
    with served(furnish_instance(tmp_path / "packs", 2)) as address:
        context = browser.new_context(base_url=address, locale="sv-SE")
        opened_page = context.new_page()
        opened_page.goto("/staff/sign-in")
        opened_page.fill("#email", PEOPLE["Freja"][0])
        opened_page.fill("#password", PASSWORD)
        opened_page.click("button.button-primary")
        yield opened_page
        context.close()


def test_a_pack_is_made_and_frozen_without_script(page: Page) -> None:
    page.goto(f"{PACKS}/new")
    page.fill("#title", "Fredagsgruppen i maj")
    page.click("button.button-primary")
    page.wait_for_selector("#introduction")
    draft = page.url
    page.fill("#comment_trygghet", "Inte sparat för sig.")
    page.fill("#text", "Ringa upp alla")
    page.fill("#who", "Närvårdschefen")
    page.click("text=Lägg till beslutet")
    for address in (f"{PACKS}/", f"{PACKS}/new", draft, f"{draft}/content", f"{draft}/preview"):
        looked_at(page, address)
    page.goto(draft)
    page.fill("#introduction", "Skrivet strax innan.")
    page.click("button[formaction$=freeze]")
    for address in (draft, f"{draft}/pack.html", f"{PACKS}/", "/staff/followup/resident-message/h22"):
        looked_at(page, address)
    page.goto(f"{draft}/pack.html")
    for said in ("Inte sparat för sig.", "Ringa upp alla", "Skrivet strax innan."):
        assert said in page.inner_text("main")
    # The page's own style counts under the policy it is sent with.
    assert page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth") != "none"


def test_from_the_sign_in_to_the_summary_and_a_printed_pack(browser: Browser, tmp_path: Path) -> None:
    with served(furnish_instance(tmp_path / "walk")) as address:
        context = browser.new_context(base_url=address, locale="sv-SE")
        page = context.new_page()
        presses, began = presses_in(page), time.monotonic()
        page.goto("/staff/sign-in")
        page.fill("#email", PEOPLE["Freja"][0])
        page.fill("#password", PASSWORD)
        page.click("button.button-primary")
        expect(page.locator("#largest")).to_be_visible()
        assert (presses.made, time.monotonic() - began < SECONDS) == (1, True)
        page.click("text=Mötespaket och vad invånarna får veta")
        page.click("text=Gör ett nytt mötespaket")
        page.fill("#title", "Fredagsgruppen i november")
        page.click("button.button-primary")
        page.fill("#introduction", "Det här läste vi.")
        page.click("button[formaction$=freeze]")
        with page.expect_download(timeout=SECONDS * 1_000) as waited:
            page.click("text=Hämta paketet som PDF")
        pack = waited.value.path().read_bytes()
        assert (presses.made, time.monotonic() - began < SECONDS) == (6, True)
        context.close()
    assert "Fredagsgruppen i november" in words(pack)[0] and "Det här läste vi." in words(pack)[0]
    assert faults(pack) == []


def test_the_committed_example_is_accessible_and_needs_nothing(browser: Browser) -> None:
    context = browser.new_context(offline=True, java_script_enabled=True)
    try:
        looked_at(context.new_page(), (EXAMPLES / "example-pack.html").as_uri())
    finally:
        context.close()


def test_a_fault_in_the_example_would_be_found(browser: Browser, tmp_path: Path) -> None:
    spoilt = (EXAMPLES / "example-pack.html").read_text(encoding="utf-8").replace('<html lang="sv"', "<html", 1)
    (tmp_path / "spoilt.html").write_text(spoilt, encoding="utf-8")
    context = browser.new_context(offline=True)
    try:
        with pytest.raises(AssertionError):
            looked_at(context.new_page(), (tmp_path / "spoilt.html").as_uri())
    finally:
        context.close()


def test_the_committed_pdf_opens_with_title_language_and_tags() -> None:
    pdf = (EXAMPLES / "example-pack.pdf").read_bytes()
    with opened(pdf) as document:
        assert document.get_metadata_dict()["Title"].startswith("Fredagsgruppen (exempel)")
        assert language(document) == "sv"
        assert pypdfium2.raw.FPDFCatalog_IsTagged(document)
    assert "Påhittade svar" in words(pdf)[0]
    assert faults(pdf) == []
