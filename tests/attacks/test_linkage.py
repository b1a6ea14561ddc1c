"""A script that is given everything but the keys: a copy after every commit, the codes with their pepper,
the end.

It links each code to the envelopes that came with it, which nobody can prevent, and then tries to read
them: every 32 bytes it finds anywhere as a key. It reads nothing. The control gives it the usual two
tables: it links all.
"""

import random
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from survey.domain.responses import Response, UnreadableResponse, unpack
from survey.domain.scale import QUESTIONS
from survey.sealing import envelope
from survey.sealing.peppered import hash_of_code
from survey.store.engine import reading, writing
from tests.attacks.tools import Copy, Row, every_row
from tests.sealed import ROUND, make_sealed, responses

PERSONS = 40
UNIT = "vast-ett"
Answers = tuple[str | None, ...]


def pattern(response: Response) -> Answers:
    return tuple(response.answers.get(question) for question in QUESTIONS)


def new_rows(before: Copy, after: Copy) -> list[tuple[str, Row]]:
    """What one commit wrote or changed, table by table."""
    return [(name, row) for name, rows in after.items() for row in set(rows) - set(before[name])]


def linked_envelopes(copies: list[Copy], hashes: dict[bytes, str]) -> dict[str, list[Row]]:
    """The rows that were written together with each code's being spent."""
    found: dict[str, list[Row]] = {}
    for before, after in pairwise(copies):
        written = new_rows(before, after)
        spent = [hashes[row[0]] for name, row in written if name == "invitation" and row[0] in hashes]
        for code in spent:
            found.setdefault(code, []).extend(row for name, row in written if name == "inbox")
    return found


def possible_keys(copies: Iterable[Copy]) -> set[bytes]:
    """Everything in the database that is as long as a private key."""
    return {
        value
        for copy in copies
        for rows in copy.values()
        for row in rows
        for value in row
        if isinstance(value, bytes) and len(value) == 32
    }


def read_without_key(row: Row, keys: set[bytes]) -> Answers | None:
    """The answers in an envelope row, by any key at hand or by none."""
    _, batch, sealed = row[:3]
    attempts = [sealed[start : start + 48] for start in range(0, len(sealed) - 47)]
    for key in keys:
        try:
            attempts.append(envelope.open_(sealed, envelope.private_key(key), batch))
        except envelope.UnreadableEnvelope:
            continue
    for attempt in attempts:
        try:
            return pattern(unpack(attempt))
        except UnreadableResponse:
            continue
    return None


def test_the_script_links_nobody_to_an_answer(engine: Engine, tmp_path: Path) -> None:
    sealed = make_sealed(engine, tmp_path)
    codes = sealed.codes(UNIT, PERSONS)
    truth = dict(zip(codes, responses(PERSONS, seed="linkage"), strict=True))
    hashes = {hash_of_code(sealed.volumes.pepper_of(ROUND), code): code for code in codes}
    copies = [every_row(engine)]
    for code in random.Random(5).sample(codes, PERSONS):
        sealed.send(UNIT, truth[code], code)
        copies.append(every_row(engine))
    sealed.close(lambda step: copies.append(every_row(engine)))
    together = linked_envelopes(copies, hashes)
    # The script does see which envelopes came with which code: that is all it sees.
    assert {len(rows) for rows in together.values()} == {2} and set(together) == set(codes)
    keys = possible_keys([copies[0], copies[PERSONS], copies[-1]]) | {sealed.volumes.pepper_of(ROUND)}
    assert not [code for code, rows in together.items() for row in rows if read_without_key(row, keys)]
    last = copies[-1]
    assert last["inbox"] == []
    assert last["tally"] and min(sealed.totals().values()) >= 10


def test_the_scripts_reading_works_when_it_has_the_key(engine: Engine, tmp_path: Path) -> None:
    sealed = make_sealed(engine, tmp_path)
    (response,) = responses(1, seed="linkage")
    sealed.send(UNIT, response)
    rows = every_row(engine)["inbox"]
    keys = {sealed.volumes.private_key(ROUND, row[1]) for row in rows}
    assert {read_without_key(row, keys) for row in rows} == {pattern(response)}


NAIVE = (
    "CREATE TABLE naive_answer (id TEXT PRIMARY KEY, answers TEXT)",
    "CREATE TABLE naive_code (code TEXT PRIMARY KEY, spent INTEGER)",
)


def naive_copy(connection: Connection) -> Copy:
    return {
        name: [tuple(row) for row in connection.execute(sa.text(f"SELECT * FROM {name}"))]
        for name in ("naive_answer", "naive_code")
    }


def test_control_the_usual_two_tables_link_everybody(engine: Engine) -> None:
    chance = random.Random(6)
    persons = {f"code{number}": str(pattern(r)) for number, r in enumerate(responses(PERSONS))}
    with writing(engine) as connection:
        for statement in NAIVE:
            connection.execute(sa.text(statement))
        for code in persons:
            connection.execute(sa.text("INSERT INTO naive_code VALUES (:c, 0)"), {"c": code})
    copies = []
    for code in [None, *chance.sample(list(persons), PERSONS)]:
        with writing(engine) as connection:
            if code is not None:
                row = {"i": chance.randbytes(8).hex(), "a": persons[code]}
                connection.execute(sa.text("INSERT INTO naive_answer VALUES (:i, :a)"), row)
                connection.execute(sa.text("UPDATE naive_code SET spent = 1 WHERE code = :c"), {"c": code})
        with reading(engine) as connection:
            copies.append(naive_copy(connection))
    linked = {}
    for before, after in pairwise(copies):
        written = new_rows(before, after)
        (code,) = (row[0] for name, row in written if name == "naive_code")
        (linked[code],) = (row[1] for name, row in written if name == "naive_answer")
    right = sum(linked[code] == persons[code] for code in persons)
    assert right / PERSONS >= 0.99
