"""A new unit lead with ten minutes and no training: from the sign-in to what is to be handed out.

Each press is counted where the browser counts it, so a step that is added is seen.
"""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from survey.domain.rounds.access_codes import normalise
from survey.worker.sending.sender_threads import run_turn, senders
from tests.answering import UNIT, Answering, make_answering
from tests.browser.person import Person, Presses, a_person, presses_in, served
from tests.care_unit.conftest import with_people
from tests.care_unit.post_office import PostOffice, mail_settings
from tests.care_unit.printed import squares, words
from tests.followup.staffed import PASSWORD

pytestmark = pytest.mark.browser
SLIPS, PRESSES_FOR_SLIPS = 50, 5
MAILS, PRESSES_FOR_MAILS = 200, 5
SECONDS = 60.0


@pytest.fixture
def house(tmp_path: Path, office: PostOffice) -> Answering:
    """A house that can send, with a unit lead."""
    settings = mail_settings(office.port) + "mail_per_minute = 60000\n"
    return with_people(make_answering(tmp_path / "instance", open_link=True, part="all", config=settings))


@pytest.fixture
def address(house: Answering) -> Iterator[str]:
    """Where it is served."""
    with served(house.app) as found:
        yield found


class Lead(Person):
    """A unit lead, whose presses are counted."""

    counted: Presses

    def signs_in(self) -> None:
        """From the first page of the staff side."""
        self.opens("/staff/sign-in")
        self.page.fill("#email", "frida@froso.example")
        self.page.fill("#password", PASSWORD)
        self.page.click("button.button-primary")
        self.page.wait_for_url(f"**/staff/unit/{UNIT}")


@pytest.fixture
def frida(browser: Browser, address: str) -> Lead:
    """At the sign-in page, on the unit's computer."""
    someone = a_person(browser, address, width=1100, height=900)
    lead = Lead(someone.page, address)
    lead.counted = presses_in(lead.page)
    return lead


def test_fifty_slips_in_three_languages(frida: Lead) -> None:
    began = time.monotonic()
    frida.signs_in()
    frida.presses("Lappar att klippa isär")
    for language in ("English", "العربية"):
        frida.page.get_by_label(language).check()
    assert frida.page.input_value("#count") == str(SLIPS)
    with frida.page.expect_download(timeout=SECONDS * 1_000) as waited:
        frida.presses("Gör lapparna")
    sheet = waited.value.path().read_bytes()
    assert time.monotonic() - began < SECONDS
    assert frida.counted.made == PRESSES_FOR_SLIPS
    assert len(set(squares(sheet))) == SLIPS
    assert all("Sju frågor om din vård" in page and "Seven questions" in page for page in words(sheet))
    assert frida.complaints == []


def test_two_hundred_letters_by_mail(frida: Lead, house: Answering, office: PostOffice) -> None:
    began = time.monotonic()
    frida.signs_in()
    frida.presses("E-post")
    frida.page.fill("#list", "\n".join(f"mottagare{n}@hemma.example" for n in range(MAILS)))
    frida.page.locator("button.button-primary").click()
    frida.presses("Skicka till 200")
    frida.page.wait_for_url(f"**/staff/unit/{UNIT}")
    assert "200 meddelanden är på väg" in frida.sees()
    (mail,) = senders(house.house.engine, house.house.settings, house.house.volumes)
    while run_turn(mail, house.house.today()):
        pass
    assert time.monotonic() - began < SECONDS
    assert frida.counted.made <= PRESSES_FOR_MAILS
    sent = [each.get_content() for each in office.taken]
    codes = {normalise(line) for text in sent for line in text.splitlines() if "#" in line}
    assert len(sent) == len(codes) == MAILS
