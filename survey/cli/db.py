"""`flask db`: the database's shape."""

import click
from flask.cli import AppGroup

from survey.store.accepting import grant_resident
from survey.store.migrate import upgrade
from survey.web import house

command = AppGroup("db", help="Make or update the database's tables.")


@command.command("upgrade")
def upgrade_command() -> None:
    """Bring the database to the newest shape; safe to run again."""
    if house.engine().dialect.name == "sqlite":
        house.settings().instance.mkdir(parents=True, exist_ok=True)
    upgrade(house.engine())
    click.echo("The database is up to date.")


@command.command("grant-resident")
@click.argument("role")
def grant_resident_command(role: str) -> None:
    """Let a PostgreSQL ROLE serve the resident part: accept answers and read what its pages show, nothing else."""
    if house.engine().dialect.name != "postgresql":
        raise click.ClickException("Only PostgreSQL has roles; SQLite is guarded by the file's permissions.")
    grant_resident(house.engine(), role)
    click.echo(f"{role} may accept answers and read public keys, places, rounds and editions.")
