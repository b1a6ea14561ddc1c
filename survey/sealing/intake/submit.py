"""The acceptance of an answer: sealed, stored by one transaction, and only then thanked for. For the answer pages.

Whatever is remembered between answers is public (batch ids and public keys), and the transaction itself
asks whether round and batch are open, so nothing that is stale here can let an answer into a round that
is being opened.
"""

import secrets
from dataclasses import dataclass
from enum import Enum
from weakref import WeakKeyDictionary

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from sqlalchemy import Engine

from survey.domain.questions.responses import Response, pack, pack_background
from survey.sealing.intake import envelope
from survey.sealing.keys.key_volumes import KeyVolumes
from survey.sealing.keys.keyed_hash import hash_of_code, hash_of_form_id
from survey.sealing.keys.registry import KeysChanged, RegisteredBatch, is_over, registry_of
from survey.store.answers import batches, submissions
from survey.store.answers.submissions import SealedSubmission
from survey.store.database.engine import read_transaction, write_transaction


class Outcome(Enum):
    """The outcome of a submission. The first two get the same thank-you, byte by byte."""

    ACCEPTED = submissions.ACCEPTED
    REPEATED = submissions.REPEATED
    UNKNOWN_CODE = submissions.UNKNOWN
    CLOSED = submissions.CLOSED


@dataclass(frozen=True)
class Submission:
    """A response with its mark: a code in its own spelling, or else a form id. Both were checked before.

    `collection_mode`: how it came in without a code. A code makes it `invited`.
    """

    unit: str
    round: str
    role: str
    response: Response
    code: str | None = None
    form_id: str | None = None
    collection_mode: str = "open"

    def __post_init__(self) -> None:
        """Raise ValueError without a mark: a second try could not be told from a second person."""
        if self.code is None and not self.form_id:
            raise ValueError("a submission needs a code or a form id")

    @property
    def mode(self) -> str:
        """Return how it came in."""
        return "invited" if self.code is not None else self.collection_mode


@dataclass(frozen=True)
class _Addressee:
    """The batches that a submission is sealed to."""

    batch: str
    key: X25519PublicKey
    background: str | None = None
    background_key: X25519PublicKey | None = None


_Address = tuple[str, str, str, str]
_addressees: WeakKeyDictionary[Engine, dict[_Address, _Addressee]] = WeakKeyDictionary()


def accept(engine: Engine, volumes: KeyVolumes, submission: Submission) -> Outcome:
    """Seal and store a response; return after the commit. On any DatabaseUnavailable nothing was stored.

    KeysChanged among them: the database names another key than the worker made.
    """
    if is_over(volumes, submission.round):
        return Outcome.CLOSED
    address = (submission.round, submission.unit, submission.role, submission.mode)
    known = _addressees.setdefault(engine, {})
    while True:
        fresh = address not in known
        addressee = known.get(address) or _find_addressee(engine, volumes, address)
        if addressee is None:
            return Outcome.CLOSED
        known[address] = addressee
        arrival = _arrival(volumes, submission, addressee)
        with write_transaction(engine) as connection:
            outcome = Outcome(submissions.accept(connection, arrival))
        if outcome is not Outcome.CLOSED:
            return outcome
        # Closed for ever, or the batch was another one than remembered (a database restored or made anew).
        known.pop(address, None)
        if fresh:
            return outcome


def _find_addressee(engine: Engine, volumes: KeyVolumes, address: _Address) -> _Addressee | None:
    round_, unit, role, mode = address
    with read_transaction(engine) as connection:
        own = batches.public_batch(connection, round_, unit, role, mode)
        background = batches.background_batch(connection, round_, mode) if role == "patient" else None
    if own is None or (background is None and role == "patient"):
        return None
    made = registry_of(volumes, round_)
    keys = [_made_by_us(own, made.by_address.get((unit, role, mode)))]
    if background is None:
        return _Addressee(own[0], keys[0])
    keys.append(_made_by_us(background, made.background(mode)))
    return _Addressee(own[0], keys[0], background[0], keys[1])


def _made_by_us(found: tuple[str, bytes], made: RegisteredBatch | None) -> X25519PublicKey:
    # Who can write to the database could put a key of their own here, and read what is sealed to it.
    if made is None or found != (made.id, made.public_key):
        raise KeysChanged("a batch is not as it was made")
    return envelope.public_key(made.public_key)


def _arrival(volumes: KeyVolumes, submission: Submission, to: _Addressee) -> SealedSubmission:
    code, pepper = submission.code, volumes.pepper_of(submission.round)
    response, background = submission.response, to.background_key
    own_id, second_id = secrets.token_bytes(16), secrets.token_bytes(16)
    return SealedSubmission(
        round=submission.round,
        unit=submission.unit,
        role=submission.role,
        collection_mode=submission.mode,
        code_hash=hash_of_code(pepper, code) if code is not None else None,
        form_id_hash=hash_of_form_id(pepper, submission.form_id or "") if code is None else None,
        batch=to.batch,
        envelope_id=own_id,
        envelope=envelope.seal_response(pack(response), to.key, to.batch, own_id, pepper),
        background_batch=to.background,
        background_id=second_id if background else None,
        background_envelope=envelope.seal_response(
            pack_background(response), background, to.background or "", second_id, pepper
        )
        if background
        else None,
    )
