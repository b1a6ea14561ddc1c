"""A house with two coordinators and others, and browsers in which they are signed in. For the tests of accounts."""

import re

from flask import Flask

from survey.store.database.engine import read_transaction, write_transaction
from survey.store.staff import accounts
from survey.store.staff.accounts import Account
from survey.web.request.services import Services
from tests.followup.staffed import HASH, StaffBrowser
from tests.reader import Page

SECOND = "siv@region.example"
BOTH = {"password": "fyra ord i en rad", "again": "fyra ord i en rad"}


def house_of(app: Flask) -> Services:
    """What the app was made with."""
    found: Services = app.extensions["services"]
    return found


def person(app: Flask, email: str) -> Account | None:
    """The account with this address."""
    with read_transaction(house_of(app).engine) as connection:
        return accounts.account_by_email(connection, email)


def number(app: Flask, email: str) -> int:
    """The number that this account's pages have."""
    found = person(app, email)
    assert found
    return found.id


def add(app: Flask, email: str, role: str = "coordinator", place: str = "jh") -> None:
    """Add an account as the command line does."""
    with write_transaction(house_of(app).engine) as connection:
        accounts.add_account(connection, email, HASH, role, place)


def enter(app: Flask, who: str) -> StaffBrowser:
    """A browser in which they are signed in."""
    browser = StaffBrowser(app)
    browser.sign_in(who)
    return browser


WAITING = "/staff/admin/waiting/"
LINK = re.compile(r"http://localhost(/staff/(?:invited|new-password))#([\w-]{43})<")


def link_on(page: Page) -> tuple[str, str]:
    """The link that a page shows, once: its address and the secret after the `#`."""
    found = LINK.search(page.text)
    assert found, page.text
    return found[1], found[2]


def hand_over(app: Flask, link: tuple[str, str], fields: dict[str, str] | None = None, status: int = 200) -> Page:
    """What a guest gets who follows the link, or fills in its form."""
    return StaffBrowser(app).post(link[0], {"secret": link[1], **(fields or {})}, status)


def waits(browser: StaffBrowser, words: str = "") -> list[str]:
    """The addresses of the buttons under what waits and has these words."""
    forms = re.findall(r'<form class="form".*?</form>', browser.get(WAITING).text, re.S)
    return [at for form in forms if words in form for at in re.findall(rf'action="({WAITING}[^"]+)"', form)]


def confirms(browser: StaffBrowser, words: str = "", status: int = 302) -> Page:
    """Press Bekräfta under what waits."""
    return browser.post(next(at for at in waits(browser, words) if at.endswith("/confirm")), {}, status)
