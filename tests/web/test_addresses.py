"""Every link that anyone is given is made of the settings, whatever host and scheme the request names."""

from dataclasses import replace
from pathlib import Path

import pytest

from survey.channels import qr
from tests.answer.test_kiosk import paired
from tests.answering import UNIT, Answering, make_answering
from tests.care_unit.conftest import enter, with_people
from tests.followup.staffed import StaffBrowser
from tests.reader import Reader

RESIDENTS, STAFF = "https://svara.region.example", "https://enkat.region.example"


@pytest.fixture
def made(tmp_path: Path) -> Answering:
    """A house that is reached as localhost here, and has addresses of its own."""
    made = with_people(make_answering(tmp_path / "instance", open_link=True, part="all"))
    settings = replace(made.house.settings, resident_address=RESIDENTS, staff_address=STAFF)
    made.app.extensions["services"] = replace(made.house, settings=settings)
    return made


@pytest.fixture
def siv(made: Answering) -> StaffBrowser:
    """The coordinator."""
    return enter(made)


def test_a_link_to_an_account_has_the_staffs_address_and_its_secret_behind_the_mark(siv: StaffBrowser) -> None:
    fields = {"email": "nora@region.example", "role": "unit", "place": UNIT}
    page = siv.post("/staff/admin/people/invite", fields, 200)
    assert f"{STAFF}/staff/invited#" in page.text and "localhost" not in page.text


def test_the_kiosks_square_and_the_thanks_have_the_residents_address(made: Answering) -> None:
    address, reader = paired(made), Reader(made.app)
    assert qr.qr_data_uri(f"{RESIDENTS}/s/{UNIT}") in reader.get(address).text
    for page in (reader.get(f"/s/{UNIT}/sv/thanks"), reader.get(f"{address}/sv/thanks")):
        assert "svara.region.example/results/" in page.text and "localhost" not in page.text


def test_where_a_device_is_paired_has_the_residents_address(siv: StaffBrowser) -> None:
    place = siv.post(f"/staff/unit/{UNIT}/kiosks", {"name": "Entrén"}).response.location
    assert "svara.region.example/kiosk" in siv.get(str(place)).words()


@pytest.mark.parametrize("address", ["/staff/account/confirm", "/staff/account/password"])
def test_a_password_manager_sees_whose_password_it_is(address: str, siv: StaffBrowser) -> None:
    fields = [each for each in siv.get(address).all("input") if each.get("autocomplete") == "username"]
    assert [(each.get("type"), each.get("value")) for each in fields] == [("email", "siv@region.example")]
