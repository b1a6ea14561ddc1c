"""What can't be done for a unit is said in the staff's dress, with why and with a way back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from survey.sealing.rounds.close_round import close_round
from survey.store.core import places
from survey.store.database.engine import write_transaction
from tests.answering import ANSWERS, OTHER_UNIT, PLACES, ROUND, TODAY, UNIT, Answering
from tests.followup.staffed import StaffBrowser
from tests.reader import Page

Enter = Callable[[str], StaffBrowser]
HERE = next(each for each in PLACES if each.key == UNIT)
YESTERDAY = TODAY - timedelta(days=1)


def is_in_the_staffs_dress(page: Page) -> bool:
    """Whether the menu is there: who is signed in can sign out, and go to the first page."""
    addresses = {each.get("action") or each.get("href") for each in page.tree.iter()}
    return {"/staff/sign-out", "/staff/"} <= addresses


def test_paper_that_is_left_when_the_round_has_closed(made: Answering, as_person: Enter) -> None:
    browser, address = as_person("Frida"), f"/staff/unit/{UNIT}/paper/patient"
    fields = {**ANSWERS, "form_id": browser.get(address).fields()["form_id"]}
    close_round(made.house.engine, made.house.volumes, ROUND)
    for page in (browser.get(address, 409), browser.post(address, fields, 409)):
        assert "Förstör dem" in page.words("main") and "har stängt" in page.words("h1")
        assert is_in_the_staffs_dress(page) and f"/staff/unit/{UNIT}" in page.text


def test_a_unit_that_has_ended_says_when(made: Answering, as_person: Enter) -> None:
    with write_transaction(made.house.engine) as connection:
        places.save_places(connection, [replace(HERE, valid_to=YESTERDAY)])
    for name in ("Frida", "Siv"):
        page = as_person(name).get(f"/staff/unit/{UNIT}", 410)
        assert "14 september 2026" in page.words("main") and is_in_the_staffs_dress(page)
    as_person("Stig").get(f"/staff/unit/{UNIT}", 403)
    assert as_person("Frida").get("/staff/unit/", 302).response.location == f"/staff/unit/{UNIT}"


def test_a_unit_that_was_merged_says_into_which(made: Answering, as_person: Enter) -> None:
    with write_transaction(made.house.engine) as connection:
        places.save_places(connection, [replace(HERE, valid_to=YESTERDAY, merged_into=OTHER_UNIT)])
    for name in ("Frida", "Stig"):
        assert "uppgick i Stuguns" in as_person(name).get(f"/staff/unit/{UNIT}", 410).words("main")
    assert as_person("Stig").get("/staff/unit/", 302).response.location == f"/staff/unit/{OTHER_UNIT}"


def test_a_unit_that_has_not_begun_says_so(made: Answering, as_person: Enter) -> None:
    with write_transaction(made.house.engine) as connection:
        places.save_places(connection, [replace(HERE, valid_from=TODAY + timedelta(days=1))])
    assert "börjar 16 september 2026" in as_person("Frida").get(f"/staff/unit/{UNIT}", 409).words("main")


@pytest.mark.parametrize(
    ("address", "status"),
    [(f"/staff/unit/{OTHER_UNIT}", 403), ("/staff/unit/ingen", 404), ("/staff/ingenstans", 404), ("/staff/\0", 404)],
)
def test_a_page_that_is_not_there_keeps_the_menu(address: str, status: int, as_person: Enter) -> None:
    assert is_in_the_staffs_dress(as_person("Frida").get(address, status))


def test_a_page_that_takes_no_post_keeps_the_menu_and_says_what_it_takes(as_person: Enter) -> None:
    page = as_person("Frida").post(f"/staff/unit/{UNIT}", {}, 405)
    assert is_in_the_staffs_dress(page) and "GET" in page.response.headers["Allow"]


def test_who_is_not_signed_in_sees_no_menu(made: Answering) -> None:
    assert not is_in_the_staffs_dress(StaffBrowser(made.app).get("/staff/ingenstans", 404))
