"""What a mail server answers decides what happens to a message, to its list and to the whole sending."""

import threading
from collections import Counter
from datetime import date
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from survey.channels.mail import compose
from survey.channels.transport.messages import Message
from survey.store.channels import issued_codes
from survey.store.database.engine import write_transaction
from tests.care_unit.post_office import PostOffice, free_port, post_office
from tests.sealed import ROUND, make_sealed
from tests.worker.desk import FROM, TODAY, UNIT, Desk, addresses, by_mail


def came(office: PostOffice) -> Counter[str]:
    """How many came to each."""
    return Counter(str(mail["To"]) for mail in office.taken)


def each_once(office: PostOffice, to: list[str]) -> bool:
    """Whether each of them got one message, and nobody else any."""
    return came(office) == Counter(to)


def test_an_address_that_the_server_has_no_letters_for_is_given_up_alone(sealed: Any) -> None:
    with post_office(all_letters=False) as office:
        desk = by_mail(sealed, office.port)
        desk.put([*addresses(5), "åsa@mottagare.example"])
        desk.turn()
        desk.turn(hours=2)
        assert each_once(office, addresses(5)) and desk.waiting() == 0 and desk.refused() == 1


def test_where_the_server_has_them_it_is_sent(desk: Desk, office: PostOffice) -> None:
    desk.put(["åsa@mottagare.example"])
    assert desk.turn() == 1 and each_once(office, ["åsa@mottagare.example"])


@pytest.mark.parametrize(
    "subject", ["Sju frågor – din vård", "Sju\u00a0frågor", "Sju\r\nBcc: alla@x.example", "”Vård”…"]
)
def test_headers_from_word_travel_and_carry_nothing_along(subject: str) -> None:
    made = compose(Message("anna@x.example", subject, "Hej å\n", "ar", "1" * 32), FROM)
    raw = made.as_bytes(policy=policy.SMTP)
    assert raw.isascii() and b"\r\nBcc:" not in raw
    read = EmailMessage()
    read["Subject"] = made["Subject"]
    assert str(made["Subject"]) == " ".join(subject.split())
    assert made["Content-Language"] == "ar" and made["Content-Transfer-Encoding"] == "quoted-printable"
    assert "De 7 frågorna – Region" in str(made["From"]) and "svara@region.example" in str(made["From"])


