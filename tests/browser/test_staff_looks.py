"""Every page of the staff side: accessible by the rules that a machine can check, and within its small screen."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.answering import make_answering
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
    with served(with_everyone(make_answering(folder, open_link=True, part="all", config=CONFIG)).app) as found:
        yield found


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
