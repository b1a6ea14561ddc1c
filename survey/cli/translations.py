"""`flask translations`: the catalogs a translator works in."""

from contextlib import suppress

import click
from flask.cli import AppGroup

from survey.config import ROOT
from survey.store.database.engine import DatabaseFault, read_transaction
from survey.store.staff import translation_approvals
from survey.web.i18n import catalogs
from survey.web.i18n.language_files import load_languages, refused
from survey.web.request import services

command = AppGroup("translations", help="Keep the texts of every language.")


@command.command("extract")
def extract_command() -> None:
    """Gather every text of pages, code and questionnaires into translations/messages.pot."""
    catalogs.extract(ROOT)
    click.echo("translations/messages.pot holds every text.")


@command.command("update")
def update_command() -> None:
    """Bring new and changed texts into each language's catalog; say so where a round is open."""
    catalogs.update(ROOT)
    _warn_of_round()
    click.echo("Every catalog holds the same texts.")


@command.command("compile")
def compile_command() -> None:
    """Compile the catalogs for the web."""
    catalogs.compile_(ROOT)
    click.echo("The catalogs are compiled.")


@command.command("check")
def check_command() -> None:
    """Say what the catalogs are refused for, each with its file and text, and what residents may choose."""
    loaded = load_languages(ROOT / "translations").values()
    for spoken in loaded:
        words = "offered" if spoken.offered else "shown in a demo" if spoken.shown else "not offered"
        click.echo(f"{spoken.tag}: class {spoken.review_class}, {spoken.level}, {words}.")
    if sentences := refused(loaded):
        raise click.ClickException("\n".join(sentences))
    click.echo("No text is refused.")


@command.command("status")
def status_command() -> None:
    """Show how far each language has come: texts, missing, draft, reviewed, approved, whether offered, and why not."""
    from survey.web.i18n import approved_texts
    from survey.web.i18n.language import languages, speaking
    from survey.web.i18n.language_progress import LEVEL_NAMES, all_progress

    approved_texts.refresh()
    with read_transaction(services.engine()) as connection, speaking(languages()["en"]):
        found = all_progress(connection)
        reasons = [each.why_not for each in found]
    _warn_of_round()
    click.echo(" ".join(["language      ", "class", "texts", *(f"{level:>8}" for level in LEVEL_NAMES), " offered"]))
    for each, why in zip(found, reasons, strict=True):
        counts = " ".join(f"{count:8}" for count in each.counts.values())
        offer = "marked" if each.is_marked else "yes" if each.is_offered else "no"
        line = f"{each.language.tag:14} {each.language.review_class:5} {each.texts:5} {counts}  {offer:7}"
        click.echo(" ".join([line, *why]).rstrip())


def _warn_of_round() -> None:
    """Say that a round is open; nothing where the database can't be asked: a translator's checkout has none."""
    with suppress(DatabaseFault, OSError), read_transaction(services.engine()) as connection:
        if asking := translation_approvals.asking_round(connection):
            click.echo(f"Round {asking} is open: until it is over, a new text that a language lacks stands in Swedish.")
