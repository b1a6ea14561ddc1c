"""Each of many codes sent by sixty-four at once, in threads of several processes: one answer each.

Of every code one sender and no other is told that it was the first. A closing raced: each answer is counted once.
The control looks first and acts then: the same senders get more answers in than there are codes.
"""

import multiprocessing
import os
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from survey.sealing.checks.reconciliation import reconcile
from survey.sealing.intake import submit as accepting
from survey.sealing.intake.submit import Outcome, Submission, accept
from survey.sealing.keys.keyed_hash import hash_of_code
from survey.store import tables
from survey.store.answers import batches
from survey.store.database.engine import read_transaction, write_transaction
from tests.attacks.full import Shown, sized
from tests.attacks.tools import at_once, fresh_engine
from tests.sealed import ROUND, Sealed, a_response, make_sealed

PROCESSES, THREADS = sized((4, 16), (8, 8))
SENDERS = PROCESSES * THREADS
# PostgreSQL's senders wait for one another at the batch's row: 64 of them get hardly faster through than one.
CODES = {"sqlite": sized(100, 1000), "postgresql": sized(32, 1000)}
NAIVE_CODES = sized(12, 100)
IN_TIME = 16
UNITS = ("vast-ett", "vast-tva", "ost-ett", "ost-tva")
UNIT = UNITS[0]
WITHIN = sized(900, 2400)

Code = tuple[str, str]
# Sends one unit's code; whether it was told to be the first.
Send = Callable[[Sealed, Code], bool]


@pytest.fixture
def sealed(engine: Engine, tmp_path: Path) -> Sealed:
    return make_sealed(engine, tmp_path)


def really(sealed: Sealed, code: Code) -> bool:
    """The product's way in."""
    outcome = sealed.send(code[0], a_response(), code[1])
    assert outcome in (Outcome.ACCEPTED, Outcome.REPEATED)
    return outcome is Outcome.ACCEPTED


def looking_first(sealed: Sealed, code: Code) -> bool:
    """The usual way in: looks whether the code is spent, and stores then."""
    this = tables.access_code.c.code_hash == hash_of_code(sealed.volumes.pepper_of(ROUND), code[1])
    with read_transaction(sealed.engine) as connection:
        if connection.scalar(sa.select(tables.access_code.c.spent).where(this)):
            return False
        batch = batches.public_batch(connection, ROUND, code[0], "patient", "invited")
    assert batch is not None
    with write_transaction(sealed.engine) as connection:
        connection.execute(sa.insert(tables.envelope), [{"id": os.urandom(16), "batch": batch[0], "sealed": b"x"}])
        connection.execute(sa.update(tables.access_code).where(this).values(spent=1))
    return True


def in_process(number: int, url: str, sealed: Sealed, codes: Sequence[Code], send: Send, said: Path) -> None:
    """One process of senders: writes down the codes of which its threads were told to be the first, once for each."""
    firsts: list[str] = []
    with fresh_engine(url, patience=120) as engine:
        mine = Sealed(engine, sealed.settings)

        def send_all(seed: int) -> None:
            # Half of them all in one order, so that they meet at each code; the others anyhow.
            order = random.Random(seed).sample(codes, len(codes)) if seed % 2 else codes
            firsts.extend(code for unit, code in order if send(mine, (unit, code)))

        at_once([lambda seed=number * THREADS + each: send_all(seed) for each in range(THREADS)])  # type: ignore[misc]
    said.write_text("\n".join(firsts), encoding="utf-8")


