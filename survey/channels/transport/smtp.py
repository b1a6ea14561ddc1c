"""The connection to the mail server, and what its replies mean: about the address, all mail, or the connection."""

import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from survey.channels.transport.messages import ConnectionClosed, PermanentFailure, TemporaryFailure, TransportStopped

_STARTTLS, _TLS = "starttls", "tls"
_NUMBERS = re.compile(rb"\s*([245]\.\d{1,3}\.\d{1,3})\b")
_GREY = re.compile(rb"gr[ae]y.?list", re.I)
_RATE = re.compile(
    rb"throttl|rate.?limit|too many (message|mail|e-mail|recipient|connection)|(sending|daily|hourly) limit", re.I
)
_RELAY = re.compile(rb"relay", re.I)
_THE_SYSTEM = ("4.3.1", "4.5.3")
_SIGN_IN = (530, 534, 535, 538)
_ABOUT_THE_ADDRESS = (550, 551, 553)


@dataclass(frozen=True)
class Relay:
    """The mail server: its address, its protection (starttls, tls or none), and our sign-in there."""

    host: str
    port: int
    security: str
    user: str
    password: str
    sender: str
    timeout: float = 30.0
    # A server may look through a message for long before it says that it has it; who hangs up first sends it twice.
    data_timeout: float = 600.0
    authorities: str = ""  # a PEM file; empty: the system's


@dataclass(frozen=True)
class Reply:
    """The server's reply: its number, and the words after it."""

    code: int
    words: bytes

    @property
    def detail(self) -> str:
        """Return the enhanced status code, as 5.7.1; empty where the server has none."""
        found = _NUMBERS.match(self.words)
        return found[1].decode() if found else ""

    @property
    def numbers(self) -> str:
        """Return the part of the reply that may be stored: its numbers."""
        return f"{self.code} {self.detail}".strip()


Heard = Callable[[Reply], None]


@contextmanager
def open_connection(relay: Relay, heard: Heard = lambda _reply: None) -> Iterator[smtplib.SMTP]:
    """Open a protected, signed-in connection; raise TransportStopped otherwise. `heard` is called with each reply."""
    try:
        server = _opened(relay, heard)
    except ssl.SSLError:
        raise TransportStopped("tls") from None
    except smtplib.SMTPResponseException as refused:
        raise TransportStopped("down", Reply(refused.smtp_code, _bytes(refused.smtp_error)).numbers) from None
    except (OSError, smtplib.SMTPException):
        raise TransportStopped("down") from None
    try:
        yield server
    finally:
        # Whatever it replies to QUIT, the messages that it took are taken.
        with suppress(OSError, smtplib.SMTPException, ValueError):
            server.quit()
        server.close()


def send_message(
    server: smtplib.SMTP, relay: Relay, sender: str, to: str, content: bytes, *, utf8: bool = False
) -> None:
    """Hand one message over; raise one of the errors in `messages` where it isn't taken."""
    options = ["SMTPUTF8", "BODY=8BITMIME"] if utf8 else []
    _ask("letters" if utf8 else "sender", server, lambda: server.mail(sender, options))
    _ask("recipient", server, lambda: server.rcpt(to))
    with _longer(server, relay.data_timeout):
        _ask("content", server, lambda: server.data(content), in_doubt=True)


def error_of(stage: str, reply: Reply) -> Exception:
    """Return the error a refusal means, at a stage: sender, letters (of the address), recipient or content."""
    if kind := _about_us(stage, reply):
        return TransportStopped(kind, reply.numbers)
    if reply.code < 500:
        return TemporaryFailure(reply.numbers)
    if stage == "letters":
        ours = False
    elif reply.detail:
        ours = not reply.detail.startswith(("5.1.", "5.2.", "5.6."))
    else:
        ours = stage == "content" or reply.code not in _ABOUT_THE_ADDRESS
    return PermanentFailure(reply.numbers, ours=ours)


