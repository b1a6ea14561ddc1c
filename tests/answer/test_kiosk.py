"""A kiosk: paired once, revocable, and each answer from it is sealed like any other."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from survey.domain.kiosks.times import KIOSK_TIMES
from survey.sealing.rounds.close_round import close_round
from survey.store.channels import kiosks
from survey.store.database.engine import read_transaction
from survey.web.request.services import Services
from tests.answering import ANSWERS, ROUND, UNIT, Answering, counted, make_answering
from tests.care_unit.conftest import PEOPLE, with_people
from tests.followup.staffed import StaffBrowser
from tests.reader import Reader

NOON = datetime(2026, 9, 15, 12, 0, tzinfo=UTC)


def at(app: Flask, moment: datetime) -> None:
    """Set the house's clock."""
    house: Services = app.extensions["services"]
    app.extensions["services"] = replace(house, now=lambda: moment)


@pytest.fixture
def made(tmp_path: Path) -> Answering:
    """A house with a unit lead, at noon."""
    found = with_people(make_answering(tmp_path / "instance", open_link=True, part="all"))
    at(found.app, NOON)
    return found


def pairing_code(made: Answering, name: str = "Frida", unit: str = UNIT) -> str:
    """What the unit's page shows when a device is to be paired."""
    browser = StaffBrowser(made.app)
    browser.sign_in(PEOPLE[name][0])
    page = browser.get(str(browser.post(f"/staff/unit/{unit}/kiosks", {"name": "Väntrummet"}).response.location))
    return next(each.text or "" for each in page.tree.iter("b") if each.text and len(each.text) == 9)


def paired(made: Answering) -> str:
    """The address that a device is sent to when it has been paired."""
    reply = Reader(made.app).post("/kiosk", {"code": pairing_code(made)})
    return str(reply.response.location).removesuffix("/paired")


def test_a_device_is_paired_by_a_code_once(made: Answering) -> None:
    code, reader = pairing_code(made), Reader(made.app)
    shown = str(reader.post("/kiosk", {"code": code.lower()}).response.location)
    assert "Surfplattan är kopplad" in reader.get(shown).words("main")
    address = shown.removesuffix("/paired")
    assert address.startswith(f"/kiosk/{UNIT}/")
    page = reader.get(address)
    assert {"Svenska", "English", "العربية"} <= {link.text for link in page.all("a")}
    assert "är redan använd" in reader.post("/kiosk", {"code": code}, 422).words("main")


@pytest.mark.parametrize("typed", ["", "0000 0000", "åäö", "x" * 500, "\0"])
def test_a_code_that_is_none_pairs_nothing(typed: str, made: Answering) -> None:
    pairing_code(made)
    Reader(made.app).post("/kiosk", {"code": typed}, 422)


def test_a_code_runs_out_after_ten_minutes(made: Answering) -> None:
    code = pairing_code(made)
    at(made.app, NOON.replace(minute=11))
    Reader(made.app).post("/kiosk", {"code": code}, 422)


def test_an_answer_from_a_kiosk_is_sealed_like_any_other(made: Answering) -> None:
    address, reader = paired(made), Reader(made.app)
    page = reader.get(f"{address}/ar")
    assert page.tree.get("dir") == "rtl"
    reply = reader.post(f"{address}/ar", {**page.fields(), **ANSWERS})
    assert reply.response.location == f"{address}/ar/thanks"
    thanks = reader.get(f"{address}/ar/thanks")
    stays = KIOSK_TIMES["THANKS_MS"] // 1000
    assert f'content="{stays}; url={address}"' in thanks.text
    assert counted(made, "open") == (1, 0)


def test_there_is_no_lock_against_a_second_answer(made: Answering) -> None:
    address, reader = paired(made), Reader(made.app)
    for _ in range(3):
        reader.post(f"{address}/sv", {**reader.get(f"{address}/sv").fields(), **ANSWERS})
    assert counted(made, "open") == (3, 0)


def test_a_device_that_was_let_go_shows_nothing(made: Answering) -> None:
    address = paired(made)
    browser = StaffBrowser(made.app)
    browser.sign_in(PEOPLE["Frida"][0])
    with read_transaction(made.house.engine) as connection:
        [device] = kiosks.of_unit(connection, UNIT, "")
    browser.post(f"/staff/unit/{UNIT}/kiosks/{device.id}/revoke", {})
    for path in ("", "/sv", "/sv/thanks"):
        assert "inte kopplad" in Reader(made.app).get(address + path, 410).words("main")


def test_another_units_lead_can_neither_pair_nor_let_go(made: Answering) -> None:
    address = paired(made)
    browser = StaffBrowser(made.app)
    browser.sign_in(PEOPLE["Stig"][0])
    browser.post(f"/staff/unit/{UNIT}/kiosks", {"name": "x"}, 403)
    with read_transaction(made.house.engine) as connection:
        [device] = kiosks.of_unit(connection, UNIT, "")
    browser.post(f"/staff/unit/{UNIT}/kiosks/{device.id}/revoke", {}, 403)
    browser.post(f"/staff/unit/stugun/kiosks/{device.id}/revoke", {})
    Reader(made.app).get(address)


