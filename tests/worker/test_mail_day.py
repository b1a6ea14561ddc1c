"""A small mail day, by a clock that is moved a minute a turn; the large one is `python -m tests.worker.mail_day`."""

import random

import pytest

from survey.store.channels import outbox
from survey.store.channels.outbox import OutboxMessage
from survey.store.database.engine import write_transaction
from survey.worker.sending.outcomes import Outcomes
from survey.worker.sending.turns import Sender
from tests.care_unit.post_office import Exchange, free_port
from tests.sealed import Sealed
from tests.worker.desk import BEGAN, TODAY, by_mail, by_sms
from tests.worker.mail_day import grey_office, numbers, people, told

MANY, TEXTS, KILLS = 80, 20, 6


class Killed(BaseException):
    """As kill -9: nothing of ours runs afterwards."""


def test_each_gets_it_once_whatever_the_server_and_the_worker_do(sealed: Sealed, gateway: Exchange) -> None:
    minute, port, chance, kills = [0], free_port(), random.Random(7), 0
    now = lambda: BEGAN + minute[0] * 60  # noqa: E731
    letters, messages = by_mail(sealed, port, a_minute=40), by_sms(sealed, gateway.port)
    letters.put(people(MANY))

    def turn() -> int:
        sender = Sender(sealed.engine, sealed.volumes, letters.transport, now, random.Random(minute[0]))
        if kills < KILLS:
            fall_after(sender, chance.randrange(1, 12))
        try:
            sender.turn(TODAY, 60.0)
        except Killed:
            return 1
        finally:
            minute[0] += 1
        return 0

    with grey_office(port, now) as office:
        while len(office.taken) < MANY // 3:
            kills += turn()
    messages.put(numbers(TEXTS))
    for down in range(60):
        kills += turn()
        if down == 0:
            messages.hours = minute[0] / 60
            assert messages.turn() == TEXTS and not messages.waiting()
    halt = letters.halt()
    assert halt and halt.fault == "down" and letters.waiting() and letters.refused() <= 2
    with grey_office(port, now, office) as office:
        while letters.waiting():
            kills += turn()
            assert minute[0] < 24 * 60
        day = told(sealed, office, gateway, MANY, TEXTS, kills)
    assert day.is_right() and day.kills == KILLS and day.gone == 1, day


def fall_after(sender: Sender, many: int) -> None:
    """Let the worker be killed when so many have been taken: after the server has the message, before we note it."""
    left, really = [many], sender.outcomes.record_sent

    def sent(waiting: OutboxMessage) -> None:
        left[0] -= 1
        if not left[0]:
            raise Killed
        really(waiting)

    sender.outcomes.record_sent = sent  # type: ignore[method-assign]


def test_control_a_worker_for_whom_later_is_soon_for_good_loses_nearly_all(
    sealed: Sealed, gateway: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    def for_good(outcomes: Outcomes, waiting: OutboxMessage, _least: float) -> None:
        with write_transaction(outcomes.engine) as connection:
            outbox.remove(connection, waiting.id)

    monkeypatch.setattr(Outcomes, "postpone", for_good)
    port = free_port()
    letters = by_mail(sealed, port)
    letters.put(people(20))
    with grey_office(port, lambda: BEGAN) as office:
        letters.turn()
        day = told(sealed, office, gateway, 20, 0, 0)
    assert day.lost == 19 and not day.is_right()
