"""The power goes at any moment: what was thanked for is there, the rest is there whole or not at all.

The store's own connection runs on a disk that forgets what was not synced. The control runs it with
`synchronous=NORMAL`: it must lose some.
"""

import random
import sqlite3
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import pytest

from survey.sealing import form_ids
from survey.sealing.accept import Outcome, Submission, accept
from survey.sealing.peppered import hash_of_code, hash_of_form_id
from survey.store import sqlite
from tests.attacks.power import Connection, Disk, RecordingVFS, path_of
from tests.attacks.tools import fresh_engine
from tests.sealed import ROUND, SECRET, Sealed, make_sealed, responses

ANSWERS, CUTS = 60, 150
UNIT = "vast-ett"
_numbers = count(1)


@dataclass(frozen=True)
class Recorded:
    """What the disk was asked, and after how many of its events each answer was thanked for."""

    disk: Disk
    thanked: list[tuple[int, bytes]]


def record(url: str, sealed: Sealed, codes: list[str], monkeypatch: pytest.MonkeyPatch, synchronous: str) -> Recorded:
    """Let answers in, by code and by form id in turn, on a disk that is recorded."""
    path = Path(url.removeprefix("sqlite:///"))
    disk = Disk({path.name: path.read_bytes()})
    name = f"recording{next(_numbers)}"
    vfs = RecordingVFS(name, disk)

    def connect(address: str, **_: object) -> Connection:
        return Connection(path_of(address), name, synchronous)

    monkeypatch.setattr(sqlite, "sqlite3", SimpleNamespace(connect=connect, Connection=sqlite3.Connection))
    pepper = sealed.volumes.pepper_of(ROUND)
    thanked = []
    with fresh_engine(url) as engine:
        for number, response in enumerate(responses(ANSWERS, seed="power")):
            code = codes[number // 2] if number % 2 else None
            form = None if code else form_ids.issue(SECRET, UNIT, ROUND, "patient")
            sent = Submission(UNIT, ROUND, "patient", response, code, form)
            assert accept(engine, sealed.volumes, sent) is Outcome.ACCEPTED
            mark = hash_of_code(pepper, code) if code else hash_of_form_id(pepper, form or "")
            thanked.append((len(disk.events), mark))
    monkeypatch.undo()
    vfs.unregister()
    return Recorded(disk, thanked)


def lost_in(recorded: Recorded, folder: Path, seed: int) -> int:
    """Cut the power once: how many answers that were thanked for are gone. Half answers fail the test."""
    chance = random.Random(seed)
    moment = chance.randrange(1, recorded.thanked[-1][0] + 1)
    folder.mkdir()
    for name, content in recorded.disk.after_cut(moment, chance).items():
        (folder / name).write_bytes(content)
    connection = sqlite3.connect(folder / "survey.sqlite")
    try:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        here = {row[0] for row in connection.execute("SELECT form_id_hash FROM seen")}
        here |= {row[0] for row in connection.execute("SELECT code_hash FROM invitation WHERE spent = 1")}
        envelopes = connection.execute("SELECT count(*) FROM inbox").fetchone()[0]
        assert envelopes == 2 * len(here)
        assert connection.execute("SELECT sum(accepted) FROM batch").fetchone()[0] == envelopes
    finally:
        connection.close()
    return sum(at <= moment and mark not in here for at, mark in recorded.thanked)


@pytest.fixture
def prepared(sqlite_url: str, tmp_path: Path) -> tuple[str, Sealed, list[str]]:
    with fresh_engine(sqlite_url) as engine:
        sealed = make_sealed(engine, tmp_path)
        codes = sealed.codes(UNIT, ANSWERS // 2)
    # All of it is in the one file before the recording starts.
    connection = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return sqlite_url, sealed, codes


def test_no_power_cut_loses_an_answer_that_was_thanked_for(
    prepared: tuple[str, Sealed, list[str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    recorded = record(*prepared, monkeypatch, "FULL")
    assert {event.file for event in recorded.disk.events} == {"survey.sqlite", "survey.sqlite-wal"}
    assert sum(lost_in(recorded, tmp_path / f"cut{seed}", seed) for seed in range(CUTS)) == 0


def test_control_without_a_sync_at_each_commit_answers_are_lost(
    prepared: tuple[str, Sealed, list[str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    recorded = record(*prepared, monkeypatch, "NORMAL")
    lossy = sum(lost_in(recorded, tmp_path / f"cut{seed}", seed) > 0 for seed in range(CUTS))
    assert lossy > CUTS // 2
