"""Draw the pictures of docs/screenshots.md anew: python -m tests.pictures. Needs Chromium, as the browser tests do."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.answer.test_kiosk import paired
from tests.answering import Answering, make_answering
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.person import a_person, served
from tests.browser.staff_pages import CONFIG, PAGES, signed_in, with_everyone
from tests.followup.staffed import PEOPLE, furnish_instance

OUT = Path(__file__).parent.parent / "docs" / "pictures"
SCREEN, SHOWN, TALLEST, COLOURS = 900, 600, 1_500, 64
FOLLOWUP = {
    "followup-region": "5/jh",
    "followup-unit": "5/brunflo",
    "followup-question": "5/jh/trygghet",
    "followup-places": "5/ostersund/places",
    "followup-charts": "5/jh/charts",
    "followup-residents": "5/jh/residents",
    "followup-marked": "annotated-trend/5/jh",
    "followup-plan": "plan/",
    "followup-new-activity": "plan/new/activity",
    "followup-targets": "targets/",
    "followup-groups": "groups/",
    "followup-new-group": "groups/new",
    "followup-packs": "packs/",
    "followup-new-pack": "packs/new",
    "followup-resident-message": "resident-message/v24",
}


def visit(page: Page, path: str) -> None:
    """Open a page; one that is not there is never a picture."""
    reply = page.goto(path)
    assert reply is not None and reply.ok, f"{path}: {reply and reply.status}"


def keep(page: Page, name: str) -> None:
    """The page as it stands, small: few colours, and no taller than is worth looking at."""
    whole = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
    whole = whole.crop((0, 0, whole.width, min(whole.height, TALLEST)))
    if whole.width > SHOWN:
        whole = whole.resize((SHOWN, whole.height * SHOWN // whole.width), Image.Resampling.LANCZOS)
    whole.quantize(COLOURS, dither=Image.Dither.NONE).save(OUT / f"{name}.png", optimize=True)


def residents(browser: Browser, address: str) -> None:
    """A resident's walk on a phone: the first page, a question, the check, the thanks."""
    for language in ("sv", "ar"):
        person = a_person(browser, address, language)
        person.opens(f"/s/froso/{language}")
        keep(person.page, f"answer-start-{language}")
        person.takes_the_first_step()
        person.goes_on()
        keep(person.page, f"answer-question-{language}")
        person.page.locator("label.choice:visible").first.click()
        person.goes_on(7)
        keep(person.page, f"answer-check-{language}")
        person.page.click(".send")
        person.page.wait_for_url("**/thanks")
        keep(person.page, f"answer-thanks-{language}")
        person.page.context.close()
    for name in ("privacy", "accessibility"):
        person = a_person(browser, address)
        person.opens(f"/{name}")
        keep(person.page, name)
        person.page.context.close()


def kiosk(browser: Browser, address: str, made: Answering) -> None:
    """The start screen of a kiosk."""
    person = a_person(browser, address, width=820, height=1_000)
    person.opens(paired(made))
    keep(person.page, "kiosk")
    person.page.context.close()


def staff(browser: Browser, address: str) -> None:
    """Each page of units, office and auditor."""
    for name in sorted({who for who, _path in PAGES.values()}):
        page = signed_in(browser, address, name, "sv", SCREEN)
        for picture, (who, path) in PAGES.items():
            if who == name:
                visit(page, path)
                keep(page, picture)
        page.context.close()


def followup(browser: Browser, address: str) -> None:
    """The follow-up group's pages."""
    page = signed_in(browser, address, PEOPLE["Freja"][0], "sv", SCREEN)
    page.set_default_timeout(180_000)  # a page of diagrams draws them all when it is first asked for
    for name, path in FOLLOWUP.items():
        visit(page, f"/staff/followup/{path}")
        # Pictures wait until they come into view.
        page.evaluate("document.querySelectorAll('img').forEach((each) => { each.loading = 'eager' })")
        page.wait_for_load_state("networkidle")
        keep(page, name)
    page.context.close()


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's browser."""
    with (
        sync_playwright() as driver,
        driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS) as browser,
    ):
        yield browser


def main() -> None:
    """Every picture."""
    parts: tuple[Callable[[Browser, str], None], ...] = (residents, staff)
    with TemporaryDirectory() as folder, chromium() as browser:
        made = with_everyone(make_answering(Path(folder) / "a", open_link=True, part="all", config=CONFIG))
        with served(made.app) as address:
            for part in parts:
                part(browser, address)
            kiosk(browser, address, made)
        with served(furnish_instance(Path(folder) / "b")) as address:
            followup(browser, address)


if __name__ == "__main__":
    main()
