"""The plan and what comes from outside, in a browser: read, written, two at once told, and no rule broken."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from survey.cli.demo import plan_data
from survey.store.database.engine import write_transaction
from tests.browser.axe import violations
from tests.browser.person import served
from tests.followup.staffed import PASSWORD, PEOPLE, furnish_instance

pytestmark = pytest.mark.browser
ROOM = "/staff/followup"
PAGES = (
    *("/plan/", "/plan/new/activity", "/plan/new/event", "/plan/decision/0000000000000001", "/plan/import/activity"),
    *("/targets/", "/targets/new/target", "/targets/measurement/0000000000000002", "/targets/import/measurement"),
    *("/annotated-trend/5/jh", "/annotated-trend/5/brunflo"),
)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Five published rounds, and the demo's plan."""
    app = furnish_instance(tmp_path_factory.mktemp("plan"))
    with write_transaction(app.extensions["services"].engine) as connection:
        plan_data.fill(connection, date(2024, 6, 1))
    with served(app) as found:
        yield found


def enter(browser: Browser, address: str, width: int, **habits: Any) -> Page:
    """A page in which Freja is signed in."""
    size: Any = {"width": width, "height": 800}
    page = browser.new_context(locale="sv-SE", viewport=size, base_url=address, **habits).new_page()
    page.goto("/staff/sign-in")
    page.locator("#email").fill(PEOPLE["Freja"][0])
    page.locator("#password").fill(PASSWORD)
    page.locator("button.button-primary").click()
    page.wait_for_load_state("networkidle")
    return page


def faults(page: Page) -> list[str]:
    """What axe finds, what sticks out, and what of the page is not there."""
    found = violations(page)
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("sticks out")
    for image in page.locator("img").all():
        image.scroll_into_view_if_needed()
        if not image.evaluate("each => each.decode().then(() => each.naturalWidth)"):
            found.append("no picture")
    return found


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_no_page_breaks_a_rule_or_sticks_out(width: int, scheme: Any, browser: Browser, address: str) -> None:
    page = enter(browser, address, width, color_scheme=scheme)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    for each in PAGES:
        page.goto(ROOM + each)
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert (each, faults(page)) == (each, [])
    assert said == []
    page.context.close()


@pytest.mark.parametrize("script", [True, False])
def test_a_file_is_looked_at_kept_and_two_are_told(
    script: bool, browser: Browser, address: str, tmp_path: Path
) -> None:
    page = enter(browser, address, 360, java_script_enabled=script)
    content = f"aktivitet;ansvar;beslutande organ;tidsplan;status\nRinger upp {script};Åre;SVOM;2026;pågår\n"
    (tmp_path / "plan.csv").write_text(content, encoding="latin-1")
    page.goto(f"{ROOM}/plan/import/activity")
    page.locator("#file").set_input_files(tmp_path / "plan.csv")
    page.locator("button.button-primary").click()
    expect(page.get_by_text("Läggs till: 1")).to_be_visible()
    page.locator("button.button-primary").click()
    expect(page.get_by_text(f"Ringer upp {script}").first).to_be_visible()
    other = page.context.new_page()
    for each in (page, other):
        each.goto(f"{ROOM}/plan/decision/0000000000000001")
        each.locator("#who").fill(f"{each is page} {script}")
    for each in (page, other):
        each.locator("button.button-primary").click()
    expect(other.get_by_role("alert")).to_be_visible()
    expect(other.locator("#who")).to_have_value(f"False {script}")
    other.locator("button.button-primary").click()
    expect(other.get_by_text(f"False {script}")).to_be_visible()
    page.context.close()
