"""A member of the follow-up group with a browser: signs in, reads, prints, and nothing is in the way."""

import re
from collections.abc import Callable, Iterator
from time import perf_counter
from typing import Any

import pypdfium2
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import violations
from tests.browser.person import served
from tests.followup.staffed import PASSWORD, PEOPLE, furnish_instance

pytestmark = pytest.mark.browser
READ = (
    "/staff/followup/5/jh",
    "/staff/followup/5/jh/trygghet",
    "/staff/followup/5/jh/places",
    "/staff/followup/5/jh/residents",
    "/staff/followup/5/jh/charts",
    "/staff/followup/5/jh/planner",
    "/staff/followup/5/jh/how",
    "/staff/followup/5/jh/who",
    "/staff/followup/5/ostersund/fast_vardkontakt",
    "/staff/followup/5/brunflo",
)
A4 = 688  # pixels between the margins of a sheet that is printed


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A staff side with five published rounds."""
    with served(furnish_instance(tmp_path_factory.mktemp("walk"))) as found:
        yield found


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """A page of a browser with these habits, in which Freja is signed in."""
    contexts = []

    def enter(language: str = "sv-SE", width: int = 1280, name: str = "Freja", **habits: Any) -> Page:
        context = browser.new_context(
            locale=language, viewport={"width": width, "height": 800}, base_url=address, **habits
        )
        contexts.append(context)
        page = context.new_page()
        page.goto("/staff/sign-in")
        page.locator("#email").fill(PEOPLE[name][0])
        page.locator("#password").fill(PASSWORD)
        page.locator("button.button-primary").click()
        page.wait_for_load_state("networkidle")
        return page

    yield enter
    for context in contexts:
        context.close()


@pytest.mark.parametrize("language", ["sv-SE", "en-GB"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_rule_of_accessibility_is_broken(language: str, scheme: str, open_page: Any) -> None:
    page: Page = open_page(language, color_scheme=scheme)
    for address in READ:
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert violations(page) == []
    for address in ("/staff/followup/99/jh", "/staff/sign-out"):
        page.goto(address)
        assert violations(page) == []


@pytest.mark.parametrize("language", ["sv-SE", "en-GB"])
def test_the_sign_in_page_breaks_no_rule_either(language: str, browser: Browser, address: str) -> None:
    context = browser.new_context(locale=language, base_url=address)
    page = context.new_page()
    page.goto("/staff/sign-in")
    assert violations(page) == []
    page.locator("#email").fill("nobody@region.example")
    page.locator("#password").fill("fel")
    page.locator("button.button-primary").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert violations(page) == []
    context.close()


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_nothing_has_to_be_scrolled_sideways_but_the_tables(width: int, open_page: Any) -> None:
    page: Page = open_page(width=width)
    for address in READ:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [900, 1280])
@pytest.mark.parametrize("place", ["jh", "brunflo"])
def test_the_seven_questions_have_room_beside_each_other(width: int, place: str, open_page: Any) -> None:
    page: Page = open_page(width=width)
    page.goto(f"/staff/followup/5/{place}")
    wide, reading = page.locator(".table-scroll:has(table.matrix)"), page.locator("table.matrix td:nth-child(5)")
    assert wide.evaluate("each => each.scrollWidth - each.clientWidth") <= 0
    assert max(reading.evaluate_all("all => all.map(each => each.clientHeight)")) < 75, "three lines at most"


def test_the_policy_stops_nothing_of_ours(open_page: Any) -> None:
    page: Page = open_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("requestfailed", lambda request: said.append(request.url))
    page.goto("/staff/followup/5/jh/places", wait_until="networkidle")
    assert said == []
    for number in range(page.locator("img").count()):
        page.locator("img").nth(number).scroll_into_view_if_needed()
        assert page.locator("img").nth(number).evaluate("each => each.decode().then(() => each.naturalWidth)") > 0


def test_a_reader_walks_with_the_keyboard_alone(open_page: Any) -> None:
    page: Page = open_page()
    page.goto("/staff/followup/5/jh")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    for name in ("Plats", "Mätomgång"):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
        assert page.evaluate("document.activeElement.textContent").startswith(name)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Hösten 2023")).to_be_visible()


@pytest.mark.parametrize("language", ["sv-SE", "en-GB"])
def test_every_summary_is_one_screen_and_one_sheet(language: str, open_page: Any) -> None:
    page: Page = open_page(language)
    for place in ("jh", "ostersund", "berg", "brunflo", "odensala", "berg-hemsjukvard"):
        page.goto(f"/staff/followup/5/{place}", wait_until="networkidle")
        assert page.evaluate("document.documentElement.scrollHeight") <= 1_000, place
        assert len(pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))) == 1, place


@pytest.mark.parametrize("language", ["sv-SE", "en-GB"])
def test_no_table_is_cut_on_a_desk(language: str, open_page: Any) -> None:
    page: Page = open_page(language)
    for address in READ:
        page.goto(address)
        cut = "all => all.filter(each => each.scrollWidth > each.clientWidth).map(each => each.textContent)"
        assert page.locator(".table-scroll").evaluate_all(cut) == [], address


@pytest.mark.parametrize("width", [320, 360])
def test_what_is_chosen_is_read_whole_on_a_phone(width: int, open_page: Any) -> None:
    page: Page = open_page(width=width)
    for address in ("/staff/followup/5/jh/places", "/staff/followup/4/berg-hemsjukvard/fast_vardkontakt"):
        page.goto(address)
        chosen = page.locator("nav.place-bar summary > span:last-child")
        assert chosen.evaluate_all("all => all.every(each => each.scrollWidth <= each.clientWidth)")


def test_the_five_questions_take_two_presses_at_most(open_page: Any) -> None:
    """Where do we disagree most, is it noise, has it changed, what did we decide, what is hidden and why."""
    page: Page = open_page()
    page.goto("/staff/followup/")
    for heading in ("Var skiljer det mest?", "Har det ändrats?", "Vad beslutades, och vad blev det av det?"):
        expect(page.get_by_role("heading", name=heading)).to_be_in_viewport()
    expect(page.get_by_text("Mer än slump.", exact=True)).to_be_in_viewport()
    page.locator("nav.place-bar summary").first.click()
    page.get_by_role("link", name="Berg", exact=True).click()
    expect(page.get_by_text("svar är för osäkra för att visas på")).to_be_visible()


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("script", [True, False])
def test_the_bar_stays_on_top_and_works_without_script(width: int, script: bool, open_page: Any) -> None:
    page: Page = open_page(width=width, java_script_enabled=script)
    page.goto("/staff/followup/5/jh/overblick")
    page.mouse.wheel(0, 1_500)
    place, round_, question = (page.locator("nav.place-bar summary").nth(number) for number in range(3))
    for menu in (place, round_, question):
        expect(menu).to_be_in_viewport(ratio=1)
    question.click()
    page.get_by_role("link", name="Nästa tid", exact=True).first.click()
    round_.click()
    page.get_by_role("link", name="Hösten 2023").click()
    place.click()
    page.get_by_role("link", name="Östersund", exact=True).first.click()
    expect(page).to_have_url(re.compile("/staff/followup/4/ostersund/nasta_tid$"))


@pytest.mark.parametrize("width", [360, 1280])
def test_a_link_into_a_page_lands_where_it_says_and_stays(width: int, open_page: Any) -> None:
    """Every picture is given its room before it comes, so that nothing moves."""
    page: Page = open_page(width=width)
    for path, anchor in (("charts", "gap-trend"), ("trygghet", "places"), ("places", "funnel")):
        page.goto(f"/staff/followup/5/jh/{path}#{anchor}")
        page.evaluate("document.querySelectorAll('img').forEach((each) => { each.loading = 'eager' })")
        page.wait_for_load_state("networkidle")
        top = page.locator(f"#{anchor}").evaluate("each => each.getBoundingClientRect().top")
        bar = page.locator("nav.place-bar").evaluate("each => each.getBoundingClientRect().bottom")
        assert bar <= top <= bar + 120, (path, anchor, top)


@pytest.mark.parametrize("path", READ)
def test_a_sheet_of_paper_loses_no_column(path: str, open_page: Any) -> None:
    page: Page = open_page(width=A4)
    page.goto(path)
    page.emulate_media(media="print")
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
    wide = page.evaluate(
        "[...document.querySelectorAll('main :is(table, img)')].map((each) => each.getBoundingClientRect())"
        f".filter((each) => each.width && (each.right > {A4} || each.left < 0)).length"
    )
    assert wide == 0
    assert not page.locator("nav.place-bar").is_visible()
    assert not page.get_by_role("button", name="Logga ut").is_visible()


def test_on_paper_no_word_is_split_and_none_is_small(open_page: Any) -> None:
    """A table's word is never narrower than its column, its letters are at least nine points, and each said once."""
    page: Page = open_page(width=A4)
    for address in READ:
        page.goto(address)
        page.emulate_media(media="print")
        sizes = page.locator("table :is(th, td, small)").evaluate_all(
            "all => all.filter(each => each.offsetHeight).map(each => parseFloat(getComputedStyle(each).fontSize))"
        )
        wraps = page.locator("table :is(th, td)").evaluate_all(
            "all => all.map(each => getComputedStyle(each).overflowWrap).filter(each => each === 'anywhere')"
        )
        assert min(sizes, default=12) >= 12 - 0.01 and wraps == [], address
        assert not page.locator("details.picture-text p").filter(visible=True).count(), address


