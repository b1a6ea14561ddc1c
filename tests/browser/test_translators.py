"""A new translator's walk: from the sign-in to a language that residents may choose, and what withdraws it.

Thai is of class C: two people read every text. Each press is counted where the browser counts it.
"""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from survey.store.database.engine import write_transaction
from survey.store.staff import accounts
from survey.store.tables import round_
from survey.translation.text_groups import GROUPS
from survey.web.i18n import approved_texts, catalogs
from survey.web.i18n.language import load_languages
from tests.answering import Answering, make_answering
from tests.browser.person import Person, Presses, a_person, presses_in, served
from tests.followup.staffed import HASH, PASSWORD
from tests.language_folders import copy_shipped

pytestmark = pytest.mark.browser
TAG, THAI, REGION = "th", "ไทย", "jamtland-harjedalen"
OLD, NEW, NEW_IN_THAI = "Nästa", "Gå vidare", "ไปต่อ"
# to sign in, to open the first part, and to approve each
PRESSES = 2 + len(GROUPS)
SECONDS = 60.0


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the languages, whose Swedish may change."""
    return copy_shipped(tmp_path, monkeypatch)


@pytest.fixture
def house(tmp_path: Path) -> Answering:
    """A house between rounds, with two translators of Thai."""
    made = make_answering(tmp_path / "instance", open_link=True, part="all")
    with write_transaction(made.house.engine) as connection:
        connection.execute(round_.update().values(state="closed"))
        for name in ("tua", "ted"):
            accounts.add_account(connection, f"{name}@region.example", HASH, "translator", REGION, language=TAG)
    return made


@pytest.fixture
def address(house: Answering) -> Iterator[str]:
    """Where it is served."""
    with served(house.app) as found:
        yield found


class Translator(Person):
    """A translator, whose presses are counted, on a screen of this width."""

    counted: Presses

    def signs_in(self, name: str) -> None:
        """From the first page of the staff side to the translators' own."""
        self.opens("/staff/sign-in")
        self.page.fill("#email", f"{name}@region.example")
        self.page.fill("#password", PASSWORD)
        self.page.click("button.button-primary")
        self.page.wait_for_url("**/staff/translation/")

    def approves_all(self) -> None:
        """Part by part, as each leads on to the next."""
        self.presses("Läs det som är kvar")
        while "/texts/" in self.page.url:
            with self.page.expect_navigation():
                self.presses("Godkänn alla texter här")

    def leaves(self) -> None:
        """Close the browser."""
        assert self.complaints == []
        self.page.context.close()


def enters(browser: Browser, address: str, name: str, width: int) -> Translator:
    """A translator at their own page."""
    someone = Translator(a_person(browser, address, width=width, height=800).page, address)
    someone.counted = presses_in(someone.page)
    someone.signs_in(name)
    return someone


def offered(browser: Browser, address: str) -> bool:
    """Whether a resident finds Thai among the languages."""
    resident = a_person(browser, address)
    resident.opens("/privacy/sv")
    names = resident.page.locator("#languages a").all_text_contents()
    resident.page.context.close()
    return THAI in [each.strip() for each in names]


def change_the_source(house: Answering, folder: Path) -> None:
    """Let one Swedish text be another, as a new version of the programme brings it."""
    for path in (folder / catalogs.POT.name, folder / TAG / catalogs.PO):
        catalog = catalogs.read_catalog(path)
        catalog[OLD].string = ""
        catalog[OLD].id = NEW
        path.write_bytes(catalogs.written(catalog, TAG))
    loaded = load_languages(folder)
    house.app.extensions |= {"languages": loaded, "shipped_languages": loaded, "language_offers": {}}
    house.app.extensions["approved_texts"] = approved_texts._Memory()


def test_from_the_sign_in_to_a_language_that_is_offered_and_back(
    browser: Browser, house: Answering, folder: Path, address: str
) -> None:
    assert not offered(browser, address)
    began = time.monotonic()
    tua = enters(browser, address, "tua", 1280)
    assert "Invånarna kan inte välja språket än." in tua.sees()
    tua.approves_all()
    taken = time.monotonic() - began
    assert tua.counted.made <= PRESSES and taken < SECONDS
    print(f"a translator approves a language: {tua.counted.made} presses, {taken:.1f} s")
    assert "Invånarna kan inte välja språket än." in tua.sees() and not offered(browser, address)
    ted = enters(browser, address, "ted", 360)
    ted.approves_all()
    assert "Invånarna kan välja språket." in ted.sees() and offered(browser, address)
    change_the_source(house, folder)
    tua.opens("/staff/translation/")
    assert "Texter som saknas: 1." in tua.sees() and not offered(browser, address)
    tua.presses("Läs det som är kvar")
    tua.presses("Skriv")
    tua.page.fill("#wording", NEW_IN_THAI)
    tua.presses("Spara lydelsen")
    assert "Någon annan behöver också godkänna den." in tua.sees() and not offered(browser, address)
    ted.opens("/staff/translation/")
    ted.approves_all()
    assert "Invånarna kan välja språket." in ted.sees() and offered(browser, address)
    for each in (tua, ted):
        each.leaves()
