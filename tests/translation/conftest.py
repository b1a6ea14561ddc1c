"""A staff side with two translators of Arabic and one qualified, and what they do there."""

import re
from pathlib import Path

import pytest
from flask import Flask

from survey.store.core import rounds
from survey.store.database.engine import write_transaction
from survey.store.staff import accounts
from survey.store.tables import round_
from survey.web.i18n import approved_texts, catalogs
from survey.web.i18n.language import Language, languages, load_languages
from survey.web.request.services import Services
from tests.factories import make_round
from tests.followup.staffed import HASH, StaffBrowser, furnish_instance
from tests.language_folders import copy_shipped
from tests.reader import Page

AT = "/staff/translation/"
TRANSLATORS = {"Tua": "tua@region.example", "Ted": "ted@region.example"}


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """A staff app between rounds."""
    app = furnish_instance(tmp_path, 1)
    services: Services = app.extensions["services"]
    with write_transaction(services.engine) as connection:
        for email in TRANSLATORS.values():
            accounts.add_account(connection, email, HASH, "translator", "jh", language="ar")
    return app


def enter(app: Flask, who: str) -> StaffBrowser:
    """A browser in which this translator is signed in."""
    browser = StaffBrowser(app)
    browser.sign_in(TRANSLATORS[who])
    return browser


@pytest.fixture
def tua(app: Flask) -> StaffBrowser:
    return enter(app, "Tua")


@pytest.fixture
def ted(app: Flask) -> StaffBrowser:
    return enter(app, "Ted")


def groups_on(page: Page) -> list[str]:
    """The addresses of the groups of texts on a translator's first page."""
    return sorted(set(re.findall(rf'href="({AT}texts/[^"]+)"', page.text)))


def approve_all(browser: StaffBrowser) -> None:
    """Approve every group, a page at a time."""
    for address in groups_on(browser.get(AT)):
        if "Godkänn alla texter här" in browser.get(address).words():
            browser.post(address, {})


def arabic(app: Flask) -> Language:
    """Arabic as residents meet it at this moment."""
    with app.app_context():
        approved_texts.invalidate()
        approved_texts.refresh()
        return languages()["ar"]


def ask(app: Flask, state: str) -> None:
    """Let a round ask the units, or be over."""
    services: Services = app.extensions["services"]
    with write_transaction(services.engine) as connection:
        if rounds.get_round(connection, "nu") is None:
            rounds.add_round(connection, make_round("nu", state=state))
        connection.execute(round_.update().where(round_.c.key == "nu").values(state=state))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the shipped languages, which the pages go by."""
    return copy_shipped(tmp_path, monkeypatch)


def load(app: Flask, folder: Path) -> None:
    """Let the app have the languages of this folder, as after a start."""
    loaded = load_languages(folder)
    app.extensions |= {"languages": loaded, "shipped_languages": loaded, "language_offers": {}}


def sent(app: Flask, folder: Path, content: bytes) -> None:
    """Put a catalog of Arabic in the folder, and start with it."""
    (folder / "ar" / catalogs.PO).write_bytes(content)
    load(app, folder)


def changed(folder: Path, text: str, turned: str) -> bytes:
    """The Arabic catalog with one text turned otherwise."""
    catalog = catalogs.read_catalog(folder / "ar" / catalogs.PO)
    catalog[text].string = turned
    return catalogs.written(catalog, "ar")
