"""A crowd that answers through the running web, with double taps, and keeps books of what it was told.

For the kills, the restarts and the full disk. Each person knows whether they were thanked; `faults` holds
that against what is stored: every mark (a code or a form id) that was thanked for is there once. Every press
of a button stands in `told`, for `tests.attacks.history`.
"""

import http.client
import itertools
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

import sqlalchemy as sa

from survey.sealing.keys.keyed_hash import hash_of_code, hash_of_form_id
from survey.store import tables
from survey.store.database.engine import read_transaction
from tests.attacks.history import NOTHING_CAME, THANKED, Told, numbered, sheet_of
from tests.attacks.running import SHEET, Client, Instance, Reply, Web
from tests.denoised import threes_of

LOST = (OSError, http.client.HTTPException)
PERSONS, WITH_CODE = 8, 0.4
CLOSED = 410
PATIENCE = 120.0


@dataclass
class Crowd:
    """So many persons at a time; `patient`: who is not thanked tries until they are, else every second does.

    `second_thoughts`: how many go back when they have been thanked, and send other answers by the same mark.
    `reads`: the most seconds that a person reads before answering.
    """

    web: Web | None
    codes: list[str] = field(default_factory=list)
    patient: bool = False
    size: int = PERSONS
    double_taps: float = 0.1
    second_thoughts: float = 0.0
    reads: float = 0.0
    sent: dict[str, Mapping[str, str]] = field(default_factory=dict)
    thanked: set[str] = field(default_factory=set)
    told: list[Told] = field(default_factory=list)
    taps: Counter[int] = field(default_factory=Counter)
    not_kept: list[str] = field(default_factory=list)
    closed: bool = False
    failed: list[BaseException] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    persons: list[threading.Thread] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=itertools.count)
    line: Callable[[], Client] | None = None  # how they reach it, where that is not straight to the web's port

    @property
    def statuses(self) -> Counter[int]:
        """How often each status came back; 0 where nothing did."""
        return Counter(each.status for each in self.told)

    def begin(self) -> None:
        """Let them answer until `end`."""
        self.persons = [threading.Thread(target=self._person, args=(seed,)) for seed in range(self.size)]
        for person in self.persons:
            person.start()

    def until(self, thanked: int, within: float = 120.0) -> None:
        """Wait for so many thank-yous."""
        end = time.monotonic() + within
        while len(self.thanked) < thanked and not self.failed:
            assert time.monotonic() < end, f"{len(self.thanked)} thanked, {self.statuses}"
            time.sleep(0.01)

    def end(self) -> None:
        """Let each finish the answer they are at."""
        self.over.set()
        for person in self.persons:
            person.join(2 * PATIENCE)
            assert not person.is_alive()
        if self.failed:
            raise self.failed[0]

    def _person(self, seed: int) -> None:
        dice = random.Random(seed)
        one, other = self._line(), self._line()
        try:
            while not self.over.is_set():
                try:
                    form_id = one.form_id()
                except (*LOST, AssertionError):
                    time.sleep(0.05)
                    continue
                time.sleep(dice.uniform(0.0, self.reads))
                self._answer(dice, (one, other), form_id)
        except BaseException as error:
            self.failed.append(error)
        finally:
            one.close()
            other.close()

    def _line(self) -> Client:
        if self.line is not None:
            return self.line()
        assert self.web is not None
        return Client(self.web.port, PATIENCE)

    def _answer(self, dice: random.Random, lines: tuple[Client, Client], form_id: str) -> None:
        code = self._code(dice)
        mark = code or form_id
        self.sent[mark] = numbered(next(self.numbers))
        posted = {**self.sent[mark], "form_id": form_id, "code": code}
        taps = 2 if dice.random() < self.double_taps else 1
        self.taps[taps] += 1
        again = self.patient or dice.random() < 0.5
        end = time.monotonic() + PATIENCE
        while not self._tap(mark, posted, lines[:taps]) and again and not self._may_leave():
            assert time.monotonic() < end, f"never thanked: {self.statuses}"
            time.sleep(0.05)
        if mark in self.thanked and dice.random() < self.second_thoughts:
            self._send(mark, {**posted, **numbered(next(self.numbers))}, lines[0])

    def _code(self, dice: random.Random) -> str:
        if dice.random() < WITH_CODE:
            with suppress(IndexError):
                return self.codes.pop()
        return ""

    def _may_leave(self) -> bool:
        return self.closed or (self.over.is_set() and not self.patient)

    def _tap(self, mark: str, posted: Mapping[str, str], lines: tuple[Client, ...]) -> bool:
        """Press the button once on each line, at the same time; whether any was thanked."""
        others = [threading.Thread(target=self._send, args=(mark, posted, line)) for line in lines[1:]]
        for each in others:
            each.start()
        self._send(mark, posted, lines[0])
        for each in others:
            each.join()
        return mark in self.thanked

    def _send(self, mark: str, posted: Mapping[str, str], line: Client) -> None:
        pressed = time.monotonic()
        try:
            reply = line.post(SHEET, posted)
        except LOST:
            self.hear(mark, posted, pressed, NOTHING_CAME)
            return
        self.hear(mark, posted, pressed, reply.status, reply.header("x-run-id"))
        if reply.status == THANKED:
            self.thanked.add(mark)
        elif reply.status == CLOSED:
            self.closed = True
        else:
            self.not_kept += missing(reply, posted)

    def hear(self, mark: str, posted: Mapping[str, str], pressed: float, status: int, run: str = "") -> None:
        """Keep what one press of the button was told."""
        self.told.append(Told(mark, sheet_of(posted), pressed, time.monotonic(), status, run))


