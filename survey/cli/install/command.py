"""`flask init`: ask ten questions, make what is missing of an installation, and check all that is promised."""

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from survey.cli.install.accounts import WORKER, Owners, owners_here
from survey.cli.install.answers import QUESTIONS, RESIDENT_FOLDER, Answers, ask
from survey.cli.install.database_roles import ensure_roles
from survey.cli.install.folders import ensure_folder, ensure_key_folders, write_file
from survey.cli.install.last_steps import check, fill_database
from survey.cli.install.report import Report
from survey.cli.install.settings_files import (
    FILE,
    as_toml,
    check_settings,
    inner_settings,
    new_secret,
    resident_database,
    resident_settings,
)
from survey.config import ROOT, instance_folder, read_settings

_NO_ACCOUNTS = f"There is no account {WORKER} here. `make system` makes the accounts and their folders."
_WELL = "All is as promised. Now the accounts: flask --app wsgi accounts add"
_NOT_WELL = "Put right each FAULT above, and run it again: what is there stays as it is."


def _questions(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command an option for each question."""
    for each in reversed(QUESTIONS):
        command = click.option(each.option, help=f"{each.words}.")(command)
    return command


@click.command("init")
@_questions
@click.option("--trial", is_flag=True, help="For a trial on one machine: no volumes, no addresses, every page says so.")
@click.option(
    "--administrator",
    envvar="SURVEY_ADMINISTRATOR",
    help="PostgreSQL: a superuser's address, to make roles. Kept nowhere.",
)
def command(trial: bool, administrator: str | None, **given: str | None) -> None:
    """Make an installation, from ten answers to a green check; say why, line by line, where it is not.

    Everything that is there stays as it is: run it again after a fault. The instance folder is INSTANCE's.
    """
    instance, report = instance_folder(ROOT, os.environ), Report()
    owners = owners_here(switch=os.geteuid() == 0 and not trial)
    if owners is None:
        raise click.ClickException(_NO_ACCOUNTS)
    resident_folder = _ensure_settings(instance, given, trial, owners, report)
    settings = read_settings(instance)
    ensure_key_folders(settings, owners, report)
    resident = read_settings(resident_folder, "resident") if resident_folder else settings
    ensure_roles(settings.database_url, resident.database_url, administrator, report)
    fill_database(settings, owners, given.get("places"), report)
    check(settings, owners, report)
    click.echo(_WELL if report.ok else _NOT_WELL)
    sys.exit(0 if report.ok else 1)


def _ensure_settings(
    instance: Path, given: Mapping[str, str | None], trial: bool, owners: Owners, report: Report
) -> Path | None:
    """Write the settings where there are none; return the folder of residents' part, where it has one of its own."""
    inner = instance / FILE
    if inner.exists():
        report.there("settings", str(inner))
        there = Path(given.get("resident_folder") or RESIDENT_FOLDER)
        return there if (there / FILE).exists() else None
    answers = ask(given, trial)
    folder = Path(answers.resident_folder) if answers.resident_folder else None
    if folder and (folder / FILE).exists():
        raise click.ClickException(f"{folder / FILE} is there without {inner}, which it belongs with. Move it away.")
    _write_settings(answers, instance, folder, owners, report)
    return folder


def _write_settings(answers: Answers, instance: Path, resident: Path | None, owners: Owners, report: Report) -> None:
    """Write both files of settings, looked at first: a wrong answer leaves nothing behind."""
    secret = new_secret()
    inner, outer = as_toml(inner_settings(answers, secret)), ""
    check_settings(inner, "all")
    if resident:
        outer = as_toml(resident_settings(answers, secret, resident_database(answers, instance)))
        check_settings(outer, "resident")
        ensure_folder(resident, owners, owners.all_parts, report)
        write_file(resident / FILE, outer, owners, owners.all_parts, report)
    # Last: while it is missing, all is asked again.
    ensure_folder(instance, owners, owners.inner_parts, report)
    write_file(instance / FILE, inner, owners, owners.inner_parts, report)
