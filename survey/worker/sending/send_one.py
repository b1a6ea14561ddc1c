"""Sending of one message now and not by the worker, so that the server's reply can stand on the page at once.

For who sends one to oneself first, and for a link to a member of staff.
"""

from dataclasses import replace
from functools import lru_cache

from survey.channels import mail, sms
from survey.channels.transport.messages import STOPS, Carrier, LineClosed, Message, Postponed, Refused, Stopped
from survey.config import Settings
from survey.domain.text.i18n import N_
from survey.worker.sending.transports import gateway, relay

_PATIENCE, _FOR_TAKING = 8.0, 20.0
NOT_NOW = N_("Servern vill ta emot det senare. Så gör en del servrar den första gången.")
NOT_THERE = N_("Servern säger att mottagaren inte finns, eller tar inte emot det.")


def tried(settings: Settings, way: str, message: Message) -> str:
    """Send a message; return empty when it is accepted, else the reason: a text of the catalogs."""
    try:
        with _line(settings, way) as send:
            send(message)
    except Stopped as stopped:
        return STOPS[stopped.kind]
    except LineClosed:
        return STOPS["down"]
    except Postponed:
        return NOT_NOW
    except Refused:
        return NOT_THERE
    return ""


@lru_cache(maxsize=1)
def all_letters(settings: Settings, _hour: int) -> bool | None:
    """Return whether the mail server takes addresses with å, ä or ö before the @; asked once an hour."""
    server = relay(settings)
    return mail.takes_all_letters(replace(server, patience=_PATIENCE)) if server else None


def _line(settings: Settings, way: str) -> Carrier:
    if way == "sms" and (service := gateway(settings)):
        return sms.carrier(replace(service, patience=_PATIENCE))
    server = relay(settings)
    assert server is not None
    return mail.carrier(replace(server, patience=_PATIENCE, patience_for_taking=_FOR_TAKING))
