"""`flask sms test`: an SMS sent to try the gateway, and a report of what was tried and what came back."""

import http.client
import urllib.error
from urllib.parse import urlsplit
from uuid import uuid4

import click
from flask.cli import AppGroup

from survey.channels import sms
from survey.channels.transport.messages import STOP_REASONS, Message, TransportStopped
from survey.store.channels import transports
from survey.store.database.engine import write_transaction
from survey.web.i18n.language import find, languages
from survey.web.request import services

command = AppGroup("sms", help="Try the SMS gateway.")
TEXT = "Det här är ett prov från enkäten De 7 frågorna. Du behöver inte göra något."
_SHOWN = 500


@command.command("test")
@click.argument("number")
def test_command(number: str) -> None:
    """Send one SMS to NUMBER, and say what was tried and what came back."""
    service = sms.gateway_of(services.settings())
    if service is None:
        raise click.ClickException("sms_url is not set: units send no SMS from here.")
    try:
        number = sms.parse_number(number)
    except ValueError:
        raise click.ClickException(f"{number} is no number that an SMS reaches.") from None
    names = ", ".join(name for name, _ in service.fields)
    address = urlsplit(service.url)
    click.echo(
        f"POST to {address.scheme}://{address.hostname}{address.path}, {_form(service)} with {names}, to {number}."
    )
    try:
        with sms.post_message(service, Message(number, "", TEXT, "sv", uuid4().hex)) as reply:
            _show(reply.status, reply.reason, reply.read(_SHOWN))
    except urllib.error.HTTPError as refused:
        with refused:
            _show(refused.code, refused.reason, refused.read(_SHOWN))
        raise click.ClickException(_meaning(refused)) from None
    except (OSError, http.client.HTTPException) as error:
        raise click.ClickException(f"The gateway does not answer ({getattr(error, 'reason', error)}).") from None
    with write_transaction(services.engine()) as connection:
        transports.try_now(connection, "sms")
    click.echo("The gateway has taken it. If the answer above speaks of a fault all the same, that is what it means.")


def _form(service: sms.Gateway) -> str:
    return "JSON" if service.json else "a form"


def _show(status: int, reason: str, body: bytes) -> None:
    click.echo(f"  {status} {reason}\n      " + body.decode(errors="replace").strip().replace("\n", "\n      "))


def _meaning(refused: urllib.error.HTTPError) -> str:
    meant = sms.error_of(refused.code, refused.headers.get("Retry-After"))
    if isinstance(meant, TransportStopped):
        more = f" It points to {refused.headers['Location']}." if refused.headers.get("Location") else ""
        return find(STOP_REASONS[meant.kind], languages()["en"])[0] + more
    return "The gateway refuses this message." if refused.code < 500 else "The gateway has a fault of its own."
