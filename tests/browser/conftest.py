"""Chromium, and houses to answer in, served on loopback. Each is made once for all browser tests of a folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.answering import Answering, make_answering
from tests.browser.device import DEVICE, Open
from tests.browser.person import Person, a_person, served
from tests.browser.staff_pages import whole_house
from tests.care_unit.conftest import with_people
from tests.resident_house import ResidentHouse, make_resident_house

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage"]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """What drives the browser."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """The system's Chromium."""
    with playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS) as launched:
        yield launched


@pytest.fixture(scope="session")
def remembering_browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium as people have it: pages that were left may be put aside whole, to be shown again on Back."""
    with playwright.chromium.launch(
        executable_path=CHROMIUM, args=ARGUMENTS, ignore_default_args=["--disable-back-forward-cache"]
    ) as launched:
        yield launched


@pytest.fixture(scope="session")
def invited_house(tmp_path_factory: pytest.TempPathFactory) -> Answering:
    """A round where each answer needs a code."""
    return make_answering(tmp_path_factory.mktemp("browser") / "invited")


@pytest.fixture(scope="session")
def open_house(tmp_path_factory: pytest.TempPathFactory) -> Answering:
    """A round that may be answered without a code."""
    return make_answering(tmp_path_factory.mktemp("browser") / "open", open_link=True)


@pytest.fixture(scope="session")
def demo_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a demo is served, which offers every draft that is whole."""
    with served(make_answering(tmp_path_factory.mktemp("browser") / "demo", open_link=True, demo=True).app) as address:
        yield address


@pytest.fixture(scope="session")
def resident_house(tmp_path_factory: pytest.TempPathFactory) -> ResidentHouse:
    """A demo with something on every page that residents meet."""
    return make_resident_house(tmp_path_factory.mktemp("browser") / "everything")


@pytest.fixture(scope="session")
def resident_address(resident_house: ResidentHouse) -> Iterator[str]:
    """Where it is served."""
    with served(resident_house.made.app) as address:
        yield address


@pytest.fixture(scope="session")
def invited_address(invited_house: Answering) -> Iterator[str]:
    """Where the first house is served."""
    with served(invited_house.app) as address:
        yield address


@pytest.fixture(scope="session")
def open_address(open_house: Answering) -> Iterator[str]:
    """Where the second house is served."""
    with served(open_house.app) as address:
        yield address


@pytest.fixture(scope="module")
def staff_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a house is served whose every staff page has something on it; its tests only look."""
    with served(whole_house(tmp_path_factory.mktemp("staff") / "house").app) as address:
        yield address


@pytest.fixture
def opens(browser: Browser, open_address: str) -> Open:
    """Open the sheet on a device with these voices."""

    def open_(voices: str, path: str = "/s/froso/sv", address: str = open_address) -> Person:
        person = a_person(browser, address)
        person.page.add_init_script(DEVICE % voices)
        person.opens(path)
        return person

    return open_


@pytest.fixture
def house(tmp_path: Path) -> Answering:
    """A house with a unit lead, in a round that may be answered without a code; each test its own."""
    return with_people(make_answering(tmp_path / "instance", open_link=True, part="all"))


@pytest.fixture
def address(house: Answering) -> Iterator[str]:
    """Where it is served."""
    with served(house.app) as found:
        yield found
