"""`flask secret resident`: the line that the resident part's own settings hold instead of the secret."""

import click
from flask.cli import AppGroup

from survey.config import resident_secret
from survey.web.request import services

command = AppGroup("secret", help="Keys that are derived from the secret.")


@command.command("resident")
def resident_command() -> None:
    """Print the line for the resident part's own config.toml: nothing of the staff's can be made from it."""
    click.echo(f'resident_secret = "{resident_secret(services.settings().secret)}"')
