"""`flask restore`: a backup put back into an empty database; with --drill elsewhere, looked through and thrown away."""

import sys
from collections.abc import Iterable
from pathlib import Path

import click
from sqlalchemy import Engine

from survey.cli.maintenance.backup import copies_in
from survey.cli.maintenance.upgrade import grant_again
from survey.sealing.checks.drill import drill, look_through
from survey.sealing.checks.finding import Finding
from survey.store.database.engine import DatabaseFault, make_engine
from survey.store.maintenance.copies import CopyFailed
from survey.store.maintenance.migrate import upgrade
from survey.store.maintenance.restoring import drill_database, empty, restore
from survey.web.request import services

_NO_DRILL_DATABASE = (
    "PostgreSQL has no database for drills here. As its superuser: CREATE DATABASE {0} OWNER {1}; "
    "REVOKE ALL ON DATABASE {0} FROM PUBLIC. Or hand in an empty one: --into ADDRESS"
)


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option("--drill", "only_drill", is_flag=True, help="Restore elsewhere, look through it, throw it away.")
@click.option("--into", help="With --drill: the address of an empty database to restore into.")
def command(file: Path, only_drill: bool, into: str | None) -> None:
    """Put a backup, FILE, back where no database is; or try with --drill whether it could be. Never over what is there.

    FILE may be a folder of copies: its newest one. Stop every service before you put one back. Exit status 1 where it
    does not open or does not add up.
    """
    file = _newest(file) if file.is_dir() else file
    if into and not only_drill:
        raise click.UsageError("--into is for a drill: an installation's own database is named in config.toml.")
    try:
        well = _tell(drill(file.absolute(), into or _drill_address()) if only_drill else _put_back(file.absolute()))
    except CopyFailed as failed:
        raise click.ClickException(f"Nothing was restored: {failed}.") from None
    if only_drill:
        click.echo(
            "It is thrown away again. " + ("This backup can be put back." if well else "It is no backup to trust.")
        )
    else:
        click.echo("Was a round open? As the worker's account: flask --app wsgi round restored ROUND --yes")
    sys.exit(0 if well else 1)


def _newest(folder: Path) -> Path:
    if not (copies := copies_in(folder)):
        raise click.ClickException(f"There is no copy of ours in {folder}.")
    click.echo(f"{copies[-1]}:")
    return copies[-1]


def _tell(found: Iterable[Finding]) -> bool:
    well = True
    for each in found:
        click.echo(f"{'well ' if each.ok else 'FAULT'}  {each.name:16} {each.detail}")
        well = well and each.ok
    return well


def _put_back(file: Path) -> Iterable[Finding]:
    engine = services.engine()
    restore(file, engine)
    upgrade(engine)
    grant_again(engine)
    yield Finding("restored", True, str(file))
    yield from look_through(engine)


def _drill_address() -> str:
    """Return where drills restore to, empty: a file beside the settings, or a database of their own.

    What a drill that was killed has left there goes first.
    """
    engine = services.engine()
    if engine.dialect.name == "sqlite":
        address = f"sqlite:///{services.settings().instance / 'drill.sqlite'}"
    else:
        url = engine.url.set(database=drill_database(str(engine.url.database)))
        address = url.render_as_string(hide_password=False)
    _clear(address, engine)
    return address


def _clear(address: str, ours: Engine) -> None:
    drilled = make_engine(address)
    try:
        empty(drilled)
    except DatabaseFault:
        name = drill_database(str(ours.url.database))
        raise click.ClickException(_NO_DRILL_DATABASE.format(name, ours.url.username)) from None
    finally:
        drilled.dispose()