def missing(reply: Reply, posted: Mapping[str, str]) -> list[str]:
    """What a page does not give back of what was posted."""
    kept = reply.fields()
    return [f"{reply.status} lost {name}: {value}" for name, value in posted.items() if kept.get(name) != value]


@dataclass(frozen=True)
class Stored:
    """What the database holds: the marks we know, how many it has in all, and how many answers."""

    marks: frozenset[str]
    rows: int
    answers: int


def marks_in(made: Instance, crowd: Crowd) -> tuple[frozenset[str], int]:
    """Those of the crowd's marks that are spent or seen, and how many there are in all."""
    pepper = made.volumes.pepper_of("now")
    hashes = {hash_of_code(pepper, mark): mark for mark in crowd.sent}
    hashes |= {hash_of_form_id(pepper, mark): mark for mark in crowd.sent}
    with read_transaction(made.engine) as connection:
        spent = sa.select(tables.access_code.c.code_hash).where(tables.access_code.c.spent == 1)
        found = [*connection.scalars(spent), *connection.scalars(sa.select(tables.used_form_id.c.form_id_hash))]
    return frozenset(hashes[each] for each in found if each in hashes), len(found)


def stored(made: Instance, crowd: Crowd) -> Stored:
    """What the product's database holds of the crowd's marks, while the round is open."""
    with read_transaction(made.engine) as connection:
        envelopes = connection.scalar(sa.select(sa.func.count()).select_from(tables.envelope)) or 0
        accepted = connection.scalar(sa.select(sa.func.sum(tables.batch.c.accepted))) or 0
    assert accepted == envelopes and envelopes % 2 == 0
    return Stored(*marks_in(made, crowd), envelopes // 2)


def faults(crowd: Crowd, kept: Stored) -> list[str]:
    """What a thank-you promised and the database does not hold, or holds twice, or half."""
    found = []
    if lost := crowd.thanked - kept.marks:
        found.append(f"thanked and lost: {len(lost)}")
    if kept.rows != len(kept.marks):
        found.append(f"marks that nobody sent, or twice: {kept.rows - len(kept.marks)}")
    if kept.answers != len(kept.marks):
        found.append(f"answers without a mark of their own: {kept.answers - len(kept.marks)}")
    if not len(crowd.thanked) <= kept.answers <= len(crowd.sent):
        found.append(f"thanked {len(crowd.thanked)}, stored {kept.answers}, sent {len(crowd.sent)}")
    return found


def counts(crowd: Crowd, kept: Stored) -> Counter[tuple[str, str]]:
    """What must be counted at closing: the answers of the marks that are stored."""
    return Counter(pair for mark in kept.marks for pair in threes_of(crowd.sent[mark]))


def under_kills(crowd: Crowd, after: tuple[int, ...], kill: Callable[[], None]) -> None:
    """Let the crowd answer, and do the deed each time so many have been thanked."""
    crowd.begin()
    try:
        for thanked in after:
            crowd.until(thanked)
            kill()
        crowd.until(after[-1] + 40)
    finally:
        crowd.end()
