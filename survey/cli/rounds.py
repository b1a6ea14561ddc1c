"""`flask round`: the steps of a round by hand. Run it as the worker's account, which holds the keys."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import click
from flask.cli import AppGroup

from survey.domain.disclosure.thresholds import MIN_ANSWERS
from survey.domain.questions.questionnaire import DEFAULT_VERSION
from survey.domain.rounds.lifecycle import MAX_GRACE_DAYS, Round, round_of_same_name
from survey.sealing.checks import watch
from survey.sealing.keys.key_storage import KeysRefused
from survey.sealing.keys.key_volumes import KeysMissing
from survey.sealing.rounds import close_round, open_round
from survey.sealing.rounds.noted import SealBroken
from survey.store.core import rounds
from survey.store.database.engine import read_transaction, write_transaction
from survey.web.i18n import approved_texts
from survey.web.i18n.languages_in_round import note_offered
from survey.web.request import services
from survey.web.staff import audit_log

command = AppGroup("round", help="Add, open, close and publish a round.")
DAY = click.DateTime(formats=["%Y-%m-%d"])


def _existing(key: str) -> Round:
    with read_transaction(services.engine()) as connection:
        found = rounds.get_round(connection, key)
    if found is None:
        raise click.ClickException(f"There is no round {key}.")
    return found


def _threshold(role: str, help_: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    least = MIN_ANSWERS[role]
    return click.option(f"--threshold-{role}", type=click.IntRange(least), default=least, show_default=True, help=help_)


@command.command("add")
@click.argument("key")
@click.option("--name", required=True, help="As pages say it: “hösten 2026”.")
@click.option("--opens", type=DAY, required=True, help="First day, YYYY-MM-DD.")
@click.option("--closes", type=DAY, required=True, help="Last day, YYYY-MM-DD.")
@click.option(
    "--grace-days", type=click.IntRange(0, MAX_GRACE_DAYS), default=1, show_default=True, help="14 with kiosks."
)
@click.option("--version", "version", default=DEFAULT_VERSION, show_default=True, help="What is asked.")
@_threshold("patient", "Residents.")
@_threshold("provider", "Staff.")
@click.option("--open-link/--codes-only", default=True, show_default=True, help="Residents also without a code?")
def add_command(  # noqa: PLR0917 (click names each of them)
    key: str,
    name: str,
    opens: datetime,
    closes: datetime,
    grace_days: int,
    version: str,
    threshold_patient: int,
    threshold_provider: int,
    open_link: bool,
) -> None:
    """Add round KEY, as a draft."""
    if version not in services.versions():
        raise click.ClickException(
            f"There is no version {version}. There are: {', '.join(sorted(services.versions()))}."
        )
    if not services.versions()[version].released:
        raise click.ClickException(f"Version {version} is not released: its wording could change under the answers.")
    if closes < opens:
        raise click.ClickException("The round closes before it opens.")
    wanted = Round(
        key=key,
        name=name,
        opens=_day(opens),
        closes=_day(closes),
        grace_days=grace_days,
        version_patient=version,
        version_provider=version,
        threshold_patient=threshold_patient,
        threshold_provider=threshold_provider,
        open_link=open_link,
        state="draft",
    )
    known = _keep(wanted)
    if known is not None:
        click.echo(f"Round {key} is here already, just so. It is {known.state}.")
        return
    click.echo(f"Round {key} is a draft. Open it with: flask --app wsgi round open {key}")


def _keep(wanted: Round) -> Round | None:
    """Store a new round and return None; return the round that is here already, if it is this one."""
    with write_transaction(services.engine()) as connection:
        every = rounds.rounds_for_update(connection)
        known = next((each for each in every if each.key == wanted.key), None)
        if known is None and (other := round_of_same_name(wanted, every)):
            raise click.ClickException(f"Round {other.key} is called “{other.name}” already. Choose another name.")
        if known is not None and replace(known, state="draft") != wanted:
            raise click.ClickException(f"Round {wanted.key} is here already, with other days or settings.")
        if known is None:
            rounds.add_round(connection, wanted)
            audit_log.note_of_command_line(connection, "round_added", round=wanted.key)
    return known


def _note(what: str, key: str) -> None:
    """Note a step in the audit log when it is through: it is many transactions and can be taken again."""
    with write_transaction(services.engine()) as connection:
        audit_log.note_of_command_line(connection, what, round=key)


def _day(moment: datetime) -> date:
    return moment.date()


@command.command("open")
@click.argument("key")
def open_command(key: str) -> None:
    """Make round KEY's keys and open it."""
    round_ = _existing(key)
    if round_.state not in ("draft", "opening", "open"):
        raise click.ClickException(f"Round {key} is {round_.state} and can't be opened again.")
    if round_.state == "draft":
        approved_texts.refresh()
        with write_transaction(services.engine()) as connection:
            note_offered(connection, key)
    try:
        open_round.open_round(services.engine(), services.settings(), key)
    except KeysRefused as refused:
        raise click.ClickException(str(refused)) from None
    _note("round_opened", key)
    waits = "" if round_.opens <= services.today() else f" It takes answers from {round_.opens.isoformat()}."
    click.echo(f"Round {key} is open.{waits}")


@command.command("close")
@click.argument("key")
def close_command(key: str) -> None:
    """Close round KEY: open all answers together, count them, erase the keys."""
    round_ = _existing(key)
    if round_.state in ("draft", "opening"):
        raise click.ClickException(f"Round {key} was never open.")
    try:
        close_round.close_round(services.engine(), services.volumes(), key)
    except SealBroken as broken:
        raise click.ClickException(f"Nothing of {key} was opened: {broken}.") from None
    _note("round_closed", key)
    click.echo(f"Round {key} is closed and counted. Its keys are erased.")


@command.command("restored")
@click.argument("key")
@click.option("--yes", is_flag=True, help="You have restored the database of round KEY yourself, from a backup.")
def restored_command(key: str, yes: bool) -> None:
    """Go on with round KEY after its database was restored, although envelopes that were seen are gone.

    Never otherwise: envelopes that vanish may be somebody who wants one answer to be left alone with theirs.
    """
    _existing(key)
    if not yes:
        raise click.ClickException("Did you restore the database yourself? Then say so with --yes. Else find out why.")
    try:
        gone = watch.accept_loss(services.engine(), services.volumes(), key)
    except (SealBroken, KeysMissing) as refused:
        raise click.ClickException(f"{key}: {refused}. Stop, and find out who can write to the database.") from None
    with write_transaction(services.engine()) as connection:
        audit_log.note_of_command_line(connection, "loss_accepted", round=key, count=gone)
    click.echo(f"Round {key} goes on. Envelopes that are gone: {gone}.")


@command.command("publish")
@click.argument("key")
def publish_command(key: str) -> None:
    """Publish round KEY as an edition."""
    from survey.publication.publish import publish

    round_ = _existing(key)
    if round_.state == "published":
        click.echo(f"Round {key} is published already.")
        return
    if round_.state not in ("closed", "publishing"):
        raise click.ClickException(f"Round {key} is {round_.state}. Close it first.")
    number = publish(services.engine(), services.settings(), services.versions(), key, services.today())
    _note("round_published", key)
    click.echo(f"Round {key} is published as edition {number}.")
