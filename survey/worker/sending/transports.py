"""The transports that the settings configure. For the worker, and for who tries them."""

from collections.abc import Callable
from dataclasses import dataclass

from survey.channels import mail, sms
from survey.channels.transport.messages import Carrier
from survey.channels.transport.smtp import Relay
from survey.config import Settings


@dataclass(frozen=True)
class Way:
    """A transport: its channel's name, its connection factory, and its most messages a minute."""

    key: str
    open: Callable[[], Carrier]
    a_minute: int


def ways(settings: Settings) -> list[Way]:
    """Return the configured transports."""
    found = []
    if server := relay(settings):
        found.append(Way("mail", lambda: mail.carrier(server), settings.mail_a_minute))
    if service := gateway(settings):
        found.append(Way("sms", lambda: sms.carrier(service), settings.sms_a_minute))
    return found


def relay(settings: Settings) -> Relay | None:
    """Return the mail server's settings, or None."""
    if not settings.mail_host:
        return None
    return Relay(
        settings.mail_host,
        settings.mail_port,
        settings.mail_security,
        settings.mail_user,
        settings.mail_password,
        settings.mail_sender,
        authorities=_authorities(settings),
    )


def gateway(settings: Settings) -> sms.Gateway | None:
    """Return the SMS gateway's settings, or None."""
    if not settings.sms_url:
        return None
    return sms.Gateway(
        settings.sms_url,
        settings.sms_json,
        _pairs(settings.sms_fields),
        _pairs(settings.sms_headers),
        authorities=_authorities(settings),
    )


def _authorities(settings: Settings) -> str:
    return str(settings.authorities) if settings.ca_file else ""


def _pairs(lines: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Parse settings of the form name=value."""
    return tuple((name, value) for name, _, value in (line.partition("=") for line in lines))
