"""`flask translations`: the catalogs a translator works in."""

import click
from flask.cli import AppGroup

from survey.config import ROOT
from survey.web.i18n import catalogs

command = AppGroup("translations", help="Keep the texts of every language.")


@command.command("extract")
def extract_command() -> None:
    """Gather every text of pages, code and questionnaires into translations/messages.pot."""
    catalogs.extract(ROOT)
    click.echo("translations/messages.pot holds every text.")


@command.command("update")
def update_command() -> None:
    """Bring new and changed texts into each language's catalog."""
    catalogs.update(ROOT)
    click.echo("Every catalog holds the same texts.")


@command.command("compile")
def compile_command() -> None:
    """Compile the catalogs for the web."""
    catalogs.compile_(ROOT)
    click.echo("The catalogs are compiled.")
