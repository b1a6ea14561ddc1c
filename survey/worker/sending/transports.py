"""The ways that this installation can send by, from its settings. For the worker, and for who tries them."""

from collections.abc import Callable
from dataclasses import dataclass

from survey.channels import mail, sms
from survey.channels.transport.messages import Carrier
from survey.channels.transport.smtp import Relay
from survey.config import Settings


@dataclass(frozen=True)
class Way:
    """One way: its channel's name, how a line is opened, and how many messages it takes in a minute."""

    key: str
    open: Callable[[], Carrier]
    a_minute: int


def ways(settings: Settings) -> list[Way]:
    """Those that are set up."""
    found = []
    if server := relay(settings):
        found.append(Way("mail", lambda: mail.carrier(server), settings.mail_a_minute))
    if service := gateway(settings):
        found.append(Way("sms", lambda: sms.carrier(service), settings.sms_a_minute))
    return found


def relay(settings: Settings) -> Relay | None:
    """The mail server, if there is one."""
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
    """The SMS gateway, if there is one."""
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
    """Settings of the form name=value."""
    return tuple((name, value) for name, _, value in (line.partition("=") for line in lines))
