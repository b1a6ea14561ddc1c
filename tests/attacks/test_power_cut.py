"""The power goes at any moment: what was thanked for is there, the rest is there whole or not at all.

The store's own connection runs on a disk that forgets what was not synced, or keeps a torn part of it. Two controls
run on the same disk: `synchronous=NORMAL` must lose answers, and a database without a journal must be damaged.
"""

import random
import shutil
import sqlite3
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from survey.sealing.checks.reconciliation import reconcile
from survey.sealing.intake.submit import Outcome, Submission, accept
from survey.sealing.keys.keyed_hash import hash_of_code, hash_of_form_id
from tests.attacks.driver import Way, store_on
from tests.attacks.full import Shown, sized
from tests.attacks.power import Disk, Platter, RecordingVFS, left_in
from tests.attacks.tools import fresh_engine
from tests.sealed import ROUND, Sealed, make_sealed, responses

ANSWERS = sized(60, 400)
CUTS = sized(150, 5_000)
# So many of the cuts are taken up by the product itself, which goes on from there.
TAKEN_UP = sized(5, 100)
SEED = 20
UNIT = "vast-ett"


@dataclass(frozen=True)
class Thanked:
    """An answer, its mark as it is stored, and how many events the disk had seen when it was thanked for."""

    moment: int
    mark: bytes
    sent: Submission


@dataclass(frozen=True)
class Prepared:
    """An open round with codes, all of it in one file."""

    url: str
    sealed: Sealed
    codes: list[str]

    @property
    def path(self) -> Path:
        """The file."""
        return Path(self.url.removeprefix("sqlite:///"))


@dataclass(frozen=True)
class Recorded:
    """What the disk was asked while answers were taken in, and what was thanked for."""

    disk: Disk
    thanked: list[Thanked]
    sealed: Sealed


@pytest.fixture
def prepared(sqlite_url: str, tmp_path: Path) -> Prepared:
    with fresh_engine(sqlite_url) as engine:
        sealed = make_sealed(engine, tmp_path)
        made = Prepared(sqlite_url, sealed, sealed.codes(UNIT, ANSWERS // 2))
    at_rest(made.path, "WAL")
    return made


def at_rest(path: Path, journal: str) -> None:
    """Bring all of a database into its one file."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert connection.execute(f"PRAGMA journal_mode = {journal}").fetchone() == (journal.lower(),)
    connection.close()


def record(prepared: Prepared, synchronous: str = "FULL", journal: str = "") -> Recorded:
    """Let answers in, by code and by form id in turn, on a disk that is recorded."""
    disk = Disk({prepared.path.name: prepared.path.read_bytes()})
    vfs = RecordingVFS(disk)
    sealed, thanked = prepared.sealed, []
    pepper = sealed.volumes.pepper_of(ROUND)
    with store_on(Way(vfs.name, synchronous, journal)), fresh_engine(prepared.url) as engine:
        for number, response in enumerate(responses(ANSWERS, seed="power")):
            sent = sealed.submission(UNIT, response, prepared.codes[number // 2] if number % 2 else None)
            assert accept(engine, sealed.volumes, sent) is Outcome.ACCEPTED
            mark = hash_of_code(pepper, sent.code) if sent.code else hash_of_form_id(pepper, sent.form_id or "")
            thanked.append(Thanked(len(disk.events), mark, sent))
    vfs.unregister()
    return Recorded(disk, thanked, sealed)


def cut_again_and_again(recorded: Recorded, folder: Path) -> Counter[str]:
    """Cut the power at moments spread over the whole recording, and count what it did."""
    done: Counter[str] = Counter()
    platter = Platter(recorded.disk, random.Random(SEED))
    last = recorded.thanked[-1].moment
    for number in range(CUTS):
        platter.forward(1 + number * last // CUTS)
        files = platter.after_cut()
        left = left_in(folder / "looked at", files)
        gone = [each for each in recorded.thanked if each.moment <= platter.moment and each.mark not in left.marks]
        done += Counter(lost=len(gone), lossy=bool(gone), half=left.half, damaged=left.damaged)
        if number % (CUTS // TAKEN_UP) == 0 and not left.damaged:
            done["not taken up"] += not goes_on(recorded, platter.moment, files, folder / "taken up")
    return done + Counter(dropped=platter.dropped, torn=platter.torn)


def goes_on(recorded: Recorded, moment: int, files: dict[str, bytes], folder: Path) -> bool:
    """Let the product start on what is left: who sends again is counted once, and everything adds up."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    thanked = sum(each.moment <= moment for each in recorded.thanked)
    around = recorded.thanked[max(0, thanked - 3) : thanked + 3]
    with fresh_engine(f"sqlite:///{folder / 'survey.sqlite'}") as engine:
        became = [accept(engine, recorded.sealed.volumes, each.sent) for each in around]
        well = all(line.ok for line in reconcile(engine))
    known = all(each is Outcome.REPEATED for each in became[: min(3, thanked)])
    return well and known and set(became) <= {Outcome.ACCEPTED, Outcome.REPEATED}


def told(done: Counter[str]) -> str:
    """What the cuts did, for the report."""
    return f"{done['lost']} answers lost in {done['lossy']} cuts, {done['half']} half, {done['damaged']} damaged"


def test_no_power_cut_loses_an_answer_that_was_thanked_for(prepared: Prepared, shown: Shown, tmp_path: Path) -> None:
    recorded = record(prepared)
    assert {event.file for event in recorded.disk.events} == {"survey.sqlite", "survey.sqlite-wal"}
    done = cut_again_and_again(recorded, tmp_path)
    what = f"{done['dropped']} sectors dropped, {done['torn']} torn, the others in any order; {TAKEN_UP} went on"
    shown("power", what, told(done), n=CUTS, seed=SEED)
    assert done["dropped"] > CUTS and done["torn"] > CUTS
    assert [done[name] for name in ("lost", "half", "damaged", "not taken up")] == [0, 0, 0, 0]


def test_control_without_a_sync_at_each_commit_answers_are_lost(
    prepared: Prepared, shown: Shown, tmp_path: Path
) -> None:
    done = cut_again_and_again(record(prepared, "NORMAL"), tmp_path)
    shown("power", "`synchronous=NORMAL`", told(done), n=CUTS, seed=SEED, control=True)
    assert done["lossy"] > CUTS // 2


def test_control_without_a_journal_the_database_is_damaged_and_answers_are_half(
    prepared: Prepared, shown: Shown, tmp_path: Path
) -> None:
    at_rest(prepared.path, "DELETE")
    done = cut_again_and_again(record(prepared, journal="OFF"), tmp_path)
    shown("power", "a database without a journal", told(done), n=CUTS, seed=SEED, control=True)
    assert done["damaged"] > 0 and done["half"] > 0
