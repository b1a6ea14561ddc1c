"""The two envelopes of one answer, by what was opened: units' counts, the region's by background, and how both lie.

The thief knows from the copies which two envelopes came together. After closing it takes every sum from every other,
reads the rows in the order in which they lie, and asks a neighbour, who knows everybody's gender, age, language and
help, which answers can be only one. The controls: one batch of second envelopes for all ways in, rows in the order of
counting, counts by unit and background together.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from survey.domain.background import GROUPINGS, SMALLEST_BATCH
from survey.domain.responses import Response
from survey.domain.scale import QUESTIONS
from survey.store import tables, tally
from survey.store.batches import background_batch
from survey.store.engine import reading
from tests.attacks.chance import SPOKEN, Array, persons, spoken
from tests.attacks.full import Shown, sized
from tests.attacks.neighbour import as_written, by_both, certain
from tests.sealed import ROUND, make_sealed

CLOSINGS = {"sqlite": sized(3, 60), "postgresql": sized(1, 20)}
NEIGHBOURS, SEED, K = sized(10, 200), 7, 10
UNITS = {"vast-ett": 34, "vast-tva": 12, "ost-ett": 19, "ost-tva": 10}
First = dict[tuple[str, ...], list[str]]
Rounds = Callable[[int], list["Closed"]]


class Closed:
    """A closed round: who answered with a code and who by other ways, and what was written."""

    def __init__(self, engine: Engine, folder: Path, seed: int) -> None:
        """Let everybody answer, with the id of each second envelope kept, then close."""
        self.sealed, self.kind = make_sealed(engine, folder), engine.dialect.name
        self.everybody = everybody(seed)
        self.second: list[bytes] = []
        with reading(engine) as connection:
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
        with reading(self.sealed.engine) as connection:
            ids = connection.scalars(sa.select(tables.inbox.c.id).where(tables.inbox.c.batch == batch))
            (new,) = set(ids) - set(self.second)
        return bytes(new)

    def first_lying(self, table: sa.Table, *names: str) -> First:
        """For each place or group, the first code of each question, as the rows lie."""
        found: dict[tuple[str, ...], dict[str, str]] = {}
        # PostgreSQL fills pages as there is room; which command of its transaction wrote a row, each row tells.
        order = sa.text("cmin::text::int, ctid" if self.kind == "postgresql" else "rowid")
        with reading(self.sealed.engine) as connection:
            for row in connection.execute(sa.select(table).order_by(order)).mappings():
                key = tuple(row[name] for name in names)
                found.setdefault(key, {}).setdefault(row["question"], row["code"])
        return {key: [each.get(question, "") for question in QUESTIONS] for key, each in found.items()}


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


def sums(rows: Iterable[Mapping[str, Any]]) -> Array:
    """How many gave each code of each question, over rows of counts."""
    found = np.zeros((len(QUESTIONS), len(SPOKEN)), int)
    for row in rows:
        found[QUESTIONS.index(row["question"])] += [row[code or "skipped"] for code in SPOKEN]
    return found


def fewest_left(whole: Array, parts: list[Array]) -> int:
    """Of how many persons the smallest difference tells: the whole less some of its parts, never negative."""
    chosen = np.array(np.meshgrid(*[[0, 1]] * len(parts))).reshape(len(parts), -1).T
    left = whole.reshape(1, -1) - chosen @ np.stack([part.ravel() for part in parts])
    sizes = left[(left >= 0).all(1)].sum(1) // len(QUESTIONS)
    return int(min([*sizes[sizes > 0], *(part.sum() // len(QUESTIONS) for part in parts)]))


def differences(closed: Closed) -> tuple[int, int]:
    """The fewest persons any difference tells of; and if all second envelopes were in one batch, and all opened."""
    rows, background = closed.sealed.counted()
    pools: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for row in rows:
        pools.setdefault((row["place"], row["channel"]), []).append(row)
    parts = {key: sums(some) for key, some in pools.items()}
    # Which ways in have second envelopes that were opened, anybody can tell from their number.
    number = Counter(channel for (_, channel), part in parts.items() for _ in range(part.sum() // len(QUESTIONS)))
    covered = [part for (_, channel), part in parts.items() if number[channel] >= SMALLEST_BATCH]
    everyone = [*(person for _, person in closed.everybody), *closed.by_other_ways]
    codes = np.array([spoken(person.answers) for person in everyone])
    naive = np.stack([np.bincount(column, minlength=len(SPOKEN)) for column in codes.T])
    written = sums(row for row in background if row["grouping"] == "help")
    return fewest_left(written, covered), fewest_left(naive, list(parts.values()))


def read_by_order(closed: Iterable[Closed]) -> tuple[int, int]:
    """How many units give a whole questionnaire; and in how many rounds one can be told whose it is."""
    read = linked = 0
    for each in closed:
        places = each.first_lying(tables.tally, "place", "channel")
        groups = each.first_lying(tables.background_tally, "grouping", "group")
        seven = [(unit, [person.answers.get(q, "") for q in QUESTIONS]) for unit, person in each.everybody]
        read += sum((unit, places[unit, "invited"]) in seven for unit in UNITS)
        # Opened in the order of their ids: who has the lowest is counted first, in a group of each grouping.
        _, lowest = seven[each.second.index(min(each.second))]
        first = [{tuple(codes) for (name, _), codes in groups.items() if name == grouping} for grouping in GROUPINGS]
        linked += tuple(lowest) in set.intersection(*first)
    return read, linked


def test_neither_sums_nor_the_order_of_rows_tell_of_fewer_than_a_crowd(rounds: Rounds, shown: Shown) -> None:
    closed = rounds(1)
    found, (read, linked) = [differences(each) for each in closed], read_by_order(closed)
    kind, fewest, small = closed[0].kind, min(left for left, _ in found), [naive for _, naive in found if naive < K]
    say = {"n": len(closed), "seed": SEED}
    shown("intersection", f"every sum less any others; {kind}", f"never of fewer than {fewest} persons", **say)
    shown("intersection", f"the same, with one batch of second envelopes for all ways in; {kind}",
          f"in {len(small)} of {len(closed)} rounds of fewer than {K}, down to {min(small, default=K)}",
          control=True, **say)  # fmt: skip
    shown("intersection", f"rows as they lie; {kind}", told(closed, read, linked), **say)
    assert fewest >= K
    assert small
    assert (read, linked) == (0, 0)


def told(closed: list[Closed], read: int, linked: int) -> str:
    """What the order of rows gave away, as the report says it."""
    units, number = len(closed) * len(UNITS), len(closed)
    return f"a whole questionnaire in {read} of {units} units, told whose in {linked} of {number} rounds"


def as_counted(connection: Connection, table: sa.Table, named: Mapping[str, str], counts: tally.Counts) -> None:
    """Rows as they would be written without a thought: in the order of counting."""
    rows = [{**named, "question": question, "code": code, "n": n} for (question, code), n in counts.items() if n]
    connection.execute(sa.insert(table), rows)


def test_control_rows_in_the_order_of_counting_give_questionnaires_away(
    rounds: Rounds, monkeypatch: pytest.MonkeyPatch, shown: Shown
) -> None:
    def add_counts(connection: Connection, *named: str, counts: tally.Counts) -> None:
        names = ("round", "place", "role", "channel")
        as_counted(connection, tables.tally, dict(zip(names, named, strict=True)), counts)

    def add_background(connection: Connection, *named: str, counts: tally.Counts) -> None:
        names = ("round", "grouping", "group")
        as_counted(connection, tables.background_tally, dict(zip(names, named, strict=True)), counts)

    monkeypatch.setattr(tally, "add_counts", add_counts)
    monkeypatch.setattr(tally, "add_background", lambda c, *named: add_background(c, *named[:-1], counts=named[-1]))
    closed = rounds(4)
    read, linked = read_by_order(closed)
    shown("intersection", f"rows in the order of counting; {closed[0].kind}", told(closed, read, linked),
          n=len(closed), seed=SEED, control=True)  # fmt: skip
    assert (read, linked) == (len(closed) * len(UNITS), len(closed))


@pytest.mark.parametrize("naive", [False, True])
def test_a_neighbour_who_knows_everybody_is_told_nobodys_seven_answers(naive: bool, shown: Shown) -> None:
    number = single = whole = 0
    for seed in range(NEIGHBOURS):
        people = everybody(seed)
        found = certain(people, by_both(people) if naive else as_written(people))
        number, single, whole = number + len(people), single + found[0], whole + found[1]
    counted = "counted by unit and background together" if naive else "counted by unit, and by background in the region"
    share = single / number / len(QUESTIONS)
    shown("intersection", f"a neighbour who knows everybody's background; {counted}",
          f"seven answers certain of {whole} of {number} persons, and {share:.1%} of single answers",
          n=number, seed=SEED, control=naive)  # fmt: skip
    assert whole > number / 4 if naive else (whole == 0 and share < 0.05)
