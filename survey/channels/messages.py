"""A message on its way: what is sealed until it is sent, and what a carrier of messages does. For mail and SMS."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass


class Refused(Exception):
    """The message will never be taken: an address that is none, a number that is barred."""


class Postponed(Exception):
    """The message may or may not have been taken; it is tried again, as the same message."""


@dataclass(frozen=True)
class Message:
    """One message to one recipient. `id` is random, and stays the same however often it is tried."""

    to: str
    subject: str
    body: str
    language: str
    id: str

    def packed(self) -> bytes:
        """The message as it is sealed."""
        return json.dumps(asdict(self), ensure_ascii=False).encode()


def unpacked(content: bytes) -> Message:
    """The message that was sealed."""
    return Message(**json.loads(content))


Send = Callable[[Message], None]
"""Sends one message; raises Refused or Postponed. Any other error means that nobody's message gets through now."""

Carrier = AbstractContextManager[Send]
