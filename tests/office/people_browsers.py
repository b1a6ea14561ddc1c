"""A house with two coordinators and others, and browsers in which they are signed in. For the tests of accounts."""

from flask import Flask

from survey.store import people
from survey.store.engine import reading, writing
from survey.store.people import Person
from survey.web.house import House
from tests.followup.staffed import HASH, StaffBrowser

SECOND = "siv@region.example"


def house_of(app: Flask) -> House:
    """What the app was made with."""
    found: House = app.extensions["house"]
    return found


def person(app: Flask, email: str) -> Person | None:
    """The account with this address."""
    with reading(house_of(app).engine) as connection:
        return people.person_by_email(connection, email)


def number(app: Flask, email: str) -> int:
    """The number that this account's pages have."""
    found = person(app, email)
    assert found
    return found.id


def add(app: Flask, email: str, role: str = "coordinator", place: str = "jh") -> None:
    """Add an account as the command line does."""
    with writing(house_of(app).engine) as connection:
        people.add_person(connection, email, HASH, role, place)


def enter(app: Flask, who: str) -> StaffBrowser:
    """A browser in which they are signed in."""
    browser = StaffBrowser(app)
    browser.sign_in(who)
    return browser
