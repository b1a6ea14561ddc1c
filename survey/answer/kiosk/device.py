"""A kiosk as the server knows it: the unit its token names, and what it may ask there today. For all of its views."""

from survey.answer.sheet import answer_state
from survey.domain.places.place_tree import Place
from survey.domain.rounds.lifecycle import Round
from survey.sealing.intake import kiosk_tokens
from survey.store.channels import kiosks
from survey.store.database.engine import read_transaction
from survey.web.pages.error_pages import ErrorPage
from survey.web.request import services

ROLE = "patient"


def unit_and_round(unit: str, token: str) -> tuple[Place, Round | None]:
    """Return the device's unit, and its round if residents may answer there without a code; stop if not paired."""
    place, round_ = answer_state().open_rounds.of(unit)
    if place is None or unit_of(token) != place.key:
        raise ErrorPage("kiosk_gone")
    return place, round_ if round_ and not round_.needs_code(ROLE) else None


def unit_of(token: str) -> str | None:
    """Return the unit of the device with this token; None for one that is not paired, or no longer."""
    with read_transaction(services.engine()) as connection:
        return kiosks.unit_of(connection, hash_token(token))


def hash_token(token: str) -> bytes:
    """Return the hash that a device's token is kept as."""
    return kiosk_tokens.hash_token(services.kiosk_key(), token)


def this_hour() -> str:
    """Return the hour, as a contact is kept."""
    return f"{services.now():%Y-%m-%d %H}"
