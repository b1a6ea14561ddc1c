"""A house that sends: an open round, messages put in as the unit's page does, and turns at an hour of one's own."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from uuid import uuid4

from survey.channels import mail, sms
from survey.channels.transport.messages import Message
from survey.channels.transport.smtp import Relay
from survey.sealing.intake import sealed_messages
from survey.sealing.intake.sealed_messages import Mailing
from survey.store.channels import issued_codes, outbox, transports
from survey.store.channels.transports import Halt
from survey.store.core import health
from survey.store.database.engine import read_transaction
from survey.worker.sending.transports import Transport
from survey.worker.sending.turns import Sender
from tests.sealed import ROUND, Sealed

UNIT = "vast-ett"
TODAY = date(2026, 9, 20)
BEGAN = 1_789_000_000.0
FROM = "De 7 frågorna – Region <svara@region.example>"


def composed(to: str, code: str) -> Message:
    """A message as the unit's page makes it."""
    return Message(to, "Sju frågor om din vård", f"Din kod är {code}.\n", "sv", uuid4().hex)


def addresses(many: int) -> list[str]:
    """So many people."""
    return [f"person{n}@mottagare.example" for n in range(many)]


@dataclass
class Desk:
    """One way of one house."""

    sealed: Sealed
    transport: Transport
    hours: float = 0
    chance: random.Random = field(default_factory=lambda: random.Random(1))

    def put(self, to: Sequence[str], unit: str = UNIT) -> None:
        """Hand a list in."""
        mailing = Mailing(unit, ROUND, "patient", self.transport.key)
        sealed_messages.enqueue(
            self.sealed.engine, self.sealed.volumes, mailing, [partial(composed, each) for each in to]
        )

    def sender(self) -> Sender:
        """A worker's sender that was started just now."""
        now = lambda: BEGAN + self.hours * 3600  # noqa: E731
        return Sender(self.sealed.engine, self.sealed.volumes, self.transport, now, self.chance)

    def turn(self, hours: float = 0, today: date = TODAY) -> int:
        """A turn of a minute, so many hours on."""
        self.hours += hours
        return self.sender().turn(today, 60.0)

    def waiting(self, unit: str = UNIT) -> int:
        """How many wait."""
        with read_transaction(self.sealed.engine) as connection:
            return outbox.count_of_unit(connection, unit, ROUND).get(("patient", self.transport.key), 0)

    def refused(self) -> int:
        """How many were given up."""
        with read_transaction(self.sealed.engine) as connection:
            return issued_codes.of_unit(connection, UNIT, ROUND)["patient", self.transport.key].refused

    def halt(self) -> Halt | None:
        """What stopped the way."""
        with read_transaction(self.sealed.engine) as connection:
            return transports.halts(connection).get(self.transport.key)

    def well(self) -> bool:
        """What staff's health page is told."""
        with read_transaction(self.sealed.engine) as connection:
            return all(line.ok for line in health.lines(connection) if line.name == self.transport.key)

    def tries(self) -> set[int]:
        """What is counted against messages that wait."""
        with read_transaction(self.sealed.engine) as connection:
            return set(connection.scalars(outbox.sa.select(outbox.outbox_message.c.attempts)))


def by_mail(sealed: Sealed, port: int, a_minute: int = 1000, **more: str) -> Desk:
    """A desk that sends e-mail."""
    named = {"security": "none", "user": "", "password": "", "sender": FROM, **more}
    relay = Relay("127.0.0.1", port, **named)
    return Desk(sealed, Transport("mail", lambda: mail.open_transport(relay), a_minute))


def by_sms(sealed: Sealed, port: int, path: str = "/send") -> Desk:
    """A desk that sends SMS."""
    fields = (("to", "{to}"), ("text", "{text}"), ("id", "{id}"))
    gateway = sms.Gateway(f"http://127.0.0.1:{port}{path}", False, fields, (("Authorization", "Bearer hemligt"),))
    return Desk(sealed, Transport("sms", lambda: sms.open_transport(gateway), 1000))
