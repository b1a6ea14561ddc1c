"""A form that is sent after the sign-in has ended loses nothing that was written, and shows nothing of other sites."""

from pathlib import Path
from secrets import token_urlsafe

import pytest
from flask import Flask

from survey.web.staff.kept_forms import MAX_SIZE
from tests.followup.packing import make
from tests.followup.staffed import PASSWORD, PEOPLE, StaffBrowser, furnish_instance
from tests.web.test_edit_conflicts import filled

OURS = {"Sec-Fetch-Site": "same-origin"}
TEXTS = {"introduction": "Rad ett\nRad <två>", "comment_trygghet": "Kommentaren", "revision": "0"}


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return furnish_instance(tmp_path, 2)


@pytest.fixture
def address(app: Flask) -> str:
    browser = StaffBrowser(app)
    browser.sign_in("Freja")
    return make(browser, app)


def test_what_was_written_is_shown_to_be_taken_along(app: Flask, address: str) -> None:
    browser = StaffBrowser(app)
    page = browser._look(browser.client.post(address, data=TEXTS, headers=OURS), 403)
    assert "Rad ett" not in page.text  # it is sealed until somebody has signed in
    fields = {**filled(page, "/staff/sign-in"), "email": PEOPLE["Freja"][0], "password": PASSWORD}
    reply = browser.client.post("/staff/sign-in", data=fields)
    assert "Rad ett\nRad &lt;två&gt;" in reply.text and "Kommentaren" in reply.text
    assert "Kommentaren" not in browser.get(address).text


def test_a_wording_is_not_lost_either_when_it_is_too_large_to_seal(app: Flask) -> None:
    long = {"wording": f"Lydelsen {token_urlsafe(MAX_SIZE * 9 // 10)}"}
    reply = app.test_client().post("/staff/translation/text/x", data=long, headers=OURS)
    assert reply.status_code == 400 and "Lydelsen" in reply.text


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none", ""])
def test_no_other_site_has_its_words_shown(site: str, app: Flask, address: str) -> None:
    reply = app.test_client().post(address, data=TEXTS, headers={"Sec-Fetch-Site": site} if site else {})
    assert reply.status_code == 400
    assert "Rad ett" not in reply.text and "Det du skrev" not in reply.text


def test_secrets_addresses_and_answers_are_never_shown(app: Flask) -> None:
    for where, field in (
        ("/staff/sign-in", "password"),
        ("/staff/second-step", "code"),
        ("/staff/unit/brunflo/links/mail", "list"),
        ("/staff/unit/brunflo/paper/patient", "trygghet"),
        ("/staff/account/password", "new"),
    ):
        reply = app.test_client().post(where, data={field: "hemligheten"}, headers=OURS)
        assert "hemligheten" not in reply.text, where
