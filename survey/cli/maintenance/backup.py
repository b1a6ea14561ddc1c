"""`flask backup`: one proven copy of the database in a folder, named by its day; older ones removed when asked."""

import re
import sys
from datetime import date
from pathlib import Path

import click

from survey.sealing.checks.backup import back_up
from survey.store.database.engine import DatabaseFault, read_transaction
from survey.store.staff import audit_log
from survey.web.request import services

_NAME = re.compile(r"survey-(\d{4}-\d{2}-\d{2})(?:-(\d+))?\.(?:sqlite|dump)")
_ENDINGS = {"sqlite": "sqlite", "postgresql": "dump"}


@click.command("backup")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--keep", type=click.IntRange(1), help="Remove the oldest copies in FOLDER beyond so many.")
def command(folder: Path, keep: int | None) -> None:
    """Copy the database into FOLDER while it is in use, and prove that the copy opens and adds up.

    It holds ciphertext and counts: no key, no pepper, no secret of the settings. Keep those apart from it.
    """
    folder = folder.resolve()
    _refuse_key_volume(folder)
    target = _next_name(folder, services.today())
    try:
        proof = back_up(services.engine(), target)
    except (OSError, DatabaseFault) as failed:
        raise click.ClickException(f"No backup was made: {failed}") from None
    click.echo(f"{target}: it opens, answers accepted {proof.accepted}, of which waiting {proof.waiting}.")
    with read_transaction(services.engine()) as connection:
        click.echo(f"audit log: head {audit_log.verify(connection).head}. Keep it elsewhere.")
    if not proof.ok:
        click.echo(f"Batches that do not add up: {proof.wrong}. No older copy was removed; run `flask check`.")
        sys.exit(1)
    for old in _older(folder, keep) if keep else ():
        old.unlink()
        click.echo(f"{old}: removed.")


def _refuse_key_volume(folder: Path) -> None:
    """End with a sentence where the folder lies with the keys: what is sealed never lies beside what opens it."""
    volumes = services.volumes()
    for keys in (*volumes.private_folders, *volumes.pepper_folders):
        if folder.is_relative_to(keys.parent.resolve()) and not services.settings().demo:
            raise click.ClickException(f"{folder} lies on a key volume. A backup and its keys are never in one place.")


def _next_name(folder: Path, today: date) -> Path:
    """Return a name of this day that no file has."""
    ending = _ENDINGS[services.engine().dialect.name]
    number, target = 1, folder / f"survey-{today}.{ending}"
    while target.exists():
        number += 1
        target = folder / f"survey-{today}-{number}.{ending}"
    return target


def _older(folder: Path, keep: int) -> list[Path]:
    """Return our own copies there, beyond the newest so many."""
    return copies_in(folder)[:-keep]


def copies_in(folder: Path) -> list[Path]:
    """Return our own copies in a folder, the oldest first."""
    named = [(match[1], int(match[2] or 1), path) for path in folder.iterdir() if (match := _NAME.fullmatch(path.name))]
    return [path for _day, _number, path in sorted(named)]
