"""Sender threads, one for each channel: a server that is slow or down delays only its own messages."""

import threading
from collections.abc import Callable
from datetime import date

from sqlalchemy import Engine

from survey import journal
from survey.channels.transport.messages import TransportStopped
from survey.config import Settings
from survey.sealing.keys.key_volumes import KeyVolumes
from survey.store.database.engine import DatabaseFault
from survey.worker.sending.transports import transports
from survey.worker.sending.turns import TURN_SECONDS, Sender

_FAREWELL = 20.0


def senders(engine: Engine, settings: Settings, volumes: KeyVolumes) -> list[Sender]:
    """Make a sender for each channel that is configured."""
    return [Sender(engine, volumes, transport) for transport in transports(settings)]


def run_turn(sender: Sender, today: date, seconds: float = TURN_SECONDS) -> int:
    """Take a turn that never raises; return the number of messages sent."""
    try:
        return sender.turn(today, seconds)
    except Exception as error:
        journal.warn("sending failed", channel=sender.transport.key, kind=journal.fault(error))
        if not isinstance(error, DatabaseFault):
            _stop(sender, type(error).__name__)
        return 0


def start_threads(
    found: list[Sender],
    today: Callable[[], date],
    asked: threading.Event,
    at_work: Callable[[], bool] = lambda: True,
) -> list[threading.Thread]:
    """Start a thread for each sender; they send while `at_work`, and end after a message once `asked` is set."""
    threads = [
        threading.Thread(
            target=_keep, args=(each, today, asked, at_work), name=f"sending by {each.transport.key}", daemon=True
        )
        for each in found
    ]
    for thread in threads:
        thread.start()
    return threads


def wait_for_threads(threads: list[threading.Thread]) -> None:
    """Wait a little for messages in flight; any not accepted by then is tried again after the next start."""
    for thread in threads:
        thread.join(_FAREWELL)


def _keep(sender: Sender, today: Callable[[], date], asked: threading.Event, at_work: Callable[[], bool]) -> None:
    while not asked.is_set():
        if at_work():
            run_turn(sender, today())
        asked.wait(TURN_SECONDS)


def _stop(sender: Sender, kind: str) -> None:
    try:
        sender.halting.halt(TransportStopped("down", kind[:24]))
    except DatabaseFault as error:
        journal.warn(
            "that a transport rests could not be told", channel=sender.transport.key, kind=journal.fault(error)
        )
