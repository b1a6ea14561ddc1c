"""`flask accounts`: the people who may sign in on the staff side."""

import click
from email_validator import EmailNotValidError, validate_email
from flask import current_app
from flask.cli import AppGroup

from survey.domain.staff.roles import ROLES, belongs, reads_a_language
from survey.store.core import places
from survey.store.database.engine import read_transaction, write_transaction
from survey.store.staff import accounts, second_factors, staff_sessions
from survey.web.i18n.language import languages
from survey.web.i18n.language_files import SOURCE
from survey.web.request import services
from survey.web.staff import audit_log

command = AppGroup("accounts", help="Keep the accounts of the staff side.")


@command.command("add")
@click.argument("email")
@click.option("--role", type=click.Choice(list(ROLES)), required=True, help="What they do here.")
@click.option("--place", "place_key", required=True, help="The place they belong to.")
@click.option("--language", default="", help="The tag of the language that a translator reads.")
@click.password_option(help="At least 15 characters; asked for when left out.")
def add_command(email: str, role: str, place_key: str, language: str, password: str) -> None:
    """Add a person with EMAIL, a role and a place; a translator with a language."""
    from survey.web.signin.passwords import hash_password, password_faults

    try:
        # Whether its domain takes mail is not asked: that would tell another server who is added here.
        email = validate_email(email, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        raise click.ClickException(f"{email} is no e-mail address.") from None
    if faults := password_faults(password, email):
        raise click.ClickException(" ".join(faults))
    _refuse_language(role, language)
    with read_transaction(services.engine()) as connection:
        place = next((each for each in places.all_places(connection) if each.key == place_key), None)
        if place is None:
            raise click.ClickException(f"There is no place {place_key}.")
        if not belongs(role, place):
            needed = " or ".join(ROLES[role].levels)
            raise click.ClickException(f"{place_key} is a {place.level}; a {role} account needs a {needed}.")
        if accounts.account_by_email(connection, email) is not None:
            raise click.ClickException(f"{email} is here already.")
    with write_transaction(services.engine()) as connection:
        accounts.add_account(connection, email, hash_password(password), role, place_key, language=language)
        spoken = {"language": language} if language else {}
        audit_log.note_of_command_line(connection, "person_added", person=email, role=role, place=place_key, **spoken)
    click.echo(f"{email} can sign in at /staff.")


def _refuse_language(role: str, language: str) -> None:
    if reads_a_language(role):
        known = [tag for tag in languages() if tag != SOURCE]
        if language not in known:
            raise click.ClickException(f"A {role} needs --language, one of {', '.join(known)}.")
    elif language:
        raise click.ClickException(f"A {role} has no language.")


@command.command("forget-factors")
@click.argument("email")
def forget_factors_command(email: str) -> None:
    """Forget EMAIL's second factors, when they are lost, and end that person's sessions."""
    with write_transaction(services.engine()) as connection:
        person = accounts.account_by_email(connection, email)
        if person is None:
            raise click.ClickException(f"There is no account {email}.")
        second_factors.forget_all(connection, person.id)
        staff_sessions.end_all(connection, person.id)
        audit_log.note_of_command_line(connection, "factors_forgotten", person=person.email)
    click.echo(f"{person.email} signs in with the password alone, until a second factor is set up again.")


@command.command("new-link")
@click.argument("email")
def new_link_command(email: str) -> None:
    """Make a one-time link with which EMAIL chooses another password; ends their sessions and second factors."""
    from survey.web.request.addresses import staff_link
    from survey.web.signin import password_resets

    with write_transaction(services.engine()) as connection:
        person = accounts.account_by_email(connection, email)
        if person is None or not person.active:
            raise click.ClickException(f"There is no open account {email}.")
        secret = password_resets.create_reset(connection, person)
        audit_log.note_of_command_line(connection, "new_link_made", person=person.email)
    click.echo(staff_link("new_password.show_form", secret))
    click.echo(f"Good once, for {password_resets.GOOD_FOR.days} days. {person.email} is told at the next sign-in.")


@command.command("waiting")
def waiting_command() -> None:
    """List what one coordinator has asked for and another has not confirmed, each with the key that `confirm` takes."""
    from survey.web.pages.lookalike_warnings import lookalike_warnings
    from survey.web.staff import two_people

    with read_transaction(services.engine()) as connection, current_app.test_request_context():
        found = two_people.waiting(connection)
        beside = [lookalike_warnings(each.proposal.details.get("person", "")) for each in found]
    for each, warnings in zip(found, beside, strict=True):
        click.echo(" ".join([f"{each.key}  {each.words} ({each.asked_by}, {each.proposal.expires_on})", *warnings]))
    if not found:
        click.echo("Nothing waits.")


@command.command("confirm")
@click.argument("key")
def confirm_command(key: str) -> None:
    """Confirm, as the keeper of the server, what a coordinator has asked for where there is no second coordinator."""
    from survey.web.staff import two_people

    with read_transaction(services.engine()) as connection, current_app.test_request_context():
        if key not in {each.key for each in two_people.waiting(connection)}:
            raise click.ClickException(f"Nothing waits with the key {key}. `accounts waiting` lists what does.")
    try:
        done = two_people.confirm_on_command_line(key)
    except two_people.ActionRefused as refused:
        raise click.ClickException(str(refused)) from None
    click.echo("Done, and written in the log.")
    if done.link:
        click.echo(f"{done.link}\nGood once, for {done.days} days. Hand it to {done.to} yourself.")
