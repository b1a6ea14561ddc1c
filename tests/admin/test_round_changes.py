"""What else a coordinator may do with a round: ways before its first day, a later last day, a draft away, a cancel."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from survey.domain.disclosure.protection import DEFAULT_PROTECTION
from survey.sealing.checks.reconciliation import balances
from survey.sealing.rounds.cancel_round import cancel_round
from survey.store.answers import batches, envelopes
from survey.store.core import rounds
from survey.store.database.engine import read_transaction, write_transaction
from survey.store.staff import accounts
from survey.store.tables import round_
from survey.web.staff.edit_conflicts import fingerprint
from tests.admin.conftest import DRAFT, enter, kept_rounds, with_people, work
from tests.answering import ROUND, UNIT, Answering, make_answering, the_round
from tests.care_unit.test_page import answer
from tests.followup.staffed import HASH, StaffBrowser

HOME, OURS = "/staff/admin", {"Sec-Fetch-Site": "same-origin"}
OPEN, NEXT = f"{HOME}/rounds/{ROUND}", f"{HOME}/rounds/varen-2027"


def put(made: Answering, **changed: object) -> None:
    """Let the open round have other days."""
    with write_transaction(made.house.engine) as connection:
        connection.execute(round_.update().values(**changed))


@pytest.fixture
def coming(tmp_path: Path) -> Answering:
    """A round that is open, and begins on the fifth of December."""
    made = with_people(make_answering(tmp_path / "instance", open_link=True, part="all"))
    put(made, opens=date(2026, 12, 5), closes=date(2026, 12, 20))
    return made


def test_before_its_first_day_a_unit_makes_what_is_printed_and_nothing_is_sent(coming: Answering) -> None:
    frida = enter(coming, "Frida")
    page = frida.get(f"/staff/unit/{UNIT}")
    assert "öppnar 5 december 2026" in page.words("main") and "Inkomna svar" not in page.words("main")
    ways = {a.get("href") for a in page.all("a")}
    for way in ("slips", "poster", "letters", "file"):
        assert f"/staff/unit/{UNIT}/links/{way}" in ways
    made = frida.client.post(
        f"/staff/unit/{UNIT}/links/file", data={"csrf_token": frida.mark(), "count": "3", "languages": "sv"}
    )
    assert made.status_code == 200 and b"froso" in made.data
    assert "öppnar 5 december" in frida.get(f"/staff/unit/{UNIT}/paper/patient", 409).words("main")


@pytest.mark.parametrize(("tag", "said"), [("sv", "Enkäten öppnar 5 december 2026"), ("en", "opens"), ("ar", "ديسمبر")])
def test_residents_read_when_it_opens_in_their_language(tag: str, said: str, coming: Answering) -> None:
    for address in (f"/s/{UNIT}/{tag}", f"/p/{UNIT}/{tag}"):
        reply = coming.app.test_client().get(address)
        assert reply.status_code == 200 and said in reply.text and "<form" not in reply.text
    posted = coming.app.test_client().post(f"/s/{UNIT}/{tag}", data={"trygghet": "yes"}, headers=OURS)
    assert posted.status_code == 409


def test_a_round_that_no_longer_opens_early_is_closed_as_before(coming: Answering) -> None:
    put(coming, opens=date(2026, 9, 1), closes=date(2026, 9, 2), grace_days=0)
    assert coming.app.test_client().get(f"/s/{UNIT}/sv").status_code == 410


def test_an_open_round_gets_a_later_last_day_and_never_an_earlier(made: Answering, siv: StaffBrowser) -> None:
    address = f"{OPEN}/extend"
    siv.get(address)
    for day, said in (("2026-10-15", "efter den sista"), ("2026-10-01", "efter den sista"), ("", "Välj en dag")):
        assert said in siv.post(address, {"closes": day}, 422).words("main")
    siv.post(address, {"closes": "2026-10-31"})
    opened = {"state": "open", "closes": date(2026, 10, 31), "protection": DEFAULT_PROTECTION.text()}
    assert kept_rounds(made)[ROUND] == replace(the_round(open_link=True), **opened)
    assert "31 oktober 2026" in siv.get(OPEN).words("main")
    sheet = made.app.test_client().get(f"/s/{UNIT}/sv").text
    assert "31 oktober 2026" in sheet
    siv.post(NEXT.replace("/rounds/varen-2027", "/new-round"), DRAFT)
    assert siv.get(f"{NEXT}/extend", 302).response.location == NEXT
    siv.post(f"{NEXT}/extend", {"closes": "2027-12-31"}, 409)


def test_a_draft_is_taken_away_and_an_open_round_is_not(made: Answering, siv: StaffBrowser) -> None:
    siv.post(f"{HOME}/new-round", DRAFT)
    fields = siv.filled_from(f"{NEXT}/remove")
    siv.post(f"{NEXT}/edit", {**DRAFT, "grace_days": "3"})
    assert "Inget är borttaget" in siv.post(f"{NEXT}/remove", fields, 409).words("main")
    siv.post(f"{NEXT}/remove", {})
    siv.post(f"{OPEN}/remove", {}, 409)
    siv.post(f"{OPEN}/remove", {"filled_from": fingerprint(kept_rounds(made)[ROUND])}, 409)  # as it stands, and open
    assert set(kept_rounds(made)) == {ROUND}


def test_a_new_round_is_set_up_as_an_earlier_one(siv: StaffBrowser) -> None:
    siv.post(f"{HOME}/new-round", {**DRAFT, "grace_days": "14", "threshold_patient": "25", "answering": "everyone"})
    link = f"{HOME}/new-round?like=varen-2027"
    assert link in {a.get("href") for a in siv.get(NEXT).all("a")}
    page = siv.get(link)
    written = page.fields()
    assert (written["grace_days"], written["threshold_patient"]) == ("14", "25")
    assert page.chosen()["answering"] == "everyone"
    assert written["name"] == written["key"] == written["opens"] == ""


def test_two_rounds_of_one_name_are_refused(made: Answering, siv: StaffBrowser) -> None:
    siv.post(f"{HOME}/new-round", DRAFT)
    again = siv.post(f"{HOME}/new-round", {**DRAFT, "name": " våren  2027", "key": "var-27"}, 409)
    assert "heter ”Våren 2027”" in again.words("main")
    siv.post(f"{HOME}/new-round", {**DRAFT, "name": "Sommaren", "key": "sommar"})
    assert "heter ”Våren 2027”" in siv.post(f"{HOME}/rounds/sommar/edit", {**DRAFT, "name": "VÅREN 2027"}, 409).words(
        "main"
    )
    assert set(kept_rounds(made)) == {ROUND, "varen-2027", "sommar"}


def test_a_mistaken_round_is_cancelled_by_two_and_its_answers_are_destroyed_unopened(on_both: Answering) -> None:
    made = on_both
    answer(made, "patient", 12)
    made.codes(5)
    with write_transaction(made.house.engine) as connection:
        accounts.add_account(connection, "sol@region.example", HASH, "coordinator", "jamtland-harjedalen")
    siv, sol = enter(made), StaffBrowser(made.app)
    sol.sign_in("sol@region.example")
    assert "förstörs utan att någon läser dem" in siv.get(f"{OPEN}/cancel").words("main")
    siv.post(f"{OPEN}/cancel", {})
    assert kept_rounds(made)[ROUND].state == "open"
    waiting = next(
        form.get("action") or ""
        for form in sol.get(f"{HOME}/waiting/").all("form")
        if (form.get("action") or "").endswith("/confirm")
    )
    sol.post(waiting, {})
    assert kept_rounds(made)[ROUND].state == "cancelling"
    assert made.app.test_client().get(f"/s/{UNIT}/sv").status_code == 410
    work(made)
    assert kept_rounds(made)[ROUND].state == "cancelled"
    found = balances(made.house.engine)
    assert sum(each.destroyed for each in found if not each.background) == 12
    assert all(each.ok and not each.counted and not each.waiting for each in found)
    assert not made.house.volumes.private_rounds() and not made.house.volumes.erase_pepper(ROUND)
    assert "förstördes utan att någon läste dem" in made.app.test_client().get(f"/s/{UNIT}/sv").text
    assert "är avbruten" in enter(made, "Frida").get(f"/staff/unit/{UNIT}").words("main")
    assert "Avbruten" in siv.get(OPEN).words("main")
    siv.post(f"{OPEN}/publish", {}, 409)
    siv.post(f"{HOME}/new-round", {**DRAFT, "name": "Hösten 2026", "key": "host-igen"})  # its name is free again


def test_no_key_of_a_cancelled_round_waits_for_another_step_to_erase_it(made: Answering) -> None:
    with write_transaction(made.house.engine) as connection:
        rounds.set_state(connection, ROUND, "cancelling")
    cancel_round(made.house.engine, made.house.volumes, ROUND)
    assert not made.house.volumes.private_rounds() and not made.house.volumes.erase_pepper(ROUND)


@pytest.mark.parametrize("killed_at", ["destroyed", "written"])
def test_a_cancelling_that_is_killed_is_finished_by_the_next(killed_at: str, made: Answering) -> None:
    answer(made, "patient", 11)
    with write_transaction(made.house.engine) as connection:
        rounds.set_state(connection, ROUND, "cancelling")

    def die(step: str) -> None:
        if step == killed_at:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cancel_round(made.house.engine, made.house.volumes, ROUND, die)
    work(made)
    with read_transaction(made.house.engine) as connection:
        assert not envelopes.waiting(connection)
        assert sum(each.destroyed for each in batches.batches(connection, ROUND)) == 22  # with their second envelopes
    assert kept_rounds(made)[ROUND].state == "cancelled"
    assert not made.house.volumes.private_rounds()