def _about_us(stage: str, reply: Reply) -> str:
    """Return the one of STOP_REASONS that a refusal surely is; empty where it may be about the recipient."""
    if reply.code in _SIGN_IN:
        return "sign_in"
    too_much = _RATE.search(reply.words) and not _GREY.search(reply.words) and reply.detail[1:3] != ".2"
    if too_much or (reply.code < 500 and (stage == "sender" or reply.detail in _THE_SYSTEM)):
        return "rate"
    if stage == "sender":
        return "sender"
    return "relay" if reply.code >= 500 and _RELAY.search(reply.words) else ""


@contextmanager
def _longer(server: smtplib.SMTP, patience: float) -> Iterator[None]:
    usual = server.timeout
    if server.sock:
        server.sock.settimeout(patience)
    try:
        yield
    finally:
        if server.sock:
            server.sock.settimeout(usual)


def _ask(stage: str, server: smtplib.SMTP, what: Callable[[], tuple[int, bytes]], *, in_doubt: bool = False) -> None:
    try:
        reply = Reply(*what())
    except smtplib.SMTPServerDisconnected:
        raise ConnectionClosed(in_doubt=in_doubt) from None
    except smtplib.SMTPResponseException as refused:
        reply = Reply(refused.smtp_code, _bytes(refused.smtp_error))
    if 200 <= reply.code < 300:
        return
    if reply.code == 421 or reply.code < 400:
        # It closes the connection (421), or its reply can't be understood.
        server.close()
        raise ConnectionClosed(reply.numbers, in_doubt=in_doubt and reply.code != 421)
    with suppress(OSError, smtplib.SMTPException):
        server.rset()
    raise error_of(stage, reply)


class _Listening(smtplib.SMTP):
    """An SMTP connection that reports each reply."""

    def __init__(self, heard: Heard, *args: Any, **more: Any) -> None:
        self._heard = heard
        super().__init__(*args, **more)

    def getreply(self) -> tuple[int, bytes]:
        """Return the server's next reply."""
        code, words = super().getreply()
        self._heard(Reply(code, words))
        return code, words


class _ListeningBehindTls(_Listening, smtplib.SMTP_SSL):
    """The same connection, protected by TLS from its first word."""


def _opened(relay: Relay, heard: Heard) -> smtplib.SMTP:
    context = ssl.create_default_context(cafile=relay.authorities or None)
    server: smtplib.SMTP
    if relay.security == _TLS:
        server = _ListeningBehindTls(heard, relay.host, relay.port, timeout=relay.timeout, context=context)
    else:
        server = _Listening(heard, relay.host, relay.port, timeout=relay.timeout)
    try:
        _prepared(server, relay, context)
    except BaseException:
        server.close()
        raise
    return server


def _prepared(server: smtplib.SMTP, relay: Relay, context: ssl.SSLContext) -> None:
    server.ehlo_or_helo_if_needed()
    if relay.security == _STARTTLS:
        try:
            server.starttls(context=context)
        except (smtplib.SMTPNotSupportedError, smtplib.SMTPResponseException, ValueError):
            raise TransportStopped("tls") from None
        server.ehlo_or_helo_if_needed()
    if relay.user:
        _sign_in(server, relay)


def _sign_in(server: smtplib.SMTP, relay: Relay) -> None:
    try:
        server.login(relay.user, relay.password)
    except smtplib.SMTPServerDisconnected:
        raise TransportStopped("down") from None
    except smtplib.SMTPAuthenticationError as refused:
        numbers = Reply(refused.smtp_code, _bytes(refused.smtp_error)).numbers
        raise TransportStopped("down" if refused.smtp_code < 500 else "sign_in", numbers) from None
    except (smtplib.SMTPException, ValueError):
        # No sign-in method in common, or a user name that can't be sent.
        raise TransportStopped("sign_in") from None


def _bytes(words: bytes | str) -> bytes:
    return words if isinstance(words, bytes) else words.encode(errors="replace")
