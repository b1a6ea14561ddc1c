"""Units with one answer a day and with fifty, a copy after every commit: the thief tries to say who answered what.

The thief has the list of codes with their pepper, and from each commit the rows it wrote with every number that goes
with them: place in the page, transaction id, size, order, time, each byte of ids and envelopes. What those may tell it
learns from accomplices; after closing it has the counts. For each size of crowd, and for both envelopes of a person
taken together, it must guess as well as chance and no better. One look in fifty falls outside by chance alone, so what
fell outside is stolen anew: a link would be there again, and again.

The controls are read by the same thief: the usual two tables, a survey that keeps nothing but counts and counts at
once, envelopes that are not sealed, and sealed ones as long as what was answered.
"""

import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from survey.domain.questions.answer_scale import QUESTIONS
from survey.domain.questions.responses import Response
from survey.sealing.intake import envelope
from survey.sealing.intake import submit as accepting
from survey.store.database.engine import write_transaction
from tests.attacks.chance import SPOKEN, Array, dealt, grouped, learn, persons, score, spoken
from tests.attacks.full import Shown, sized
from tests.attacks.theft import ATTACKED, DAYS, KNOWN, TOGETHER, People, steal, units_of
from tests.attacks.thief import Loot, thief_of

SEED, THEFTS, LEARNT = 5, 4, 600
FEW = {1: 2, 5: 1}
CROWDS = sized(FEW, {1: 40, 2: 20, 5: 16, 10: 8, 20: 3, 50: 2})
ACCOMPLICES = sized({5: 1}, {1: 10, 2: 5, 5: 4, 10: 2, 50: 1})
A_DAY = units_of(CROWDS, ATTACKED) | units_of(ACCOMPLICES, KNOWN)
Fresh = Callable[[], tuple[Engine, Path | None]]


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh(request: pytest.FixtureRequest) -> Fresh:
    """Gives a fresh database each time, and where its server prints."""
    kind = request.param
    made = request.getfixturevalue("fresh_databases")
    log = request.getfixturevalue("cluster").folder / "log" if kind == "postgresql" else None
    return lambda: (made(kind), log)


def test_no_crowd_is_read_better_than_chance(fresh: Fresh, tmp_path: Path, shown: Shown) -> None:
    outside, last = {*CROWDS, TOGETHER}, {}
    for number in range(THEFTS):
        engine, log = fresh()
        theft = steal(engine, log, tmp_path / f"keys{number}", A_DAY, f"{SEED} {number}")
        # The thief does see which two envelopes came with which code: that is all it sees.
        assert {len(ids) for ids in theft.loot.ids.values()} == {2}
        assert theft.loot.ids.keys() == theft.people.units.keys()
        assert theft.read() == 0
        found = {rate: each for rate, each in theft.scores(CROWDS).items() if rate in outside}
        last |= {rate: (each, number) for rate, each in found.items()}
        outside -= {rate for rate, each in found.items() if each.by_chance}
        if not outside:
            break
    for rate, (each, number) in last.items():
        what = f"units with {rate} answers a day, {DAYS * rate} in all" if rate else "seven answers and background"
        again = f"; theft {number + 1}" if number else ""
        shown("linkage" if rate else "intersection", f"{what}; {engine.dialect.name}", f"{each}{again}",
              n=each.persons, seed=SEED)  # fmt: skip
    assert not outside, last


NAIVE = (
    "CREATE TABLE naive_code (code TEXT PRIMARY KEY, spent INTEGER)",
    "CREATE TABLE naive_answer (id TEXT PRIMARY KEY, answers TEXT)",
    "CREATE TABLE naive_count (unit TEXT, question TEXT, code TEXT, n INTEGER, PRIMARY KEY (unit, question, code))",
)
MARK = sa.text("UPDATE naive_code SET spent = 1 WHERE code = :code")
KEEP = sa.text("INSERT INTO naive_answer VALUES (:id, :answers)")
COUNT = sa.text(
    "INSERT INTO naive_count VALUES (:unit, :question, :code, 1) "
    "ON CONFLICT (unit, question, code) DO UPDATE SET n = naive_count.n + 1"
)


