"""What a coordinator meets on the first day: clear words where something is missing, and a unit that has ended."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest

from survey.domain.places.place import place_faults
from survey.domain.places.place_tree import Place
from survey.domain.text.fault import Fault
from survey.store.core import places
from survey.store.database.engine import write_transaction
from tests.admin.conftest import DRAFT, kept_places
from tests.answering import UNIT, Answering
from tests.followup.staffed import StaffBrowser
from tests.reader import Page
from tests.web.logged import told

LOOK = "/staff/admin/import-places"


def test_a_draft_without_a_name_is_told_of_the_name_alone(siv: StaffBrowser) -> None:
    page = siv.post("/staff/admin/new-round", {**DRAFT, "name": ""}, 422)
    assert "korta namnet får bara" not in page.words()


def test_no_file_chosen_is_said(siv: StaffBrowser) -> None:
    reply = siv.client.post(LOOK, data={"csrf_token": siv.mark(), "file": (io.BytesIO(b""), "")})
    assert reply.status_code == 422 and "Ingen var vald" in reply.text


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)"])
def test_a_formula_is_no_name(name: str) -> None:
    assert [fault for fault in place_faults(Place("a", name, "unit")) if fault == Fault("formula")]
    assert not [fault for fault in place_faults(Place("a", f"Ett {name}", "unit")) if fault == Fault("formula")]


def test_a_step_of_a_round_asks_for_a_fresh_sign_in(siv: StaffBrowser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("survey.web.staff.guards.is_recent_sign_in", lambda: False)
    assert "/confirm" in str(siv.post("/staff/admin/rounds/x/close", {}).response.location)


def test_a_unit_that_has_ended_says_so_and_takes_no_answers(made: Answering) -> None:
    kept = kept_places(made)
    other = next(each for each in kept.values() if each.level == "unit" and each.key != UNIT)
    ended = replace(kept[UNIT], valid_to=made.house.today() - timedelta(days=1), merged_into=other.key)
    with write_transaction(made.house.engine) as connection:
        places.save_places(connection, [ended])
    reply = made.app.test_client().get(f"/s/{UNIT}/sv")
    assert reply.status_code == 410
    assert "finns inte längre" in reply.text and "nästa mätomgång" not in reply.text
    assert f"gått upp i {other.name}" in Page(reply).words() and f"/s/{other.key}/sv" in reply.text


def test_what_is_done_with_the_account_and_a_kiosk_is_written_down(made: Answering, siv: StaffBrowser) -> None:
    siv.post(f"/staff/unit/{UNIT}/kiosks", {"name": "Entrén"})
    siv.post("/staff/account/end", {"session": "00"})
    for _ in range(5):
        StaffBrowser(made.app).sign_in("nora@region.example", "fel", 200)
    said = [what for _, what in told(made.house)]
    assert {"kiosk_paired", "sessions_ended", "tried_too_early"} <= set(said)


def test_an_earlier_link_that_ends_is_told(siv: StaffBrowser) -> None:
    fields = {"email": "nora@region.example", "role": "unit", "place": UNIT}
    said = "länk från tidigare"
    assert said not in siv.post("/staff/admin/people/invite", fields, 200).words()
    assert said in siv.post("/staff/admin/people/invite", fields, 200).words()
