"""`flask codes`: one-time codes for a unit."""

import click
from sqlalchemy import Connection

from survey.domain.questions.questionnaire import ROLES
from survey.domain.rounds.access_codes import grouped
from survey.sealing.intake.allowance import AllowanceExceeded
from survey.sealing.intake.issue_codes import FILE_CHANNEL, make_codes
from survey.store.core import places, rounds
from survey.store.database.engine import read_transaction
from survey.web.request import services
from survey.web.staff import audit_log


@click.command()
@click.argument("unit")
@click.option("--role", type=click.Choice(ROLES), default="patient", show_default=True, help="Who answers.")
@click.option("--count", type=click.IntRange(1, 100_000), required=True, help="How many codes.")
@click.option("--in-groups", is_flag=True, help="Print in groups of four, for slips that are read by eye.")
def command(unit: str, role: str, count: int, in_groups: bool) -> None:
    """Make one-time codes for UNIT's open round and print one a line. They can't be shown again."""
    with read_transaction(services.engine()) as connection:
        round_ = rounds.open_round_for(connection, unit, services.today())
        known = places.unit_by_key(connection, unit)
    if known is None:
        raise click.ClickException(f"There is no unit {unit}. A region or a municipality has no codes of its own.")
    if round_ is None:
        raise click.ClickException(f"{unit} has no open round.")
    # On standard error, and not among the codes: standard output goes to slips or a file.
    click.echo(f"Codes for {known.name}, {round_.name}, {role}: {count}. They can't be shown again.", err=True)

    def note(connection: Connection) -> None:
        about = {"unit": unit, "round": round_.key, "role": role}
        audit_log.note_of_command_line(connection, "codes_made", **about, channel=FILE_CHANNEL, count=count)

    try:
        made = make_codes(services.engine(), services.volumes(), unit, round_.key, role, count, FILE_CHANNEL, note)
    except AllowanceExceeded as refused:
        if refused.headcount is None:
            raise click.ClickException(
                f"Nobody has said how many work at {unit}: write it on the unit's page under Kontoret, or import the "
                "places' file with the column “personal”."
            ) from None
        message = f"{refused.headcount} work at {unit}: at most {refused.allowed} codes, and {refused.made} are made."
        raise click.ClickException(message) from None
    for code in made:
        click.echo(grouped(code) if in_groups else code)