def keep(connection: Connection, unit: str, answers: Mapping[str, str]) -> None:
    """The usual two tables: a code is spent in one, its answers go into the other under a random id."""
    text = " ".join(f"{question}={answer}" for question, answer in answers.items())
    connection.execute(KEEP, {"id": secrets.token_hex(8), "answers": text})


def count_at_once(connection: Connection, unit: str, answers: Mapping[str, str]) -> None:
    """Nothing is kept but counts; they are counted as they come."""
    for question, answer in answers.items():
        connection.execute(COUNT, {"unit": unit, "question": question, "code": answer})


@pytest.mark.parametrize(
    ("habit", "what", "crowds"),
    [(keep, "the usual two tables", CROWDS), (count_at_once, "only counts, but counted as they come", FEW)],
)
def test_control_a_survey_of_the_usual_kind_is_read_whole(
    fresh: Fresh, habit: Callable[..., None], what: str, crowds: Mapping[int, int], shown: Shown
) -> None:
    engine, log = fresh()
    people, a_day = People(), units_of(crowds, ATTACKED)
    for unit, rate in a_day.items():
        for number, response in enumerate(persons(rate * DAYS, f"{SEED} {unit}")):
            people.add(f"{unit}:{number}", unit, response)
    with write_transaction(engine) as connection:
        for statement in NAIVE:
            connection.execute(sa.text(statement))
        codes = [{"code": code} for code in people.units]
        connection.execute(sa.text("INSERT INTO naive_code VALUES (:code, 0)"), codes)
    thief, loot = thief_of(engine, log), Loot()
    for order, code in enumerate(people.in_order(a_day, SEED)):
        with write_transaction(engine) as connection:
            connection.execute(MARK, {"code": code})
            habit(connection, people.units[code], people.responses[code].answers)
        loot.take(thief.look(), {code: code}, order)
    number, read = len(people.units), sum(loot.said[code] == each.answers for code, each in people.responses.items())
    shown("linkage", f"{what}; {engine.dialect.name}", f"{read} of {number} persons read", n=number, seed=SEED,
          control=True)  # fmt: skip
    assert read >= 0.99 * number


def test_control_an_envelope_that_is_not_sealed_is_read(
    fresh: Fresh, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shown: Shown
) -> None:
    monkeypatch.setattr(accepting.envelope, "seal", lambda content, *to: content.ljust(envelope.LENGTH, b"-"))
    engine, log = fresh()
    theft = steal(engine, log, tmp_path / "keys", units_of(FEW, ATTACKED), SEED)
    number, read = len(theft.people.units), theft.read()
    shown("linkage", f"envelopes that are not sealed; {engine.dialect.name}", f"{read} of {number} persons read",
          n=number, seed=SEED, control=True)  # fmt: skip
    assert read >= 0.99 * number


def test_control_envelopes_as_long_as_what_they_hold_are_guessed(shown: Shown) -> None:
    # Sealed as ours are, but not padded: two lengths are all that the thief has to learn from.
    key = envelope.new_key().public_key()
    everybody = persons(2 * LEARNT, "lengths")

    def lengths(person: Response) -> list[int]:
        return [len(envelope.seal(str(each).encode(), key, "")) for each in (person.answers, person.background)]

    marks = np.array([lengths(person) for person in everybody])
    truth = np.hstack([np.array([spoken(person.answers) for person in everybody]), grouped(everybody)])
    codes = [len(SPOKEN)] * len(QUESTIONS) + [int(n) + 1 for n in truth[:, len(QUESTIONS) :].max(0)]
    learned = learn(marks[:LEARNT], truth[:LEARNT], codes)
    counts: list[Array] = [np.bincount(c, minlength=n) for c, n in zip(truth[LEARNT:].T, codes, strict=True)]
    guesses = dealt(learned, marks[LEARNT:], counts)
    for attack, some in (("linkage", slice(len(QUESTIONS))), ("intersection", slice(None))):
        found = score(guesses[:, some], truth[LEARNT:, some], ["one"] * LEARNT)
        shown(attack, "sealed envelopes, but as long as what they hold", str(found), n=LEARNT, control=True)
        assert found.single > found.single_chance[1]