@pytest.mark.parametrize("path", [f"/kiosk/{UNIT}/gissad", "/kiosk/stugun/{token}", "/kiosk/ingen/{token}"])
def test_a_token_opens_its_own_unit_alone(path: str, made: Answering) -> None:
    token = paired(made).rpartition("/")[2]
    page = Reader(made.app).get(path.replace("{token}", token), 410)
    assert "Frösö" not in page.words("main")


def test_a_device_is_heard_of_to_the_hour_and_by_its_own_clock(made: Answering) -> None:
    address, reader = paired(made), Reader(made.app)
    reader.post(f"{address}/sv", {**reader.get(f"{address}/sv").fields(), **ANSWERS})
    assert heard(made) == "2026-09-15 12"  # to be paired is to be heard of
    at(made.app, NOON.replace(hour=14))
    reader.post(f"{address}/sv", {**reader.get(f"{address}/sv").fields(), **ANSWERS})
    assert heard(made) == "2026-09-15 12"  # not by who answers
    reader.post(f"{address}/alive", {}, 200)
    assert heard(made) == "2026-09-15 14"


def heard(made: Answering) -> str:
    """When the one device was last heard of."""
    with read_transaction(made.house.engine) as connection:
        return kiosks.of_unit(connection, UNIT, "")[0].last_contact_hour


def test_an_error_on_a_kiosk_finds_its_way_back(made: Answering, monkeypatch: pytest.MonkeyPatch) -> None:
    from survey.store.database.engine import DatabaseUnavailable

    def down(*_: object) -> None:
        raise DatabaseUnavailable("away")

    address, reader = paired(made), Reader(made.app)
    fields = reader.get(f"{address}/sv").fields()
    monkeypatch.setattr("survey.answer.submit.accept", down)
    page = reader.post(f"{address}/sv", {**fields, **ANSWERS}, 503)
    assert f'data-start="{address}"' in page.text and 'id="still"' in page.text


def test_where_residents_need_a_code_there_is_no_kiosk(tmp_path: Path) -> None:
    made = with_people(make_answering(tmp_path / "codes", open_link=False, part="all"))
    browser = StaffBrowser(made.app)
    browser.sign_in(PEOPLE["Frida"][0])
    assert "Kiosk" not in browser.get(f"/staff/unit/{UNIT}").words("main")


def test_a_device_can_be_let_go_between_rounds(made: Answering) -> None:
    address = paired(made)
    close_round(made.house.engine, made.house.volumes, ROUND)
    browser = StaffBrowser(made.app)
    browser.sign_in(PEOPLE["Frida"][0])
    page = browser.get(f"/staff/unit/{UNIT}")
    [button] = [each for each in page.all("form") if (each.get("action") or "").endswith("/revoke")]
    browser.post(button.get("action") or "", {})
    assert "Kiosk" not in browser.get(f"/staff/unit/{UNIT}").words("main")
    Reader(made.app).get(address, 410)


def test_a_device_that_waits_for_a_round_is_heard_of_too(made: Answering) -> None:
    address = paired(made)
    close_round(made.house.engine, made.house.volumes, ROUND)
    assert f'data-start="{address}"' in Reader(made.app).get(address).text


def lead(made: Answering) -> StaffBrowser:
    """The unit lead, signed in."""
    browser = StaffBrowser(made.app)
    browser.sign_in(PEOPLE["Frida"][0])
    return browser


def names(made: Answering) -> list[str]:
    """What the unit calls its devices, forgotten ones apart."""
    with read_transaction(made.house.engine) as connection:
        return [each.name for each in kiosks.of_unit(connection, UNIT, "")]


def test_the_page_with_the_code_can_be_read_again_and_makes_no_other_device(made: Answering) -> None:
    browser = lead(made)
    shown = str(browser.post(f"/staff/unit/{UNIT}/kiosks", {"name": "Väntrummet"}).response.location)
    assert browser.get(shown).words("main") == browser.get(shown).words("main")
    assert names(made) == ["Väntrummet"]
    at(made.app, NOON.replace(minute=11))
    assert browser.get(shown, 302).response.location == f"/staff/unit/{UNIT}"


def test_a_code_is_shown_to_its_own_unit_and_only_until_it_is_used(made: Answering) -> None:
    browser = lead(made)
    shown = str(browser.post(f"/staff/unit/{UNIT}/kiosks", {"name": "Väntrummet"}).response.location)
    stig = StaffBrowser(made.app)
    stig.sign_in(PEOPLE["Stig"][0])
    stig.get(shown, 403)
    stig.get(shown.replace(UNIT, "stugun"), 302)
    code = next(each.text or "" for each in browser.get(shown).all("b") if each.text and len(each.text) == 9)
    Reader(made.app).post("/kiosk", {"code": code})
    browser.get(shown, 302)


def test_a_device_without_a_name_gets_a_number(made: Answering) -> None:
    for _ in range(2):
        lead(made).post(f"/staff/unit/{UNIT}/kiosks", {"name": " "})
    assert names(made) == ["Surfplatta 1", "Surfplatta 2"]


def test_a_device_that_was_never_paired_is_forgotten_and_a_paired_one_is_not(made: Answering) -> None:
    paired(made)
    lead(made).post(f"/staff/unit/{UNIT}/kiosks", {"name": "Glömd"})
    assert "Glömd" in names(made)
    at(made.app, NOON.replace(minute=11))
    lead(made).post(f"/staff/unit/{UNIT}/kiosks", {"name": "Ny"})
    assert names(made) == ["Ny", "Väntrummet"]
