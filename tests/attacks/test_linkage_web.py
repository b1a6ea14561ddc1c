"""A thief of copies: the whole instance folder but the keys after each answer, all that the web printed, and the list
of codes in the order in which they were handed out.

The thief looks which row changed with each answer and whose code it is: the code itself, its usual hashes, also with
every secret at hand, else the place in the order. They do no better than chance. The control, a survey that keeps
codes: all.
"""

import hashlib
import hmac
import random
import shutil
import sqlite3
import tomllib
from collections.abc import Iterable
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from survey.domain.questions.answer_scale import answer_codes_of
from survey.domain.questions.questionnaire import QUESTIONS
from tests.attacks.full import Shown, sized
from tests.attacks.running import ROUND, SHEET, Client, client, instance, running, serving

pytestmark = pytest.mark.xdist_group("web")
PERSONS, NAIVE_PERSONS = sized((40, 20), (150, 60))
CHANCE = 8  # however many there are, one is right on average; more than 8 once in a million times
SEED = 3
Rows = dict[str, list[tuple[Any, ...]]]


def take_copy(folder: Path, target: Path) -> Path:
    """What a backup of the folder holds: everything but the keys."""
    shutil.copytree(folder, target, ignore=shutil.ignore_patterns("keys", "*-shm"))
    return target


def rows_of(copy: Path) -> Rows:
    """Every row of every table in the copy, in the order in which it lies there."""
    found: Rows = {}
    for path in copy.glob("*.sqlite"):
        with closing(sqlite3.connect(path)) as connection:
            tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            for (name,) in tables:
                found[name] = connection.execute(f'SELECT * FROM "{name}"').fetchall()
    return found


def guesses(codes: Iterable[str], secrets: list[bytes]) -> dict[object, str]:
    """What a code may be kept as, and whose it is then."""
    found: dict[object, str] = {}
    for code in codes:
        for text in (code.encode(), b"code " + code.encode()):
            plain = [text, *(hashlib.new(name, text).digest() for name in ("md5", "sha1", "sha256", "blake2b"))]
            keyed = [hmac.digest(secret, text, "sha256") for secret in secrets]
            for each in (*plain, *keyed):
                found |= dict.fromkeys((each, each.hex()), code)
        found[code] = code
    return found


def secrets_in(copy: Path) -> list[bytes]:
    """Whatever in the copy may be a key: the settings' texts, and every 32 bytes of a row."""
    config = copy / "config.toml"
    texts = tomllib.loads(config.read_text(encoding="utf-8")).values() if config.exists() else ()
    values = [value for rows in rows_of(copy).values() for row in rows for value in row]
    as_long = {value for value in values if isinstance(value, bytes) and len(value) == 32}
    return [*(str(text).encode() for text in texts), *sorted(as_long)[:200]]


def thief(copies: list[Path], codes: list[str], *more: bytes) -> list[str | None]:
    """Whose answer came in between each two copies."""
    known = guesses(codes, [*secrets_in(copies[-1]), *more])
    read = [rows_of(copy) for copy in copies]
    linked = []
    for before, after in pairwise(read):
        changed = [(name, row) for name, rows in after.items() for row in set(rows) - set(before.get(name, []))]
        certain = [known[value] for _, row in changed for value in row if value in known]
        by_order = [codes[after[name].index(row)] for name, row in changed if len(after[name]) == len(codes)]
        linked.append((*certain, *by_order, None)[0])
    return linked


def answer(person: Client, code: str, dice: random.Random) -> None:
    """Any answers, with the code."""
    answers = {question: dice.choice(answer_codes_of("patient", question)) for question in QUESTIONS}
    posted = {**answers, "code": code, "form_id": person.form_id()}
    assert person.post(SHEET, posted).status == 303


def answered(person: Client, folder: Path, target: Path, came: list[str]) -> list[Path]:
    """A copy before the first and after each answer."""
    dice, copies = random.Random(4), [take_copy(folder, target / "copy0")]
    for number, code in enumerate(came, 1):
        answer(person, code, dice)
        copies.append(take_copy(folder, target / f"copy{number}"))
    return copies


def test_a_thief_of_every_copy_links_no_better_than_chance(tmp_path: Path, shown: Shown) -> None:
    with instance(tmp_path / "instance") as made, serving(made) as web, client(web) as person:
        codes = made.codes(PERSONS)
        came = random.Random(SEED).sample(codes, PERSONS)
        copies = answered(person, made.folder, tmp_path, came)
        linked = thief(copies, codes)
        right = sum(found == code for found, code in zip(linked, came, strict=True))
        shown("linkage", "the folder after every answer, what the web printed, codes in order; sqlite",
              f"{right} of {PERSONS} persons linked (by chance 1, hardly over {CHANCE})",
              n=PERSONS, seed=SEED)  # fmt: skip
        assert None not in linked
        assert right <= CHANCE
        assert web.said() == ""
        # The thief knows the trade: who also has the pepper sees who has answered, though never what.
        knowing = sum(f == c for f, c in zip(thief(copies, codes, made.volumes.pepper_of(ROUND)), came, strict=True))
        shown("linkage", "the same with the pepper: who has answered", f"{knowing} of {PERSONS} persons linked",
              n=PERSONS, seed=SEED, control=True)  # fmt: skip
        assert knowing == PERSONS


def test_control_a_survey_that_keeps_codes_is_an_open_book(tmp_path: Path, shown: Shown) -> None:
    folder = tmp_path / "naive"
    folder.mkdir()
    environ = {"NAIVE": "", "NAIVE_FILE": str(folder / "naive.sqlite")}
    with running(tmp_path, environ, "tests.attacks.naive:app") as web, client(web) as person:
        codes = [f"CODE{number}" for number in range(NAIVE_PERSONS)]
        came = random.Random(SEED).sample(codes, NAIVE_PERSONS)
        linked = thief(answered(person, folder, tmp_path, came), codes)
        right = sum(found == code for found, code in zip(linked, came, strict=True))
        shown("linkage", "the same thief at a survey that keeps codes", f"{right} of {NAIVE_PERSONS} persons linked",
              n=NAIVE_PERSONS, seed=SEED, control=True)  # fmt: skip
        assert right == NAIVE_PERSONS
