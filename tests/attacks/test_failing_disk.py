"""The disk below the web fails at each of its calls in turn: no thanks without a commit, every answer kept on the page.

Nothing is stored half, also when the power goes next, and the web is well again by itself once the disk is. Two
controls on the same disk: who thanks all the same loses answers, and who commits between code and envelope has halves.
"""

import gc
import random
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

import psutil
import pytest
from sqlalchemy import Connection, Engine

from survey.answer import submit
from survey.answer.open_rounds import OpenRoundCache
from survey.sealing.intake.submit import Outcome, Submission, accept
from survey.sealing.keys.key_volumes import KeyVolumes
from survey.sealing.keys.keyed_hash import hash_of_code, hash_of_form_id
from survey.store.answers import envelopes as inbox
from survey.store.answers import submissions
from survey.store.answers.envelopes import Envelope
from survey.store.database.engine import DatabaseFault, DatabaseUnavailable, read_transaction
from tests.answering import ANSWERS, ROUND, UNIT, Answering, make_answering
from tests.attacks.crowd import missing
from tests.attacks.driver import Way, store_on
from tests.attacks.failing import FAULTS, FailingVFS, Fault, Trouble
from tests.attacks.full import Shown, sized
from tests.attacks.power import Disk, Left, Platter, left_in
from tests.attacks.running import OURS, Reply
from tests.attacks.tools import fresh_engine
from tests.reader import Reader

SHEET = f"/s/{UNIT}"
# Short: each call fails once, in one of the ways. Full: each in every way.
STEP = sized(len(FAULTS), 1)
CUTS = sized(2, 20)
SEED = 20


@dataclass
class Person:
    """Who posts a filled sheet, with a code or without."""

    posted: Mapping[str, str]
    mark: bytes
    thanked: float = float("inf")


