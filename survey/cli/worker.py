"""`flask worker`: the worker, the process with the private keys."""

import sys

import click
from flask.cli import ScriptInfo

from survey import journal
from survey.store.core.worker_lease import WorkerLease
from survey.web.request import services


@click.command()
@click.option("--once", is_flag=True, help="Do what waits and stop.")
@click.option("--never-leads", is_flag=True, help="Only keep this host's key volumes clean: for a host of the web's.")
@click.option("--computing-for", type=int, hidden=True, help="The worker's process id, which starts this by itself.")
@click.pass_context
def command(context: click.Context, once: bool, never_leads: bool, computing_for: int | None) -> None:
    """Open, close and publish rounds, erase keys, check and draw, until stopped.

    Of several on one database one is at work, and another takes its place when it is gone.
    """
    from survey.worker import computing, loop
    from survey.worker.run import run

    the = services.current_services()
    journal.begin(hours=True, form=the.settings.log_format)
    if computing_for:
        computing.serve(computing.InProcess(the.engine, the.settings, the.versions), computing_for)
    elif once:
        lease = WorkerLease(the.engine)
        if not lease.take():
            raise click.ClickException("Another worker is at work, and does what waits.")
        loop.work_once(the.engine, the.settings, the.versions, the.today())
        lease.release()
    else:
        beside = computing.Subprocess([*_this_app(context), "worker", "--computing-for"])
        run(the.engine, the.settings, the.versions, the.today, computing=beside, leads=not never_leads)


def _this_app(context: click.Context) -> list[str]:
    """Return the command line of the same app."""
    target = context.ensure_object(ScriptInfo).app_import_path
    return [sys.executable, "-m", "flask", *(["--app", target] if target else [])]
