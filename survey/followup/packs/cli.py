"""`flask pack`: frozen meeting packs as files; and an example, made of a demo's invented answers."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import click
from flask import current_app
from flask.cli import AppGroup

from survey.domain.questions.questionnaire import QUESTIONS
from survey.store.database.engine import read_transaction, write_transaction
from survey.store.published import editions, packs
from survey.store.published.editions import EditionRow
from survey.store.published.packs import Pack
from survey.web.i18n.language import STAFF_LANGUAGES
from survey.web.request import services
from survey.web.staff import audit_log

command = AppGroup("pack", help="Meeting packs as files.")
FOLDER = click.Path(file_okay=False, path_type=Path)
MUNICIPALITIES = ("ostersund", "berg")


@command.command("save")
@click.argument("number", type=click.IntRange(1))
@click.option("--out", type=FOLDER, required=True, help="The folder.")
def save_command(number: int, out: Path) -> None:
    """Write frozen pack NUMBER as it was kept: pack-N.html and pack-N.pdf."""
    _save(number, out, f"pack-{number}")


@command.command("example")
@click.option("--out", type=FOLDER, required=True, help="The folder.")
def example_command(out: Path) -> None:
    """Freeze two packs of a demo's last two rounds and write the second: example-pack.html and example-pack.pdf."""
    if not services.settings().demo:
        raise click.ClickException("This instance is no demo: an example is made of invented answers.")
    with read_transaction(services.engine()) as connection:
        published = editions.latest_by_round(connection)[-2:]
    if len(published) < 2:
        raise click.ClickException("The demo has no two published rounds: make run fills it.")
    before, now = published
    follows = _freeze_example(FIRST, before, None)
    _save(_freeze_example(SECOND, now, follows), out, "example-pack")


def _save(number: int, out: Path, stem: str) -> None:
    with read_transaction(services.engine()) as connection:
        found = next((each for each in packs.all_packs(connection) if each.number == number), None)
        files = packs.files(connection, found.id) if found else None
    if files is None:
        raise click.ClickException(f"There is no frozen pack {number}.")
    out.mkdir(parents=True, exist_ok=True)
    for content, ending in zip(files, ("html", "pdf"), strict=True):
        if content is not None:
            (out / f"{stem}.{ending}").write_bytes(content)
            click.echo(out / f"{stem}.{ending}")


@dataclass(frozen=True)
class _Example:
    """The words and decisions of an invented group, and the status of the decisions later."""

    title: str
    introduction: str
    comments: dict[str, str]
    decisions: tuple[tuple[str, str], ...]
    became: tuple[tuple[str, str], ...] = field(default=())


FIRST = _Example(
    "Fredagsgruppen, förra mötet (exempel)",
    "Ett påhittat möte, så att det andra paketet har något att följa upp.",
    {},
    (
        ("Vårdens medarbetare berättar vid varje besök vem som är fast vårdkontakt", "Närvårdscheferna"),
        ("Nästa steg skrivs ner och lämnas över", "Hälsocentralerna"),
        ("En gemensam broschyr om De 7 frågorna", "Regionens kommunikatörer"),
    ),
    (
        ("going_on", "Sju av tio hälsocentraler har börjat."),
        ("done", "En mall finns i journalen sedan mars."),
        ("dropped", "Affischen i väntrummet räcker."),
    ),
)
SECOND = _Example(
    "Fredagsgruppen (exempel)",
    "Vi läser den senaste mätomgången tillsammans, region och kommuner.\n\n"
    "Mål för mötet: bestäm två saker som vi gör före nästa mätomgång.",
    {
        "fast_vardkontakt": "Här skiljer sig bilderna mest. Vi behöver förstå vad ordet betyder för den som svarar, "
        "innan vi gör något åt siffran.",
        "nasta_steg": "Det här bestämde vi att arbeta med sist. Titta på linjen, inte bara på den senaste siffran.",
    },
    (
        ("Fråga tio patienter vad de menar med fast vårdkontakt", "Utvecklingsledarna i Östersund och Berg"),
        ("Fortsätt med mallen för nästa steg, följ den en omgång till", "Närvårdscheferna"),
    ),
)


def _freeze_example(written: _Example, edition: EditionRow, follows: int | None) -> int:
    """Freeze what the invented group has written, on a day after the round; return its number, old or new."""
    from survey.followup.packs import freeze

    with read_transaction(services.engine()) as connection:
        known = packs.all_packs(connection)
    found = next((each for each in known if each.title == written.title and each.number), None)
    if found is not None and found.number is not None:
        return found.number
    before = next((each.id for each in known if each.number == follows), None)
    draft = _draft(written, edition, before)
    with current_app.test_request_context("/staff/", headers={"Accept-Language": STAFF_LANGUAGES[0]}):
        number = freeze.freeze_pack(
            draft,
            edition.published + timedelta(days=14),
            lambda connection, number: audit_log.note_of_command_line(
                connection, "pack_frozen", pack=number, edition=edition.number
            ),
        )
    with write_transaction(services.engine()) as connection:
        for n, (status, outcome) in enumerate(written.became, start=1):
            packs.set_decision_status(connection, draft.id, n, status=status, outcome=outcome)
    return number


def _draft(written: _Example, edition: EditionRow, follows: str | None) -> Pack:
    keys = [place["key"] for place in edition.content["places"] if place["level"] == "region"]
    chosen = tuple(QUESTIONS[at] for at in (0, 3, 4, 6))
    draft = Pack(
        id=uuid4().hex,
        revision=0,
        edition=edition.number,
        previous_pack=follows,
        title=written.title,
        places=(*keys, *MUNICIPALITIES),
        questions=chosen,
        introduction=written.introduction,
        number=None,
        frozen_on=None,
        sha256=None,
    )
    with write_transaction(services.engine()) as connection:
        packs.add(connection, draft)
        packs.replace_comments(connection, draft.id, written.comments)
        for text, who in written.decisions:
            packs.add_decision(connection, draft.id, text=text, who=who, due_on=edition.published + timedelta(days=150))
    return draft
