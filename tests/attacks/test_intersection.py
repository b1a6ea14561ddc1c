"""The two envelopes of one answer, by what was opened: sums at places and of classes, and by background.

The thief knows from the copies which two envelopes came together. How many each sum is of is exact, so after closing it
takes every sum from every other: what is left is of nobody or of a crowd, whatever the noise. What a neighbour learns
who knows all the others is tried in `test_insider.py`. The controls: one batch of second envelopes for all ways in,
rows in the order of the work.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from survey.domain.questions.answer_scale import QUESTIONS
from survey.domain.questions.background import SMALLEST_BATCH
from survey.domain.questions.responses import Response
from survey.store import tables
from survey.store.answers import tally
from survey.store.answers.batches import background_batch
from survey.store.database.engine import read_transaction
from tests.attacks.chance import persons
from tests.attacks.full import Shown, sized
from tests.sealed import ROUND, make_sealed

CLOSINGS = {"sqlite": sized(3, 60), "postgresql": sized(1, 20)}
SEED, K = 7, 10
UNITS = {"vast-ett": 34, "vast-tva": 12, "ost-ett": 19, "ost-tva": 10}
Rounds = Callable[[int], list["Closed"]]


class Closed:
    """A closed round: who answered with a code and who by other ways, and what was written."""

    def __init__(self, engine: Engine, folder: Path, seed: int) -> None:
        """Let everybody answer, with the id of each second envelope kept, then close."""
        self.sealed, self.kind = make_sealed(engine, folder), engine.dialect.name
        self.everybody = everybody(seed)
        self.second: list[bytes] = []
        with read_transaction(engine) as connection:
            batch = background_batch(connection, ROUND, "invited")
        assert batch is not None
        codes = {unit: self.sealed.codes(unit, n) for unit, n in UNITS.items()}
        for unit, response in self.everybody:
            self.sealed.send(unit, response, codes[unit].pop())
            self.second.append(self._newest(batch[0]))
        dice = random.Random(f"{SEED} {seed}")
        self.others = {"paper": 1 + (2 + 5 * seed) % 13, "open": dice.choice([3, 25, 55])}
        self.by_other_ways = persons(sum(self.others.values()), f"{SEED} {seed}")
        for number, response in enumerate(self.by_other_ways):
            channel = "paper" if number < self.others["paper"] else "open"
            self.sealed.send(dice.choice(list(UNITS)), response, channel=channel)
        self.sealed.close()

    def _newest(self, batch: str) -> bytes:
        with read_transaction(self.sealed.engine) as connection:
            ids = connection.scalars(sa.select(tables.envelope.c.id).where(tables.envelope.c.batch == batch))
            (new,) = set(ids) - set(self.second)
        return bytes(new)

    def lie(self, table: sa.Table) -> list[tuple[object, ...]]:
        """The keys of a table's rows, in the order in which they lie."""
        # PostgreSQL fills pages as there is room; which command of its transaction wrote a row, each row tells.
        order = sa.text("cmin::text::int, ctid" if self.kind == "postgresql" else "rowid")
        with read_transaction(self.sealed.engine) as connection:
            return [tuple(row) for row in connection.execute(sa.select(*table.primary_key).order_by(order))]


def everybody(seed: object) -> list[tuple[str, Response]]:
    """The people of four units, in an order of their own; nobody skips a question."""
    found = [
        (unit, replace(person, answers={question: person.answers.get(question, "yes") for question in QUESTIONS}))
        for unit, n in UNITS.items()
        for person in persons(n, f"{SEED} {seed} {unit}")
    ]
    return random.Random(f"order {seed}").sample(found, len(found))


@pytest.fixture(params=["sqlite", "postgresql"])
def rounds(request: pytest.FixtureRequest, tmp_path: Path) -> Rounds:
    """Closes as many rounds as the size asks for, or a part of them, each in a database of its own."""
    kind = request.param
    made = request.getfixturevalue("fresh_databases")
    return lambda part: [Closed(made(kind), tmp_path / f"keys{n}", n) for n in range(-(-CLOSINGS[kind] // part))]


def fewest_left(whole: int, parts: list[int]) -> int:
    """Of how many persons the smallest difference tells: the whole less some of its parts, or a part."""
    chosen = np.array(np.meshgrid(*[[0, 1]] * len(parts))).reshape(len(parts), -1).T
    left = whole - chosen @ np.array(parts)
    return int(min([*left[left > 0], *parts]))


def differences(closed: Closed) -> tuple[int, int]:
    """The fewest persons any difference of sums is about, whatever noise they have; and if all second envelopes were in
    one batch, and all opened.
    """
    pools = {(place, channel): n for (place, _, channel), n in closed.sealed.totals().items()}
    number = Counter[str]()
    for (_, channel), n in pools.items():
        number[channel] += n
    # Which ways in have second envelopes that were opened, anybody can tell from their number.
    covered = [n for (_, channel), n in pools.items() if number[channel] >= SMALLEST_BATCH]
    everyone = len(closed.everybody) + len(closed.by_other_ways)
    return fewest_left(closed.sealed.background_size(), covered), fewest_left(everyone, list(pools.values()))


def test_no_sum_less_any_others_is_of_fewer_than_a_crowd(rounds: Rounds, shown: Shown) -> None:
    closed = rounds(1)
    found, kind = [differences(each) for each in closed], closed[0].kind
    fewest, small = min(left for left, _ in found), [naive for _, naive in found if naive < K]
    say = {"n": len(closed), "seed": SEED}
    shown("intersection", f"every sum less any others; {kind}", f"never of fewer than {fewest} persons", **say)
    shown("intersection", f"the same, with one batch of second envelopes for all ways in; {kind}",
          f"in {len(small)} of {len(closed)} rounds of fewer than {K}, down to {min(small, default=K)}",
          control=True, **say)  # fmt: skip
    assert fewest >= K
    assert small


def out_of_order(closed: Iterable[Closed]) -> int:
    """In how many tables of how many rounds the rows do not lie in the order of their keys."""
    every = (tables.answer_count, tables.tally, tables.background_tally)
    return sum(lying != sorted(lying) for each in closed for table in every if (lying := each.lie(table)))


def test_rows_lie_in_the_order_of_their_keys_whatever_was_answered(rounds: Rounds, shown: Shown) -> None:
    closed = rounds(4)
    wrong = out_of_order(closed)
    shown("intersection", f"rows as they lie; {closed[0].kind}", f"{wrong} tables in an order of their own",
          n=len(closed), seed=SEED)  # fmt: skip
    assert wrong == 0


def test_control_rows_in_the_order_of_the_work_are_seen(
    rounds: Rounds, monkeypatch: pytest.MonkeyPatch, shown: Shown
) -> None:
    monkeypatch.setattr(tally, "sorted", lambda rows, key: list(rows), raising=False)
    closed = rounds(4)
    wrong = out_of_order(closed)
    shown("intersection", f"rows in the order of work; {closed[0].kind}", f"{wrong} tables in an order of their own",
          n=len(closed), seed=SEED, control=True)  # fmt: skip
    assert wrong
