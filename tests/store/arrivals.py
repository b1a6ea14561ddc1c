"""An open round at one unit, and sealed answers at its door: for the tests of the way in."""

import secrets
from dataclasses import replace
from typing import Any

from sqlalchemy import Engine

from survey.store.answers import access_codes, batches
from survey.store.answers.batches import Batch
from survey.store.answers.submissions import SealedSubmission
from survey.store.database.engine import write_transaction
from tests import factories

ROUND, UNIT, OTHER = "host-2026", "vast-ett", "vast-tva"
OWN, OPEN, STAFF, SECOND, SECOND_OPEN = ("a" * 32, "b" * 32, "c" * 32, "d" * 32, "e" * 32)
CODE, UNKNOWN_CODE = b"c" * 32, b"u" * 32
MADE = [
    Batch(OWN, UNIT, ROUND, "patient", "invited", b"k" * 32),
    Batch(OPEN, UNIT, ROUND, "patient", "open", b"k" * 32),
    Batch(STAFF, UNIT, ROUND, "provider", "invited", b"k" * 32),
    Batch(SECOND, factories.REGION, ROUND, "patient", "bg-invited", b"k" * 32),
    Batch(SECOND_OPEN, factories.REGION, ROUND, "patient", "bg-open", b"k" * 32),
]


def ask(engine: Engine) -> Engine:
    """Give a database an open round, its batches and one code."""
    with write_transaction(engine) as connection:
        factories.furnish(connection, (), factories.make_round(ROUND))
        factories.step_to(connection, ROUND, "open")
        batches.add_batches(connection, MADE)
        access_codes.add(connection, [CODE], UNIT, ROUND, "patient")
    return engine


def invited(code: bytes = CODE, **changed: Any) -> SealedSubmission:
    """A patient's answer with a code."""
    usual = SealedSubmission(
        round=ROUND,
        unit=UNIT,
        role="patient",
        collection_mode="invited",
        code_hash=code,
        form_id_hash=None,
        batch=OWN,
        envelope_id=secrets.token_bytes(16),
        envelope=b"sealed",
        background_batch=SECOND,
        background_id=secrets.token_bytes(16),
        background_envelope=b"sealed too",
    )
    return replace(usual, **changed)


def by_link(form_id: bytes = b"f" * 32, **changed: Any) -> SealedSubmission:
    """A patient's answer by the open link."""
    own = {"collection_mode": "open", "code_hash": None, "form_id_hash": form_id, "batch": OPEN}
    return invited(**{**own, "background_batch": SECOND_OPEN, **changed})
