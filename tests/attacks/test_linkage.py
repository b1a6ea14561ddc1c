"""A script that is given everything but the keys: a copy after every commit, the codes with their pepper, the end.

It links each code to the envelopes that came with it, which nobody can prevent, and then tries to read them: every 32
bytes it finds anywhere as a key. It reads nothing. The control hands it the keys: it reads all. What it can tell
without reading is tried in `test_crowds.py`.
"""

import random
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

from sqlalchemy import Engine

from survey.domain.questions.answer_scale import QUESTIONS
from survey.domain.questions.responses import Response, UnreadableResponse, unpack
from survey.sealing.intake import envelope
from survey.sealing.keys.keyed_hash import hash_of_code
from tests.attacks.full import Shown, sized
from tests.attacks.tools import Copy, Row, every_row
from tests.sealed import ROUND, make_sealed, responses

PERSONS, SEED = sized(24, 150), 5
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
        spent = [hashes[row[0]] for name, row in written if name == "access_code" and row[0] in hashes]
        for code in spent:
            found.setdefault(code, []).extend(row for name, row in written if name == "envelope")
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
            attempts.append(envelope.open_(sealed, envelope.private_key(key), batch)[:48])
        except envelope.UnreadableEnvelope:
            continue
    for attempt in attempts:
        try:
            return pattern(unpack(attempt))
        except UnreadableResponse:
            continue
    return None


def read(together: dict[str, list[Row]], keys: set[bytes], truth: dict[str, Response]) -> int:
    """How many codes' answers can be read."""
    return sum(pattern(truth[code]) in {read_without_key(row, keys) for row in rows} for code, rows in together.items())


def test_the_script_reads_nobodys_answer(engine: Engine, tmp_path: Path, shown: Shown) -> None:
    sealed = make_sealed(engine, tmp_path)
    codes = sealed.codes(UNIT, PERSONS)
    truth = dict(zip(codes, responses(PERSONS, seed="linkage"), strict=True))
    hashes = {hash_of_code(sealed.volumes.pepper_of(ROUND), code): code for code in codes}
    copies = [every_row(engine)]
    for code in random.Random(SEED).sample(codes, PERSONS):
        sealed.send(UNIT, truth[code], code)
        copies.append(every_row(engine))
    private = {sealed.volumes.private_key(ROUND, name) for name in sealed.volumes.private_names(ROUND)}
    # While the keys go, key by key, the database does not change; while PostgreSQL empties a table, nobody can read it.
    unseen = {"key erased"} | ({"deleted", "closing"} if engine.dialect.name == "postgresql" else set())
    sealed.close(lambda step: None if step in unseen else copies.append(every_row(engine)))
    together = linked_envelopes(copies, hashes)
    # The script does see which envelopes came with which code: that is all it sees.
    assert {len(rows) for rows in together.values()} == {2} and set(together) == set(codes)
    keys = possible_keys([copies[0], copies[PERSONS], copies[-1]]) | {sealed.volumes.pepper_of(ROUND)}
    without, with_keys, kind = read(together, keys, truth), read(together, private, truth), engine.dialect.name
    say = {"n": PERSONS, "seed": SEED}
    shown("linkage", f"every 32 bytes tried as a key; {kind}", f"{without} of {PERSONS} persons read", **say)
    shown("linkage", f"the same with the private keys; {kind}", f"{with_keys} of {PERSONS} persons read",
          control=True, **say)  # fmt: skip
    assert (without, with_keys) == (0, PERSONS)
    last = copies[-1]
    assert last["envelope"] == []
    assert last["tally"] and min(sealed.totals().values()) >= 10