@dataclass
class House:
    """The app over a disk that fails, and its database as it lies before each try."""

    made: Answering
    folder: Path
    posts: list[tuple[Mapping[str, str], bytes]]
    disk: Disk = field(default_factory=Disk)
    trouble: Trouble = field(default_factory=Trouble)

    @property
    def path(self) -> Path:
        """The database file."""
        return self.made.instance / "survey.sqlite"

    def put_back(self) -> None:
        """The database as before, and nothing remembered of what came after."""
        self.made.house.engine.dispose()
        for old in self.path.parent.glob(f"{self.path.name}-*"):
            old.unlink()
        self.path.write_bytes(self.disk.before[self.path.name])
        self.disk.events.clear()
        desk = self.made.app.extensions["answer"]
        self.made.app.extensions["answer"] = replace(desk, open_rounds=OpenRoundCache())

    def post(self, posted: Mapping[str, str]) -> Reply:
        """Press the button."""
        found = self.made.app.test_client(use_cookies=False).post(SHEET, data=posted, headers=OURS)
        return Reply(found.status_code, tuple((name.lower(), value) for name, value in found.headers), found.data)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A round that is open with a code and without, all of it in one file, on a disk that can fail."""
    made = make_answering(tmp_path / "instance", open_link=True)
    (code,) = made.codes()
    form_id = Reader(made.app).get(SHEET).fields()["form_id"]
    pepper = made.house.volumes.pepper_of(ROUND)
    with_code = ({**ANSWERS, "form_id": form_id, "code": code}, hash_of_code(pepper, code))
    without = ({**ANSWERS, "form_id": form_id, "code": ""}, hash_of_form_id(pepper, form_id))
    house = House(made, tmp_path, [with_code, without])
    made.house.engine.dispose()
    connection = sqlite3.connect(house.path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    house.disk.before = {house.path.name: house.path.read_bytes()}
    vfs = FailingVFS(house.disk, house.trouble)
    # Each commit is written back at once, so that every kind of call is among those of one answer.
    with store_on(Way(vfs.name, log_pages=1)):
        yield house
        made.house.engine.dispose()
    vfs.unregister()


def at_one_call(house: House, fault: Fault, call: int) -> Counter[str]:
    """Two persons answer while the disk fails at that call; then it is well, and they send again."""
    house.put_back()
    people = [Person(*post) for post in house.posts]
    house.trouble.plan(fault, call)
    done = send(house, people)
    done["struck"] = house.trouble.struck > 0
    house.trouble.mend()
    seen = [(len(house.disk.events), left_after(house, len(house.disk.events)))]
    again = send(house, people)["thanked"]
    both = left_after(house, len(house.disk.events)).marks
    moments = [(cut + 1) * len(house.disk.events) // CUTS for cut in range(CUTS)]
    seen += [(moment, left_after(house, moment, cut_power=True)) for moment in moments]
    return done + Counter(
        {
            "lost": sum(
                any(each.thanked <= at and each.mark not in left.marks for at, left in seen) for each in people
            ),
            "half": any(left.half for _, left in seen),
            "damaged": any(left.damaged for _, left in seen),
            "not well again": again != len(people) or both != {each.mark for each in people},
        }
    )


def send(house: House, people: list[Person]) -> Counter[str]:
    """Each posts; what came back."""
    done: Counter[str] = Counter()
    for person in people:
        reply = house.post(person.posted)
        if reply.status == 303:
            done["thanked"] += 1
            person.thanked = min(person.thanked, len(house.disk.events))
        else:
            done["refused" if reply.status == 503 else "another status"] += 1
            done["not kept"] += len(missing(reply, person.posted))
    return done


def left_after(house: House, moment: int, cut_power: bool = False) -> Left:
    """What is left of so many events: by the system, which runs on, or by the power, which went then."""
    platter = Platter(house.disk, random.Random(SEED + moment))
    platter.forward(moment)
    return left_in(house.folder / "left", platter.after_cut() if cut_power else platter.unharmed())


def at_each_call(house: House, faults: tuple[Fault, ...] = FAULTS) -> Counter[str]:
    """These faults at every call there is; what came of it, in all."""
    done: Counter[str] = Counter()
    for first, fault in enumerate(faults):
        for call in count(first + 1, STEP):
            once = at_one_call(house, fault, call)
            done += once
            if not once["struck"]:
                break
    return done


def told(done: Counter[str]) -> str:
    """What came of it, for the report."""
    names = ("lost", "half", "damaged", "not kept", "not well again")
    return f"{done['refused']} refused, {done['thanked']} thanked: " + ", ".join(
        f"{done[name]} {name}" for name in names
    )


def test_no_call_that_fails_costs_an_answer(house: House, shown: Shown) -> None:
    done = at_each_call(house)
    what = f"each call fails in {len(FAULTS)} ways, then the power, {CUTS} times"
    shown("disk", what, told(done), n=done["struck"], seed=SEED)
    assert done["struck"] >= sized(30, 180) and done["refused"] >= done["struck"] // 2
    wrong = ("another status", "lost", "half", "damaged", "not kept", "not well again")
    assert {name: done[name] for name in wrong} == dict.fromkeys(wrong, 0)


def test_a_connection_that_fails_as_it_opens_is_not_left_open(tmp_path: Path) -> None:
    path = tmp_path / "survey.sqlite"
    path.write_bytes(random.Random(SEED).randbytes(1 << 14))
    gc.disable()
    try:
        with fresh_engine(f"sqlite:///{path}") as engine:
            for _ in range(3):
                with pytest.raises(DatabaseUnavailable), read_transaction(engine):
                    pass
            assert [file for file in psutil.Process().open_files() if Path(file.path) == path] == []
    finally:
        gc.enable()


def test_control_who_thanks_all_the_same_loses_answers(
    house: House, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    def thanks_all_the_same(engine: Engine, volumes: KeyVolumes, sent: Submission) -> Outcome:
        try:
            return accept(engine, volumes, sent)
        except DatabaseFault:
            return Outcome.ACCEPTED

    monkeypatch.setattr(submit, "accept", thanks_all_the_same)
    done = at_each_call(house, FAULTS[1:2])
    shown("disk", "thanks before the commit", told(done), n=done["struck"], seed=SEED, control=True)
    assert done["lost"] >= done["struck"] // 2


def test_control_a_commit_between_code_and_envelope_leaves_halves(
    house: House, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    add: Callable[[Connection, list[Envelope]], None] = inbox.add_envelopes

    def add_on_its_own(connection: Connection, envelopes: list[Envelope]) -> None:
        for word in ("COMMIT", "BEGIN IMMEDIATE"):
            connection.exec_driver_sql(word)
        add(connection, envelopes)

    monkeypatch.setattr(submissions.envelopes, "add_envelopes", add_on_its_own)
    done = at_each_call(house, FAULTS[1:2])
    shown("disk", "a commit between code and envelope", told(done), n=done["struck"], seed=SEED, control=True)
    assert done["half"] >= done["struck"] // 4
