"""`flask federation national`: the national edition of a period, published from what is gathered.

An edition is never changed: the same content is the same edition, other content gets the next number.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from survey.domain.places.place import is_key
from survey.domain.questions.questionnaire import DEFAULT_VERSION
from survey.publication.edition import canonical
from survey.publication.federation import signing_key
from survey.publication.federation.contributions import INCLUDED, Contribution, Period, same_regions
from survey.publication.federation.listing import signature_file
from survey.publication.federation.national import NoContribution
from survey.publication.federation.publishing import National, contributions_of, publish_national
from survey.sealing.keys.durable import sync_folder, write
from survey.store.database.engine import read_transaction, write_transaction
from survey.web.request import services
from survey.web.staff import audit_log

DAY = click.DateTime(formats=["%Y-%m-%d"])
_MODE = 0o644
_WORDS = {
    "included": "stands in the figures.",
    "late": "has nothing yet of these days.",
    "missing": "has nothing.",
    "withdrawn": "has withdrawn its edition.",
}
_WHY = {"wording": "was asked in other words", "too_few": "has too few answers"}


@click.command("national")
@click.argument("key")
@click.option("--name", required=True, help="As pages say it: “hösten 2026”.")
@click.option("--opens", type=DAY, required=True, help="First day; rounds that end from then on are in it.")
@click.option("--closes", type=DAY, required=True, help="Last day.")
@click.option("--expected", type=click.IntRange(1), default=1, help="How many regions there should be; 21 in Sweden.")
@click.option("--version", "version_key", default=DEFAULT_VERSION, show_default=True, help="The words that count.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="A folder for the edition as a file.")
def command(  # noqa: PLR0917 (click names each of them)
    key: str, name: str, opens: datetime, closes: datetime, expected: int, version_key: str, out: Path | None
) -> None:
    """Publish the national edition KEY of the rounds that ended from one day to another; say what is not in it."""
    version = services.versions().get(version_key)
    if version is None or not is_key(key):
        raise click.ClickException(f"There is no version {version_key}." if version is None else f"{key} is no key.")
    period = Period(key, name, opens.date(), closes.date())
    with read_transaction(services.engine()) as connection:
        there = contributions_of(connection, period)
    _say_who(there, expected)
    _refuse_twice(there)
    try:
        found = publish_national(services.engine(), National(period, version, expected), there, services.today())
    except NoContribution:
        raise click.ClickException("No region has an edition of these days. Nothing was published.") from None
    _say_what_is_left_out(found.body)
    if found.was_there:
        click.echo(f"Edition {found.number} says the same already.")
    else:
        with write_transaction(services.engine()) as connection:
            audit_log.note_of_command_line(connection, "national_published", edition=found.number, period=key)
        click.echo(f"Published as edition {found.number}.")
    if out is not None:
        click.echo(_write(out, found.body))


def _say_who(there: Sequence[Contribution], expected: int) -> None:
    for each in there:
        refused = " Its last gathering was refused." if each.source.refused else ""
        click.echo(f"{each.source.key}: {_WORDS[each.status]}{refused}")
    known, found = max(expected, len(there)), sum(each.status == INCLUDED for each in there)
    click.echo(f"{found} of {known} regions stand in the figures; {known - len(there)} are not trusted here.")


def _refuse_twice(there: Sequence[Contribution]) -> None:
    for those in same_regions(there):
        keys = ", ".join(sorted(each.source.key for each in those))
        raise click.ClickException(
            f"{keys}: both are {those[0].top['name']}, whose answers would be added up twice. Nothing was written. "
            "Ask people there, and forget the one that is not theirs: flask --app wsgi federation forget."
        )


def _say_what_is_left_out(body: dict[str, Any]) -> None:
    for row in body["left_out"]:
        click.echo(f"{row['region']}, {row['question']}, {row['role']}: {_WHY[row['why']]}; in no national sum.")


def _write(out: Path, body: Mapping[str, Any]) -> Path:
    """Write an edition with its signature, if there is a key; return its path."""
    path = out / f"national-{body['round']['key']}-{body['number']}.json"
    raw = canonical(body)[0].encode()
    out.mkdir(parents=True, exist_ok=True)
    write(path, raw, _MODE)
    key_file = signing_key.key_file(services.settings())
    if key_file.exists():
        write(path.with_name(signature_file(path.name)), signing_key.read_key(key_file).sign(raw), _MODE)
    sync_folder(out)
    return path
