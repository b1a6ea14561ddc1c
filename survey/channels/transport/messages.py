"""Messages on their way: the content that is sealed until it is sent, and the errors of a transport. For mail and SMS.

What a server says is kept as its numbers alone: its words often repeat the address.
"""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass

from survey.domain.text.i18n import N_

STOP_REASONS = {
    "down": N_("Servern svarar inte."),
    "tls": N_("Förbindelsen till servern kan inte skyddas."),
    "sign_in": N_("Servern godtar inte vår inloggning."),
    "sender": N_("Servern godtar inte vår avsändaradress."),
    "relay": N_("Servern släpper inte fram meddelanden från oss."),
    "rate": N_("Servern tar inte emot fler just nu."),
    "alike": N_("Servern nekade många meddelanden i rad."),
    "redirect": N_("Tjänstens adress leder vidare till en annan adress, och dit skickas inget."),
    "address": N_("Tjänsten finns inte på den adress som är inställd."),
    "unpaid": N_("Tjänsten säger att kontot behöver fyllas på."),
}
TRANSIENT = ("down", "rate")  # these most often mend themselves: reported to the operator when they last


class PermanentFailure(Exception):
    """A lasting refusal of a message: no such address, a barred number. `ours`: the fault may be with all of ours."""

    def __init__(self, reply: str = "", *, ours: bool = False) -> None:
        super().__init__(reply)
        self.reply, self.ours = reply, ours


class TemporaryFailure(Exception):
    """A message that may or may not have been taken; it is tried again, the same, after so many seconds."""

    def __init__(self, reply: str = "", after: float = 0) -> None:
        super().__init__(reply)
        self.reply, self.after = reply, after


class ConnectionClosed(Exception):
    """A closed line, which is no fault of the message; `in_doubt` when the message may have been taken."""

    def __init__(self, reply: str = "", *, in_doubt: bool = False) -> None:
        super().__init__(reply)
        self.reply, self.in_doubt = reply, in_doubt


class TransportStopped(Exception):
    """A stop for all messages: one of STOP_REASONS, what the server replied, the seconds it asked us to wait."""

    def __init__(self, kind: str, reply: str = "", after: float = 0) -> None:
        super().__init__(f"{kind} {reply}".strip())
        self.kind, self.reply, self.after = kind, reply, after


@dataclass(frozen=True)
class Message:
    """One message to one recipient. `id` is random, and stays the same however often it is tried."""

    to: str
    subject: str
    body: str
    language: str
    id: str

    def pack(self) -> bytes:
        """Return the message as it is sealed."""
        return json.dumps(asdict(self), ensure_ascii=False).encode()


def unpack(content: bytes) -> Message:
    """Return the message that was sealed."""
    return Message(**json.loads(content))


Send = Callable[[Message], None]
"""Sends one message; raises one of the four above. Any other error is this message's own."""

SendSession = AbstractContextManager[Send]
"""An open line; opening it raises TransportStopped."""
