"""Tables on a phone: every figure within the screen, with its column's name beside it, and still a table to readers."""

from collections.abc import Iterator
from itertools import chain

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.person import served
from tests.browser.staff_pages import PAGES, signed_in
from tests.browser.test_followup import READ
from tests.followup.staffed import PEOPLE, furnish_instance

pytestmark = pytest.mark.browser
NARROW = 360
# What is drawn of each cell lies between the edges of the screen and of the box that the table stands in.
FAULTS = """() => {
  document.querySelectorAll('details').forEach((each) => { each.open = true });
  const found = [], cells = [...document.querySelectorAll('main :is(tbody, tfoot) :is(th, td)')];
  for (const box of document.querySelectorAll('.table-scroll')) {
    if (box.scrollWidth > box.clientWidth) found.push('scrolls: ' + box.textContent.trim().slice(0, 40));
  }
  for (const cell of cells) {
    const drawn = document.createRange(), said = cell.textContent.trim(), edges = [];
    for (const words = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT); words.nextNode();) {
      drawn.selectNodeContents(words.currentNode);
      if (!words.currentNode.parentElement.closest('.visually-hidden')) edges.push(...drawn.getClientRects());
    }
    const out = !edges.length || edges.some((each) => each.left < 0 || each.right > innerWidth);
    if (said && out) found.push('off screen: ' + said);
    const head = cell.closest('table').tHead, name = cell.dataset.label;
    if (!head || cell.tagName === 'TH' || !said || cell.colSpan > 1 || cell.querySelector('form')) continue;
    const known = [...head.rows[0].cells].some((each) => each.textContent.trim() === name);
    if (!known || !getComputedStyle(cell, '::before').content.includes(name)) found.push('no name: ' + said);
  }
  return [cells.length, found];
}"""


def looked_at(page: Page, paths: list[str]) -> tuple[int, list[str]]:
    """How many cells stand on the pages, and what is wrong with them."""
    count, faults = 0, list[str]()
    for path in paths:
        answer = page.goto(path)
        assert answer is not None and answer.status == 200, path
        cells, found = page.evaluate(FAULTS)
        count, faults = count + cells, [*faults, *[f"{path} {each}" for each in found]]
    page.context.close()
    return count, faults


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_figure_of_units_and_office_is_within_the_screen(
    browser: Browser, staff_address: str, language: str
) -> None:
    looks = []
    for name in sorted({name for name, _path in PAGES.values()}):
        page = signed_in(browser, staff_address, name, language, NARROW)
        looks.append(looked_at(page, [path for who, path in PAGES.values() if who == name]))
    assert list(chain.from_iterable(faults for _count, faults in looks)) == []
    assert all(count > 0 for count, _faults in looks) and sum(count for count, _faults in looks) > 60


@pytest.fixture(scope="module")
def followup(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A staff side with five published rounds."""
    with served(furnish_instance(tmp_path_factory.mktemp("tables") / "a")) as found:
        yield found


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_figure_of_the_follow_up_is_within_the_screen(browser: Browser, followup: str, language: str) -> None:
    page = signed_in(browser, followup, PEOPLE["Freja"][0], language, NARROW)
    count, faults = looked_at(page, [*READ, "/staff/followup/targets/"])
    assert faults == []
    assert count > 500


@pytest.mark.parametrize("width", [NARROW, 1100])
def test_a_screen_reader_still_meets_a_table(browser: Browser, followup: str, width: int) -> None:
    page = signed_in(browser, followup, PEOPLE["Freja"][0], "sv", width)
    page.goto("/staff/followup/5/jh/trygghet")
    told = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    roles = [each["role"]["value"] for each in told if not each["ignored"]]
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = false })")
    tables = page.locator("table:visible")
    for role, cells in (("columnheader", "th[scope=col]"), ("rowheader", "th[scope=row]")):
        assert roles.count(role) == tables.locator(cells).count() > 0
    assert roles.count("table") == tables.count() > 3
    said = [each.get("name", {}).get("value", "") for each in told if each["role"]["value"] == "cell"]
    assert said and not any(each.startswith("Patienter") for each in said)
    page.context.close()
