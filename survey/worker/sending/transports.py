"""The transports that the settings configure. For the worker, and for who tries them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from survey.channels import CHANNELS
from survey.channels.transport.messages import SendSession
from survey.config import Settings


@dataclass(frozen=True)
class Transport:
    """A transport: its channel's name, its connection factory, and its most messages a minute."""

    key: str
    open: Callable[[], SendSession]
    per_minute: int


def transports(settings: Settings) -> list[Transport]:
    """Return those that are set up."""
    return [
        Transport(each.key, partial(each.sends.connect, settings, None), getattr(settings, each.sends.rate_setting))
        for each in CHANNELS.values()
        if each.sends and getattr(settings, each.needs)
    ]
