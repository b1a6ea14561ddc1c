"""Every page of the staff side that can be opened by its address, and who opens it there.

For the tests of looks and for the pictures of `docs/screenshots.md`.
"""

from dataclasses import replace
from datetime import date
from pathlib import Path

from playwright.sync_api import Browser, Page
from sqlalchemy import Connection

from survey.domain.staff.translation_approvals import fingerprint
from survey.store.answers import batches
from survey.store.answers.batches import Batch
from survey.store.core import rounds
from survey.store.database.engine import write_transaction
from survey.store.published import editions, reflections
from survey.store.staff import accounts
from tests.answering import ROUND, UNIT, Answering, make_answering, the_round
from tests.browser.axe import violations
from tests.care_unit.conftest import PEOPLE, with_people
from tests.followup.staffed import HASH, PASSWORD

AUDITOR, TRANSLATOR = "ada@region.example", "tua@region.example"
EMAILS = {name: email for name, (email, *_rest) in PEOPLE.items()} | {"Ada": AUDITOR, "Tua": TRANSLATOR}

UNIT_PAGES = {
    "unit": f"/staff/unit/{UNIT}",
    **{
        f"unit-{way}": f"/staff/unit/{UNIT}/links/{way}"
        for way in ("slips", "mail", "sms", "letters", "file", "poster", "inbox", "paper")
    },
    "unit-keying-in": f"/staff/unit/{UNIT}/paper/patient",
    "forgotten": "/staff/forgotten",
    "account": "/staff/account/",
    "account-password": "/staff/account/password",
    "account-second-factor": "/staff/account/second-factor",
    "account-authenticator": "/staff/account/second-factor/authenticator",
    "account-passkey": "/staff/account/second-factor/passkey",
}
OFFICE_PAGES = {
    "office": "/staff/admin/",
    "office-places": "/staff/admin/places/",
    "office-place": f"/staff/admin/places/{UNIT}",
    "office-place-end": f"/staff/admin/places/{UNIT}/end",
    "office-place-merge": f"/staff/admin/places/{UNIT}/merge",
    "office-import": "/staff/admin/import-places",
    "office-rounds": "/staff/admin/rounds/",
    "office-round": f"/staff/admin/rounds/{ROUND}",
    "office-round-close": f"/staff/admin/rounds/{ROUND}/close",
    "office-new-round": "/staff/admin/new-round",
    "office-people": "/staff/admin/people/",
    "office-person": "/staff/admin/people/1",
    "office-invite": "/staff/admin/people/invite",
    "office-invite-file": "/staff/admin/people/file",
    "office-texts": "/staff/admin/texts/",
    "office-languages": "/staff/admin/languages",
}
TRANSLATOR_PAGES = {
    "translation": "/staff/translation/",
    "translation-group": "/staff/translation/texts/sheet",
    "translation-text": f"/staff/translation/text/{fingerprint('Nästa')}",
    "translation-file": "/staff/translation/file",
    "translation-pages": "/staff/translation/pages/",
}
PAGES: dict[str, tuple[str, str]] = {
    **{name: ("Frida", address) for name, address in UNIT_PAGES.items()},
    **{name: ("Siv", address) for name, address in OFFICE_PAGES.items()},
    **{name: ("Tua", address) for name, address in TRANSLATOR_PAGES.items()},
    "audit": ("Ada", "/staff/audit/"),
    "audit-codes": ("Ada", "/staff/audit/codes"),
}
# Sending needs somebody to send through.
CONFIG = (
    'mail_host = "127.0.0.1"\nmail_port = 25\nmail_sender = "svara@region.example"\n'
    'sms_url = "http://127.0.0.1:9/"\nsms_fields = ["to={number}", "text={text}"]\n'
)


def with_everyone(made: Answering) -> Answering:
    """The same house, with an account for each who opens a page."""
    with_people(made)
    with write_transaction(made.house.engine) as connection:
        accounts.add_account(connection, AUDITOR, HASH, "auditor", "jamtland-harjedalen")
        accounts.add_account(connection, TRANSLATOR, HASH, "translator", "jamtland-harjedalen", language="ar")
    return made


def _add_past_rounds(connection: Connection) -> None:
    """A round that the unit has a result of, and one that waits to be published."""
    for number, state in enumerate(("published", "closed"), 1):
        key = f"2025-{number}"
        name, opens, closes = f"Omgång {number}, våren 2025", date(2025, number, 1), date(2025, number, 20)
        rounds.add_round(connection, replace(the_round(), key=key, name=name, opens=opens, closes=closes, state=state))
        batch = Batch(key, UNIT, key, "patient", "open", b"k" * 32, accepted=30, counted=30, state="closed")
        batches.add_batches(connection, [batch])
    editions.add(connection, "2025-1", '{"number": 1}', "0" * 64, date(2025, 3, 1))
    reflections.save(connection, UNIT, "2025-1", thoughts="", improvement="Samma kontakt varje gång")


def whole_house(folder: Path) -> Answering:
    """A house where something can be done on every page and something stands in every table."""
    made = with_everyone(make_answering(folder, open_link=True, part="all", config=CONFIG))
    with write_transaction(made.house.engine) as connection:
        _add_past_rounds(connection)
    return made


def faults(page: Page) -> list[str]:
    """What axe finds on the page as it stands, and whether anything sticks out sideways."""
    said = [f"{page.url} {each}" for each in violations(page)]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        said.append(f"{page.url} sticks out sideways")
    hidden = page.evaluate("[...document.querySelectorAll('.table-scroll')].filter((each) => each.tabIndex < 0).length")
    return [*said, *[f"{page.url} has a table that the keyboard can't reach"] * hidden]


def signed_in(browser: Browser, address: str, name: str, language: str, width: int, *, dark: bool = False) -> Page:
    """A new browser in which the person of this name, or of this address, is signed in."""
    context = browser.new_context(
        base_url=address,
        locale=language,
        viewport={"width": width, "height": 800},
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto("/staff/sign-in")
    page.fill("#email", EMAILS.get(name, name))
    page.fill("#password", PASSWORD)
    page.click("button.button-primary")
    page.wait_for_load_state()
    return page
