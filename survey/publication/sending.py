"""The worker sends what waits: a few messages a turn, each deleted once it is taken. Killed anywhere, none is lost.

At most the one message in flight is sent twice, as the same message: same code, same Message-ID. A message that a
server refuses for good is counted and dropped; one that may or may not have been taken is tried a few times.
"""

import random
from collections.abc import Callable, Mapping

from sqlalchemy import Engine

from survey.channels import mail, sms
from survey.channels.messages import Carrier, Postponed, Refused, Send
from survey.config import Settings
from survey.sealing import spool
from survey.sealing.keys import KeyVolumes
from survey.store import handouts, outgoing, rounds
from survey.store.engine import reading, writing
from survey.store.outgoing import Waiting

MOST_TRIES = 5
Carriers = Mapping[str, tuple[Callable[[], Carrier], int]]


def carriers(settings: Settings, turn: float) -> Carriers:
    """The ways that this installation can send by, and how many messages each takes in a turn of so many seconds."""
    found: dict[str, tuple[Callable[[], Carrier], int]] = {}
    if settings.mail_host:
        relay = mail.Relay(
            settings.mail_host,
            settings.mail_port,
            settings.mail_security,
            settings.mail_user,
            settings.mail_password,
            settings.mail_sender,
        )
        found["mail"] = (lambda: mail.carrier(relay)), _in_a_turn(settings.mail_a_minute, turn)
    if settings.sms_url:
        gateway = sms.Gateway(
            settings.sms_url, settings.sms_json, _pairs(settings.sms_fields), _pairs(settings.sms_headers)
        )
        found["sms"] = (lambda: sms.carrier(gateway)), _in_a_turn(settings.sms_a_minute, turn)
    return found


def send_waiting(engine: Engine, volumes: KeyVolumes, ways: Carriers, chance: random.Random) -> int:
    """Send what may be sent in this turn; how many were. Raises when a server lets nothing through."""
    sent = 0
    if not ways:
        return sent
    with reading(engine) as connection:
        open_now = [round_.key for round_ in rounds.rounds(connection) if round_.state == "open"]
        waiting = {(key, way): outgoing.ids(connection, key, way) for key in open_now for way in ways}
    for (_key, way), ids in waiting.items():
        if not ids:
            continue
        open_line, most = ways[way]
        # In a new order each time: some that must wait never stand in the way of the others.
        chosen = chance.sample(ids, min(most, len(ids)))
        with open_line() as send:
            sent += sum(_send(engine, volumes, each, send) for each in chosen)
    return sent


def _send(engine: Engine, volumes: KeyVolumes, wanted: bytes, send: Send) -> bool:
    with reading(engine) as connection:
        waiting = outgoing.get(connection, wanted)
    if waiting is None:
        return False
    message = spool.opened(volumes, waiting)
    try:
        send(message)
    except Postponed:
        _postpone(engine, waiting)
        return False
    except Refused:
        _drop(engine, waiting)
        return False
    with writing(engine) as connection:
        outgoing.remove(connection, wanted)
    return True


def _postpone(engine: Engine, waiting: Waiting) -> None:
    if waiting.tries + 1 >= MOST_TRIES:
        _drop(engine, waiting)
        return
    with writing(engine) as connection:
        outgoing.tried(connection, waiting.id)


def _drop(engine: Engine, waiting: Waiting) -> None:
    with writing(engine) as connection:
        outgoing.remove(connection, waiting.id)
        handouts.refuse(connection, unit=waiting.unit, round=waiting.round, role=waiting.role, way=waiting.way)


def _in_a_turn(a_minute: int, turn: float) -> int:
    return max(1, int(a_minute * turn / 60))


def _pairs(lines: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Settings of the form name=value."""
    return tuple((name, value) for name, _, value in (line.partition("=") for line in lines))
