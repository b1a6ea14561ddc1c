"""`flask federation`: our public editions signed for others, and others' gathered here.

Nothing but what is published already. Whose a key is, people tell each other: they compare its fingerprint.
"""

from pathlib import Path

import click
from flask.cli import AppGroup

from survey.cli.federation import national
from survey.cli.federation.words import REFUSALS, state_of
from survey.domain.places.place import is_key
from survey.domain.text.web_address import AddressFault, parse_base
from survey.publication.federation import signing_key
from survey.publication.federation.export import NothingToExport, exported, write_files
from survey.publication.federation.fetching import fetch_from, is_address
from survey.publication.federation.gathering import Gatherer
from survey.publication.federation.signing_key import SigningKeyFault, fingerprint, public_half
from survey.publication.federation.verifying import GatheringRefused, KnownHere, signed_listing, unverified_listing
from survey.store.database.engine import read_transaction, write_transaction
from survey.store.published import gathered
from survey.store.published.gathered import Source
from survey.web.request import services
from survey.web.staff import audit_log

command = AppGroup("federation", help="Sign our public editions for others, and gather theirs.")
command.add_command(national.command)


@command.command("key")
@click.option("--new", is_flag=True, help="Make another key; who gathers from us has to trust it anew.")
def key_command(new: bool) -> None:
    """Make the key that signs our public editions, if there is none, and print its fingerprint."""
    if new:
        signing_key.make_key(signing_key.key_file(services.settings()))
    try:
        key = signing_key.ensure_key(services.settings())
    except SigningKeyFault as fault:
        raise click.ClickException(f"{fault}.") from None
    if new or key.is_new:
        with write_transaction(services.engine()) as connection:
            audit_log.note_of_command_line(connection, "signing_key_made", fingerprint=key.fingerprint)
    click.echo(key.fingerprint)


@command.command("export")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder.")
def export_command(out: Path) -> None:
    """Write each round's newest edition, the listing of them, and a signature beside each file."""
    try:
        key = signing_key.read_key(signing_key.key_file(services.settings()))
        with read_transaction(services.engine()) as connection:
            files = exported(connection, key)
    except SigningKeyFault as fault:
        raise click.ClickException(f"{fault}.") from None
    except NothingToExport:
        raise click.ClickException("No round has been published yet.") from None
    write_files(out, files, key)
    click.echo("\n".join(str(out / name) for name in files))
    click.echo(f"Signed with the key {fingerprint(public_half(key))}")
    click.echo("It holds figures of units' staff, which no open page shows: let only those who gather read it.")


@command.command("withdraw")
@click.argument("number", type=click.IntRange(1))
def withdraw_command(number: int) -> None:
    """Say in the next export that others shall no longer build on edition NUMBER. Our own pages stay as they are."""
    with write_transaction(services.engine()) as connection:
        done = gathered.withdraw(connection, number, services.today())
        if done:
            audit_log.note_of_command_line(connection, "edition_withdrawn", edition=number)
    if not done:
        raise click.ClickException(f"There is no edition {number}, or it is withdrawn already.")
    click.echo(f"Edition {number} is withdrawn from the next export on.")


@command.command("trust")
@click.argument("key")
@click.argument("site")
@click.option("--fingerprint", "typed", required=True, help="As a person there has read it to you.")
@click.option("--new-key", is_flag=True, help="In place of the key that was trusted until now.")
def trust_command(key: str, site: str, typed: str, new_key: bool) -> None:
    """Trust the installation whose files lie at SITE, a folder or https://…, and call it KEY here."""
    if not is_key(key):
        raise click.ClickException(f"{key}: only a–z, 0–9 and single hyphens, at most 40 characters.")
    found = _trusted(key, _site(site), typed)
    with write_transaction(services.engine()) as connection:
        earlier = {each.key: each for each in gathered.sources(connection)}
        _refuse_taken(found, earlier, new_key)
        if key in earlier:
            again = {"site": found.site, "public_key": found.public_key, "refused": ""}
            # Another key counts anew: whoever had the old one may have used up its numbers.
            fresh = found.public_key != earlier[key].public_key
            gathered.change_source(connection, key, **again, serial=0 if fresh else earlier[key].serial)
        else:
            gathered.add_source(connection, found)
        shown = fingerprint(found.public_key)
        audit_log.note_of_command_line(connection, "source_trusted", source=key, fingerprint=shown)
    click.echo(f"{found.name} is trusted as {key}.")


