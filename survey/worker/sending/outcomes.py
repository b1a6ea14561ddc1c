"""Outcomes of messages: deleted when sent, tried later, held, or given up and counted. For one channel's turns."""

import random
from collections.abc import Callable

from sqlalchemy import Connection, Engine

from survey.channels.transport.messages import PermanentFailure, TransportStopped
from survey.domain.retry_delays import HELD_DELAY, MESSAGE_DELAYS, after, retry_delay
from survey.store.channels import issued_codes, outbox
from survey.store.channels.outbox import ABOUT_THE_ADDRESS, ABOUT_US, OTHERS_TAKEN, OutboxMessage
from survey.store.database.engine import write_transaction

MAX_REFUSALS_IN_A_ROW = 10  # so many permanent refusals in a row are about us


class Outcomes:
    """A recorder of what happened to one channel's messages."""

    def __init__(self, engine: Engine, channel: str, clock: Callable[[], float], rng: random.Random) -> None:
        """Record for one channel; held messages from before are assumed until it is known."""
        self.engine, self.channel, self.clock, self.rng = engine, channel, clock, rng
        self.some_held = True

    def record_sent(self, waiting: OutboxMessage) -> None:
        """Record that it is accepted: the row goes, and those that were refused before are so for themselves."""
        with write_transaction(self.engine) as connection:
            outbox.remove(connection, waiting.id)
            if self.some_held:
                for each in outbox.confirmed(connection, self.channel):
                    _give_up(connection, each)
        self.some_held = False

    def record_unsent(self, waiting: OutboxMessage, in_doubt: bool) -> None:
        """Record that it was not accepted, or that nobody knows."""
        if in_doubt:
            self.postpone(waiting, 0)
            return
        with write_transaction(self.engine) as connection:
            outbox.release(connection, waiting.id)

    def postpone(self, waiting: OutboxMessage, least: float) -> None:
        """Schedule another try after its pause, and not before `least` seconds."""
        until = after(self.clock(), retry_delay(MESSAGE_DELAYS, waiting.attempts, self.rng, least))
        with write_transaction(self.engine) as connection:
            outbox.postpone(connection, waiting.id, until)

    def record_refused(self, waiting: OutboxMessage, refused: PermanentFailure, *, proved: bool, probing: bool) -> None:
        """Hold it, or give it up; raise TransportStopped when the refusal rather is about us."""
        again = waiting.refusals in (ABOUT_THE_ADDRESS, OTHERS_TAKEN)
        with write_transaction(self.engine) as connection:
            if again and not probing:
                _give_up(connection, waiting)
                return
            known = ABOUT_US if refused.ours else ABOUT_THE_ADDRESS
            outbox.hold(connection, waiting.id, known, after(self.clock(), retry_delay((HELD_DELAY,), 0, self.rng)))
            self.some_held = True
            many = outbox.count_held(connection, self.channel).get(known, 0) >= MAX_REFUSALS_IN_A_ROW
            if many or (probing and not refused.ours):
                outbox.release_held(connection, self.channel)
        if refused.ours and not proved:
            raise TransportStopped("relay", refused.reply)
        if many or probing:
            raise TransportStopped("alike", refused.reply)


def _give_up(connection: Connection, waiting: OutboxMessage) -> None:
    if outbox.remove(connection, waiting.id):
        issued_codes.refuse(
            connection, unit=waiting.unit, round=waiting.round, role=waiting.role, channel=waiting.channel
        )
