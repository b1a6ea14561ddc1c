"""The disk is full: a plain fault, nothing stored half, and answers are taken again once there is room.

Three ways to be full: the database may not grow, a file may not grow, and, where this machine lets us, a
real small disk, which is read-only too for a while. Each is tried at room for a little more and a little less. The
control stores code and envelope in two transactions: it stores halves.
"""

import os
import resource
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from survey.sealing.checks.reconciliation import reconcile
from survey.sealing.intake.submit import Outcome
from survey.store import tables
from survey.store.database.engine import DatabaseFull, DatabaseUnavailable, read_transaction, write_transaction
from survey.store.maintenance.disk import RESERVE, write_reserve
from tests.attacks.failing import fill_up, may_grow, may_not_grow, no_large_files, small_disk
from tests.attacks.full import Shown, sized
from tests.attacks.tools import fresh_engine, in_child
from tests.sealed import Sealed, a_response, make_sealed

UNIT = "vast-ett"
MOST = 3000
# Room for so many more pages of the database, bytes of its log, and kilobytes on the disk.
PAGES = sized((20,), tuple(range(1, 31)))
BYTES = sized((5000,), tuple(range(500, 30_500, 1000)))
KILOBYTES = sized((200,), tuple(range(60, 360, 20)))
WRONG = ("lost", "half", "not well again")


def send_until_full(sealed: Sealed, codes: list[str]) -> int:
    """Send by code and by form id in turn until a fault; how many were accepted. The codes that are left are left."""
    accepted = 0
    with pytest.raises(DatabaseUnavailable):
        for number in range(MOST):
            code = codes[-1] if number % 2 and codes else None
            outcome = sealed.send(UNIT, a_response(), code)
            assert outcome is Outcome.ACCEPTED
            accepted += 1
            if code:
                codes.pop()
    return accepted


def whole(sealed: Sealed) -> int:
    """How many answers are stored, each with every part of it; -1 where a part is missing."""
    with read_transaction(sealed.engine) as connection:
        spent = connection.execute(sa.select(tables.access_code).where(tables.access_code.c.spent == 1)).all()
        seen = connection.execute(sa.select(tables.used_form_id)).all()
        envelopes = connection.execute(sa.select(tables.envelope)).all()
        accepted = connection.scalar(sa.select(sa.func.sum(tables.batch.c.accepted)))
    answers = len(spent) + len(seen)
    return answers if accepted == len(envelopes) == 2 * answers else -1


def until_full_and_with_room(
    sealed: Sealed, take_room: Callable[[], object], give_room: Callable[[], object]
) -> Counter[str]:
    """Fill it, give it room, and let the one who met the full disk try again; what came of it."""
    codes = sealed.codes(UNIT, 200)
    take_room()
    accepted = send_until_full(sealed, codes)
    kept = whole(sealed)
    full = Counter(accepted=accepted, half=kept < 0, lost=accepted > kept >= 0, times=1)
    give_room()
    # The code that met the full disk is not spent: its owner may try again.
    again = sealed.send(UNIT, a_response(), codes[-1]) is Outcome.ACCEPTED and whole(sealed) == kept + 1
    well = again and all(line.ok for line in reconcile(sealed.engine))
    return full + Counter({"not well again": not well})


def told(done: Counter[str]) -> str:
    """What came of it, for the report."""
    return f"{done['accepted']} accepted until full: " + ", ".join(f"{done[name]} {name}" for name in WRONG)


def none_wrong(done: Counter[str]) -> bool:
    """All is there, whole, and goes on."""
    return done["accepted"] >= done["times"] and not any(done[name] for name in WRONG)


@pytest.fixture
def fresh(migrated_file: Path, tmp_path: Path, open_engine: Callable[..., Engine]) -> Callable[[Path], Sealed]:
    """Makes open rounds in folders, with their keys elsewhere."""

    def make(folder: Path) -> Sealed:
        folder.mkdir(exist_ok=True)
        shutil.copy(migrated_file, folder / "survey.sqlite")
        return make_sealed(open_engine(f"sqlite:///{folder / 'survey.sqlite'}"), tmp_path / f"keys of {folder.name}")

    return make


def test_a_database_that_may_not_grow_says_full_and_keeps_nothing_half(
    fresh: Callable[[Path], Sealed], tmp_path: Path, shown: Shown
) -> None:
    done: Counter[str] = Counter()
    for pages in PAGES:
        engine = (sealed := fresh(tmp_path / f"{pages} pages")).engine
        done += until_full_and_with_room(sealed, partial(may_not_grow, engine, pages), partial(may_grow, engine))
    shown("disk", "the database may not grow, then it may", told(done), n=len(PAGES))
    assert none_wrong(done)


def test_it_says_that_it_is_full(fresh: Callable[[Path], Sealed], tmp_path: Path) -> None:
    sealed = fresh(tmp_path / "full")
    may_not_grow(sealed.engine, 5)
    with pytest.raises(DatabaseFull):
        for _ in range(MOST):
            sealed.send(UNIT, a_response())