def raced(sealed: Sealed, url: str, number: int, send: Send) -> Counter[str]:
    """So many codes over four units, each sent by every sender; how often each was told to be the first, by code."""
    codes = [(unit, code) for unit in UNITS for code in sealed.codes(unit, number // len(UNITS))]
    random.Random(1).shuffle(codes)
    sealed.engine.dispose()
    said = [sealed.settings.instance / f"said-{each}" for each in range(PROCESSES)]
    # Forked: they start at once, and have what the test has put in place of the sealing.
    fork = multiprocessing.get_context("fork")
    works = [(each, url, sealed, codes, send, said[each]) for each in range(PROCESSES)]
    processes = [fork.Process(target=in_process, args=work) for work in works]
    try:
        for process in processes:
            process.start()
        for process in processes:
            process.join(WITHIN)
            assert process.exitcode == 0
    finally:
        for process in processes:
            process.kill()
    found = Counter(code for path in said for code in path.read_text(encoding="utf-8").split())
    return Counter({code: found[code] for _, code in codes})


def waiting(sealed: Sealed) -> int:
    """How many first envelopes there are."""
    own = sa.select(tables.batch.c.id).where(tables.batch.c.collection_mode == "invited")
    with read_transaction(sealed.engine) as connection:
        count = sa.select(sa.func.count()).select_from(tables.envelope).where(tables.envelope.c.batch.in_(own))
        return connection.scalar(count) or 0


def test_each_code_sent_by_sixty_four_at_once_is_one_answer(
    sealed: Sealed, database_url: str, monkeypatch: pytest.MonkeyPatch, shown: Shown
) -> None:
    # What is raced is the transaction; the sealing before it would only make the senders arrive one by one.
    monkeypatch.setattr(accepting.envelope, "seal", lambda *given: os.urandom(96))
    kind = sealed.engine.dialect.name
    firsts = raced(sealed, database_url, CODES[kind], really)
    stored, number = waiting(sealed), len(firsts)
    shown("race", f"each code sent by {PROCESSES} processes × {THREADS} threads, {kind}",
          f"{stored} answers of {number} codes; sole first at {sum(each == 1 for each in firsts.values())}",
          n=number * SENDERS)  # fmt: skip
    assert (stored, number) == (CODES[kind], CODES[kind])
    assert set(firsts.values()) == {1}
    lines = reconcile(sealed.engine)
    assert all(line.ok for line in lines)
    assert sum(line.accepted for line in lines if not line.background) == number
    with read_transaction(sealed.engine) as connection:
        assert sum(batch.duplicates for batch in batches.batches(connection)) == number * (SENDERS - 1)


def test_control_looking_first_and_acting_then_stores_more(sealed: Sealed, database_url: str, shown: Shown) -> None:
    firsts = raced(sealed, database_url, NAIVE_CODES, looking_first)
    stored, number = waiting(sealed), len(firsts)
    shown("race", f"one who looks first and stores then, {sealed.engine.dialect.name}",
          f"{stored} answers of {number} codes; sole first at {sum(each == 1 for each in firsts.values())}",
          n=number * SENDERS, control=True)  # fmt: skip
    assert stored > number and max(firsts.values()) > 1


def test_every_accepted_answer_is_counted_when_a_closing_races_the_senders(sealed: Sealed, shown: Shown) -> None:
    outcomes: Counter[Outcome] = Counter()
    sealed.fill({UNIT: 50})

    def send(seed: int) -> None:
        for number in range(12):
            form = sealed.submission(UNIT, a_response("patient", random.Random(seed * 100 + number)))
            assert isinstance(form, Submission)
            outcomes[accept(sealed.engine, sealed.volumes, form)] += 1

    def close() -> None:
        # Whatever is quicker on this machine: some must be in, and others on their way.
        while outcomes[Outcome.ACCEPTED] < IN_TIME:
            time.sleep(0.0005)
        sealed.close()

    at_once([*(lambda seed=seed: send(seed) for seed in range(8)), close])  # type: ignore[misc]
    shown("race", f"the closing raced by 8 senders, {sealed.engine.dialect.name}",
          f"{outcomes[Outcome.ACCEPTED]} of 96 accepted in time, {sum(sealed.totals().values()) - 50} counted",
          n=96)  # fmt: skip
    assert outcomes[Outcome.ACCEPTED] + outcomes[Outcome.CLOSED] == 96
    assert outcomes[Outcome.ACCEPTED] >= IN_TIME
    assert sealed.totals() == {(UNIT, "patient", "open"): 50 + outcomes[Outcome.ACCEPTED]}
    assert sealed.background_size() == 50 + outcomes[Outcome.ACCEPTED]
    assert all(line.ok for line in reconcile(sealed.engine))
