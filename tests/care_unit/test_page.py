"""The unit's own page: how it stands, rounded, and whose it is."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from survey.domain.questions.responses import Response
from survey.sealing.intake import form_ids
from survey.sealing.intake.submit import Outcome, Submission, accept
from survey.sealing.rounds.close_round import close_round
from survey.worker import progress
from tests.answering import ANSWERS, OTHER_UNIT, ROUND, TODAY, UNIT, Answering
from tests.followup.staffed import StaffBrowser

Enter = Callable[[str], StaffBrowser]


def answer(made: Answering, role: str = "patient", times: int = 1) -> None:
    """So many answers at the unit: residents by the open link, staff by a code."""
    for _ in range(times):
        code = made.codes(role=role)[0] if role == "provider" else None
        form_id = None if code else form_ids.issue_form_id(made.house.settings.secret, UNIT, ROUND, role)
        channel = "invited" if code else "open"
        sent = Submission(
            UNIT, ROUND, role, Response(role, dict(ANSWERS)), code=code, form_id=form_id, collection_mode=channel
        )
        assert accept(made.house.engine, made.house.volumes, sent) is Outcome.ACCEPTED


def test_a_unit_lead_lands_on_their_own_unit(as_person: Enter) -> None:
    browser = as_person("Frida")
    assert browser.get("/staff/", 302).response.location == "/staff/unit/"
    assert browser.get("/staff/unit/", 302).response.location == f"/staff/unit/{UNIT}"
    assert "Frösö hälsocentral" in browser.get(f"/staff/unit/{UNIT}").words("h1")


def test_a_coordinator_chooses_among_all_units(as_person: Enter) -> None:
    page = as_person("Siv").get("/staff/unit/")
    assert {UNIT, OTHER_UNIT} <= {(link.get("href") or "").rpartition("/")[2] for link in page.all("a")}


@pytest.mark.parametrize("address", [f"/staff/unit/{UNIT}", f"/staff/unit/{UNIT}/links/slips"])
def test_another_unit_is_not_ones_own(address: str, as_person: Enter) -> None:
    as_person("Stig").get(address, 403)
    as_person("Gun").get(address, 403)
    as_person("Siv").get(address)


@pytest.mark.parametrize("address", ["/staff/unit/ingen", f"/staff/unit/{UNIT}/links/duva"])
def test_what_is_not_there(address: str, as_person: Enter) -> None:
    as_person("Frida").get(address, 404)


def test_one_answer_more_does_not_show_before_the_tenth(made: Answering, as_person: Enter) -> None:
    browser = as_person("Frida")
    shown = []
    for days in range(21):
        progress.count_daily(made.house.engine, TODAY + timedelta(days))
        shown.append(browser.get(f"/staff/unit/{UNIT}").words("main"))
        answer(made)
    assert len(set(shown[:10])) == len(set(shown[10:20])) == 1 and len(set(shown)) == 3
    assert "Färre än 10" in shown[0] and "Minst 10" in shown[10] and "Minst 20" in shown[20]


def test_the_answers_of_the_staff_do_not_show_while_the_round_is_open(made: Answering, as_person: Enter) -> None:
    browser = as_person("Frida")
    made.codes(12, "provider")
    before = browser.get(f"/staff/unit/{UNIT}").words("dl")
    answer(made, "provider", 12)
    assert browser.get(f"/staff/unit/{UNIT}").words("dl") == before


def test_after_the_round_the_numbers_are_told_in_steps(made: Answering, as_person: Enter) -> None:
    answer(made, "patient", 13)
    answer(made, "provider", 6)
    close_round(made.house.engine, made.house.volumes, ROUND)
    said = as_person("Frida").get(f"/staff/unit/{UNIT}").words("table")
    assert "Väntar på att publiceras" in said
    assert "10–19" in said and "5–9" in said and "Koder: 6" in said and "13" not in said
