"""`flask upgrade`: the database brought to a new version, while the survey runs as far as the older code stands it."""

import sys
from collections.abc import Sequence

import click
from sqlalchemy import Engine

from survey.sealing.checks import reconciliation
from survey.store.database.engine import read_transaction
from survey.store.maintenance.migrate import is_migrated, pending_migrations, upgrade
from survey.store.maintenance.phases import EXPAND, Migration
from survey.store.roles.granted import home, roles_there
from survey.store.roles.make_roles import make_roles
from survey.store.roles.rights import PARTS
from survey.store.staff import audit_log
from survey.web.request import services


@click.command("upgrade")
@click.option("--finish", is_flag=True, help="Also what older code does not stand: nothing older may be running.")
@click.option("--if-empty", is_flag=True, help="Make the tables of an empty database, and touch no other.")
def command(finish: bool, if_empty: bool) -> None:
    """Bring the database to this version; what older code does not stand waits for --finish. Safe to run again.

    Each run is all or nothing: killed anywhere, the database is as it was, and the same line does it again.
    """
    engine = services.engine()
    if if_empty and is_migrated(engine):
        click.echo("The tables are there already.")
        return
    if engine.dialect.name == "sqlite":
        services.settings().instance.mkdir(mode=0o750, parents=True, exist_ok=True)
    for each in upgrade(engine, contracting=finish or if_empty):
        click.echo(f"done     {each.revision}  {each.title}")
    for role in grant_again(engine):
        click.echo(f"rights   {role}")
    waiting = pending_migrations(engine)
    for each in waiting:
        click.echo(f"waits    {each.revision}  {each.title}")
    click.echo(_verdict(waiting))
    sys.exit(0 if _adds_up(engine) and not _is_behind(waiting) else 1)


def grant_again(engine: Engine) -> list[str]:
    """Give each part's role its rights anew, for tables may have come; return the roles that got one or lost one."""
    if engine.dialect.name != "postgresql":
        return []
    with read_transaction(engine) as connection:
        here = home(connection)
        if len(roles_there(connection, here)) < len(PARTS):
            return []  # `db roles` makes them, or says who may
    done = make_roles(engine)
    return sorted(done.given | done.taken)


def _is_behind(waiting: Sequence[Migration]) -> bool:
    """Return whether this version's code lacks something: an addition that stands behind what takes away."""
    return any(each.phase == EXPAND for each in waiting)


def _verdict(waiting: Sequence[Migration]) -> str:
    if not waiting:
        return "The database is up to date."
    if _is_behind(waiting):
        return "A version was passed over: stop every service, then flask --app wsgi upgrade --finish, then start them."
    return "This version can start. When nothing older runs any more: flask --app wsgi upgrade --finish"


def _adds_up(engine: Engine) -> bool:
    wrong = sum(not line.ok for line in reconciliation.balances(engine))
    with read_transaction(engine) as connection:
        log = audit_log.verify(connection)
    if wrong or log.broken is not None:
        click.echo("Something does not add up: flask --app wsgi check")
    return not wrong and log.broken is None
