"""The disk fails, or the power goes, while a round is closed: run again, it counts the same, and no key is left.

The control erases the keys before the counts are safe: then answers are lost for good.
"""

import random
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from survey.sealing.checks.reconciliation import reconcile
from survey.sealing.keys.key_volumes import KeysMissing
from survey.sealing.rounds.close_round import close_round
from survey.store.database.engine import DatabaseFault
from tests.attacks.driver import Way, store_on
from tests.attacks.failing import FAULTS, FailingVFS, Fault, Trouble, small_disk
from tests.attacks.full import Shown, sized
from tests.attacks.power import Disk, Platter
from tests.attacks.tools import fresh_engine
from tests.factories import many_places
from tests.sealed import ROUND, Sealed, make_sealed

# Short: a fifth of the calls fail, each in one of the ways. Full: each in every way.
STEP = sized(5 * len(FAULTS), 1)
CUTS = sized(9, 300)
SEED = 20
Step = Callable[[str], None]


@dataclass
class Round:
    """A round with answers that is over: its database and its keys, as they lie before each try."""

    path: Path
    sealed: Sealed
    disk: Disk = field(default_factory=Disk)
    trouble: Trouble = field(default_factory=Trouble)

    @property
    def keys(self) -> Path:
        """Both key volumes."""
        return self.sealed.settings.instance / "keys"

    def put_back(self) -> None:
        """Database and keys as before."""
        for old in self.path.parent.glob(f"{self.path.name}*"):
            old.unlink()
        self.path.write_bytes(self.disk.before[self.path.name])
        self.disk.events.clear()
        shutil.rmtree(self.keys)
        shutil.copytree(self.keys.with_name("keys before"), self.keys)

    @contextmanager
    def opened(self) -> Iterator[Sealed]:
        """A worker at it."""
        with fresh_engine(f"sqlite:///{self.path}") as engine:
            yield Sealed(engine, self.sealed.settings)

    def erase_keys(self) -> None:
        """What must come last."""
        self.sealed.volumes.erase_private(ROUND)


@pytest.fixture
def over(migrated_file: Path, tmp_path: Path) -> Iterator[Round]:
    """Both roles have answered, some at a unit that is too small."""
    # A disk in memory, where one can be had: each key is erased all the way down to the disk.
    with small_disk(tmp_path / "disk", 32 * 1024):
        yield furnished(migrated_file, tmp_path / "disk" / "survey.sqlite")


def furnished(migrated_file: Path, path: Path) -> Round:
    """The round, all of it in one file, and its keys."""
    shutil.copy(migrated_file, path)
    with fresh_engine(f"sqlite:///{path}") as engine:
        sealed = make_sealed(engine, path.parent / "instance", many_places(1, 2))
        sealed.fill({"m1-u1": 12, "m1-u2": 4})
        sealed.fill({"m1-u1": 6}, role="provider", channel="invited")
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    made = Round(path, sealed, Disk({path.name: path.read_bytes()}))
    shutil.copytree(made.keys, made.keys.with_name("keys before"))
    return made


def result(over: Round) -> Any:
    """What stands there when closing is run, or run again; nothing when it can't be."""
    with over.opened() as sealed:
        try:
            sealed.close()
        except (DatabaseFault, KeysMissing):
            return None
        left = sealed.volumes.private_rounds(), [line for line in reconcile(sealed.engine) if not line.ok]
        return sealed.totals(), sealed.counted(), left


def close_on_failing_disk(over: Round, fault: Fault, call: int, step: Step) -> bool:
    """Close while the disk fails at that call; whether it did. The same worker tries again when the disk is well."""
    vfs = FailingVFS(over.disk, over.trouble)
    with store_on(Way(vfs.name, log_pages=1)), over.opened() as sealed:
        over.trouble.plan(fault, call)
        for _ in range(2):
            with suppress(DatabaseFault, KeysMissing):
                close_round(sealed.engine, sealed.volumes, ROUND, checkpoint=step)
            struck = over.trouble.struck > 0
            over.trouble.mend()
    vfs.unregister()
    return struck


