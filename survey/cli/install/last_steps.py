"""The last steps of `flask init`: tables, rights, places and the check, by the commands that are typed later too."""

import re

import sqlalchemy as sa

from survey.cli.install.accounts import Owners
from survey.cli.install.report import Report
from survey.config import Settings

_WELL = "well"
# A line of the deep check: whether it is as promised, of what, and the details.
_LINE = re.compile(r"(well|FAULT) +(.{16}) (.*)")
# A trial's keys lie beside its answers: the one thing that can't be as promised there.
_OF_A_TRIAL = "place of keys"


def fill_database(settings: Settings, resident: Settings, owners: Owners, places: str | None, report: Report) -> None:
    """Make the tables of an empty database, give residents' part its rights, read the places in."""
    steps: list[tuple[str, tuple[str, ...]]] = [("tables", ("upgrade", "--if-empty"))]
    if resident.database_url != settings.database_url:
        steps += _rights(resident)
    if places:
        steps.append(("places", ("places", "import", places)))
    for name, arguments in steps:
        ended = owners.run(settings.instance, *arguments)
        if ended.returncode:
            report.fault(name, _last_line(ended.stderr or ended.stdout))
            return
        report.well(name, _last_line(ended.stdout))


def _rights(resident: Settings) -> list[tuple[str, tuple[str, ...]]]:
    """Return the command that gives residents' part its rights in the database; none on SQLite, which has no roles."""
    url = sa.make_url(resident.database_url)
    on_postgres = url.get_backend_name() == "postgresql"
    return [("rights", ("db", "grant-resident", str(url.username)))] if on_postgres else []


def check(settings: Settings, owners: Owners, report: Report) -> None:
    """Run the deep check and hand on its lines."""
    ended = owners.run(settings.instance, "check", "--deep")
    well = True
    for line in ended.stdout.splitlines():
        found = _LINE.fullmatch(line)
        if found is None:
            # The head of the audit log, or that it is broken.
            report.well("audit log", line.removeprefix("audit log: "))
        elif found[1] == _WELL:
            report.well(found[2].strip(), found[3])
        elif settings.demo and found[2].strip() == _OF_A_TRIAL:
            report.there(found[2].strip(), found[3])
            well = False
        else:
            report.fault(found[2].strip(), found[3])
            well = False
    if ended.returncode and well:
        report.fault("check", _last_line(ended.stderr or ended.stdout))


def _last_line(text: str) -> str:
    return text.strip().splitlines()[-1] if text.strip() else "no word of why"
