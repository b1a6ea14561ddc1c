"""A closing's work grows as the number of envelopes does, and its memory does not: ratios in one run, small numbers.

Work is counted in calls, memory in bytes that Python allots at the peak: neither depends on how busy the machine is.
What the databases would hold is asked of them. Each has a control that grows as nothing here may.
"""

import gc
import sys
import tracemalloc
from collections.abc import Callable
from itertools import count, pairwise
from pathlib import Path
from types import FrameType

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from survey.sealing.checks.watch import watch
from survey.sealing.rounds import decrypt_round, noted
from survey.sealing.rounds.counting import OpenedBatch
from survey.store.answers import envelopes
from survey.store.database.engine import read_transaction
from tests.sealed import ROUND, Sealed, add_sealed, make_sealed

SIZES = (400, 800, 1_600)  # answers; each has two envelopes
STEPS = ("stopped", "counted", "written", "erased")
LEAST_KEPT = 80  # bytes: an id in a list takes more than a hundred, larger counts up to sixty
_numbers = count(1)


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if each size were ten times as large: what lies in memory at once is a tenth."""
    monkeypatch.setattr(decrypt_round, "PART", 50)
    monkeypatch.setattr(envelopes, "_AT_ONCE", 100)


@pytest.fixture
def sized(sqlite_url: str, open_engine: Callable[..., Engine], tmp_path: Path) -> Callable[[int], Sealed]:
    """Makes a round that is open, with so many answers in it."""

    def make(answers: int) -> Sealed:
        folder = tmp_path / str(next(_numbers))
        folder.mkdir()
        path = folder / "survey.sqlite"
        path.write_bytes(Path(sqlite_url.removeprefix("sqlite:///")).read_bytes())
        sealed = make_sealed(open_engine(f"sqlite:///{path}"), folder)
        add_sealed(sealed.engine, sealed.volumes, answers)
        return sealed

    return make


def worked(sealed: Sealed) -> int:
    """How many calls a watch and the closing make."""
    calls = 0

    def profile(frame: FrameType, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        watch(sealed.engine, sealed.volumes)
        sealed.close()
    finally:
        sys.setprofile(before)
    return calls


def peak(sealed: Sealed) -> int:
    """How much is allotted at once, at the most, in each step of a watch and the closing, added up."""
    peaks: list[int] = []

    def passed(_step: str) -> None:
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.reset_peak()

    gc.collect()
    tracemalloc.start()
    try:
        watch(sealed.engine, sealed.volumes)
        passed("watched")
        sealed.close(lambda step: passed(step) if step in STEPS else None)
    finally:
        tracemalloc.stop()
    assert len(peaks) == 1 + len(STEPS)
    return sum(peaks)


def growth(sized: Callable[[int], Sealed], measure: Callable[[Sealed], int]) -> list[float]:
    """What each envelope more costs, from each size to the next."""
    measure(sized(50))  # what is made once
    found = [(2 * size, measure(sized(size))) for size in SIZES]
    return [(more - less) / (large - small) for (small, less), (large, more) in pairwise(found)]


def test_an_envelope_more_costs_the_same_work_whatever_the_number(sized: Callable[[int], Sealed]) -> None:
    first, second = growth(sized, worked)
    assert first > 0 and second < 1.1 * first


def test_no_envelope_more_stays_in_memory(sized: Callable[[int], Sealed]) -> None:
    # From few answers on, counts are larger numbers; that ends, and what is kept of each envelope does not.
    assert growth(sized, peak)[-1] < LEAST_KEPT


def test_control_looking_back_at_all_before_is_found(
    sized: Callable[[int], Sealed], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[object] = []

    def join(self: OpenedBatch, other: OpenedBatch, real: Callable[..., None] = OpenedBatch.join) -> None:
        seen.append(other)
        for _ in range(300 * len(seen)):
            abs(1)
        real(self, other)

    def one(sealed: Sealed) -> int:
        seen.clear()
        return worked(sealed)

    monkeypatch.setattr(OpenedBatch, "join", join)
    first, second = growth(sized, one)
    assert second >= 1.1 * first


@pytest.mark.parametrize("what", ["fingerprints", "what is opened"])
def test_control_what_is_kept_is_found(
    what: str, sized: Callable[[int], Sealed], monkeypatch: pytest.MonkeyPatch
) -> None:
    real, opened = noted._here, decrypt_round._Sealed.opened
    if what == "fingerprints":
        monkeypatch.setattr(noted, "_here", lambda connection, key: sorted(real(connection, key)))
    else:
        monkeypatch.setattr(decrypt_round._Sealed, "opened", lambda self, some, decrypt: opened(
            self, some, lambda parts: decrypt([*parts])))  # fmt: skip
    assert growth(sized, peak)[-1] >= LEAST_KEPT


def test_sqlite_hands_out_what_waits_in_an_indexs_order_and_sorts_nothing(sized: Callable[[int], Sealed]) -> None:
    sealed = sized(20)
    with read_transaction(sealed.engine) as connection:
        for statement in (envelopes._IN_ORDER, envelopes._SEALED):
            text = str(statement.compile(sealed.engine, compile_kwargs={"literal_binds": False}))
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", ("a",) * text.count("?"))
            assert all("B-TREE" not in row.detail for row in plan)


def test_postgresql_hands_out_what_waits_by_a_cursor_of_its_own(
    postgres_url: str, open_engine: Callable[..., Engine], tmp_path: Path
) -> None:
    sealed = make_sealed(open_engine(postgres_url), tmp_path)
    add_sealed(sealed.engine, sealed.volumes, 20)
    batch = sealed.batches()["regionen", "patient", "bg-open"].id
    with read_transaction(sealed.engine) as connection:
        ways = (lambda: envelopes.of_round(connection, ROUND), lambda: envelopes.sealed_by(connection, batch, 5))
        for hand_out in ways:
            handed_out = hand_out()
            next(handed_out)
            assert connection.scalar(sa.text("SELECT count(*) FROM pg_cursors WHERE name <> ''")) == 1
            assert len(list(handed_out)) > 1
