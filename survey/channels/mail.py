"""E-mail: one message and one code to each address of a list, through the region's own mail server."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate

from email_validator import EmailNotValidError, validate_email

from survey.channels.channel import Channel
from survey.channels.messages import Message, Postponed, Refused, Send
from survey.domain.marking import N_

PATIENCE = 30.0
_STARTTLS, _TLS = "starttls", "tls"


@dataclass(frozen=True)
class Relay:
    """The mail server: where it is, how the line is protected (starttls, tls or none), who we are there."""

    host: str
    port: int
    security: str
    user: str
    password: str
    sender: str


def address(text: str) -> str:
    """An address in one spelling; ValueError when it is none. Whether its domain takes mail is not asked."""
    try:
        return str(validate_email(text, check_deliverability=False, test_environment=True).normalized)
    except EmailNotValidError:
        raise ValueError("no address") from None


@contextmanager
def carrier(relay: Relay) -> Iterator[Send]:
    """An open line to the mail server; its errors, and a line that can't be opened, are smtplib's or OSError."""
    with _connected(relay) as server:
        if relay.security == _STARTTLS:
            server.starttls(context=ssl.create_default_context())
        if relay.user:
            server.login(relay.user, relay.password)

        def send(message: Message) -> None:
            try:
                server.send_message(composed(message, relay.sender))
            except smtplib.SMTPRecipientsRefused as refused:
                _tell(next(iter(refused.recipients.values()))[0])
            except smtplib.SMTPDataError as refused:
                _tell(refused.smtp_code)
            except smtplib.SMTPServerDisconnected:
                raise Postponed from None

        yield send


def composed(message: Message, sender: str) -> EmailMessage:
    """The message as it travels. No tracking, no picture, no answer asked for."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, message.to, message.subject
    mail["Date"] = formatdate(localtime=False)
    mail["Message-ID"] = f"<{message.id}@{sender.rpartition('@')[2].rstrip('>')}>"
    mail["Content-Language"] = message.language
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.body)
    return mail


def _connected(relay: Relay) -> smtplib.SMTP:
    if relay.security == _TLS:
        return smtplib.SMTP_SSL(relay.host, relay.port, timeout=PATIENCE, context=ssl.create_default_context())
    return smtplib.SMTP(relay.host, relay.port, timeout=PATIENCE)


def _tell(code: int) -> None:
    """What the server's number means for this message: for good from 500 on."""
    if code >= 500:
        raise Refused
    raise Postponed


CHANNEL = Channel(
    key="mail",
    name=N_("E-post"),
    about=N_(
        "Ett meddelande till var och en, med en kod som gäller en gång. Du klistrar in adresserna eller väljer en fil. "
        "De sparas inte: när ett meddelande är skickat är adressen borta."
    ),
    button=N_("Skicka"),
    roles=("patient", "provider"),
    most=10_000,
    check=address,
    needs="mail_host",
)
