"""A draft of a meeting pack is made, written, decided and frozen. For the tests of packs."""

import re
from typing import Any

from flask import Flask

from survey.store.core import places
from survey.store.database.engine import read_transaction
from survey.web.request.services import Services
from tests.followup.staffed import StaffBrowser

PACKS = "/staff/followup/packs"
CHOSEN = {"title": "Fredagsgruppen i maj", "edition": "5", "places": "jh", "units": "brunflo"}


def house_of(app: Flask) -> Services:
    house: Services = app.extensions["services"]
    return house


def unit_name(app: Flask, key: str = "brunflo") -> str:
    with read_transaction(house_of(app).engine) as connection:
        return next(place.name for place in places.all_places(connection) if place.key == key)


def make(browser: StaffBrowser, _app: Flask, **more: Any) -> str:
    """A draft; its address."""
    fields: dict[str, Any] = {**CHOSEN, "edition": "2", "questions": "trygghet", **more}
    page = browser.post(f"{PACKS}/new", fields)
    return str(page.response.location)


def fields_of(browser: StaffBrowser, address: str) -> dict[str, str]:
    """The hidden revision of the draft's form."""
    found = re.search(r'name="revision" value="(\d+)"', browser.get(address).text)
    assert found
    return {"revision": found[1]}


def write(browser: StaffBrowser, address: str, status: int = 302, **texts: str) -> None:
    browser.post(address, fields_of(browser, address) | texts, status)


def decide(browser: StaffBrowser, address: str, decided: str = "Ringa upp alla inom två dagar", due: str = "") -> None:
    browser.post(f"{address}/decisions", {"text": decided, "who": "Närvårdschefen", "due_on": due})


def freeze(browser: StaffBrowser, address: str) -> bytes:
    browser.post(f"{address}/freeze", {})
    return bytes(browser.client.get(f"{address}/pack.html").data)
