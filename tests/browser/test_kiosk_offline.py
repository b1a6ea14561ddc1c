"""A kiosk without a line, in a real browser: nothing is lost, nothing comes twice, and nothing lies there in clear."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from survey.sealing.intake import envelope
from survey.store.channels import kiosks
from survey.store.database.engine import write_transaction
from tests.answer.test_kiosk import paired, pairing_code
from tests.answer.test_kiosk_queue import later
from tests.answering import TODAY, UNIT, Answering, counted
from tests.browser.person import Person, a_person

pytestmark = pytest.mark.browser


def ready(browser: Browser, address: str, house: Answering) -> tuple[Person, str]:
    """A device that has been paired, and has put its pages aside."""
    person, start = a_person(browser, address), paired(house)
    person.opens(f"{start}/paired")
    # Every page in every language is drawn for the first time, and put aside.
    person.page.wait_for_selector("#able", state="visible", timeout=60_000)
    person.presses("Visa startsidan")
    person.page.wait_for_selector("[data-language]")
    return person, start


def answers(person: Person, language: str) -> None:
    """From the start to the thank-you, with a yes to the first question."""
    person.presses(language)
    person.page.wait_for_selector(".next")
    person.goes_on()
    person.page.locator(".is-current label.choice").first.click()
    person.goes_on(8)
    person.page.click(".send")
    person.page.wait_for_selector("#said[value^=kept]", state="attached")


def test_answers_without_a_line_come_when_it_is_back(browser: Browser, address: str, house: Answering) -> None:
    person, _start = ready(browser, address, house)
    person.page.context.set_offline(True)
    for language in ("Svenska", "English", "العربية"):
        answers(person, language)
        if language == "Svenska":
            assert "sparade på surfplattan" in person.sees()
        person.page.click("[data-leave]")
        person.page.wait_for_selector("[data-language]")
    assert counted(house, "open") == (0, 0)
    person.page.context.set_offline(False)
    for _ in range(100):
        if counted(house, "open") == (3, 0):
            break
        person.page.wait_for_timeout(100)
    assert counted(house, "open") == (3, 0)


# From the test vectors of RFC 9180 (cfrg/draft-irtf-cfrg-hpke, test-vectors.json): base mode, DHKEM(X25519,
# HKDF-SHA256), HKDF-SHA256, AES-256-GCM, the first of its encryptions.
VECTOR = {
    "info": "4f6465206f6e2061204772656369616e2055726e",
    "skEm": "179d4b53b6365c45b600c4163b61d95cbc2f4d9e36f1695558dce265ab8bab11",
    "pkEm": "6c93e09869df3402d7bf231bf540fadd35cd56be14f97178f0954db94b7fc256",
    "pkRm": "430f4b9859665145a6b1ba274024487bd66f03a2dd577d7753c68d7d7d00c00c",
    "aad": "436f756e742d30",
    "pt": "4265617574792069732074727574682c20747275746820626561757479",
    "ct": "e5d84cd531cfb583096e7cfa9641bd3079cf3a91cda813c52deb5f512be9931980a41de125a925cdad859d5b7a",
}
SEAL = """async (vector) => {
  const hex = (text) => new Uint8Array(text.match(/../g).map((pair) => parseInt(pair, 16)));
  const toText = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const swapped = { '+': '-', '/': '_', '=': '' };
  const url = (bytes) => btoa(String.fromCharCode(...bytes)).replace(/[+/=]/g, (sign) => swapped[sign]);
  const { info, skEm, pkEm, pkRm, aad, pt } = vector;
  const jwk = { kty: 'OKP', crv: 'X25519', x: url(hex(pkEm)) };
  const publicKey = await crypto.subtle.importKey('jwk', jwk, 'X25519', true, []);
  const own = { ...jwk, d: url(hex(skEm)) };
  const privateKey = await crypto.subtle.importKey('jwk', own, 'X25519', true, ['deriveBits']);
  return toText(await self.kioskSeal.seal(hex(pt), hex(pkRm), hex(info), { publicKey, privateKey }, hex(aad)));
}"""


def test_the_seal_is_rfc_9180s_to_the_byte(browser: Browser, address: str, house: Answering) -> None:
    person, _start = ready(browser, address, house)
    assert person.page.evaluate(SEAL, VECTOR) == VECTOR["pkEm"] + VECTOR["ct"]


def test_the_servers_own_hpke_opens_what_the_browser_seals(browser: Browser, address: str, house: Answering) -> None:
    person, _start = ready(browser, address, house)
    key = envelope.new_key()
    for length in (0, 1, 384):
        sealed = person.page.evaluate(
            """async ([key, length]) => [...await self.kioskSeal.seal(
              new Uint8Array(length).fill(7), new Uint8Array(key), new TextEncoder().encode('frösö'))]""",
            [list(key.public_key().public_bytes_raw()), length],
        )
        assert envelope.open_(bytes(sealed), key, "frösö") == b"\7" * length


def test_an_empty_form_is_told_of_without_a_line(browser: Browser, address: str, house: Answering) -> None:
    person, _start = ready(browser, address, house)
    person.page.context.set_offline(True)
    person.presses("Svenska")
    person.page.wait_for_selector(".next")
    person.goes_on(9)
    person.page.click(".send")
    person.page.wait_for_selector("#problem")
    assert "Du har inte svarat på någon fråga" in person.sees()


def test_when_nothing_can_be_kept_here_it_is_sent_as_it_is(browser: Browser, address: str, house: Answering) -> None:
    person, _start = ready(browser, address, house)
    person.page.evaluate("void (IDBObjectStore.prototype.put = () => { throw new Error('no room'); })")
    answers(person, "Svenska")
    assert "mottagna och låsta" in person.sees()
    assert counted(house, "open") == (1, 0)


def test_with_a_line_the_server_has_it_before_the_thanks(browser: Browser, address: str, house: Answering) -> None:
    person, _start = ready(browser, address, house)
    answers(person, "Svenska")
    assert "mottagna och låsta" in person.sees()
    assert counted(house, "open") == (1, 0)


def test_an_old_browser_is_told_so_and_works_with_a_line(browser: Browser, address: str, house: Answering) -> None:
    person, start = a_person(browser, address), paired(house)
    person.page.add_init_script("crypto.subtle.generateKey = () => Promise.reject(new Error('X25519'))")
    person.opens(f"{start}/paired")
    person.page.wait_for_selector("#unable", state="visible")
    assert not person.page.is_visible("#able") and not person.page.is_visible("#lasting")
    person.presses("Visa startsidan")
    answers(person, "English")
    assert counted(house, "open") == (1, 0)


def test_after_the_last_day_the_tablet_rests_by_itself(browser: Browser, address: str, house: Answering) -> None:
    person, _start = ready(browser, address, house)
    person.page.context.set_offline(True)
    ahead = (date(2026, 10, 16) - TODAY).days
    person.page.clock.set_system_time(datetime.now(UTC) + timedelta(ahead))
    person.presses("Svenska")
    person.page.wait_for_selector("text=Ingen enkät just nu")


def test_two_pages_of_one_tablet_send_each_answer_once(browser: Browser, address: str, house: Answering) -> None:
    person, start = ready(browser, address, house)
    person.page.context.set_offline(True)
    answers(person, "Svenska")
    other = person.page.context.new_page()
    other.goto(address + start)
    person.page.context.set_offline(False)
    for page in (person.page, other, person.page):
        page.evaluate("self.kioskQueue.report()")
    assert counted(house, "open") == (1, 0)


def test_what_was_sent_is_kept_for_a_week_and_no_time_lies_with_it(
    browser: Browser, address: str, house: Answering
) -> None:
    person, _start = ready(browser, address, house)
    answers(person, "Svenska")
    stored = """async () => (await new Promise((resolve) => {
      const asked = indexedDB.open('kiosk', 1);
      asked.onsuccess = () => {
        const all = asked.result.transaction('answers').objectStore('answers').getAll();
        all.onsuccess = () => resolve(all.result);
      };
    })).map((each) => [Object.keys(each).sort().join(' '), each.state])"""
    seen = []
    for days in (0, 7, 7, 14):
        later(house, TODAY + timedelta(days))
        person.page.evaluate("self.kioskQueue.report()")
        seen.append(person.page.evaluate(stored))
    names = "mark round sealed state unit"
    assert seen == [[[names, "sent"]], [[names, "old"]], [[names, "old"]], []]


def pairs(person: Person, house: Answering) -> str:
    """Type a code, wait until all is put aside, and show the start; its path."""
    person.page.fill("#code", pairing_code(house))
    person.presses("Koppla")
    assert not person.page.is_visible("[data-start]"), "there is nothing to show yet"
    person.page.wait_for_selector("[data-start]", timeout=60_000)
    person.presses("Visa startsidan")
    return shown_start(person)


def shown_start(person: Person) -> str:
    """The path of the start that comes up."""
    person.page.wait_for_selector("[data-language]")
    return urlsplit(person.page.url).path


@pytest.fixture
def tablet(browser: Browser, address: str) -> Person:
    """One that is about to be paired."""
    person = a_person(browser, address)
    person.opens("/kiosk")
    return person


@pytest.mark.parametrize("offline", [False, True])
def test_nothing_behind_the_start_shows_how_it_was_paired(offline: bool, tablet: Person, house: Answering) -> None:
    start = pairs(tablet, house)
    tablet.page.context.set_offline(offline)
    tablet.page.go_back()
    assert shown_start(tablet) == start


@pytest.mark.parametrize(("path", "offline"), [("/kiosk", False), ("/kiosk", True), ("{}/paired", True)])
def test_an_address_of_the_pairing_shows_a_paired_tablets_start(
    path: str, offline: bool, tablet: Person, house: Answering
) -> None:
    start = pairs(tablet, house)
    tablet.page.context.set_offline(offline)
    tablet.opens(path.format(start))
    assert shown_start(tablet) == start


def test_a_tablet_that_was_let_go_can_be_paired_again_where_it_stands(tablet: Person, house: Answering) -> None:
    first = pairs(tablet, house)
    with write_transaction(house.house.engine) as connection:
        [device] = kiosks.of_unit(connection, UNIT, "")
        kiosks.revoke(connection, device.id, UNIT)
    tablet.opens("/kiosk")
    tablet.presses("Koppla den här surfplattan")
    assert pairs(tablet, house) != first
