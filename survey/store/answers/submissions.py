"""The transaction that accepts an answer: spend the code, store the envelopes, count them, or none of it.

For the seal. On PostgreSQL the same steps are a function of the database (in `survey.migrations`), so that
the account of the resident part may do this and nothing else.
"""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.store.answers import access_codes, batches, envelopes, used_form_ids
from survey.store.answers.envelopes import Envelope

ACCEPTED, REPEATED, UNKNOWN, CLOSED = "accepted", "repeated", "unknown", "closed"


@dataclass(frozen=True)
class SealedSubmission:
    """A sealed answer to store. Invited: with a code, else a form id; a patient's has two envelopes."""

    round: str
    unit: str
    role: str
    collection_mode: str
    code_hash: bytes | None
    form_id_hash: bytes | None
    batch: str
    envelope_id: bytes
    envelope: bytes
    background_batch: str | None = None
    background_id: bytes | None = None
    background_envelope: bytes | None = None

    def __post_init__(self) -> None:
        """Raise ValueError when the parts don't belong together, without saying what they are."""
        code, form = self.code_hash is not None, self.form_id_hash is not None
        background = {part is not None for part in self._background}
        if code == form or code != (self.collection_mode == "invited") or background != {self.role == "patient"}:
            raise ValueError("The parts of a submission don't belong together.")

    @property
    def _background(self) -> tuple[object, object, object]:
        return self.background_batch, self.background_id, self.background_envelope


_NAMES = tuple(SealedSubmission.__dataclass_fields__)
_VALUES = ", ".join(f":{name}" for name in _NAMES)
_ACCEPT, _ACCEPT_PAPER = sa.text(f"SELECT accept({_VALUES})"), sa.text(f"SELECT accept_paper({_VALUES})")


def accept(connection: Connection, arrival: SealedSubmission) -> str:
    """Accept an answer, inside `write_transaction`; return "accepted", "repeated", "unknown" (code) or "closed"."""
    if connection.dialect.name == "postgresql":
        # Who keys in what is on paper may do that alone.
        call = _ACCEPT_PAPER if arrival.collection_mode == "paper" else _ACCEPT
        return str(connection.scalar(call, vars(arrival)))
    if not _is_open(connection, arrival):
        return CLOSED
    first = _first_time(connection, arrival)
    if not _belongs_here(connection, arrival):
        return UNKNOWN
    sealed = [Envelope(arrival.envelope_id, arrival.batch, arrival.envelope)]
    if arrival.background_batch and arrival.background_id and arrival.background_envelope:
        second = Envelope(arrival.background_id, arrival.background_batch, arrival.background_envelope)
        sealed.append(second)
    envelopes.add_envelopes(connection, sealed)
    # A first try does each step of a second one, for the time that it takes must not tell who has answered:
    # what a second one brought is taken out again, and a first one looks for as much that is not there.
    spare = b"\0" if first else b""
    envelopes.withdraw(connection, [each.id + spare for each in sealed])
    batches.count(connection, arrival.batch, arrival.background_batch, first=first)
    return ACCEPTED if first else REPEATED


def _is_open(connection: Connection, arrival: SealedSubmission) -> bool:
    second = arrival.background_batch
    named = {
        "unit": arrival.unit,
        "round": arrival.round,
        "role": arrival.role,
        "collection_mode": arrival.collection_mode,
    }
    return batches.is_open(connection, arrival.batch, second, **named)


def _first_time(connection: Connection, arrival: SealedSubmission) -> bool:
    # Never look first and act then: two senders of one code would both find it unspent.
    if arrival.code_hash is not None:
        named = (arrival.code_hash, arrival.unit, arrival.round, arrival.role)
        return access_codes.spend(connection, *named) == 1
    return (
        arrival.form_id_hash is not None
        and used_form_ids.remember(connection, arrival.form_id_hash, arrival.round) == 1
    )


def _belongs_here(connection: Connection, arrival: SealedSubmission) -> bool:
    named = (arrival.unit, arrival.round, arrival.role)
    return arrival.code_hash is None or access_codes.is_known(connection, arrival.code_hash, *named)
