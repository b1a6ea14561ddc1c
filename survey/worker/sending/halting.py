"""Halts of a transport that nothing gets through: longer and longer pauses, and a reason that staff can read.

A wait that a server asks for in seconds is kept in memory; a longer one is written down, for the unit's page and the
health page. The list stays as it is.
"""

import random
import time
from collections.abc import Callable

from sqlalchemy import Engine

from survey import journal
from survey.channels.transport.messages import TRANSIENT, TransportStopped
from survey.domain.retry_delays import CONNECTION_DELAYS, TRANSPORT_DELAYS, after, minute, retry_delay
from survey.store.channels import transports
from survey.store.channels.transports import Halt
from survey.store.core import health
from survey.store.database.engine import read_transaction, write_transaction

_SHORT = 60.0
_TOLD_AFTER = 3  # failed tries before a passing fault is reported: most pass by themselves


class TransportHalt:
    """One transport's halt, and the end of its pause."""

    def __init__(
        self, engine: Engine, channel: str, clock: Callable[[], float] = time.time, rng: random.Random | None = None
    ) -> None:
        """Track one channel's transport."""
        self.engine, self.channel, self.clock = engine, channel, clock
        self.rng = rng or random.Random()  # noqa: S311 (when it is tried again)
        self._quiet_until = 0.0
        self._halt: Halt | None = None

    def is_paused(self) -> bool:
        """Return whether the pause is not over yet."""
        with read_transaction(self.engine) as connection:
            self._halt = transports.halts(connection).get(self.channel)
        now = self.clock()
        return now < self._quiet_until or (self._halt is not None and minute(now) < self._halt.not_before)

    def is_probing(self) -> bool:
        """Return whether nothing got through the last time: then one message is enough to see if that has changed."""
        return self._halt is not None

    def is_our_fault(self) -> bool:
        """Return whether refused messages caused the halt: another refusal then says nothing of its address."""
        return self._halt is not None and self._halt.fault in ("relay", "alike")

    def halt(self, stopped: TransportStopped) -> None:
        """Halt the transport and store when it is tried again."""
        now = self.clock()
        if stopped.kind == "rate" and 0 < stopped.after <= _SHORT and self._halt is None:
            self._quiet_until = now + stopped.after
            return
        tries = self._halt.attempts if self._halt else 0
        steps = CONNECTION_DELAYS if stopped.kind in TRANSIENT else TRANSPORT_DELAYS
        self._halt = Halt(
            self.channel,
            stopped.kind,
            stopped.reply,
            tries + 1,
            after(now, retry_delay(steps, tries, self.rng, stopped.after)),
            self._halt.began if self._halt else int(now // 3600),
        )
        journal.warn("sending rests", channel=self.channel, why=stopped.kind, status=stopped.reply or "")
        is_reported = stopped.kind not in TRANSIENT or tries + 1 >= _TOLD_AFTER
        with write_transaction(self.engine) as connection:
            transports.save(connection, self._halt)
            health.write(connection, [health.HealthLine(self.channel, not is_reported, str(stopped))])

    def end_halt(self) -> None:
        """End the halt: the server takes messages of ours, or answers for each."""
        if self._halt is None:
            return
        self._halt = None
        journal.info("sending goes on", channel=self.channel)
        with write_transaction(self.engine) as connection:
            transports.clear(connection, self.channel)
            health.write(connection, [health.HealthLine(self.channel, True)])
