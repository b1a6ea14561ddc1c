"""A hundred codes, each sent by sixty-four at once: a hundred answers. A closing raced: each once.

The control looks first and acts then: it stores more.
"""

import os
import random
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from survey.sealing import accept as accepting
from survey.sealing.accept import Outcome, Submission, accept
from survey.sealing.selfcheck import check
from survey.store import batches, tables
from survey.store.engine import reading, writing
from tests.attacks.tools import at_once
from tests.sealed import ROUND, Sealed, a_response, make_sealed

SENDERS = 64
CODES = {"sqlite": 100, "postgresql": 30}
UNIT = "vast-ett"


@pytest.fixture
def sealed(engine: Engine, tmp_path: Path) -> Sealed:
    return make_sealed(engine, tmp_path)


def test_a_hundred_codes_sent_by_sixty_four_each_are_a_hundred_answers(
    sealed: Sealed, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What is raced is the transaction; the sealing before it would only make the senders arrive one by one.
    monkeypatch.setattr(accepting.envelope, "seal", lambda *given: os.urandom(96))
    number = CODES[sealed.engine.dialect.name]
    codes = sealed.codes(UNIT, number)
    outcomes: Counter[Outcome] = Counter()

    def send(seed: int) -> None:
        order = random.Random(seed).sample(codes, len(codes)) if seed % 2 else codes
        found = Counter(sealed.send(UNIT, a_response(), code) for code in order)
        outcomes.update(found)

    at_once([lambda seed=seed: send(seed) for seed in range(SENDERS)])  # type: ignore[misc]
    assert outcomes == {Outcome.ACCEPTED: number, Outcome.REPEATED: number * (SENDERS - 1)}
    lines = check(sealed.engine)
    assert all(line.ok for line in lines)
    assert sum(line.accepted for line in lines if not line.background) == number
    with reading(sealed.engine) as connection:
        assert sum(batch.repeats for batch in batches.batches(connection)) == number * (SENDERS - 1)


def test_control_looking_first_and_acting_then_stores_more(sealed: Sealed) -> None:
    code_hashes = [bytes([number]) * 32 for number in range(20)]
    with writing(sealed.engine) as connection:
        connection.execute(
            sa.insert(tables.invitation),
            [{"code_hash": h, "unit": UNIT, "round": ROUND, "role": "patient"} for h in code_hashes],
        )
        batch = batches.batches(connection)[0].id

    def naive(code_hash: bytes) -> None:
        this = tables.invitation.c.code_hash == code_hash
        with reading(sealed.engine) as connection:
            spent = connection.scalar(sa.select(tables.invitation.c.spent).where(this))
        if not spent:
            with writing(sealed.engine) as connection:
                row = {"id": os.urandom(16), "batch": batch, "envelope": b"x"}
                connection.execute(sa.insert(tables.inbox), [row])
                connection.execute(sa.update(tables.invitation).where(this).values(spent=1))

    for code_hash in code_hashes:
        at_once([lambda h=code_hash: naive(h) for _ in range(8)])  # type: ignore[misc]
    with reading(sealed.engine) as connection:
        stored = connection.scalar(sa.select(sa.func.count()).select_from(tables.inbox)) or 0
    assert stored > len(code_hashes)


def test_every_accepted_answer_is_counted_when_a_closing_races_the_senders(sealed: Sealed) -> None:
    outcomes: Counter[Outcome] = Counter()
    sealed.fill({UNIT: 50})

    def send(seed: int) -> None:
        for number in range(12):
            form = sealed.submission(UNIT, a_response("patient", random.Random(seed * 100 + number)))
            assert isinstance(form, Submission)
            outcomes[accept(sealed.engine, sealed.volumes, form)] += 1

    at_once([*(lambda seed=seed: send(seed) for seed in range(8)), sealed.close])  # type: ignore[misc]
    assert outcomes[Outcome.ACCEPTED] + outcomes[Outcome.CLOSED] == 96
    assert sealed.totals() == {(UNIT, "patient", "open"): 50 + outcomes[Outcome.ACCEPTED]}
    assert sealed.background_size() == 50 + outcomes[Outcome.ACCEPTED]
    assert all(line.ok for line in check(sealed.engine))
