"""A channel's turns: waiting messages are claimed, sent and deleted, one at a time, in no order of any list.

What a server says decides what happens. "Later" moves that message alone. A line that is closed costs no message
anything: a new one is opened. A refusal for good is held until another message has got through, or until it comes a
second time, because many in a row are about us and not about the addresses. What is about us stops this transport
until it is tried again with a single message. Anything unforeseen is that message's own. Killed anywhere, at most the
one in flight is sent twice, as the same message: same code, same Message-ID.
"""

import random
import time
from collections import Counter
from collections.abc import Callable
from datetime import date

from sqlalchemy import Engine

from survey import journal
from survey.channels.transport.messages import (
    ConnectionClosed,
    PermanentFailure,
    Send,
    TemporaryFailure,
    TransportStopped,
)
from survey.domain.retry_delays import after, minute
from survey.sealing.intake import sealed_messages
from survey.sealing.keys.key_volumes import KeyVolumes
from survey.sealing.rounds.abandoned_messages import abandon_messages
from survey.store.channels import outbox
from survey.store.core import rounds
from survey.store.database.engine import DatabaseUnavailable, read_transaction, write_transaction
from survey.worker.sending.halting import TransportHalt
from survey.worker.sending.outcomes import Outcomes
from survey.worker.sending.transports import Transport

TURN_SECONDS = 5.0
_SENT = ("sent", "")
_CLAIMED = 15  # minutes: longer than a server is given to take one message


class Sender:
    """The sending by one channel: with its transport, clock and random numbers."""

    def __init__(
        self,
        engine: Engine,
        volumes: KeyVolumes,
        transport: Transport,
        clock: Callable[[], float] = time.time,
        rng: random.Random | None = None,
    ) -> None:
        """Make a sender that has sent nothing yet; clock and rng are handed in only by tests."""
        self.engine, self.volumes, self.transport, self.clock = engine, volumes, transport, clock
        self.rng = rng or random.Random()  # noqa: S311 (who is sent to first, and when again)
        self.halting = TransportHalt(engine, transport.key, clock, self.rng)
        self.outcomes = Outcomes(engine, transport.key, clock, self.rng)
        self.counts: Counter[tuple[str, str]] = Counter()
        self.answered = 0

    def turn(self, today: date, seconds: float = TURN_SECONDS) -> int:
        """Send the messages that may be sent within `seconds`; return their number."""
        self.counts.clear()
        if self.halting.is_paused():
            return 0
        waiting = self._due(today)
        most = 1 if self.halting.is_probing() else max(1, int(self.transport.per_minute * seconds / 60))
        chosen = self.rng.sample(waiting, min(most, len(waiting)))
        try:
            while chosen:
                self._over_one_line(chosen)
        except TransportStopped as stopped:
            self.halting.halt(stopped)
        self._tell()
        return self.counts[_SENT]

    def _tell(self) -> None:
        """Log a line for each kind of event; of a message the server's numbers alone, or an error's class."""
        for (what, detail), count in sorted(self.counts.items()):
            if what == "sent":
                journal.info("messages sent", channel=self.transport.key, count=count)
            elif what == "put off":
                journal.info("messages put off", channel=self.transport.key, status=detail or "", count=count)
            elif what == "refused":
                journal.info("messages refused", channel=self.transport.key, status=detail or "", count=count)
            elif what == "given up":
                journal.info("messages given up at the round's end", channel=self.transport.key, count=count)
            else:
                journal.warn("messages failed", channel=self.transport.key, kind=detail, count=count)

    def _due(self, today: date) -> list[bytes]:
        with read_transaction(self.engine) as connection:
            open_now = [each for each in rounds.rounds(connection) if each.state == "open"]
            lasting = [each.key for each in open_now if today <= each.closes]
            over = [
                each.key for each in open_now if today > each.closes and outbox.count_of_round(connection, each.key)
            ]
            waiting = outbox.due(connection, lasting, self.transport.key, minute(self.clock()))
        for key in over:
            with write_transaction(self.engine) as connection:
                self.counts["given up", ""] += abandon_messages(connection, key)
        return waiting

    def _over_one_line(self, chosen: list[bytes]) -> None:
        """Send over one connection until it is closed or no chosen message is left."""
        before, answered = self.counts[_SENT], self.answered
        try:
            with self.transport.open() as send:
                while chosen:
                    self._one(chosen.pop(), send, proved=self.counts[_SENT] > before)
        except ConnectionClosed as closed:
            if self.answered == answered:
                # It answered nothing at all: this is no server that closes after so many.
                raise TransportStopped("down", closed.reply) from None

    def _one(self, wanted: bytes, send: Send, proved: bool) -> None:
        with read_transaction(self.engine) as connection:
            waiting = outbox.get(connection, wanted)
        if waiting is None:
            return
        now = self.clock()
        with write_transaction(self.engine) as connection:
            if not outbox.claim(connection, wanted, minute(now), after(now, _CLAIMED)):
                return
        try:
            send(sealed_messages.open_message(self.volumes, waiting))
        except (ConnectionClosed, TransportStopped, DatabaseUnavailable) as fault:
            # No fault of this message; where it may have been taken, it lets others pass first.
            self.outcomes.record_unsent(waiting, in_doubt=isinstance(fault, ConnectionClosed) and fault.in_doubt)
            raise
        except PermanentFailure as refused:
            self.counts["refused", refused.reply] += 1
            self.answered += 1
            self.outcomes.record_refused(waiting, refused, proved=proved, probing=self.halting.is_our_fault())
            self.halting.end_halt()
        except TemporaryFailure as postponed:
            self.counts["put off", postponed.reply] += 1
            self.answered += 1
            self.outcomes.postpone(waiting, postponed.after)
            self.halting.end_halt()
        except Exception as error:
            # Only the kind: its words may hold an address.
            self.counts["failed", type(error).__name__] += 1
            self.outcomes.postpone(waiting, 0)
        else:
            self.counts[_SENT] += 1
            self.answered += 1
            self.outcomes.record_sent(waiting)
            self.halting.end_halt()
