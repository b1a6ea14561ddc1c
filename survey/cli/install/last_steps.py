"""The last steps of `flask init`: tables, rights, places and the check, by the commands that are typed later too."""

import re

import sqlalchemy as sa

from survey.cli.install.accounts import Owners
from survey.cli.install.report import Report
from survey.cli.install.settings_files import role_of
from survey.config import Settings

_WELL = "well"
# A line of the deep check: whether it is as promised, of what, and the details.
_LINE = re.compile(r"(well|FAULT) +(.{16}) (.*)")
# A trial's keys lie beside its answers: the one thing that can't be as promised there.
_OF_A_TRIAL = "place of keys"


def fill_database(settings: Settings, owners: Owners, places: str | None, report: Report) -> None:
    """Make the tables of an empty database, give the parts' roles their rights, read the places in."""
    steps: list[tuple[str, tuple[str, ...]]] = [("tables", ("upgrade", "--if-empty"))]
    if _on_postgres(settings):
        steps.append(("rights", ("db", "roles")))
    if places:
        steps.append(("places", ("places", "import", places)))
    for name, arguments in steps:
        ended = owners.run(settings.instance, *arguments)
        if ended.returncode:
            report.fault(name, _last_line(ended.stderr or ended.stdout))
            return
        report.well(name, _last_line(ended.stdout))


def _on_postgres(settings: Settings) -> bool:
    return sa.make_url(settings.database_url).get_backend_name() == "postgresql"


def check(settings: Settings, owners: Owners, report: Report) -> None:
    """Run the deep check and hand on its lines."""
    # As the worker, who alone may read the keys; where all is one account's, as that.
    role = role_of("worker", sa.make_url(settings.database_url)) if owners.switch else ""
    ended = owners.run(settings.instance, "check", "--deep", role=role)
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
