"""Random lives of an installation, on both databases: whatever happens, each thanked answer is counted exactly once.

Codes are issued, answers sent, sent again, mistyped, tapped twice at once; the web is killed before and after a
commit, the worker at any step of opening and closing; backups are put back, rightly and as docs/operating.md says never
to. A life is a walk by a seed; `deeds` says what must come of each step, `life` what must be true at any time. The
controls are faults planted in the product: the walk trips over each.
"""

import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from survey.config import Settings
from survey.sealing.intake.submit import Outcome, Submission, accept
from survey.sealing.keys.key_volumes import KeyVolumes
from survey.sealing.keys.keyed_hash import hash_of_code, hash_of_form_id
from survey.store import tables
from survey.store.answers import batches, submissions
from survey.store.answers.submissions import SealedSubmission
from survey.store.database.engine import read_transaction
from tests.attacks.deeds import live
from tests.attacks.full import Shown, sized
from tests.attacks.life import Database, Life, Send
from tests.postgres import Cluster
from tests.sealed import SECRET

LIVES = sized(
    (("sqlite", 1, 150), ("postgresql", 2, 80)),
    (*(("sqlite", seed, 4_000) for seed in (1, 2, 3, 4)), ("postgresql", 5, 2_000), ("postgresql", 6, 2_000)),
)
LENGTH = sized(70, 150)
PLANTED, PLANTED_LENGTH, PLANTED_SEED = 400, 40, 3
_numbers = count(1)


def in_a_file(url: str) -> Database:
    """A SQLite database, copied as a backup is made; with a copy in its place it is another file."""
    path = Path(url.removeprefix("sqlite:///"))

    def copy(name: str) -> None:
        with closing(sqlite3.connect(path)) as live_, closing(sqlite3.connect(path.with_name(name))) as backup:
            live_.backup(backup)

    def put_back(name: str) -> None:
        for end in ("-wal", "-shm"):
            path.with_name(path.name + end).unlink(missing_ok=True)
        new = path.with_name("new")
        new.write_bytes(path.with_name(name).read_bytes())
        new.replace(path)

    return Database(url, copy, put_back, lambda name: path.with_name(name).unlink())


def in_a_cluster(cluster: Cluster, url: str) -> Database:
    """A PostgreSQL database; its copies are databases beside it."""
    own = url.rpartition("/")[2]

    def copy(name: str) -> None:
        cluster.execute(f"CREATE DATABASE {own}_{name} TEMPLATE {own}")

    def put_back(name: str) -> None:
        cluster.execute(f"DROP DATABASE {own} WITH (FORCE)")
        cluster.execute(f"CREATE DATABASE {own} TEMPLATE {own}_{name}")

    return Database(url, copy, put_back, lambda name: cluster.execute(f"DROP DATABASE {own}_{name} WITH (FORCE)"))


@contextmanager
def begun(database: Database, folder: Path, seed: int, send: Send = accept) -> Iterator[Life]:
    """An installation whose keys lie on two volumes."""
    keys = {"private_keys": "volume-a/private", "pepper_keys": "volume-b/pepper"}
    life = Life(database, Settings(instance=folder, secret=SECRET, demo=True, **keys), random.Random(seed), send)
    try:
        yield life
    finally:
        life.engine.dispose()
        for name in life.backups:
            database.drop(name)


@pytest.mark.parametrize(("kind", "seed", "steps"), LIVES)
def test_whatever_happens_each_answer_is_counted_once(
    kind: str, seed: int, steps: int, request: pytest.FixtureRequest, shown: Shown, tmp_path: Path
) -> None:
    url = str(request.getfixturevalue("sqlite_url" if kind == "sqlite" else "postgres_url"))
    database = in_a_file(url) if kind == "sqlite" else in_a_cluster(request.getfixturevalue("cluster"), url)
    with begun(database, tmp_path, seed) as life:
        done = live(life, steps, LENGTH)
        answers, rounds = life.counted, len(life.closed)
    assert done.total() == steps and done["crash"] and done["close"] and done["restore"] and rounds > 1
    told = f"{rounds} rounds, {done['crash']} crashes, {done['restore'] + done['restore_wrongly']} restores"
    shown("model", f"a random life, {kind}: {told}", f"{answers} answers, each counted once", n=steps, seed=seed)


def looks_first(engine: Engine, volumes: KeyVolumes, submission: Submission) -> Outcome:
    """Look whether the code is spent; store the answer then."""
    pepper, s, i = volumes.pepper_of(submission.round), tables.used_form_id.c, tables.access_code.c
    with read_transaction(engine) as connection:
        if submission.code:
            spent = sa.select(i.spent).where(i.code_hash == hash_of_code(pepper, submission.code))
            used = bool(connection.scalar(spent))
        else:
            form = hash_of_form_id(pepper, submission.form_id or "")
            used = connection.scalar(sa.select(s.round).where(s.form_id_hash == form)) is not None
    if used:
        return Outcome.REPEATED
    time.sleep(0.02)
    return accept(engine, volumes, submission)


def plant_check_then_act(plant: pytest.MonkeyPatch) -> None:
    """What was looked at before is not asked again."""
    first_time = submissions._first_time

    def unasked(connection: Connection, arrival: SealedSubmission) -> bool:
        return first_time(connection, arrival) or submissions._belongs_here(connection, arrival)

    plant.setattr(submissions, "_first_time", unasked)


def plant_forgotten_counter(plant: pytest.MonkeyPatch) -> None:
    """The second envelope is not counted as accepted."""
    count = batches.count
    plant.setattr(batches, "count", lambda connection, own, _second, first: count(connection, own, None, first=first))


def plant_forgotten_envelope(plant: pytest.MonkeyPatch) -> None:
    """A second try's envelopes stay where they were put."""
    plant.setattr("survey.store.answers.envelopes.withdraw", lambda connection, ids: None)


def plant_kept_key(plant: pytest.MonkeyPatch) -> None:
    """Keys are not erased."""
    plant.setattr(KeyVolumes, "erase_private", lambda *_, **__: 0)


def plant_open_door(plant: pytest.MonkeyPatch) -> None:
    """Nobody asks whether the round is open, neither the database nor the mark of its closing."""
    plant.setattr(submissions, "_is_open", lambda *_: True)
    plant.setattr("survey.sealing.intake.submit.is_over", lambda *_: False)


Plant = Callable[[pytest.MonkeyPatch], None]
PLANTS: dict[str, tuple[Plant, Send, str]] = {
    "looks first, acts then": (plant_check_then_act, looks_first, "two taps did not count once"),
    "forgets a counter": (plant_forgotten_counter, accept, "does not add up"),
    "keeps what is sent again": (plant_forgotten_envelope, accept, "does not add up"),
    "keeps a key": (plant_kept_key, accept, "a key is left"),
    "takes answers after closing": (plant_open_door, accept, "an answer got into"),
}


@pytest.mark.parametrize("fault", PLANTS)
def test_control_a_planted_fault_is_tripped_over(
    fault: str, monkeypatch: pytest.MonkeyPatch, sqlite_url: str, shown: Shown, tmp_path: Path
) -> None:
    plant, send, words = PLANTS[fault]
    plant(monkeypatch)
    with begun(in_a_file(sqlite_url), tmp_path, PLANTED_SEED, send) as life, pytest.raises(AssertionError) as caught:
        live(life, PLANTED, PLANTED_LENGTH)
    said = str(caught.value).partition("\n")[0]
    shown("model", f"a survey that {fault}", f"tripped over: {said}", n=PLANTED, seed=PLANTED_SEED, control=True)
    assert words in said
