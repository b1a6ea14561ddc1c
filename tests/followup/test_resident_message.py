"""What residents are told happens next: one text a round, kept whole, by those who may, and seen on the public page."""

import re
from pathlib import Path

import pytest
from flask import Flask

from survey.store.database.engine import read_transaction
from survey.store.staff import audit_log as log
from survey.web.request.services import Services
from tests.followup.staffed import StaffBrowser, furnish_instance

ADDRESS = "/staff/followup/resident-message/v22"
TEXT = "Vi ringer upp.\n\n<b>Alla</b> får ett nästa steg."


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return furnish_instance(tmp_path / "back", 1)


def browser_of(app: Flask, name: str) -> StaffBrowser:
    browser = StaffBrowser(app)
    browser.sign_in(name)
    return browser


@pytest.mark.parametrize("name", ["Freja", "Sven"])
def test_the_text_is_kept_and_noted_once(name: str, app: Flask) -> None:
    browser = browser_of(app, name)
    for _again in range(2):
        was = browser.get(ADDRESS).fields()["was"]
        browser.post(ADDRESS, {"text": TEXT.replace("\n", "\r\n") + " \0", "was": was})
    assert browser.get(ADDRESS).fields()["was"] == TEXT
    house: Services = app.extensions["services"]
    with read_transaction(house.engine) as connection:
        noted = [line.about for line in log.newest(connection, most=50) if line.what == "told_residents"]
    assert noted == [{"place": "jh", "round": "v22", "language": "sv"}]


def test_two_who_write_at_once_lose_nothing_unseen(app: Flask) -> None:
    first, second = browser_of(app, "Freja"), browser_of(app, "Sven")
    first.post(ADDRESS, {"text": "Den första", "was": ""})
    page = second.post(ADDRESS, {"text": "Den andra", "was": ""}, 409)
    assert "Den första" in page.words() and "Den andra" in page.words()


def test_a_long_text_is_shown_again_and_not_kept(app: Flask) -> None:
    browser = browser_of(app, "Freja")
    page = browser.post(ADDRESS, {"text": "å" * 3_001, "was": ""}, 422)
    assert "å" * 3_001 in page.text
    assert browser.get(ADDRESS).fields()["was"] == ""


def test_who_may_not_and_what_is_not_there(app: Flask) -> None:
    browser_of(app, "Brita").get(ADDRESS, 403)
    browser_of(app, "Brita").post(ADDRESS, {"text": "x", "was": ""}, 403)
    browser_of(app, "Freja").get("/staff/followup/resident-message/ingen", 404)


def test_each_language_has_a_text_of_its_own(app: Flask) -> None:
    browser, arabic = browser_of(app, "Freja"), f"{ADDRESS}?language=ar"
    browser.post(ADDRESS, {"text": TEXT, "was": ""})
    page = browser.get(arabic)
    assert "Vi ringer upp." in page.words() and page.fields()["was"] == ""
    assert page.all("textarea")[0].get("dir") == "rtl"
    assert browser.post(arabic, {"text": "سنتصل بكم.", "was": ""}).response.location == f"{arabic}&saved=1"
    assert browser.get(arabic).fields()["was"] == "سنتصل بكم."
    assert browser.get(ADDRESS).fields()["was"] == TEXT
    assert "سنتصل بكم." in browser.post(arabic, {"text": "لن نتصل.", "was": "نص آخر"}, 409).words()
    browser.post(arabic, {"text": "", "was": "سنتصل بكم."})
    assert browser.get(arabic).fields()["was"] == ""
    house: Services = app.extensions["services"]
    with read_transaction(house.engine) as connection:
        noted = [line.about["language"] for line in log.newest(connection, most=50) if line.what == "told_residents"]
    assert noted == ["ar", "ar", "sv"]


def test_a_language_that_is_not_offered_has_no_text(app: Flask) -> None:
    browser = browser_of(app, "Freja")
    browser.get(f"{ADDRESS}?language=xx", 404)
    browser.post(f"{ADDRESS}?language=xx", {"text": "x", "was": ""}, 404)


@pytest.mark.parametrize("query", ["", "?language=ar"])
def test_the_form_goes_where_its_text_is_kept(query: str, app: Flask) -> None:
    browser = browser_of(app, "Freja")
    page = browser.get(ADDRESS + query)
    action = re.search(r'<form class="form" method="post" action="([^"]+)"', page.text)
    assert action
    browser.post(action[1], {"text": "Vi ringer", "was": ""})
    assert browser.get(ADDRESS + query).fields()["was"] == "Vi ringer"
    for link in page.all("a"):
        if (address := link.get("href") or "").startswith(ADDRESS):
            browser.get(address)
