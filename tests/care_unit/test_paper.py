"""Paper: a form in every language, and sheets keyed in by the unit, sealed like any other answer."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from survey.domain.questions.questionnaire import QUESTIONS, ROLES
from survey.domain.questions.responses import Response, unpack
from survey.sealing.intake import envelope
from survey.sealing.rounds.close_round import close_round
from survey.store import tables
from survey.store.answers import batches, envelopes
from survey.store.channels import issued_codes
from survey.store.database.engine import read_transaction, write_transaction
from survey.store.staff import audit_log
from tests.answering import ANSWERS, ROUND, UNIT, Answering, counted
from tests.care_unit.printed import opened, words
from tests.care_unit.test_links import made_file
from tests.followup.staffed import StaffBrowser

Enter = Callable[[str], StaffBrowser]
ADDRESS = f"/staff/unit/{UNIT}/paper"


@pytest.fixture(autouse=True)
def sheets_are_printed(made: Answering) -> None:
    print_sheets(made, 12)


def print_sheets(made: Answering, count: int) -> None:
    """As when a unit takes the form and says how many it prints."""
    with write_transaction(made.house.engine) as connection:
        for role in ROLES:
            issued_codes.add(connection, count, unit=UNIT, round=ROUND, role=role, channel=issued_codes.PAPER)


def deeds(made: Answering, what: str) -> list[object]:
    """The counts that the log tells of such deeds."""
    with read_transaction(made.house.engine) as connection:
        return [line.about["count"] for line in audit_log.newest(connection, what=what, most=50)]


def test_no_more_sheets_are_keyed_in_than_were_printed_and_the_log_tells_of_each_ten(
    made: Answering, as_person: Enter
) -> None:
    browser = as_person("Frida")
    for _ in range(11):
        keyed_in(browser)
    last = {**ANSWERS, "form_id": browser.get(f"{ADDRESS}/patient").fields()["form_id"]}
    browser.post(f"{ADDRESS}/patient", last, 302)
    refused = keyed_in(browser, status=409)
    assert "lika många blanketter" in refused.words("main") and counted(made, "paper") == (12, 0)  # type: ignore[attr-defined]
    browser.post(f"{ADDRESS}/patient", last, 302)  # pressed twice: it is in
    assert deeds(made, "sheets_keyed_in") == [10]
    made_file(browser, "paper", role="patient", languages=["sv"], count="5")
    keyed_in(browser)
    assert counted(made, "paper") == (13, 1) and deeds(made, "sheets_printed") == [5]


def test_sheets_for_the_staff_are_counted_against_how_many_work_there(made: Answering, as_person: Enter) -> None:
    with write_transaction(made.house.engine) as connection:
        connection.execute(sa.update(tables.place).where(tables.place.c.key == UNIT).values(headcount=15))
    browser = as_person("Frida")
    form = {"role": "provider", "languages": ["sv"]}
    assert "högst 18" in browser.post(f"/staff/unit/{UNIT}/links/paper", {**form, "count": "7"}, 409).words("main")
    made_file(browser, "paper", role="provider", languages=["sv"], count="6")
    made_file(browser, "paper", role="patient", languages=["sv"], count="300")


def keyed_in(browser: StaffBrowser, role: str = "patient", status: int = 302, **more: str) -> object:
    """Key a sheet in, all yes."""
    form_id = browser.get(f"{ADDRESS}/{role}").fields()["form_id"]
    return browser.post(f"{ADDRESS}/{role}", {**ANSWERS, "form_id": form_id, **more}, status)


def opened_of(made: Answering, role: str = "patient") -> list[Response]:
    """What lies in the unit's paper batch, opened by the test, which has the key."""
    with read_transaction(made.house.engine) as connection:
        found = batches.batches(connection, ROUND)
        batch = next(each for each in found if (each.place, each.role, each.collection_mode) == (UNIT, role, "paper"))
        sealed = envelopes.envelopes(connection, batch.id)
    key = envelope.private_key(made.house.volumes.private_key(ROUND, batch.id))
    pepper = made.house.volumes.pepper_of(ROUND)
    return [unpack(envelope.open_response(each.sealed, key, batch.id, each.id, pepper)) for each in sealed]


@pytest.mark.parametrize("role", ROLES)
def test_a_sheet_is_sealed_in_a_class_of_its_own(role: str, made: Answering, as_person: Enter) -> None:
    keyed_in(as_person("Frida"), role)
    assert counted(made, "paper", role) == (1, 0) and counted(made, "open", role) == (0, 0)
    assert dict(opened_of(made, role)[0].answers) == dict(ANSWERS)


def test_what_was_told_of_the_person_is_in_the_second_envelope_alone(made: Answering, as_person: Enter) -> None:
    keyed_in(as_person("Frida"), gender="woman", age="80+", language="ar", help="with_help")
    assert opened_of(made)[0].background.gender is None


