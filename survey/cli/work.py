"""`flask work`: the worker, the one process with the private keys."""

import click

from survey import journal
from survey.web import house


@click.command()
@click.option("--once", is_flag=True, help="Do what waits and stop.")
def command(once: bool) -> None:
    """Open, close and publish rounds, erase keys, check and draw, until stopped."""
    from survey.publication import worker

    the = house.house()
    journal.begin(hours=True)
    if once:
        worker.work_once(the.engine, the.settings, the.versions, the.today())
    else:
        worker.run(the.engine, the.settings, the.versions, the.today)