def fail_at_each_call(over: Round, step: Step) -> Counter[str]:
    """How many calls failed in closing, and after how many the counts were not those of an undisturbed one."""
    over.put_back()
    expected, done = result(over), Counter[str]()
    for first, fault in enumerate(FAULTS):
        for call in count(1 + first * STEP // len(FAULTS), STEP):
            over.put_back()
            if not close_on_failing_disk(over, fault, call, step):
                break
            done += Counter(failed=1, spoilt=result(over) != expected)
    return done


def cut_at_each_moment(over: Round, step: Step) -> Counter[str]:
    """The same for power cuts: the keys are as they were at that moment, gone or not."""
    over.put_back()
    expected, done = result(over), Counter[str]()
    over.put_back()
    erased = record(over, step)
    events = list(over.disk.events)
    platter = Platter(Disk(over.disk.before, events), random.Random(SEED))
    for number in range(CUTS):
        # A third of the cuts come after all of it, when the keys are gone.
        platter.forward(min(len(events), 1 + number * len(events) * 3 // (CUTS * 2)))
        over.put_back()
        for name, content in platter.after_cut().items():
            (over.path.parent / name).write_bytes(content)
        if platter.moment >= erased:
            over.erase_keys()
            done["keys gone"] += 1
        done += Counter(cut=1, spoilt=result(over) != expected)
    return done


def record(over: Round, step: Step) -> int:
    """Close on a recorded disk; after how many of its events the first key was gone."""
    moments: dict[str, int] = {}
    vfs = FailingVFS(over.disk, Trouble())
    before = over.sealed.volumes.private_names(ROUND)

    def watched(name: str) -> None:
        step(name)
        if over.sealed.volumes.private_names(ROUND) != before:
            moments.setdefault("key gone", len(over.disk.events))

    with store_on(Way(vfs.name, log_pages=1)), over.opened() as sealed:
        close_round(sealed.engine, sealed.volumes, ROUND, checkpoint=watched)
    vfs.unregister()
    return moments["key gone"]


def nothing(_: str) -> None:
    """The product's own closing."""


def too_early(over: Round) -> Step:
    """The control: keys are erased when everything is counted, and written down after that."""
    return lambda name: over.erase_keys() if name == "counted" else None


def told(done: Counter[str]) -> str:
    """What came of it, for the report."""
    gone = f", {done['keys gone']} of them with the keys gone" if done["keys gone"] else ""
    return f"{done['spoilt']} rounds counted otherwise or not at all{gone}"


def test_no_call_that_fails_spoils_a_closing(over: Round, shown: Shown) -> None:
    done = fail_at_each_call(over, nothing)
    shown("disk", "each call fails while a round is closed, and it is closed again", told(done), n=done["failed"])
    assert done["failed"] >= sized(5, 150) and done["spoilt"] == 0


def test_no_power_cut_spoils_a_closing(over: Round, shown: Shown) -> None:
    done = cut_at_each_moment(over, nothing)
    shown("power", "the power cut while a round is closed, and it is closed again", told(done), n=CUTS, seed=SEED)
    assert done["keys gone"] >= CUTS // 4 and done["spoilt"] == 0


def test_control_keys_erased_before_the_counts_are_safe_lose_the_round(over: Round, shown: Shown) -> None:
    failed, cut = fail_at_each_call(over, too_early(over)), cut_at_each_moment(over, too_early(over))
    what = "the keys erased before the counts are written"
    shown("disk", what, told(failed), n=failed["failed"], control=True)
    shown("power", what, told(cut), n=CUTS, seed=SEED, control=True)
    assert failed["spoilt"] >= failed["failed"] // 4 and cut["spoilt"] >= CUTS // 4
