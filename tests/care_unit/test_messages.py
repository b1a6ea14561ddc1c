"""A unit sends e-mail and SMS: each on the list gets a message and a code, and then nobody knows whose."""

import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select

from survey.domain.rounds.access_codes import normalise
from survey.sealing.rounds.close_round import close_round
from survey.store.channels import issued_codes, outbox
from survey.store.database.engine import read_transaction
from survey.store.tables import access_code
from tests.answering import ROUND, UNIT, Answering, make_answering
from tests.care_unit.conftest import PEOPLE, with_people
from tests.care_unit.handing_in import ADDRESS, TEN, sent_in, waiting, work
from tests.care_unit.post_office import Exchange, PostOffice
from tests.followup.staffed import StaffBrowser
from tests.reader import Page


@pytest.fixture
def made(sending: Answering) -> Answering:
    """A house that can send."""
    return sending


def test_each_address_gets_one_message_with_a_code_of_its_own(
    made: Answering, frida: StaffBrowser, office: PostOffice
) -> None:
    sent_in(frida, "mail", TEN + "\nperson3@mottagare.example\nannan@mottagare.example;ar")
    assert "Väntar på att skickas: 11" in frida.get(f"/staff/unit/{UNIT}").words("main")
    assert work(made) == 11 and waiting(made) == 0
    assert Counter(mail["To"] for mail in office.taken).most_common(1)[0][1] == 1 and len(office.taken) == 11
    bodies = {mail["To"]: mail.get_content() for mail in office.taken}
    links = [next(line for line in body.splitlines() if "#" in line) for body in bodies.values()]
    assert len({normalise(link) for link in links}) == 11 and None not in map(normalise, links)
    assert f"/s/{UNIT}/ar#" in bodies["annan@mottagare.example"] and "<" not in bodies["annan@mottagare.example"]
    assert {mail["Subject"] for mail in office.taken} >= {"Sju frågor om din vård"}
    assert len({mail["Message-ID"] for mail in office.taken}) == 11
    assert "Alla är skickade" in frida.get(f"/staff/unit/{UNIT}").words("main")


def in_clear(made: Answering) -> bool:
    """Whether anything of the list can be read in any file."""
    stored = b"".join(path.read_bytes() for path in made.instance.rglob("*") if path.is_file())
    return b"mottagare.example" in stored or b"person3" in stored


def test_while_they_wait_nothing_of_the_list_lies_in_clear(made: Answering, frida: StaffBrowser) -> None:
    sent_in(frida, "mail", TEN)
    assert not in_clear(made)
    with read_transaction(made.house.engine) as connection:
        sizes = list(connection.scalars(select(func.length(outbox.outbox_message.c.sealed)).distinct()))
    assert len(sizes) == 1


