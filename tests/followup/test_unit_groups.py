"""The follow-up group makes groups of units; what can't be kept is refused in words, and nothing is half kept."""

from pathlib import Path

import pytest

from survey.store.core import unit_groups
from survey.store.database.engine import read_transaction
from survey.store.staff import audit_log
from survey.web.request.services import Services
from tests.followup.staffed import StaffBrowser, furnish_instance

NEW = "/staff/followup/groups/new"


@pytest.fixture
def freja(tmp_path: Path) -> StaffBrowser:
    """A member of the follow-up group, in a house of her own."""
    browser = StaffBrowser(furnish_instance(tmp_path / "instance", last=1))
    browser.sign_in("Freja")
    return browser


def house_of(browser: StaffBrowser) -> Services:
    """What the app was made with."""
    found: Services = browser.client.application.extensions["services"]
    return found


def kept(browser: StaffBrowser) -> list[tuple[str, int, bool]]:
    """Every version: key, number, whether it is in force."""
    with read_transaction(house_of(browser).engine) as connection:
        return [(group.key, group.version, group.ended_on is None) for group in unit_groups.all_groups(connection)]


def choices(browser: StaffBrowser) -> list[str]:
    """The units that the form offers."""
    return [each.get("value", "") for each in browser.get(NEW).all("input") if each.get("name") == "units"]


def post(browser: StaffBrowser, address: str, name: str, units: list[str], status: int = 302) -> str:
    """Send the form; what the page says."""
    sent = {**browser.filled_from(address), "name": name, "units": units, "csrf_token": browser.mark()}
    reply = browser.client.post(address, data=sent)
    assert reply.status_code == status, reply.text
    return reply.text


def test_a_group_is_made_changed_and_ended_and_all_of_it_is_in_the_log(freja: StaffBrowser) -> None:
    units = choices(freja)
    post(freja, NEW, "Arenan", units)
    assert kept(freja) == [("arenan", 1, True)]
    assert "Arenan" in freja.get("/staff/followup/groups/").words("main")
    form = freja.get("/staff/followup/groups/arenan")
    assert [each.get("value") for each in form.all("input") if "checked" in each.attrib] == units
    post(freja, "/staff/followup/groups/arenan", "Arenan", units)
    assert kept(freja) == [("arenan", 1, False), ("arenan", 2, True)]
    post(freja, "/staff/followup/groups/arenan/end", "", [])
    post(freja, "/staff/followup/groups/arenan/end", "", [], 404)
    assert kept(freja) == [("arenan", 1, False), ("arenan", 2, False)]
    with read_transaction(house_of(freja).engine) as connection:
        deeds = [line.what for line in audit_log.newest(connection, most=50) if line.what.startswith("unit_group")]
    assert sorted(deeds) == ["unit_group_ended", "unit_group_made", "unit_group_made"]


def test_any_two_units_make_a_group_and_what_was_written_wrong_is_kept(freja: StaffBrowser) -> None:
    units = choices(freja)
    said = post(freja, NEW, "Bara en", units[:1], 422)
    assert "Bara en" in said and said.count("checked") == 1
    post(freja, NEW, "Nästan alla", units[:-1])
    assert kept(freja) == [("nastan-alla", 1, True)]


@pytest.mark.parametrize(("name", "most", "fault"), [("", 99, "Skriv vad gruppen heter"), ("Liten", 1, "minst två")])
def test_bad_input_is_told(freja: StaffBrowser, name: str, most: int, fault: str) -> None:
    assert fault in post(freja, NEW, name, choices(freja)[:most], 422)
    assert kept(freja) == []


def test_units_that_are_not_there_are_no_units(freja: StaffBrowser) -> None:
    assert "minst två" in post(freja, NEW, "Påhittade", ["a", "b", "c", "d", "e"], 422)


def test_a_group_that_is_not_there_is_not_changed(freja: StaffBrowser) -> None:
    freja.get("/staff/followup/groups/ingen", 404)
    post(freja, "/staff/followup/groups/ingen", "Arenan", choices(freja), 404)
