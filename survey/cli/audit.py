"""`flask audit`: the log of what staff have done, as JSON lines, to store elsewhere or to search."""

import click

from survey.store.database.engine import read_transaction
from survey.store.staff import audit_log
from survey.web.request import services


@click.command()
def command() -> None:
    """Print the audit log, one JSON object a line, the oldest first. `flask check` says whether it holds."""
    with read_transaction(services.engine()) as connection:
        for line in audit_log.lines(connection):
            click.echo(line)
