"""`flask mail test`: a message sent to try the mail server, and a report of what was tried and what came back."""

from uuid import uuid4

import click
from flask.cli import AppGroup

from survey.channels import mail
from survey.channels.transport.messages import (
    STOP_REASONS,
    ConnectionClosed,
    Message,
    PermanentFailure,
    TemporaryFailure,
    TransportStopped,
)
from survey.channels.transport.smtp import Reply
from survey.store.channels import transports
from survey.store.database.engine import write_transaction
from survey.web.i18n.language import find, languages
from survey.web.request import services

command = AppGroup("mail", help="Try the mail server.")
TEXT = "Det här är ett prov från enkäten De 7 frågorna. Du behöver inte göra något.\n"


@command.command("test")
@click.argument("address")
def test_command(address: str) -> None:
    """Send one message to ADDRESS, and say what was tried and what came back."""
    server = mail.relay_of(services.settings())
    if server is None:
        raise click.ClickException("mail_host is not set: units send no e-mail from here.")
    try:
        address = mail.parse_address(address)
    except ValueError:
        raise click.ClickException(f"{address} is no e-mail address.") from None
    click.echo(f"To {server.host}:{server.port}, {server.security}, from {server.sender}, to {address}.")
    click.echo(f"Signing in as {server.user}." if server.user else "Without signing in.")
    message = Message(address, "Prov från De 7 frågorna", TEXT, "sv", uuid4().hex)
    try:
        with mail.open_transport(server, _heard) as send:
            send(message)
    except (TransportStopped, ConnectionClosed, TemporaryFailure, PermanentFailure) as fault:
        raise click.ClickException(fault_sentence(fault)) from None
    with write_transaction(services.engine()) as connection:
        transports.try_now(connection, "mail")
    click.echo("The server has taken it. Now see whether it arrives, and not among the junk.")


def fault_sentence(fault: TransportStopped | ConnectionClosed | TemporaryFailure | PermanentFailure) -> str:
    """Return what went wrong, for the operator."""
    if isinstance(fault, TransportStopped):
        cause = f" ({fault.__context__})" if isinstance(fault.__context__, OSError) else ""
        return find(STOP_REASONS[fault.kind], languages()["en"])[0] + cause
    if isinstance(fault, ConnectionClosed):
        return "The server closed the line."
    if isinstance(fault, TemporaryFailure):
        return f"The server wants to take it later ({fault.reply or 'no answer'}). The worker would try again."
    return f"The server refuses this recipient or this message ({fault.reply})."


def _heard(reply: Reply) -> None:
    click.echo(f"  {reply.code} " + reply.words.decode(errors="replace").replace("\n", "\n      "))