def test_on_paper_every_table_is_open(open_page: Any) -> None:
    page: Page = open_page()
    page.goto("/staff/followup/5/jh/charts")
    page.emulate_media(media="print")
    tables = page.locator("details table")
    assert tables.count() == 4
    for number in range(4):
        assert tables.nth(number).is_visible()


def test_the_dark_twin_is_drawn_for_who_reads_in_the_dark(open_page: Any) -> None:
    page: Page = open_page(color_scheme="dark")
    page.goto("/staff/followup/5/jh/trygghet", wait_until="networkidle")
    assert ".dark.svg" in page.evaluate("document.images[0].currentSrc")
    page.emulate_media(media="print")
    for _ in range(50):
        page.wait_for_timeout(100)
        if ".light.svg" in page.evaluate("document.images[0].currentSrc"):
            return
    raise AssertionError("the dark picture would be printed")


def test_how_long_the_first_and_the_second_view_take(open_page: Any, capsys: pytest.CaptureFixture[str]) -> None:
    page: Page = open_page()
    took = []
    for _ in range(2):
        began = perf_counter()
        page.goto("/staff/followup/4/ostersund/overblick", wait_until="networkidle")
        took.append(perf_counter() - began - 0.5)  # networkidle waits half a second
    with capsys.disabled():
        print(f"\nfollow-up page with its pictures: first view {took[0]:.1f} s, second view {took[1]:.2f} s")
    assert took[1] < took[0]
    assert took[1] < 2