def test_two_presses_of_the_button_are_one_sheet(made: Answering, as_person: Enter) -> None:
    browser = as_person("Frida")
    fields = {**ANSWERS, "form_id": browser.get(f"{ADDRESS}/patient").fields()["form_id"]}
    for _ in range(2):
        page = browser.post(f"{ADDRESS}/patient", fields)
    assert "inskriven och låst" in browser.get(page.response.location).words("main")  # type: ignore[arg-type]
    assert counted(made, "paper") == (1, 1)


def test_the_page_counts_what_is_done_at_this_sitting_and_tells_what_is_left_in_tens(
    made: Answering, as_person: Enter
) -> None:
    browser = as_person("Frida")
    page = browser.get(f"{ADDRESS}/patient")
    assert "minst 10" in page.words("main") and "Inskrivna nu" not in page.words("main")
    for done in range(3):
        sent = {**page.fields(), **ANSWERS}
        del sent["twice"]  # not ticked
        again = browser.post(f"{ADDRESS}/patient", {**sent, **dict.fromkeys(QUESTIONS, "")}, 422)
        assert again.fields().get("done", "0") == str(done)
        page = browser.get(str(browser.post(f"{ADDRESS}/patient", sent).response.location))
        assert f"Inskrivna nu: {done + 1}." in page.words("main")
    assert "färre än 10" in page.words("main")
    assert "Inskrivna nu" not in browser.get(f"{ADDRESS}/patient?done=många").words("main")


def test_an_empty_sheet_is_not_kept(made: Answering, as_person: Enter) -> None:
    keyed_in(as_person("Frida"), status=422, **dict.fromkeys(QUESTIONS, ""))
    assert counted(made, "paper") == (0, 0)


def test_a_value_we_never_offered_is_no_answer(made: Answering, as_person: Enter) -> None:
    keyed_in(as_person("Frida"), trygghet="kanske")
    assert "trygghet" not in opened_of(made)[0].answers


def test_keyed_in_twice_nothing_is_kept_until_both_agree(made: Answering, as_person: Enter) -> None:
    browser = as_person("Frida")
    form_id = browser.get(f"{ADDRESS}/patient").fields()["form_id"]
    sent = {**ANSWERS, "form_id": form_id, "twice": "yes"}
    again = browser.post(f"{ADDRESS}/patient", sent, 200)
    assert "en gång till" in again.words("h1") and counted(made, "paper") == (0, 0)
    first = {name: value for name, value in again.fields().items() if name.startswith("first_")}
    wrong = browser.post(f"{ADDRESS}/patient", {**sent, **first, "trygghet": "no"}, 422)
    assert "skiljer sig" in wrong.words("main") and counted(made, "paper") == (0, 0)
    browser.post(f"{ADDRESS}/patient", {**sent, **first})
    assert counted(made, "paper") == (1, 0)


def test_the_language_is_chosen_once_for_the_second_time_and_for_the_next_sheet(as_person: Enter) -> None:
    browser = as_person("Frida")
    form_id = browser.get(f"{ADDRESS}/patient").fields()["form_id"]
    sent = {**ANSWERS, "form_id": form_id, "twice": "yes", "language": "ar"}
    again = browser.post(f"{ADDRESS}/patient", sent, 200)
    assert again.fields()["language"] == "ar"
    first = {name: value for name, value in again.fields().items() if name.startswith("first_")}
    wrong = browser.post(f"{ADDRESS}/patient", {**sent, **first, "language": "sv"}, 422).words("ul")
    assert "Blankettens språk" in wrong and "personen" not in wrong
    saved = browser.post(f"{ADDRESS}/patient", {**sent, **first})
    assert browser.get(str(saved.response.location)).fields()["language"] == "ar"


def test_a_form_id_that_is_none_of_ours_keeps_nothing(made: Answering, as_person: Enter) -> None:
    as_person("Frida").post(f"{ADDRESS}/patient", {**ANSWERS, "form_id": "x"}, 422)
    assert counted(made, "paper") == (0, 0)


def test_only_ones_own_unit_and_only_while_the_round_is_open(made: Answering, as_person: Enter) -> None:
    as_person("Stig").get(f"{ADDRESS}/patient", 403)
    as_person("Frida").get(f"{ADDRESS}/chef", 404)
    close_round(made.house.engine, made.house.volumes, ROUND)
    as_person("Frida").get(f"{ADDRESS}/patient", 409)


@pytest.mark.parametrize("role", ROLES)
def test_the_form_holds_every_question_in_every_language_on_one_sheet(
    role: str, made: Answering, as_person: Enter
) -> None:
    content = made_file(as_person("Frida"), "paper", role=role, languages=["sv", "en", "ar"])
    with opened(content) as document:
        assert len(document) == 3
    pages = words(content)
    asked = made.house.versions["underlag-2021"].questions[role]
    assert all(question.text.split("?")[0][:40] in pages[0] for question in asked)
    assert "Fold the form" in pages[1]
