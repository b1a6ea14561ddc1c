"""How many sheets of paper a unit has printed: no more are keyed in, and only tens are told. For the views."""

from survey.domain.places import Place
from survey.domain.rounds import Round
from survey.domain.told import TEN, in_tens
from survey.sealing.allowance import refuse_too_many
from survey.sealing.peppered import hash_of_form_id
from survey.store import batches, handouts, seen
from survey.store.engine import reading, writing
from survey.web import audit, house

PAPER = "paper"


def printed(place: Place, round_: Round, role: str, count: int) -> None:
    """Write down that so many more are printed; raises TooMany when there are more than the unit's staff need."""
    named = {"unit": place.key, "round": round_.key, "role": role, "way": handouts.SHEETS}
    with writing(house.engine()) as connection:
        refuse_too_many(connection, count, **named)
        handouts.add(connection, count, **named)
        audit.deed("sheets_printed", unit=place.key, round=round_.key, role=role, count=count)(connection)


def may_take(place: Place, round_: Round, role: str, form_id: str) -> bool:
    """Whether the unit has printed more than it has keyed in, or this very sheet is in already."""
    used = hash_of_form_id(house.volumes().pepper_of(round_.key), form_id)
    with reading(house.engine()) as connection:
        again = seen.is_known(connection, used)
    return again or _left(place, round_, role) > 0


def left_in_tens(place: Place, round_: Round, role: str) -> int:
    """How many printed sheets are not keyed in, rounded down to tens: who keys in nothing sees no single sheet."""
    return in_tens(max(_left(place, round_, role), 0))


def note_tens(place: Place, round_: Round, role: str) -> None:
    """Write down that ten more have been keyed in, after each tenth and not before."""
    count = _keyed_in(place, round_, role)
    if count and count % TEN == 0:
        with writing(house.engine()) as connection:
            audit.deed("sheets_keyed_in", unit=place.key, round=round_.key, role=role, count=count)(connection)


def _left(place: Place, round_: Round, role: str) -> int:
    with reading(house.engine()) as connection:
        out = handouts.of_unit(connection, place.key, round_.key).get((role, handouts.SHEETS))
    return (out.n if out else 0) - _keyed_in(place, round_, role)


def _keyed_in(place: Place, round_: Round, role: str) -> int:
    with reading(house.engine()) as connection:
        return batches.received_by_channel(connection, round_.key, place.key, role, PAPER)
