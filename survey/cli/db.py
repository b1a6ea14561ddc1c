"""`flask db`: the database's schema, and copies of it."""

import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from survey.sealing.checks.backup import back_up
from survey.store.database.engine import DatabaseFault, read_transaction
from survey.store.maintenance.copies import CopyFailed
from survey.store.maintenance.database_checks import checks
from survey.store.maintenance.migrate import upgrade
from survey.store.roles.granted import home
from survey.store.roles.make_roles import RolesMade, RolesMissing, make_roles, statements_to_make
from survey.web.request import services

command = AppGroup("db", help="Make, update or back up the database.")


@command.command("upgrade")
def upgrade_command() -> None:
    """Bring the database to the newest schema; safe to run again."""
    if services.engine().dialect.name == "sqlite":
        services.settings().instance.mkdir(mode=0o750, parents=True, exist_ok=True)
    upgrade(services.engine())
    click.echo("The database is up to date.")
    if services.engine().dialect.name == "postgresql":
        click.echo("Its parts' roles may do nothing with what is new before: flask --app wsgi db roles")


@command.command("roles")
@click.option("--sql", is_flag=True, help="Print what makes the roles that are missing, for psql as an administrator.")
def roles_command(sql: bool) -> None:
    """Give each part's PostgreSQL role what it needs, take away the rest; after each `db upgrade`, as the owner.

    Exit status 1 when a role is missing that this account may not make, or somebody can do more than they need.
    """
    engine = services.engine()
    if engine.dialect.name == "sqlite":
        click.echo("Nothing to do: SQLite has no roles, and is guarded by the rights of its files.")
        return
    if sql:
        with read_transaction(engine) as connection:
            click.echo("\n".join(statements_to_make(connection, home(connection))))
        return
    try:
        done = make_roles(engine)
    except RolesMissing as missing:
        raise click.ClickException(
            f"An administrator of the server has to make roles first, in psql: {missing}"
        ) from None
    _tell(done)
    sys.exit(1 if done.left else 0)


def _tell(done: RolesMade) -> None:
    for role in done.made:
        click.echo(f"{role}: made.")
    for role in sorted(done.given | done.taken):
        click.echo(f"{role}: {done.given[role]} rights given, {done.taken[role]} taken.")
    if not done.made and not done.given and not done.taken:
        click.echo("Every role has what it needs already, and nobody more.")
    for fault in done.left:
        click.echo(f"FAULT  {fault}: only an administrator of the server can change it.")


@command.command("doctor")
def doctor_command() -> None:
    """Say what is unsafe, slow or soon full in the database, a line each, with what to do; changes nothing.

    Exit status 0 when all is well, 1 when not. Run it as the worker's account, or as the owner.
    """
    engine, well = services.engine(), True
    for check in checks(engine.dialect.name, services.settings().min_free_mb):
        # Each by itself: what can't be looked at is a fault too, and stops no other look.
        try:
            with read_transaction(engine) as connection:
                faults = check.see(connection)
                detail = check.detail(connection, faults)
        except DatabaseFault as fault:
            faults, detail = ["unseen"], f"could not be looked at ({fault})"
        well = well and not faults
        click.echo(f"{'FAULT' if faults else 'well '}  {check.name:16} {detail}{f'. {check.remedy}' if faults else ''}")
    sys.exit(0 if well else 1)


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
