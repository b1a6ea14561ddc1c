"""SMS: one message and one code to each number of a list, through the gateway that the settings describe."""

import http.client
import json
import re
import ssl
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import phonenumbers

from survey.channels.channel import Channel, Mailer
from survey.channels.transport.https import opener
from survey.channels.transport.messages import (
    Message,
    PermanentFailure,
    Send,
    SendSession,
    TemporaryFailure,
    TransportStopped,
)
from survey.channels.transport.recipients import LANDLINE
from survey.channels.transport.sms_length import count_parts
from survey.channels.transport.trust import ca_file_of
from survey.domain.text.clean_text import one_line
from survey.domain.text.i18n import N_

HOME = "SE"
# In some countries a number doesn't tell which of the two it is.
_REACHED = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)
_ABOUT_US = {402: "unpaid"} | dict.fromkeys((401, 403, 407), "sign_in") | dict.fromkeys((404, 405, 410), "address")
_BUSY = (408, 425, 429, 503)


@dataclass(frozen=True)
class Gateway:
    """The gateway's protocol: its address, a POST of a form or of JSON, fields and headers by name.

    In a field, {to}, {text} and {id} stand for the number, the text and the message's own mark.
    """

    url: str
    json: bool
    fields: tuple[tuple[str, str], ...]
    headers: tuple[tuple[str, str], ...]
    patience: float = 20.0
    authorities: str = ""  # a PEM file; empty: the system's


def parse_number(text: str) -> str:
    """Return a number in its international form, Swedish without a country; raise ValueError when no SMS reaches it."""
    try:
        found = phonenumbers.parse(one_line(text), HOME)
    except phonenumbers.NumberParseException:
        raise ValueError("no number") from None
    if not phonenumbers.is_valid_number(found):
        raise ValueError("no number")
    if phonenumbers.number_type(found) not in _REACHED:
        raise ValueError(LANDLINE)
    return str(phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164))


def gateway_of(settings: Any) -> Gateway | None:
    """Return the SMS gateway of the settings, if there is one."""
    if not settings.sms_url:
        return None
    return Gateway(
        settings.sms_url,
        settings.sms_json,
        _pairs(settings.sms_fields),
        _pairs(settings.sms_headers),
        authorities=ca_file_of(settings),
    )


def _pairs(lines: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return settings of the form name=value as pairs."""
    return tuple((name, value) for name, _, value in (line.partition("=") for line in lines))


def connect(settings: Any, patience: float | None) -> SendSession:
    """Open a line to the gateway of the settings."""
    service = gateway_of(settings)
    assert service is not None
    return open_transport(service if patience is None else replace(service, patience=patience))


@contextmanager
def open_transport(gateway: Gateway) -> Iterator[Send]:
    """Yield a function that sends each message with a request of its own."""

    def send(message: Message) -> None:
        try:
            with post_message(gateway, message):
                pass
        except urllib.error.HTTPError as refused:
            refused.close()
            raise error_of(refused.code, refused.headers.get("Retry-After")) from None
        except urllib.error.URLError as error:
            raise TransportStopped("tls" if isinstance(error.reason, ssl.SSLError) else "down") from None
        except (OSError, http.client.HTTPException):
            # It went silent after the request: the message may have been taken.
            raise TemporaryFailure from None

    yield send


def post_message(gateway: Gateway, message: Message) -> http.client.HTTPResponse:
    """Send the message and return the gateway's reply; raise what urllib raises."""
    asked = opener(gateway.authorities)
    found: http.client.HTTPResponse = asked.open(_request(gateway, message), timeout=gateway.patience)
    return found


def _request(gateway: Gateway, message: Message) -> urllib.request.Request:
    values = {"to": message.to, "text": message.body, "id": message.id}
    fields = {name: _filled(value, values) for name, value in gateway.fields}
    body = json.dumps(fields) if gateway.json else urllib.parse.urlencode(fields)
    kind = "application/json" if gateway.json else "application/x-www-form-urlencoded"
    headers = {"Content-Type": kind, **dict(gateway.headers)}
    return urllib.request.Request(gateway.url, body.encode(), headers, method="POST")  # noqa: S310 (the operator's)


def error_of(status: int, retry_after: str | None) -> Exception:
    """Return the error that the gateway's status means: this message is wrong, all of ours are, or it is busy."""
    code, wait = str(status), retry_seconds(retry_after, datetime.now(UTC))
    if 300 <= status < 400:
        return TransportStopped("redirect", code)
    if status in _ABOUT_US:
        return TransportStopped(_ABOUT_US[status], code)
    if status in _BUSY:
        return TransportStopped("rate", code, wait)
    return PermanentFailure(code) if status < 500 else TemporaryFailure(code, wait)


def retry_seconds(header: str | None, now: datetime) -> float:
    """Return the wait that a Retry-After asks for, in seconds; 0 when it gives none."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return 0
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - now).total_seconds())


def _filled(value: str, values: dict[str, str]) -> str:
    return re.sub(r"\{(to|text|id)\}", lambda found: values[found[1]], value)


CHANNEL = Channel(
    key="sms",
    name=N_("SMS"),
    about=N_(
        "Ett sms till var och en, med en kod som gäller en gång. Den korta adressen står bredvid, för den som inte "
        "vill följa länkar i sms. Numren sparas inte: när ett sms är skickat är numret borta."
    ),
    button=N_("Skicka"),
    roles=("patient", "provider"),
    max_count=10_000,
    needs="sms_url",
    sends=Mailer(
        check=parse_number,
        connect=connect,
        rate_setting="sms_per_minute",
        template="sms",
        line_label=N_("Ett nummer på varje rad"),
        test_label=N_("Ditt eget nummer"),
        test_fault=N_("Skriv ditt eget nummer, till en mobil."),
        count_parts=count_parts,
        parts_label=N_("sms per mottagare: %(n)s"),
    ),
)
