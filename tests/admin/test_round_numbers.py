"""What the coordinator sees of answers that come in: in steps, staff's when the round is over, and never when."""

from datetime import date, timedelta

from survey.admin.rounds.response_counts import count_responses
from survey.sealing.intake.issue_codes import make_codes
from survey.store.answers import batches
from survey.store.database.engine import read_transaction, write_transaction
from survey.worker import progress
from survey.worker.progress import count_daily
from tests.admin.conftest import close_early, kept_places, kept_rounds, work
from tests.answering import OTHER_UNIT, ROUND, TODAY, UNIT, Answering
from tests.care_unit.test_page import answer
from tests.followup.staffed import StaffBrowser

OPEN = f"/staff/admin/rounds/{ROUND}"


def test_one_answer_more_does_not_show_before_the_tenth(made: Answering, siv: StaffBrowser) -> None:
    shown = []
    for days in range(21):
        progress.count_daily(made.house.engine, TODAY + timedelta(days))
        shown.append((siv.get(OPEN).words("main"), siv.get(f"{OPEN}/close").words("main")))
        answer(made)
    assert len(set(shown[:10])) == len(set(shown[10:20])) == 1 and len(set(shown)) == 3
    assert "Minst 10" in shown[10][0] and "minst 20" in shown[20][0]


def test_the_answers_of_the_staff_do_not_show_while_the_round_is_open(made: Answering, siv: StaffBrowser) -> None:
    codes = make_codes(made.house.engine, made.house.volumes, UNIT, ROUND, "provider", 12)
    made.codes(12, "provider")
    before = siv.get(OPEN).words("main")
    assert len(codes) == 12 and "24" in before
    with write_transaction(made.house.engine) as connection:
        connection.exec_driver_sql(
            "UPDATE batch SET accepted = 12 WHERE role = 'provider' AND collection_mode = 'invited'"
        )
    assert siv.get(OPEN).words("main") == before
    with read_transaction(made.house.engine) as connection:
        rows = count_responses(connection, kept_rounds(made)[ROUND]).rows
        came = [each for each in batches.batches(connection, ROUND) if each.role == "provider" and each.accepted]
    assert [row.answers["provider"] for row in rows] == [None, None]
    assert {(each.place, each.accepted) for each in came} == {(UNIT, 12), (OTHER_UNIT, 12)}


def test_after_the_round_the_numbers_are_told_in_steps(made: Answering, siv: StaffBrowser) -> None:
    answer(made, "patient", 13)
    answer(made, "provider", 6)
    close_early(made, siv)
    work(made)
    said = siv.get(OPEN).words("main")
    assert "10–19" in said and "5–9" in said and "Färre än 10" in said and "13" not in said
    assert OTHER_UNIT in kept_places(made)


def test_a_held_link_is_told_by_unit_and_without_when(made: Answering, siv: StaffBrowser) -> None:
    assert "bromsats" not in siv.get(f"/staff/admin/rounds/{ROUND}").words("main")
    with write_transaction(made.house.engine) as connection:
        batches.throttle(connection, round=ROUND, unit=UNIT, role="patient")
    said = siv.get(f"/staff/admin/rounds/{ROUND}").words("main")
    assert "ovanligt många svar: Frösö hälsocentral." in said


def test_a_number_is_told_only_of_answers_that_can_be_shown(made: Answering, siv: StaffBrowser) -> None:
    """Six by code and five by open link are eleven, and nothing of them is ever shown for the unit."""
    answer(made, "patient", 5)
    with write_transaction(made.house.engine) as connection:
        connection.exec_driver_sql(
            f"UPDATE batch SET accepted = 6 WHERE role = 'patient' AND collection_mode = 'invited' AND place = '{UNIT}'"
        )
    unit = f"/staff/unit/{UNIT}"
    count_daily(made.house.engine, date(2026, 9, 15))
    assert "Färre än 10" in siv.get(unit).words("main") and "Minst" not in siv.get(unit).words("main")
    assert "har nått 10 svar" in siv.get(OPEN).words("main")
    answer(made, "patient", 5)
    count_daily(made.house.engine, date(2026, 9, 16))
    assert "Minst 10" in siv.get(unit).words("main") and "minst 10 svar" in siv.get(OPEN).words("main")
    answer(made, "patient", 9)  # and the two ways still stand apart
    count_daily(made.house.engine, date(2026, 9, 17))
    assert "Minst 10" in siv.get(unit).words("main")


def test_an_empty_round_hides_nothing_and_says_so(made: Answering, siv: StaffBrowser) -> None:
    close_early(made, siv)
    for _ in range(2):
        work(made)
    said = siv.get(OPEN).words("main")
    assert "Ingen enhet fick in så många svar från invånarna" in said and "Visar något" not in said
    assert "Visar något" not in siv.get(f"{OPEN}/publish").words("main")
