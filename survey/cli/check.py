"""`flask check`: is every accepted answer accounted for? With --deep, do the promises hold here? Links nothing."""

import re
import sys
import urllib.error
import urllib.request
from dataclasses import fields
from pathlib import Path
from typing import Any

import click

from survey.sealing.checks import deep_check, reconciliation
from survey.sealing.checks.finding import Finding
from survey.store.core import health
from survey.store.database.engine import read_transaction
from survey.store.staff import audit_log
from survey.store.staff.audit_log import LogHead
from survey.web.pages import security_headers
from survey.web.request import services

COLUMNS = tuple(each.name for each in fields(reconciliation.BatchBalance) if each.name != "ok")
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


class LogHeadType(click.ParamType[LogHead]):
    """A parameter type: the head of an audit log as `flask check` prints it."""

    name = "number:hash"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> LogHead:
        """Return the head; raise a usage error when it is none."""
        found = re.fullmatch(r"([0-9]{1,9}):([0-9a-f]{64})", str(value))
        if found is None:
            self.fail("A head is a number, a colon and 64 characters, as it was printed.", param, ctx)
        return LogHead(int(found[1]), found[2])


@click.command()
@click.option("--all", "every", is_flag=True, help="Also the batches that have taken no answer.")
@click.option("--deep", is_flag=True, help="Look whether the promises hold in this installation; changes nothing.")
@click.option("--also", multiple=True, type=_FOLDER, help="With --deep: a folder of backups or logs to search.")
@click.option(
    "--kept", "earlier", type=LogHeadType(), help="A head of the audit log that was printed earlier: NUMBER:HASH."
)
@click.option("--url", help="With --deep: where residents reach it; its headers are looked at from outside.")
def command(every: bool, deep: bool, also: tuple[Path, ...], earlier: LogHead | None, url: str | None) -> None:
    """Print accepted, waiting, counted, pooled, destroyed per batch; exit status 1 when a line does not add up.

    The audit log is read through too. Keep its head elsewhere, and hand it in with --kept the next time: that shows
    whether the end of the log has been cut off.
    """
    well = _deep(also, url) if deep else _batches(every)
    sys.exit(0 if _log_holds(earlier) and well else 1)


def _log_holds(earlier: LogHead | None) -> bool:
    with read_transaction(services.engine()) as connection:
        verdict = audit_log.verify(connection, earlier)
    if verdict.broken is None:
        click.echo(f"audit log: {verdict.head.number} lines, head {verdict.head}")
        return True
    click.echo(f"audit log: BROKEN at line {verdict.broken}: {verdict.fault}")
    return False


def _batches(every: bool) -> bool:
    found = reconciliation.reconcile(services.engine())
    lines = [line for line in found if every or line.accepted or not line.ok]
    rows = [[str(getattr(line, name)) for name in COLUMNS] for line in lines]
    widths = [max(map(len, column)) for column in zip(COLUMNS, *rows, strict=True)]
    for row, well in [(COLUMNS, True), *((row, line.ok) for row, line in zip(rows, lines, strict=True))]:
        text = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo(text.rstrip() if well else f"{text}  MISMATCH")
    if len(lines) < len(found):
        click.echo(f"Batches without an answer, all well: {len(found) - len(lines)}. With --all they are shown too.")
    for fault in _lines_of_worker():
        click.echo(f"NOT WELL  {fault.name:16} {fault.detail}")
    click.echo(f"accepted {sum(line.accepted for line in lines if not line.background)}")
    return all(line.ok for line in lines)


def _lines_of_worker() -> list[health.HealthLine]:
    """Return the lines on what the worker has found to be not well."""
    with read_transaction(services.engine()) as connection:
        return [line for line in health.lines(connection) if not line.ok]


def _deep(also: tuple[Path, ...], url: str | None) -> bool:
    looks = deep_check.inspect(services.engine(), services.settings(), services.today(), also)
    well = True
    for look in (*looks, *([_headers_as_served(url)] if url else ())):
        click.echo(f"{'well ' if look.ok else 'FAULT'}  {look.name:16} {look.detail}")
        well = well and look.ok
    return well


def _headers_as_served(url: str) -> Finding:
    """Return the headers as a resident's browser gets them, through any proxy in between."""
    if not url.startswith(("https://", "http://")):
        raise click.BadParameter("An address begins with https:// or http://.", param_hint="--url")
    try:
        with urllib.request.urlopen(url, timeout=10) as reply:  # noqa: S310 (the operator's own address, checked above)
            faults = security_headers.resident_header_faults(reply.headers.items())
    except (urllib.error.URLError, OSError) as error:
        return Finding("from outside", False, f"no reply: {type(error).__name__}")
    return Finding("from outside", not faults, ", ".join(faults) or "exactly our headers, no cookie")
