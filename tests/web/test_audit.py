"""What staff do is written down, in the web and on the command line; what residents do never is."""

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from survey.store.database.engine import read_transaction, write_transaction
from survey.store.staff import accounts, audit_log
from survey.web.request.services import Services
from survey.web.staff.audit_log import MAX_FAILURES, MINUTE, FailureLog
from tests.answering import ANSWERS, ROUND, UNIT, Answering, make_answering
from tests.followup.staffed import HASH, PEOPLE, StaffBrowser, furnish_instance
from tests.web.logged import logged, told

FRIDA = "frida@froso.example"


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """A staff app of its own with one published round."""
    return furnish_instance(tmp_path, 1)


@pytest.fixture
def made(tmp_path: Path) -> Answering:
    """A house with an open round, and a unit lead."""
    made = make_answering(tmp_path / "instance", open_link=True, part="all")
    with write_transaction(made.house.engine) as connection:
        accounts.add_account(connection, FRIDA, HASH, "unit", UNIT)
    return made


def run(made: Answering, *arguments: str) -> Result:
    with made.app.app_context():
        return made.app.test_cli_runner().invoke(args=[*arguments])


def test_coming_and_going_is_written_down(app: Flask) -> None:
    house: Services = app.extensions["services"]
    browser, freja = StaffBrowser(app), PEOPLE["Freja"][0]
    browser.sign_in("Freja", "fel lösenord", 200)
    browser.sign_in("Freja")
    browser.get("/staff/followup/1/jh/figures.csv")
    browser.post("/staff/sign-out", {})
    assert told(house) == [(freja, what) for what in ("sign_in_failed", "signed_in", "figures_taken", "signed_out")]
    assert logged(house)[2]["about"] == {"edition": 1, "place": "jh", "file": "figures"}


def test_what_was_refused_is_no_deed(app: Flask) -> None:
    browser = StaffBrowser(app)
    browser.sign_in("Brita")
    browser.get("/staff/followup/1/odensala/figures.csv", 403)
    browser.get("/staff/followup/1/jh/nothing.csv", 404)
    assert told(app.extensions["services"]) == [(PEOPLE["Brita"][0], "signed_in")]


def test_an_unknown_address_is_never_written(app: Flask) -> None:
    house: Services = app.extensions["services"]
    StaffBrowser(app).sign_in("kim@example.org", "mitt lösenord", 200)
    StaffBrowser(app).sign_in("mitt lösenord av misstag", "", 200)
    assert told(house) == [("okänd adress", "sign_in_failed")] * 2
    with read_transaction(house.engine) as connection:
        assert not [line for line in audit_log.lines(connection) if "kim" in line or "lösenord" in line]


def test_a_guesser_can_not_fill_the_log() -> None:
    now = [0.0]
    failures = FailureLog(lambda: now[0])
    assert [failures.take() for _ in range(MAX_FAILURES + 5)] == [0] * MAX_FAILURES + [None] * 5
    now[0] = MINUTE
    assert [failures.take() for _ in range(2)] == [5, 0]


