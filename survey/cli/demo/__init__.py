"""`flask demo`: an empty demo instance filled with invented answers, through the real accept, close and publish."""

from datetime import timedelta
from itertools import islice
from pathlib import Path

import click

from survey.cli.demo import plan_data
from survey.cli.demo.invented import ROUNDS, DemoRound, demo_rounds, responses
from survey.cli.errors import in_english
from survey.domain.places.place_tree import Place, read_csv
from survey.domain.questions.responses import Response
from survey.domain.rounds.collection_modes import is_background
from survey.domain.rounds.lifecycle import Round
from survey.sealing.intake import form_ids
from survey.sealing.intake.issue_codes import make_codes
from survey.sealing.intake.submit import Outcome, Submission, accept
from survey.sealing.rounds import close_round, open_round
from survey.store.answers import batches
from survey.store.core import places, rounds
from survey.store.database.engine import read_transaction, write_transaction
from survey.store.maintenance.migrate import upgrade
from survey.web.i18n.languages_in_round import note_offered
from survey.web.request import services

INVITED_SHARE = 3  # one resident in three answers with a code, the others by the open link; staff always with a code
GRACE_DAYS = 1


@click.command()
def command() -> None:
    """Fill this demo instance with invented places, rounds and answers; goes on where it stopped."""
    if not services.settings().demo:
        raise click.ClickException("This instance is no demo: `demo` is not set in its config.toml.")
    fill()


def fill(most: int = ROUNDS) -> None:
    """Fill the app's instance with the places, the plan and its measures, and up to `most` rounds."""
    upgrade(services.engine())
    refuse_another_region()
    add_places()
    with write_transaction(services.engine()) as connection:
        plan_data.fill(connection, services.today())
    for round_ in demo_rounds(services.today())[:most]:
        _fill(round_, last=round_.number == ROUNDS - 1)


def is_filled() -> bool:
    """Return whether the demo's last round is there, with answers."""
    with read_transaction(services.engine()) as connection:
        found = rounds.get_round(connection, demo_rounds(services.today())[-1].key)
        return found is not None and _accepted(found.key) > 0


def refuse_another_region() -> None:
    """Stop before anything is written where somebody has places of their own: the demo would mix two regions."""
    with read_transaction(services.engine()) as connection:
        known = {place.key for place in places.all_places(connection)}
    if known and not known.issuperset(place.key for place in demo_places()):
        raise click.ClickException(
            "There are places of your own here. The demo fills an empty instance: choose another folder with INSTANCE."
        )


def demo_places() -> list[Place]:
    """Return the demo's places."""
    found, faults = read_csv((Path(__file__).parent / "places.csv").read_text(encoding="utf-8"), [])
    if faults:
        raise click.ClickException("\n".join(in_english(faults)))
    return found


def add_places() -> None:
    """Store the demo's places."""
    with write_transaction(services.engine()) as connection:
        places.save_places(connection, demo_places())


def _fill(demo: DemoRound, last: bool) -> None:
    with read_transaction(services.engine()) as connection:
        known = rounds.get_round(connection, demo.key)
        units = [
            place.key
            for place in places.all_places(connection)
            if place.level == "unit" and (place.valid_to is None or place.valid_to >= demo.opens)
        ]
    if known is not None and known.state == "published":
        return
    if known is None:
        with write_transaction(services.engine()) as connection:
            rounds.add_round(connection, _round(demo))
    if known is None or known.state in ("draft", "opening"):
        with write_transaction(services.engine()) as connection:
            note_offered(connection, demo.key)
        open_round.open_round(services.engine(), services.settings(), demo.key)
    if known is None or known.state in ("draft", "opening", "open"):
        _answer(demo, units)
    if not last:
        close_round.close_round(services.engine(), services.volumes(), demo.key)
        _publish(demo)


def _round(demo: DemoRound) -> Round:
    return Round(
        key=demo.key,
        name=demo.name,
        opens=demo.opens,
        closes=demo.closes,
        grace_days=GRACE_DAYS,
        version_patient=demo.version,
        version_provider=demo.version,
        open_link=True,
        state="draft",
    )


def _accepted(round_key: str) -> int:
    with read_transaction(services.engine()) as connection:
        return sum(b.accepted for b in batches.batches(connection, round_key) if not is_background(b.collection_mode))


def _answer(demo: DemoRound, units: list[str]) -> None:
    waiting = list(islice(responses(demo, units), _accepted(demo.key), None))
    codes: dict[tuple[str, str], list[str]] = {}
    with click.progressbar(waiting, label=demo.name.ljust(12), show_pos=True) as bar:
        for number, (unit, response) in enumerate(bar):
            by_code = response.role == "provider" or number % INVITED_SHARE == 0
            outcome = accept(services.engine(), services.volumes(), _submission(demo, unit, response, by_code, codes))
            if outcome is not Outcome.ACCEPTED:
                raise click.ClickException(f"An invented answer was not accepted: {outcome.name}.")


def _submission(
    demo: DemoRound, unit: str, response: Response, by_code: bool, codes: dict[tuple[str, str], list[str]]
) -> Submission:
    code, form_id = None, None
    if by_code:
        stock = codes.setdefault((unit, response.role), [])
        if not stock:
            # Codes for the staff are limited by the unit's headcount.
            count = 1 if response.role == "provider" else 20
            stock += make_codes(services.engine(), services.volumes(), unit, demo.key, response.role, count)
        code = stock.pop()
    else:
        form_id = form_ids.issue_form_id(services.form_id_key(), unit, demo.key, response.role)
    return Submission(
        unit=unit,
        round=demo.key,
        role=response.role,
        response=response,
        code=code,
        form_id=form_id,
    )


def _publish(demo: DemoRound) -> None:
    from survey.publication.publish import publish

    the = services.current_services()
    publish(the.engine, the.settings, the.versions, demo.key, demo.closes + timedelta(days=GRACE_DAYS + 1))
