"""E-mail: one message and one code to each address of a list, through the region's own mail server."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import formatdate, parseaddr
from typing import Any

from email_validator import EmailNotValidError, validate_email

from survey.channels.channel import Channel, Mailer
from survey.channels.transport import smtp
from survey.channels.transport.messages import Message, PermanentFailure, Send, SendSession, TransportStopped
from survey.channels.transport.smtp import Heard, Relay
from survey.channels.transport.trust import ca_file_of
from survey.domain.text.clean_text import one_line
from survey.domain.text.i18n import N_

_FOR_TAKING = 20.0  # seconds, while somebody waits for the page


def parse_address(text: str) -> str:
    """Return an address as mail servers write it; raise ValueError when it is none. Its domain is not asked."""
    text = one_line(text)
    if text.endswith(">"):
        text = text.rpartition("<")[2].rstrip(">")  # as a mail program copies it, with a name before
    try:
        found = validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise ValueError("no address") from None
    # The domain in the letters of old: not every server knows the others.
    return f"{found.local_part}@{found.ascii_domain}"


def relay_of(settings: Any) -> Relay | None:
    """Return the mail server of the settings, if there is one."""
    if not settings.mail_host:
        return None
    return Relay(
        settings.mail_host,
        settings.mail_port,
        settings.mail_security,
        settings.mail_user,
        settings.mail_password,
        settings.mail_sender,
        authorities=ca_file_of(settings),
    )


def connect(settings: Any, patience: float | None) -> SendSession:
    """Open a line to the mail server of the settings."""
    server = relay_of(settings)
    assert server is not None
    if patience is None:
        return open_transport(server)
    return open_transport(replace(server, timeout=patience, data_timeout=_FOR_TAKING))


def accepts_utf8(settings: Any, patience: float) -> bool | None:
    """Return whether the settings' server takes every letter before the @; None where it doesn't say."""
    server = relay_of(settings)
    return relay_accepts_utf8(replace(server, timeout=patience)) if server else None


@contextmanager
def open_transport(relay: Relay, heard: Heard = lambda _reply: None) -> Iterator[Send]:
    """Open a line to the mail server; `heard` is called with each reply."""
    with smtp.open_connection(relay, heard) as server:

        def send(message: Message) -> None:
            utf8 = not message.to.isascii()
            if utf8 and not server.has_extn("smtputf8"):
                raise PermanentFailure("smtputf8")
            content = compose(message, relay.sender).as_bytes(policy=SMTPUTF8 if utf8 else SMTP)
            smtp.send_message(server, relay, _bare(relay.sender), message.to, content, utf8=utf8)

        yield send


def relay_accepts_utf8(relay: Relay) -> bool | None:
    """Return whether the server takes an address with å, ä or ö before the @; None when it doesn't say."""
    try:
        with smtp.open_connection(relay) as server:
            return server.has_extn("smtputf8")
    except TransportStopped:
        return None


def compose(message: Message, sender: str) -> EmailMessage:
    """Return the message as it travels: no tracking, no picture, no receipt asked for."""
    mail = EmailMessage()
    name = parseaddr(sender)[0]
    mail["From"] = f"{_quoted(name)} <{_bare(sender)}>" if name else _bare(sender)
    mail["To"], mail["Subject"] = message.to, " ".join(message.subject.split())
    mail["Date"] = formatdate(localtime=False)
    mail["Message-ID"] = f"<{message.id}@{_bare(sender).rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    # Not every server takes eight bits.
    mail.set_content(message.body, cte="quoted-printable")
    mail["Content-Language"] = message.language  # last: the content brings its own headers
    return mail


def _bare(sender: str) -> str:
    local, _, domain = parseaddr(sender)[1].rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError:
        return f"{local}@{domain}"


def _quoted(name: str) -> str:
    return '"' + " ".join(name.split()).replace("\\", "\\\\").replace('"', '\\"') + '"'


CHANNEL = Channel(
    key="mail",
    name=N_("E-post"),
    about=N_(
        "Ett meddelande till var och en, med en kod som gäller en gång. Du klistrar in adresserna eller väljer en fil. "
        "De sparas inte: när ett meddelande är skickat är adressen borta."
    ),
    button=N_("Skicka"),
    roles=("patient", "provider"),
    max_count=10_000,
    needs="mail_host",
    sends=Mailer(
        check=parse_address,
        connect=connect,
        rate_setting="mail_per_minute",
        template="mail",
        line_label=N_("En adress på varje rad"),
        test_fault=N_("Skriv en hel e-postadress."),
        has_subject=True,
        accepts_utf8=accepts_utf8,
    ),
)