def test_the_log_of_a_guesser_says_how_many_more_there_were(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("survey.web.staff.audit_log.MAX_FAILURES", 2)
    for n in range(4):
        StaffBrowser(app).sign_in(f"gissning{n}@example.org", status=200)
    app.extensions["failed_sign_ins"]._began -= MINUTE
    StaffBrowser(app).sign_in("gissning@example.org", status=200)
    assert [line["about"] for line in logged(app.extensions["services"])] == [{}, {}, {"unnoted": 2}]


def test_codes_and_lists_are_written_down_with_their_number(made: Answering) -> None:
    browser = StaffBrowser(made.app)
    browser.sign_in(FRIDA)
    made.app.extensions["services"].settings.__dict__["mail_host"] = "127.0.0.1"
    browser.post(f"/staff/unit/{UNIT}/links/file", {"role": "patient", "count": "3", "languages": "sv"}, 200)
    fields = {
        "role": "patient",
        "kind": "invitation",
        "language": "sv",
        "list": "a@example.org\nb@example.org",
        "sure": "yes",
    }
    browser.post(f"/staff/unit/{UNIT}/links/mail", fields)
    browser.post(f"/staff/unit/{UNIT}/links/mail", fields, 409)
    browser.post(f"/staff/unit/{UNIT}/links/file", {"role": "patient", "count": "0", "languages": "sv"}, 422)
    assert [line["what"] for line in logged(made.house)] == ["signed_in", "codes_made", "messages_handed_in"]
    whose = {"unit": UNIT, "round": ROUND, "role": "patient"}
    assert [line["about"] for line in logged(made.house)][1:] == [
        {**whose, "channel": "file", "count": 3},
        {**whose, "channel": "mail", "count": 2, "kind": "invitation"},
    ]
    with read_transaction(made.house.engine) as connection:
        assert not [line for line in audit_log.lines(connection) if "example.org" in line]


def test_nothing_a_resident_does_is_written(made: Answering) -> None:
    code = made.codes()[0]
    client = made.app.test_client()
    client.get(f"/s/{UNIT}/sv")
    client.post("/", data={"find": "Frösö"})
    ours = {"Sec-Fetch-Site": "same-origin"}
    replies = [client.post(f"/s/{UNIT}/sv", data={**ANSWERS, "code": each}, headers=ours) for each in (code, code, "0")]
    assert [reply.status_code for reply in replies] == [303, 303, 422], [reply.text for reply in replies]
    assert logged(made.house) == []


def test_the_command_line_is_written_down(made: Answering, tmp_path: Path) -> None:
    file = tmp_path / "places.csv"
    file.write_text(
        "nyckel;namn;nivå;hör_till;huvudman;hsa_id\nny;Nya hälsocentralen;enhet;ostersund;;\n", encoding="utf-8"
    )
    when = ("--opens", "2027-02-01", "--closes", "2027-03-01")
    for words in (
        ("places", "import", str(file), "--dry-run"),
        ("places", "import", str(file)),
        ("round", "add", "2027-var", "--name", "Våren 2027", *when),
        ("round", "add", "2027-var", "--name", "Våren 2027", *when),
        ("codes", UNIT, "--count", "4"),
        (
            "accounts",
            "add",
            "a@region.example",
            "--role",
            "unit",
            "--place",
            UNIT,
            "--password",
            "grönskande ekar om våren",
        ),
        ("round", "close", ROUND),
    ):
        assert (done := run(made, *words)).exit_code == 0, done.output
    told_ = told(made.house)
    assert {who for who, _ in told_} == {"kommandoraden"}
    assert [what for _, what in told_] == [
        *("places_imported", "place_changed", "round_added", "codes_made", "person_added", "round_closed"),
    ]
    assert logged(made.house)[3]["about"]["count"] == 4


def test_check_prints_the_head_and_finds_a_cut_tail(made: Answering) -> None:
    for _ in range(3):
        assert run(made, "codes", UNIT, "--count", "1").exit_code == 0
    checked = run(made, "check")
    assert checked.exit_code == 0, checked.output
    head = checked.output.split("head ")[1].strip()
    assert run(made, "check", "--kept", head).exit_code == 0
    assert len(run(made, "audit").output.splitlines()) == 3
    with write_transaction(made.house.engine) as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_DELETE")
        connection.exec_driver_sql("DELETE FROM audit_line WHERE number = 3")
    assert run(made, "check").exit_code == 0
    cut = run(made, "check", "--kept", head)
    assert (cut.exit_code, "BROKEN at line 3: the log ends before it" in cut.output) == (1, True)
    with write_transaction(made.house.engine) as connection:
        connection.exec_driver_sql("DELETE FROM audit_line WHERE number = 1")
    gone = run(made, "check")
    assert (gone.exit_code, "BROKEN at line 1: the line is missing" in gone.output) == (1, True)


def test_check_prints_each_batch_that_has_taken_an_answer(made: Answering) -> None:
    with write_transaction(made.house.engine) as connection:
        connection.exec_driver_sql(
            f"UPDATE batch SET accepted = 1 WHERE place = '{UNIT}' AND role = 'patient' AND collection_mode = 'open'"
        )
    checked = run(made, "check")
    heading, row = checked.output.splitlines()[:2]
    assert heading.split() == [
        *("place", "round", "role", "collection_mode", "accepted", "waiting", "counted", "pooled", "destroyed"),
    ]
    assert row.split() == [UNIT, ROUND, "patient", "open", "1", "0", "0", "0", "0", "MISMATCH"]
    assert checked.exit_code == 1 and len(run(made, "check", "--all").output.splitlines()) > 5


def test_what_is_no_head_is_said(made: Answering) -> None:
    refused = run(made, "check", "--kept", "41")
    assert (refused.exit_code, "A head is a number" in refused.output) == (2, True)