def test_one_message_that_fails_in_a_way_nobody_thought_of_stops_no_other(
    desk: Desk, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def falling(message: Message, sender: str) -> EmailMessage:
        if message.to == "person3@mottagare.example":
            raise ZeroDivisionError
        return compose(message, sender)

    monkeypatch.setattr("survey.channels.mail.compose", falling)
    desk.put(addresses(8))
    assert desk.turn() == 7 and desk.waiting() == 1 and desk.halt() is None
    monkeypatch.undo()
    assert desk.turn(hours=1) == 1 and each_once(office, addresses(8))


def test_later_is_later_for_as_long_as_it_takes(desk: Desk, office: PostOffice) -> None:
    office.answer_to = lambda _to: "450 4.7.1 greylisted, come back"
    desk.put(addresses(3))
    asked = [desk.turn(hours=1) for _ in range(5 * 24)]
    assert not any(asked) and desk.waiting() == 3 and desk.refused() == 0 and desk.halt() is None
    office.answer_to = lambda _to: "250 OK"
    assert desk.turn(hours=6) == 3 and each_once(office, addresses(3))


def test_it_is_not_asked_again_within_five_minutes(desk: Desk, office: PostOffice) -> None:
    asked: list[str] = []
    office.answer_to = lambda to: asked.append(to) or "451 later"  # type: ignore[func-returns-value]
    desk.put(addresses(1))
    for _ in range(10):
        desk.turn(hours=0.5 / 60)
    assert len(asked) == 1


def test_a_server_that_closes_after_a_few_costs_no_message_a_try(desk: Desk, office: PostOffice) -> None:
    office.closes_after = 3
    desk.put(addresses(10))
    desk.turn()
    assert desk.tries() <= {0}
    desk.turn(hours=0.1)
    assert each_once(office, addresses(10)) and desk.halt() is None


@pytest.mark.parametrize("said", ["421 4.3.2 closing", "421 too many connections"])
def test_a_server_that_says_goodbye_at_once_rests_and_counts_against_nobody(
    said: str, desk: Desk, office: PostOffice
) -> None:
    office.sender_answer = said
    desk.put(addresses(10))
    desk.turn()
    halt = desk.halt()
    assert halt and halt.fault == "down" and desk.tries() == {0} and desk.waiting() == 10
    office.sender_answer = "250 OK"
    desk.turn(hours=0.1)
    desk.turn()
    assert each_once(office, addresses(10)) and desk.halt() is None


def test_a_server_that_is_down_is_told_and_asked_more_and_more_seldom(sealed: Any) -> None:
    port = free_port()
    desk = by_mail(sealed, port)
    desk.put(addresses(4))
    desk.turn()
    assert desk.well()  # it may be a new start of a few seconds
    for _ in range(6):
        desk.turn(hours=0.25)
    halt = desk.halt()
    assert halt and halt.fault == "down" and halt.attempts < 7 and not desk.well() and desk.tries() == {0}
    with post_office(port) as office:
        assert desk.turn(hours=1) == 1  # one, to see whether it is true
        assert desk.turn() == 3 and each_once(office, addresses(4))
    assert desk.halt() is None and desk.well()


ABOUT_US = [
    ("to", "550 5.7.1 Relaying denied", "relay"),
    ("to", "554 5.7.1 <x>: Relay access denied", "relay"),
    ("to", "530 5.7.0 Must issue a STARTTLS command first", "sign_in"),
    ("to", "550 5.7.1 our policy", "relay"),
    ("from", "553 5.7.1 sender not owned by you", "sender"),
    ("from", "550 unknown sender", "sender"),
    ("from", "451 4.3.2 later", "rate"),
    ("to", "452 4.5.3 too many recipients this hour", "rate"),
    ("to", "450 4.7.1 Rate limit exceeded", "rate"),
    ("data", "554 5.7.1 looks like spam", "relay"),
    ("data", "452 4.3.1 insufficient storage", "rate"),
]


@pytest.mark.parametrize(("where", "said", "why"), ABOUT_US)
def test_what_is_about_us_stops_the_sending_and_keeps_the_list(
    where: str, said: str, why: str, desk: Desk, office: PostOffice
) -> None:
    def says(what: str) -> None:
        office.answer_to = lambda _to: what if where == "to" else "250 OK"
        office.sender_answer = what if where == "from" else "250 OK"
        office.answer = lambda _n: what if where == "data" else "250 OK"

    says(said)
    desk.put(addresses(12))
    for _ in range(12):
        desk.turn(hours=0.5)
    halt = desk.halt()
    assert halt and halt.fault == why and halt.reply and not desk.well()
    assert desk.waiting() == 12 and desk.refused() == 0 and halt.attempts < 13
    says("250 OK")
    for _ in range(4):
        desk.turn(hours=1.5)
    assert each_once(office, addresses(12)) and desk.refused() == 0 and desk.well()


def test_a_sign_in_that_is_refused_stops_the_sending(sealed: Any) -> None:
    class Refusing:
        def __call__(self, *_: Any) -> Any:
            from aiosmtpd.smtp import AuthResult

            return AuthResult(success=False, handled=False)

    with post_office(auth_required=True, auth_require_tls=False, authenticator=Refusing()) as office:
        desk = by_mail(sealed, office.port, user="vi", password="fel")
        desk.put(addresses(3))
        desk.turn()
        halt = desk.halt()
        assert halt and halt.fault == "sign_in" and halt.reply.startswith("535") and not desk.well()
        assert desk.tries() == {0} and desk.waiting() == 3


def test_a_line_that_can_t_be_protected_stops_the_sending(sealed: Any, office: PostOffice) -> None:
    for security in ("starttls", "tls"):
        desk = by_mail(sealed, office.port, security=security)
        if not desk.waiting():
            desk.put(addresses(2))
        desk.turn(hours=2)
        halt = desk.halt()
        assert halt and halt.fault == "tls" and desk.tries() == {0} and not desk.well()


def test_many_refused_in_a_row_are_about_us_and_none_is_given_up(desk: Desk, office: PostOffice) -> None:
    office.answer_to = lambda _to: "550 5.1.1 no such user here"
    desk.put(addresses(40))
    for _ in range(5):
        desk.turn(hours=1.5)
    halt = desk.halt()
    assert halt and halt.fault == "alike" and desk.waiting() == 40 and desk.refused() == 0
    office.answer_to = lambda _to: "250 OK"
    for _ in range(3):
        desk.turn(hours=1.5)
    assert each_once(office, addresses(40)) and desk.refused() == 0


def test_a_few_refused_for_good_are_given_up_alone(desk: Desk, office: PostOffice) -> None:
    office.unknown = {"person1@mottagare.example", "person7@mottagare.example", "person8@mottagare.example"}
    desk.put(addresses(30))
    desk.turn()
    desk.turn(hours=2)
    assert each_once(office, [to for to in addresses(30) if to not in office.unknown])
    assert desk.refused() == 3 and desk.waiting() == 0 and desk.halt() is None


def test_one_whom_policy_refuses_while_others_get_through_is_given_up_alone(desk: Desk, office: PostOffice) -> None:
    barred = "person1@mottagare.example"
    office.answer_to = lambda to: "550 5.7.1 not from outside" if to == barred else "250 OK"
    desk.put(addresses(12))
    for _ in range(6):
        desk.turn(hours=1.5)
    assert each_once(office, [to for to in addresses(12) if to != barred])
    desk.put(addresses(1), unit="vast-tva")
    for _ in range(8):
        desk.turn(hours=1.5)
    assert desk.waiting() + desk.refused() == 1


def test_at_the_round_s_last_day_what_waits_is_given_up_and_counted(desk: Desk, office: PostOffice) -> None:
    office.answer_to = lambda _to: "450 later"
    desk.put(addresses(3))
    last = date(2026, 10, 11)
    desk.turn(today=last)
    assert desk.waiting() == 3
    office.answer_to = lambda _to: "250 OK"
    assert desk.turn(hours=12, today=date(2026, 10, 12)) == 0
    assert desk.waiting() == 0 and desk.refused() == 3 and office.taken == []


def test_a_list_that_rests_is_left_alone_and_goes_on(desk: Desk, office: PostOffice) -> None:
    desk.put(addresses(3))
    desk.put(addresses(2), unit="vast-tva")
    named = {"unit": UNIT, "round": ROUND, "role": "patient", "channel": "mail"}
    with write_transaction(desk.sealed.engine) as connection:
        issued_codes.pause(connection, True, **named)
    assert desk.turn() == 2 and desk.waiting() == 3
    with write_transaction(desk.sealed.engine) as connection:
        issued_codes.pause(connection, False, **named)
    assert desk.turn() == 3


def test_two_workers_at_once_send_each_message_once(engine: Engine, tmp_path: Path, office: PostOffice) -> None:
    desk = by_mail(make_sealed(engine, tmp_path), office.port)
    desk.put(addresses(40))
    senders = [desk.sender(), desk.sender()]
    threads = [threading.Thread(target=each.turn, args=(TODAY, 60.0)) for each in senders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert each_once(office, addresses(40)) and desk.waiting() == 0


def test_what_a_killed_worker_had_in_hand_is_sent_when_its_claim_has_run_out(desk: Desk, office: PostOffice) -> None:
    class Killed(BaseException):
        """As kill -9: nothing of ours runs afterwards."""

    def killing(_number: int) -> str:
        return "250 OK"

    desk.put(addresses(1))
    sender = desk.sender()
    sender.outcomes.record_sent = lambda _waiting: (_ for _ in ()).throw(Killed())  # type: ignore[method-assign]
    office.answer = killing
    with pytest.raises(Killed):
        sender.turn(TODAY, 60.0)
    assert desk.turn() == 0 and desk.waiting() == 1
    assert desk.turn(hours=0.3) == 1 and desk.waiting() == 0
    assert len({mail["Message-ID"] for mail in office.taken}) == 1 and len(office.taken) == 2


def test_nothing_is_logged_of_whom(desk: Desk, office: PostOffice, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    office.answer_to = lambda to: f"550 5.1.1 <{to}> unknown" if "1" in to else f"450 4.2.0 <{to}> busy"
    desk.put(addresses(4))
    desk.turn()
    ours = " ".join(line.getMessage() for line in caplog.records if line.name.startswith("survey"))
    assert 'status="550 5.1.1"' in ours and 'status="450 4.2.0"' in ours
    assert "person" not in ours and "mottagare" not in ours
