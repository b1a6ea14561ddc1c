"""For every test of the follow-up: one app with five published rounds, and people who sign in by name."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.followup.staffed import StaffBrowser, furnish_instance


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Five published rounds."""
    return furnish_instance(tmp_path_factory.mktemp("followup"))


@pytest.fixture
def as_person(app: Flask) -> Callable[[str], StaffBrowser]:
    """A browser in which the person of this name is signed in."""

    def enter(name: str, language: str = "sv") -> StaffBrowser:
        browser = StaffBrowser(app, language)
        browser.sign_in(name)
        return browser

    return enter
