"""`flask db`: the database's schema, and copies of it."""

import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from survey.sealing.checks.backup import back_up
from survey.store.answers.submissions import grant_resident
from survey.store.database.engine import DatabaseFault
from survey.store.maintenance.copies import CopyFailed
from survey.store.maintenance.migrate import upgrade
from survey.web.request import services

command = AppGroup("db", help="Make, update or back up the database.")


@command.command("upgrade")
def upgrade_command() -> None:
    """Bring the database to the newest schema; safe to run again."""
    if services.engine().dialect.name == "sqlite":
        services.settings().instance.mkdir(mode=0o750, parents=True, exist_ok=True)
    upgrade(services.engine())
    click.echo("The database is up to date.")


@command.command("grant-resident")
@click.argument("role")
def grant_resident_command(role: str) -> None:
    """Let a PostgreSQL ROLE serve the resident part: accept answers and read what its pages show, nothing else."""
    if services.engine().dialect.name != "postgresql":
        raise click.ClickException("Only PostgreSQL has roles; SQLite is guarded by the file's permissions.")
    grant_resident(services.engine(), role)
    click.echo(f"{role} may accept answers and read public keys, places, rounds and editions.")


@command.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup_command(file: Path) -> None:
    """Copy the database into FILE while it is in use, and prove that the copy opens and adds up. Holds no key.

    A file that is there is never written over. Exit status 1 when there is no copy, or it does not add up.
    """
    target = file.absolute()
    try:
        proof = back_up(services.engine(), target)
    except FileExistsError as there:
        raise click.ClickException(f"{there.filename or there} is there already. Choose another name.") from None
    except CopyFailed as failed:
        raise click.ClickException(f"No backup was made: {failed}") from None
    except (OSError, DatabaseFault) as failed:
        raise click.ClickException(f"No backup was made: {type(failed).__name__} {failed}") from None
    click.echo(f"{target}: answers accepted {proof.accepted}, of which waiting {proof.waiting}.")
    if not proof.ok:
        click.echo(f"Batches that do not add up: {proof.wrong}. The copy is kept; run `flask check` on the database.")
        sys.exit(1)
    click.echo("The copy opens, and everything in it adds up.")