def test_a_file_that_may_not_grow_keeps_nothing_half(
    fresh: Callable[[Path], Sealed], tmp_path: Path, shown: Shown
) -> None:
    answers, half = 0, 0
    for more in BYTES:
        sealed = fresh(tmp_path / f"{more} bytes")
        path = Path(str(sealed.engine.url.database))

        def fill(sealed: Sealed = sealed, path: Path = path, more: int = more) -> None:
            # In a child, because a process can't lift its own limit again.
            with fresh_engine(f"sqlite:///{path}") as engine:
                sealed.send(UNIT, a_response())
                size = max(path.with_name(f"{path.name}-wal").stat().st_size, 1 << 19) + more
                resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
                send_until_full(Sealed(engine, sealed.settings), sealed.codes(UNIT, 200))

        sealed.engine.dispose()
        assert in_child(fill) == 0
        answers, half = answers + whole(sealed), half + (whole(sealed) < 2)
        assert sealed.send(UNIT, a_response()) is Outcome.ACCEPTED
        assert all(line.ok for line in reconcile(sealed.engine))
    shown("disk", "no file may grow, then it may", f"{answers} accepted, {half} half", n=len(BYTES))
    assert half == 0


def test_a_full_disk_says_so_and_takes_answers_again_with_room(
    fresh: Callable[[Path], Sealed], tmp_path: Path, shown: Shown
) -> None:
    done: Counter[str] = Counter()
    for kilobytes in KILOBYTES:
        folder = tmp_path / f"disk {kilobytes}"
        with small_disk(folder, 1536) as mounted:
            sealed = fresh(folder)
            reserve = folder / "something else"
            take, give = partial(reserve.write_bytes, bytes(kilobytes * 1000)), reserve.unlink
            if not mounted:
                take, give = partial(may_not_grow, sealed.engine, kilobytes // 10), partial(may_grow, sealed.engine)
            done += until_full_and_with_room(sealed, take, give)
            if mounted:
                done["not well again"] += not read_only_for_a_while(sealed, folder)
            sealed.engine.dispose()
    what = "a small disk, full, then with room, then read-only for a while" if mounted else "as if on a small disk"
    shown("disk", what, told(done), n=len(KILOBYTES))
    assert none_wrong(done)


def read_only_for_a_while(sealed: Sealed, folder: Path) -> bool:
    """Whether answers are refused while the disk is read-only, and taken once it is not."""
    kept = whole(sealed)
    # Without room, SQLite leaves its log there when it is closed, and can open the database for reading alone.
    fill_up(folder)
    sealed.engine.dispose()
    try:
        subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
        with pytest.raises(DatabaseUnavailable):
            sealed.send(UNIT, a_response())
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(folder)], check=True)
    (folder / "something else").unlink()
    again = sealed.send(UNIT, a_response())
    return again is Outcome.ACCEPTED and whole(sealed) == kept + 1


def test_a_round_is_closed_on_a_full_disk_with_the_room_of_the_reserve(
    fresh: Callable[[Path], Sealed], tmp_path: Path, shown: Shown
) -> None:
    folder = tmp_path / "disk"
    with small_disk(folder, 3072) as mounted:
        sealed = fresh(folder)
        sealed.fill({UNIT: 12})
        assert write_reserve(folder, 1, 0)
        if mounted:
            fill_up(folder)
        with no_large_files(None if mounted else 1 << 14), pytest.raises(DatabaseUnavailable) as caught:
            sealed.close()
        shown("disk", "a round is closed on a full disk", f"not closed: {caught.typename}", n=1, control=True)
        (folder / RESERVE).unlink()
        sealed.close()
        counted = sum(sealed.totals().values())
        shown("disk", "the same, and the reserve deleted", f"closed, {counted} of 12 counted", n=12)
        assert counted == 12 and all(line.ok for line in reconcile(sealed.engine))
        sealed.engine.dispose()


def test_control_two_transactions_store_halves(
    sqlite_url: str, open_engine: Callable[..., Engine], tmp_path: Path, shown: Shown
) -> None:
    sealed = make_sealed(open_engine(sqlite_url), tmp_path)
    sealed.codes(UNIT, 500)
    with read_transaction(sealed.engine) as connection:
        hashes = list(connection.scalars(sa.select(tables.access_code.c.code_hash)))
        batch = connection.scalar(sa.select(tables.batch.c.id).limit(1))
    may_not_grow(sealed.engine, 5)
    with pytest.raises(DatabaseFull):
        for code_hash in hashes:
            with write_transaction(sealed.engine) as connection:
                this = tables.access_code.c.code_hash == code_hash
                connection.execute(sa.update(tables.access_code).where(this).values(spent=1))
            with write_transaction(sealed.engine) as connection:
                row = {"id": os.urandom(16), "batch": batch, "sealed": os.urandom(96)}
                connection.execute(sa.insert(tables.envelope), [row])
    with read_transaction(sealed.engine) as connection:
        spent = connection.scalar(sa.select(sa.func.sum(tables.access_code.c.spent)))
        stored = connection.scalar(sa.select(sa.func.count()).select_from(tables.envelope))
    result = f"{spent} codes spent, {stored} answers stored"
    shown("disk", "code and envelope in two transactions, the database may not grow", result, n=1, control=True)
    assert spent > stored  # type: ignore[operator]
