"""Sending of one message now and not by the worker, so that the server's reply can stand on the page at once.

For who sends one to oneself first, and for a link to a member of staff.
"""

from functools import lru_cache

from survey.channels import CHANNELS
from survey.channels.transport.messages import (
    STOP_REASONS,
    ConnectionClosed,
    Message,
    PermanentFailure,
    TemporaryFailure,
    TransportStopped,
)
from survey.config import Settings
from survey.domain.text.i18n import N_

_PATIENCE = 8.0
NOT_NOW = N_("Servern vill ta emot det senare. Så gör en del servrar den första gången.")
NOT_THERE = N_("Servern säger att mottagaren inte finns, eller tar inte emot det.")


def send_one(settings: Settings, channel: str, message: Message) -> str:
    """Send a message; return empty when it is accepted, else the reason: a text of the catalogs."""
    sends = CHANNELS[channel].sends
    assert sends is not None
    try:
        with sends.connect(settings, _PATIENCE) as send:
            send(message)
    except TransportStopped as stopped:
        return STOP_REASONS[stopped.kind]
    except ConnectionClosed:
        return STOP_REASONS["down"]
    except TemporaryFailure:
        return NOT_NOW
    except PermanentFailure:
        return NOT_THERE
    return ""


@lru_cache(maxsize=4)
def accepts_utf8(settings: Settings, channel: str, _hour: int) -> bool | None:
    """Return whether a channel's server takes letters beyond ASCII; None where it doesn't say. Asked once an hour."""
    sends = CHANNELS[channel].sends
    return sends.accepts_utf8(settings, _PATIENCE) if sends and sends.accepts_utf8 else None