def _site(site: str) -> str:
    if not is_address(site):
        return str(Path(site).absolute())
    try:
        return parse_base(site, trial=services.settings().demo)
    except AddressFault as fault:
        raise click.ClickException(f"{site} {fault}.") from None


def _trusted(key: str, site: str, typed: str) -> Source:
    """Return the installation, if the key that its listing is signed with has the fingerprint that was typed."""
    fetch = fetch_from(site, services.settings())
    try:
        public_key = unverified_listing(fetch).public_key
        if not signing_key.same_fingerprint(typed, public_key):
            raise click.ClickException(
                f"The key at {site} has the fingerprint {fingerprint(public_key)}, not what was read to you. "
                "Nothing was trusted. Compare once more, with a person you know there."
            )
        return Source(key, signed_listing(fetch, public_key).name, site, public_key)
    except GatheringRefused as refused:
        raise click.ClickException(f"{site}: {REFUSALS[refused.code]}") from None


def _refuse_taken(found: Source, earlier: dict[str, Source], new_key: bool) -> None:
    for each in earlier.values():
        if each.key != found.key and each.public_key == found.public_key:
            raise click.ClickException(f"That key is trusted as {each.key} already: one installation, one name.")
    there = earlier.get(found.key)
    if there and there.public_key != found.public_key and not new_key:
        raise click.ClickException(
            f"{found.key} was trusted with another key, {fingerprint(there.public_key)}. If they have made a new one, "
            "add --new-key; what was gathered stays."
        )


@command.command("forget")
@click.argument("key")
def forget_command(key: str) -> None:
    """Trust the installation KEY no more, and forget its editions: what they list can be gathered anew after that."""
    with write_transaction(services.engine()) as connection:
        if key not in {each.key for each in gathered.sources(connection)}:
            raise click.ClickException(f"No installation is trusted as {key}.")
        many = gathered.forget(connection, key)
        audit_log.note_of_command_line(connection, "source_forgotten", source=key, count=many)
    click.echo(f"{key} is trusted no more, and {many} of its editions forgotten.")


@command.command("gather")
@click.argument("keys", nargs=-1)
def gather_command(keys: tuple[str, ...]) -> None:
    """Fetch and verify the editions of the trusted installations KEYS, or of all. Exit status 1 if one is refused."""
    settings = services.settings()
    with read_transaction(services.engine()) as connection:
        every = {each.key: each for each in gathered.sources(connection)}
    if unknown := sorted(set(keys) - set(every)):
        raise click.ClickException(f"No installation is trusted as {', '.join(unknown)}.")
    known = KnownHere(services.versions(), settings.demo)
    gatherer, refused = Gatherer(services.engine(), known, services.today()), False
    for key in keys or every:
        source = every[key]
        outcome = gatherer.gather(source, fetch_from(source.site, settings))
        refused = refused or bool(outcome.refused)
        click.echo(
            f"{key}: {REFUSALS[outcome.refused] if outcome.refused else _in_words(outcome.new, outcome.changed)}"
        )
    if refused:
        raise SystemExit(1)


def _in_words(new: int, changed: int) -> str:
    return f"{new} new, {changed} replaced or withdrawn." if new or changed else "nothing new."


@command.command("status")
def status_command() -> None:
    """Say of each trusted installation what is gathered, what was refused, and what can't be compared."""
    with read_transaction(services.engine()) as connection:
        for source in gathered.sources(connection):
            heard = source.gathered_on.isoformat() if source.gathered_on else "never"
            click.echo(f"{source.key}: {source.name}, key {fingerprint(source.public_key)}, gathered {heard}")
            if source.refused:
                click.echo(f"  refused: {REFUSALS[source.refused]}")
            for each in gathered.editions_of(connection, source.key):
                click.echo(f"  edition {each.number}, round {each.round}: {state_of(each, services.versions())}")
