"""What an SMS gateway answers, and that neither way waits for the other."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from survey.channels.sms import retry_seconds
from survey.worker.sending.sender_threads import start_threads
from tests.care_unit.post_office import Exchange, exchange, free_port
from tests.sealed import Sealed
from tests.worker.desk import TODAY, Desk, by_mail, by_sms

NUMBERS = [f"+4670174{n:04}" for n in range(605, 617)]


@pytest.mark.parametrize("status", [500, 502, 504])
def test_a_fault_of_the_gateway_s_own_is_for_later(status: int, sms_desk: Desk, gateway: Exchange) -> None:
    gateway.answer = lambda n: status if n <= 4 else 200
    sms_desk.put(NUMBERS)
    assert sms_desk.turn() == 8 and sms_desk.waiting() == 4
    assert sms_desk.turn(hours=0.2) == 4 and sms_desk.refused() == 0


@pytest.mark.parametrize("status", [429, 503, 408])
def test_a_gateway_that_is_busy_is_left_alone_and_nobody_pays_for_it(
    status: int, sms_desk: Desk, gateway: Exchange
) -> None:
    gateway.answer = lambda n: status if 5 <= n < 12 else 200
    sms_desk.put(NUMBERS)
    assert sms_desk.turn() == 4 and sms_desk.tries() == {0}
    for _ in range(12):
        sms_desk.turn(hours=0.5)
    assert sms_desk.waiting() == 0 and sms_desk.refused() == 0


def in_three_hours() -> str:
    """As a server writes it, from now: the tests may have run for an hour already."""
    return format_datetime(datetime.now(UTC) + timedelta(hours=3), usegmt=True)


@pytest.mark.parametrize(("says", "too_early", "then"), [
    (lambda: "7200", 1.9, 0.6),
    (in_three_hours, 2.8, 1.0),
], ids=["in seconds", "as a date"])  # fmt: skip
def test_retry_after_is_respected(
    says: Callable[[], str], too_early: float, then: float, sms_desk: Desk, gateway: Exchange
) -> None:
    gateway.headers = {"Retry-After": says()}
    gateway.answer = lambda n: 429 if n == 1 else 200
    sms_desk.put(NUMBERS[:2])
    sms_desk.turn()
    assert sms_desk.turn(hours=too_early) == 0 and len(gateway.taken) == 1
    assert sms_desk.turn(hours=then) == 1


def test_a_wait_of_seconds_stops_no_turn_but_the_next(sms_desk: Desk, gateway: Exchange) -> None:
    gateway.headers = {"Retry-After": "20"}
    gateway.answer = lambda n: 429 if n == 1 else 200
    sms_desk.put(NUMBERS)
    sender = sms_desk.sender()
    assert sender.turn(TODAY, 60.0) == 0
    sms_desk.hours += 10 / 3600
    assert sender.turn(TODAY, 60.0) == 0
    sms_desk.hours += 11 / 3600
    assert sender.turn(TODAY, 60.0) == 12 and sms_desk.halt() is None


@pytest.mark.parametrize(("said", "wait"), [("0", 0), (" 120 ", 120), ("hej", 0), ("", 0), (None, 0), ("-5", 0),
                                            ("Thu, 01 Oct 2026 12:00:10 GMT", 10), ("1.5", 0)])  # fmt: skip
def test_how_long_it_asks_us_to_wait(said: str | None, wait: float) -> None:
    assert retry_seconds(said, datetime(2026, 10, 1, 12, tzinfo=UTC)) == wait


@pytest.mark.parametrize(("status", "why"), [(401, "sign_in"), (403, "sign_in"), (404, "address"), (402, "unpaid")])
def test_what_is_about_us_stops_the_sending(status: int, why: str, sms_desk: Desk, gateway: Exchange) -> None:
    gateway.answer = lambda _n: status
    sms_desk.put(NUMBERS)
    sms_desk.turn()
    halt = sms_desk.halt()
    assert halt and halt.fault == why and sms_desk.waiting() == 12 and not sms_desk.well()
    gateway.answer = lambda _n: 200
    assert sms_desk.turn(hours=1) == 1 and sms_desk.turn() == 11


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed_and_the_key_stays_here(status: int, sealed: Sealed) -> None:
    with exchange() as other, exchange() as gateway:
        gateway.headers = {"Location": f"http://127.0.0.1:{other.port}/send"}
        gateway.answer = lambda _n: status
        desk = by_sms(sealed, gateway.port)
        desk.put(NUMBERS[:3])
        assert desk.turn() == 0
        halt = desk.halt()
        assert halt and halt.fault == "redirect" and desk.waiting() == 3 and not desk.well()
        assert other.taken == [] and len(gateway.taken) == 1


def test_a_number_that_the_gateway_refuses_is_given_up_alone(sms_desk: Desk, gateway: Exchange) -> None:
    gateway.answer = lambda n: 400 if gateway.taken[n - 1]["to"] == NUMBERS[2] else 200
    sms_desk.put(NUMBERS)
    sms_desk.turn()
    sms_desk.turn(hours=2)
    assert sms_desk.waiting() == 0 and sms_desk.refused() == 1


def test_all_numbers_refused_are_kept(sms_desk: Desk, gateway: Exchange) -> None:
    gateway.answer = lambda _n: 422
    sms_desk.put(NUMBERS)
    for _ in range(4):
        sms_desk.turn(hours=1)
    halt = sms_desk.halt()
    assert halt and halt.fault == "alike" and sms_desk.waiting() == 12 and sms_desk.refused() == 0


@contextmanager
def silent_server() -> Iterator[int]:
    """A mail server that takes a line and never says a word."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield int(listening.getsockname()[1])


def test_a_mail_server_that_says_nothing_delays_no_sms(sealed: Sealed, gateway: Exchange) -> None:
    asked = threading.Event()
    with silent_server() as port:
        letters, texts = by_mail(sealed, port), by_sms(sealed, gateway.port)
        letters.put(["person@mottagare.example"])
        texts.put(NUMBERS)
        until = time.monotonic() + 8
        start_threads([letters.sender(), texts.sender()], lambda: TODAY, asked)
        while texts.waiting() and time.monotonic() < until:
            time.sleep(0.02)
        asked.set()
        assert time.monotonic() < until
        assert texts.waiting() == 0 and len(gateway.taken) == 12 and letters.waiting() == 1


def test_a_gateway_that_is_gone_counts_against_nobody(sealed: Sealed) -> None:
    desk = by_sms(sealed, free_port())
    desk.put(NUMBERS[:2])
    desk.turn()
    halt = desk.halt()
    assert halt and halt.fault == "down" and desk.tries() == {0}
