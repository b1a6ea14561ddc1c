"""`flask audit`: the log of what staff have done, as JSON lines, to keep elsewhere or to search."""

import click

from survey.store import audit
from survey.store.engine import reading
from survey.web import house


@click.command()
def command() -> None:
    """Print the audit log, one JSON object a line, the oldest first. `flask check` says whether it holds."""
    with reading(house.engine()) as connection:
        for line in audit.lines(connection):
            click.echo(line)
