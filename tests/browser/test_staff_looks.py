"""Every page of the staff side: accessible by the rules that a machine can check, and within its small screen."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from sqlalchemy import Connection

from survey.store import batches, editions, reflections, rounds
from survey.store.batches import Batch
from survey.store.engine import writing
from tests.answering import UNIT, make_answering, the_round
from tests.browser.person import served
from tests.browser.staff_pages import CONFIG, PAGES, signed_in, with_everyone

pytestmark = pytest.mark.browser
NAMES = sorted({name for name, _address in PAGES.values()})
# Each language once on each screen, each look once in each language.
HABITS = (("sv", 360, False), ("sv", 1100, True), ("en", 360, True), ("en", 1100, False))


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A house where something can be done on every page."""
    folder = tmp_path_factory.mktemp("staff") / "instance"
    made = with_everyone(make_answering(folder, open_link=True, part="all", config=CONFIG))
    with writing(made.house.engine) as connection:
        add_past_rounds(connection)
    with served(made.app) as found:
        yield found


def add_past_rounds(connection: Connection) -> None:
    """A round that the unit has a result of, and one that waits to be published."""
    for number, state in enumerate(("published", "closed"), 1):
        key = f"2025-{number}"
        name, opens, closes = f"Omgång {number}, våren 2025", date(2025, number, 1), date(2025, number, 20)
        rounds.add_round(connection, replace(the_round(), key=key, name=name, opens=opens, closes=closes, state=state))
        batch = Batch(key, UNIT, key, "patient", "open", b"k" * 32, accepted=30, counted=30, state="closed")
        batches.add_batches(connection, [batch])
    editions.add(connection, "2025-1", '{"number": 1}', "0" * 64, date(2025, 3, 1))
    reflections.keep(connection, UNIT, "2025-1", thoughts="", improvement="Samma kontakt varje gång")


def faults(page: Page) -> list[str]:
    """What axe finds on the page as it stands, and whether anything sticks out sideways."""
    found = Axe().run(page).response["violations"]
    said = [f"{page.url} {rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        said.append(f"{page.url} sticks out sideways")
    hidden = page.evaluate("[...document.querySelectorAll('.wide')].filter((each) => each.tabIndex < 0).length")
    return [*said, *[f"{page.url} has a table that the keyboard can't reach"] * hidden]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("language", "width", "dark"), HABITS)
def test_nothing_is_in_the_way(
    browser: Browser, address: str, name: str, language: str, width: int, dark: bool
) -> None:
    page = signed_in(browser, address, name, language, width, dark=dark)
    found = []
    for person, path in PAGES.values():
        if person == name:
            answer = page.goto(path)
            assert answer is not None and answer.status == 200, path
            found += faults(page)
    page.context.close()
    assert found == []
