"""Every page as it is served, in every language and state, has no error that the Nu HTML checker knows of."""

import re
from pathlib import Path

import pytest

from survey.web.i18n.translation_review import STAFF_LANGUAGES
from tests.browser.staff_pages import EMAILS, whole_house
from tests.followup.staffed import PEOPLE, StaffBrowser, furnish_instance
from tests.language_folders import SHOWN
from tests.nu_checker import errors_in
from tests.resident_house import make_resident_house, served_pages
from tests.staff_crawl import pages_of

SIGNED_OUT = ("sign-in", "forgotten", "invited", "new-password", "nowhere")
FAULTY = '<!doctype html><html lang="sv"><title>x</title><p id="a">x<div id="a">y</div><img src="/x">'


def save(folder: Path, name: str, page: bytes) -> None:
    """Save a page among those to be looked at."""
    folder.mkdir(exist_ok=True)
    (folder / f"{re.sub('[^a-z0-9]+', '-', name)}.html").write_bytes(page)


@pytest.mark.slow
def test_every_page_that_residents_meet_in_every_language_and_state(tmp_path: Path) -> None:
    house, pages = make_resident_house(tmp_path / "house"), tmp_path / "pages"
    pages.mkdir()
    for tag in SHOWN:
        for name, page in served_pages(house, tag):
            save(pages / tag, name, page)
    assert errors_in(pages) == []


@pytest.mark.slow
@pytest.mark.parametrize("language", STAFF_LANGUAGES)
def test_every_page_of_the_staff_that_links_lead_to(tmp_path: Path, language: str) -> None:
    house, results, pages = whole_house(tmp_path / "a").app, furnish_instance(tmp_path / "b"), tmp_path / "pages"
    for email in EMAILS.values():
        for address, page in pages_of(house, email, language):
            save(pages, f"{email} {address}", page)
    for address, page in pages_of(results, PEOPLE["Freja"][0], language, most=1):
        save(pages, f"results {address}", page)
    for name in SIGNED_OUT:
        reply = StaffBrowser(house, language).client.get(f"/staff/{name}", headers={"Accept-Language": language})
        save(pages, name, reply.data)
    assert errors_in(pages) == []


def test_a_fault_is_found(tmp_path: Path) -> None:
    save(tmp_path, "planted", FAULTY.encode())
    found = " ".join(errors_in(tmp_path))
    assert "Duplicate ID “a”" in found and "“img” element must have an “alt” attribute" in found
