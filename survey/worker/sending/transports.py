"""The transports that the settings configure. For the worker, and for who tries them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from survey.channels import CHANNELS
from survey.channels.transport.messages import Carrier
from survey.config import Settings


@dataclass(frozen=True)
class Way:
    """A transport: its channel's name, its connection factory, and its most messages a minute."""

    key: str
    open: Callable[[], Carrier]
    a_minute: int


def ways(settings: Settings) -> list[Way]:
    """Return those that are set up."""
    return [
        Way(each.key, partial(each.sends.connect, settings, None), getattr(settings, each.sends.a_minute))
        for each in CHANNELS.values()
        if each.sends and getattr(settings, each.needs)
    ]
