"""SMS: one message and one code to each number of a list, through the gateway that the settings describe."""

import http.client
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import phonenumbers

from survey.channels.channel import Channel
from survey.channels.messages import Message, Postponed, Refused, Send
from survey.channels.recipients import LANDLINE
from survey.domain.marking import N_

PATIENCE = 20.0
HOME = "SE"
# In some countries a number doesn't tell which of the two it is.
_REACHED = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)
# GSM 03.38: what 7 bits can say, and what takes two places there. å ä ö é are inside.
_PLAIN = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_TWICE = set("^{}\\[~]|€")


@dataclass(frozen=True)
class Gateway:
    """How the gateway wants to be spoken to: address, POST of a form or of JSON, fields and headers by name.

    In a field, {to}, {text} and {id} stand for the number, the text and the message's own mark.
    """

    url: str
    json: bool
    fields: tuple[tuple[str, str], ...]
    headers: tuple[tuple[str, str], ...]


def number(text: str) -> str:
    """A number in its international form; ValueError when no SMS reaches it. Without a country it is Swedish."""
    try:
        found = phonenumbers.parse(text, HOME)
    except phonenumbers.NumberParseException:
        raise ValueError("no number") from None
    if not phonenumbers.is_valid_number(found):
        raise ValueError("no number")
    if phonenumbers.number_type(found) not in _REACHED:
        raise ValueError(LANDLINE)
    return str(phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164))


def parts(text: str) -> int:
    """How many SMS a text takes: 160 characters in one of the plain alphabet, else 70; 153 or 67 where it is split."""
    if set(text) <= _PLAIN | _TWICE:
        length = len(text) + sum(mark in _TWICE for mark in text)
        return 1 if length <= 160 else -(-length // 153)
    length = len(text.encode("utf-16-le")) // 2
    return 1 if length <= 70 else -(-length // 67)


@contextmanager
def carrier(gateway: Gateway) -> Iterator[Send]:
    """Sends each message with a request of its own."""

    def send(message: Message) -> None:
        said = {"to": message.to, "text": message.body, "id": message.id}
        fields = {name: _filled(value, said) for name, value in gateway.fields}
        body = json.dumps(fields) if gateway.json else urllib.parse.urlencode(fields)
        kind = "application/json" if gateway.json else "application/x-www-form-urlencoded"
        headers = {"Content-Type": kind, **dict(gateway.headers)}
        asked = urllib.request.Request(gateway.url, body.encode(), headers, method="POST")  # noqa: S310 (the operator's)
        try:
            with urllib.request.urlopen(asked, timeout=PATIENCE):  # noqa: S310
                pass
        except urllib.error.HTTPError as refused:
            raise _meaning(refused.code) from None
        except (TimeoutError, http.client.RemoteDisconnected):
            raise Postponed from None

    yield send


def _meaning(status: int) -> Exception:
    """What the gateway's number means: this message is wrong, all of ours are, or it is busy."""
    if status in (400, 422):
        return Refused()
    return ConnectionError("the gateway lets nothing of ours in") if status in (401, 403, 404, 405) else Postponed()


def _filled(value: str, said: dict[str, str]) -> str:
    return re.sub(r"\{(to|text|id)\}", lambda found: said[found[1]], value)


CHANNEL = Channel(
    key="sms",
    name=N_("SMS"),
    about=N_(
        "Ett sms till var och en, med en kod som gäller en gång. Den korta adressen står bredvid, för den som inte "
        "vill följa länkar i sms. Numren sparas inte: när ett sms är skickat är numret borta."
    ),
    button=N_("Skicka"),
    roles=("patient", "provider"),
    most=10_000,
    check=number,
    needs="sms_url",
)
