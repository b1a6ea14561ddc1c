"""Outcomes of messages: deleted when sent, tried later, held, or given up and counted. For one channel's turns."""

import random
from collections.abc import Callable

from sqlalchemy import Connection, Engine

from survey.channels.transport.messages import Refused, Stopped
from survey.domain.retry_delays import HELD, OF_A_MESSAGE, after, pause
from survey.store.database.engine import write_transaction
from survey.store.distribution import issued_codes, outbox
from survey.store.distribution.outbox import ABOUT_THE_ADDRESS, ABOUT_US, OTHERS_TAKEN, Waiting

IN_A_ROW = 10  # so many permanent refusals in a row are about us


class Outcomes:
    """A recorder of what happened to one channel's messages."""

    def __init__(self, engine: Engine, channel: str, clock: Callable[[], float], chance: random.Random) -> None:
        """Record for one channel; held messages from before are assumed until it is known."""
        self.engine, self.channel, self.clock, self.chance = engine, channel, clock, chance
        self.some_held = True

    def sent(self, waiting: Waiting) -> None:
        """Record that it is accepted: the row goes, and those that were refused before are so for themselves."""
        with write_transaction(self.engine) as connection:
            outbox.remove(connection, waiting.id)
            if self.some_held:
                for each in outbox.confirmed(connection, self.channel):
                    _give_up(connection, each)
        self.some_held = False

    def unsent(self, waiting: Waiting, in_doubt: bool) -> None:
        """Record that it was not accepted, or that nobody knows."""
        if in_doubt:
            self.later(waiting, 0)
            return
        with write_transaction(self.engine) as connection:
            outbox.release(connection, waiting.id)

    def later(self, waiting: Waiting, least: float) -> None:
        """Schedule another try after its pause, and not before `least` seconds."""
        until = after(self.clock(), pause(OF_A_MESSAGE, waiting.attempts, self.chance, least))
        with write_transaction(self.engine) as connection:
            outbox.later(connection, waiting.id, until)

    def refused(self, waiting: Waiting, refused: Refused, *, proved: bool, probing: bool) -> None:
        """Hold it, or give it up; raise Stopped when the refusal rather is about us."""
        again = waiting.refusals in (ABOUT_THE_ADDRESS, OTHERS_TAKEN)
        with write_transaction(self.engine) as connection:
            if again and not probing:
                _give_up(connection, waiting)
                return
            known = ABOUT_US if refused.ours else ABOUT_THE_ADDRESS
            outbox.hold(connection, waiting.id, known, after(self.clock(), pause((HELD,), 0, self.chance)))
            self.some_held = True
            many = outbox.held(connection, self.channel).get(known, 0) >= IN_A_ROW
            if many or (probing and not refused.ours):
                outbox.all_again(connection, self.channel)
        if refused.ours and not proved:
            raise Stopped("relay", refused.said)
        if many or probing:
            raise Stopped("alike", refused.said)


def _give_up(connection: Connection, waiting: Waiting) -> None:
    if outbox.remove(connection, waiting.id):
        issued_codes.refuse(
            connection, unit=waiting.unit, round=waiting.round, role=waiting.role, channel=waiting.channel
        )
