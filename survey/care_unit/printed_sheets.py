"""The count of sheets a unit has printed: no more are keyed in, and it is shown in tens alone. For the views."""

from survey.domain.disclosure.count_rounding import TEN, round_down_to_ten
from survey.domain.places.place_tree import Place
from survey.domain.rounds.lifecycle import Round
from survey.sealing.intake.allowance import check_allowance
from survey.sealing.keys.keyed_hash import hash_of_form_id
from survey.store.answers import batches, used_form_ids
from survey.store.channels import issued_codes
from survey.store.database.engine import read_transaction, write_transaction
from survey.web.request import services
from survey.web.staff import audit_log

PAPER = "paper"


def add_printed(place: Place, round_: Round, role: str, count: int) -> None:
    """Add `count` printed sheets; raise AllowanceExceeded when there are more than the unit's staff need."""
    named = {"unit": place.key, "round": round_.key, "role": role, "channel": issued_codes.PAPER}
    with write_transaction(services.engine()) as connection:
        check_allowance(connection, count, **named)
        issued_codes.add(connection, count, **named)
        audit_log.event_note("sheets_printed", unit=place.key, round=round_.key, role=role, count=count)(connection)


def may_take(place: Place, round_: Round, role: str, form_id: str) -> bool:
    """Return whether the unit has printed more than it has keyed in, or this very sheet is in already."""
    used = hash_of_form_id(services.volumes().pepper_of(round_.key), form_id)
    with read_transaction(services.engine()) as connection:
        again = used_form_ids.is_known(connection, used)
    return again or _left(place, round_, role) > 0


def left_in_tens(place: Place, round_: Round, role: str) -> int:
    """Return the printed sheets not keyed in, rounded down to tens, so that nobody else sees a single sheet."""
    return round_down_to_ten(max(_left(place, round_, role), 0))


def note_tens(place: Place, round_: Round, role: str) -> None:
    """Note in the audit log that ten more have been keyed in, after each tenth and not before."""
    count = _keyed_in(place, round_, role)
    if count and count % TEN == 0:
        with write_transaction(services.engine()) as connection:
            audit_log.event_note("sheets_keyed_in", unit=place.key, round=round_.key, role=role, count=count)(
                connection
            )


def _left(place: Place, round_: Round, role: str) -> int:
    with read_transaction(services.engine()) as connection:
        out = issued_codes.of_unit(connection, place.key, round_.key).get((role, issued_codes.PAPER))
    return (out.n if out else 0) - _keyed_in(place, round_, role)


def _keyed_in(place: Place, round_: Round, role: str) -> int:
    with read_transaction(services.engine()) as connection:
        return batches.received_by_mode(connection, round_.key, place.key, role, PAPER)