def test_control_a_list_that_is_kept_as_it_is_would_be_found(
    made: Answering, frida: StaffBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("survey.sealing.intake.sealed_messages._seal", lambda _public, _name, message: message.pack())
    sent_in(frida, "mail", TEN)
    assert in_clear(made)


WRONG = "hej@\n\nperson1@mottagare.example\n=1+1\nperson2@mottagare.example;xx"


def test_a_list_with_faults_names_each_line_and_sends_nothing(made: Answering, frida: StaffBrowser) -> None:
    said = sent_in(frida, "mail", WRONG, 422)
    assert "Rad 1: ingen adress" in said and "Rad 4: en formel" in said and "Rad 5: språket finns inte" in said
    assert "Inget har skickats" in said
    assert waiting(made) == 0
    sent_in(frida, "mail", WRONG, skip="yes")
    assert waiting(made) == 1


@pytest.mark.parametrize("content", ["\ufeffE-post;Språk\r\nåsa@mottagare.example;en\r\n".encode(),
                                     "e-post\tspråk\nåsa@mottagare.example\ten\n".encode("utf-16"),
                                     "åsa@mottagare.example,EN\n".encode("latin-1")])  # fmt: skip
def test_a_file_is_read_however_it_was_saved(content: bytes, made: Answering, frida: StaffBrowser) -> None:
    from io import BytesIO

    fields = {"role": "patient", "kind": "invitation", "language": "sv", "file": (BytesIO(content), "lista.csv")}
    reply = frida.client.post(f"{ADDRESS}/mail", data={**fields, "csrf_token": frida.mark()})
    assert reply.status_code == 200, reply.text
    frida.post(f"{ADDRESS}/mail", {**Page(reply).fields(), "sure": "yes"})
    assert waiting(made) == 1


def test_ten_thousand_lines_are_taken(made: Answering, frida: StaffBrowser) -> None:
    many = "\n".join(f"person{n}@mottagare.example" for n in range(10_000))
    sent_in(frida, "mail", many)
    assert waiting(made) == 10_000
    with read_transaction(made.house.engine) as connection:
        assert connection.scalar(select(func.count()).select_from(access_code)) == 10_000


def test_a_second_press_of_the_button_sends_nothing_more(made: Answering, frida: StaffBrowser) -> None:
    sent_in(frida, "mail", TEN)
    assert "skickas fortfarande" in sent_in(frida, "mail", TEN, 409)
    assert waiting(made) == 10
    with read_transaction(made.house.engine) as connection:
        assert issued_codes.of_unit(connection, UNIT, ROUND)["patient", "mail"].n == 10


def test_a_reminder_goes_to_all_without_a_code(made: Answering, frida: StaffBrowser, office: PostOffice) -> None:
    sent_in(frida, "mail", TEN, kind="reminder")
    assert work(made) == 10
    assert all("#" not in mail.get_content() and "Har du redan svarat" in mail.get_content() for mail in office.taken)
    with read_transaction(made.house.engine) as connection:
        assert connection.scalar(select(func.count()).select_from(access_code)) == 0


def test_an_address_that_is_refused_for_good_is_counted_and_one_that_is_busy_comes_later(
    made: Answering, frida: StaffBrowser, office: PostOffice
) -> None:
    office.unknown, office.busy = {"person1@mottagare.example"}, {"person2@mottagare.example"}
    sent_in(frida, "mail", TEN)
    assert work(made) == 8
    assert work(made) == 0  # not at once
    assert work(made, hours=0.2) == 1 and waiting(made) == 0
    assert "Kunde inte levereras: 1" in frida.get(f"/staff/unit/{UNIT}").words("main")


def test_a_server_that_fails_half_way_loses_and_doubles_nothing(
    made: Answering, frida: StaffBrowser, office: PostOffice
) -> None:
    sent_in(frida, "mail", TEN)
    office.answer = lambda number: "250 OK" if number <= 5 else "451 local error"
    assert work(made) == 5 and waiting(made) == 5
    office.answer = lambda _number: "250 OK"
    assert work(made, hours=1) == 5 and len({mail["To"] for mail in office.taken}) == len(office.taken) == 10


def test_each_number_gets_one_sms_as_the_gateway_wants_it(
    made: Answering, frida: StaffBrowser, gateway: Exchange
) -> None:
    sent_in(frida, "sms", "070-174 06 05\n+46 70 174 06 06\n0701740605;en")
    assert work(made) == 2
    assert {said["to"] for said in gateway.taken} == {"+46701740605", "+46701740606"}
    for said in gateway.taken:
        assert said["secret"] == "Bearer hemligt" and f"/s/{UNIT}" in said["message"] and len(said["reference"]) == 32


def test_a_gateway_that_goes_silent_after_accepting_is_tried_again_more_and_more_seldom_as_the_same_message(
    made: Answering, frida: StaffBrowser, gateway: Exchange
) -> None:
    gateway.answer = lambda _number: 0
    sent_in(frida, "sms", "070-174 06 05")
    for quarter in range(4 * 24):
        assert work(made, hours=quarter / 4) == 0
    assert 7 < len(gateway.taken) < 14 and len({said["reference"] for said in gateway.taken}) == 1
    gateway.answer = lambda _number: 200
    assert waiting(made) == 1 and work(made, hours=29) == 1 and waiting(made) == 0


def test_without_a_server_the_way_is_not_there(as_person: Callable[[str], StaffBrowser], tmp_path: Path) -> None:
    bare = with_people(make_answering(tmp_path / "bare", open_link=True, part="all"))
    browser = StaffBrowser(bare.app)
    browser.sign_in(PEOPLE["Frida"][0])
    browser.get(f"{ADDRESS}/mail", 404)
    browser.get(f"{ADDRESS}/sms", 404)


def test_the_form_says_how_many_sms_a_message_takes(frida: StaffBrowser) -> None:
    assert "sms per mottagare" in frida.get(f"{ADDRESS}/sms").words("main")


def test_what_still_waits_when_the_round_closes_is_deleted_unread(
    made: Answering, frida: StaffBrowser, office: PostOffice
) -> None:
    sent_in(frida, "mail", TEN)
    close_round(made.house.engine, made.house.volumes, ROUND)
    assert waiting(made) == 0 and made.house.volumes.private_names(ROUND) == set()
    assert work(made) == 0 and office.tried == 0


def test_nothing_is_sent_or_kept_before_it_has_been_seen(made: Answering, frida: StaffBrowser) -> None:
    fields = {"role": "patient", "kind": "invitation", "language": "sv", "list": TEN + "\nPERSON1@mottagare.example"}
    fields["list"] += "\nperson1@mottagare.example\nannan@mottagare.example;ar"
    page = frida.post(f"{ADDRESS}/mail", fields, 200)
    assert "Dubbletter som tagits bort: 2" in page.words("main") and "العربية: 1" in page.words("main")
    assert any("Sju frågor om din vård" in (each.text or "") for each in page.all("textarea"))
    assert waiting(made) == 0 and not in_clear(made)
    assert page.fields()["list"].count("\n") == 10
    changed = frida.post(f"{ADDRESS}/mail", {**page.fields(), "change": "yes"}, 200)
    assert "annan@mottagare.example;ar" in changed.text and waiting(made) == 0


def test_a_reminder_alone_is_on_its_way_too(frida: StaffBrowser) -> None:
    sent_in(frida, "mail", TEN, kind="reminder")
    assert "E-post: 10 meddelanden är på väg" in frida.get(f"/staff/unit/{UNIT}").words("main")


def test_a_fault_is_told_once_with_its_lines_and_reading_stops_after_fifty(frida: StaffBrowser) -> None:
    said = sent_in(frida, "sms", "08-123456\n0701234567\n" + "08-123456\n" * 60, 422)
    assert "Rad 1, 3–51: numret kan inte ta emot sms" in said and "före rad 52" in said


def test_a_list_of_junk_costs_no_more_than_the_faults_that_are_told(made: Answering, frida: StaffBrowser) -> None:
    junk = ["x@y\n" * 200_000, "a" * 1_900_000, "person@mottagare.example\n" * 65_000]
    for text in junk:
        began = time.process_time()
        sent_in(frida, "mail", text, 422)
        sent_in(frida, "mail", text, 422, skip="yes")
        assert time.process_time() - began < 4
    assert waiting(made) == 0
