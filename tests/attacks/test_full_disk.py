"""The disk is full: a plain fault, nothing stored half, and answers are taken again once there is room.

Three ways to be full: the database may not grow, a file may not grow, and, where this machine lets us, a
real small disk. The control stores code and envelope in two transactions: it stores halves.
"""

import os
import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine, event

from survey.sealing.accept import Outcome
from survey.sealing.selfcheck import check
from survey.store import tables
from survey.store.engine import DatabaseFull, DatabaseUnavailable, reading, writing
from tests.attacks.tools import fresh_engine, in_child
from tests.sealed import Sealed, a_response, make_sealed

UNIT = "vast-ett"
MOST = 3000


def may_not_grow(engine: Engine, pages: int) -> None:
    """Let the database have so many pages more than now."""

    def limit(connection: object, *_: object) -> None:
        now = connection.execute("PRAGMA page_count").fetchone()[0]  # type: ignore[attr-defined]
        connection.execute(f"PRAGMA max_page_count = {now + pages}")  # type: ignore[attr-defined]

    engine.dispose()
    event.listen(engine, "connect", limit)


def may_grow(engine: Engine) -> None:
    """Give the room back."""

    def unlimit(connection: object, *_: object) -> None:
        connection.execute("PRAGMA max_page_count = 1000000")  # type: ignore[attr-defined]

    engine.dispose()
    event.listen(engine, "connect", unlimit)


def send_until_full(sealed: Sealed) -> tuple[int, list[str]]:
    """Send by code and by form id in turn until a fault; how many were accepted, and the codes left."""
    codes = sealed.codes(UNIT, 200)
    accepted = 0
    with pytest.raises(DatabaseUnavailable):
        for number in range(MOST):
            code = codes[-1] if number % 2 and codes else None
            outcome = sealed.send(UNIT, a_response(), code)
            assert outcome is Outcome.ACCEPTED
            accepted += 1
            if code:
                codes.pop()
    return accepted, codes


def whole(sealed: Sealed) -> int:
    """How many answers are stored; every part of each must be there."""
    with reading(sealed.engine) as connection:
        spent = connection.execute(sa.select(tables.invitation).where(tables.invitation.c.spent == 1)).all()
        seen = connection.execute(sa.select(tables.seen)).all()
        envelopes = connection.execute(sa.select(tables.inbox)).all()
        accepted = connection.scalar(sa.select(sa.func.sum(tables.batch.c.accepted)))
    assert accepted == len(envelopes) == 2 * (len(spent) + len(seen))
    return len(envelopes) // 2


def test_a_database_that_may_not_grow_says_full_and_keeps_nothing_half(
    sqlite_url: str, open_engine: Callable[..., Engine], tmp_path: Path
) -> None:
    sealed = make_sealed(open_engine(sqlite_url), tmp_path)
    may_not_grow(sealed.engine, 20)
    accepted, codes = send_until_full(sealed)
    assert accepted > 0 and whole(sealed) == accepted
    with pytest.raises(DatabaseFull):
        for _ in range(50):
            sealed.send(UNIT, a_response())
    stored = whole(sealed)
    may_grow(sealed.engine)
    # The code that met the full disk is not spent: its owner may try again.
    assert sealed.send(UNIT, a_response(), codes[-1]) is Outcome.ACCEPTED
    assert whole(sealed) == stored + 1
    assert all(line.ok for line in check(sealed.engine))


def test_a_file_that_may_not_grow_keeps_nothing_half(
    sqlite_url: str, open_engine: Callable[..., Engine], tmp_path: Path
) -> None:
    sealed = make_sealed(open_engine(sqlite_url), tmp_path)

    def fill() -> None:
        # In a child, because a process can't lift its own limit again.
        log = Path(sqlite_url.removeprefix("sqlite:///") + "-wal")
        with fresh_engine(sqlite_url) as engine:
            sealed.send(UNIT, a_response())
            size = max(log.stat().st_size, 1 << 19) + 5000
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
            send_until_full(Sealed(engine, sealed.settings))

    assert in_child(fill) == 0
    assert whole(sealed) > 1
    assert sealed.send(UNIT, a_response()) is Outcome.ACCEPTED
    assert all(line.ok for line in check(sealed.engine))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one and a half megabytes; a plain folder where this machine mounts nothing for us."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1536k", "none", str(folder)]
    tried = shutil.which("mount") and subprocess.run(command, check=False, capture_output=True)
    mounted = bool(tried) and tried.returncode == 0
    yield folder
    if mounted:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_says_so_and_takes_answers_again_with_room(
    migrated_file: Path, small_disk: Path, open_engine: Callable[..., Engine], tmp_path: Path
) -> None:
    shutil.copy(migrated_file, small_disk / "survey.sqlite")
    engine = open_engine(f"sqlite:///{small_disk / 'survey.sqlite'}")
    sealed = make_sealed(engine, tmp_path)
    if not os.path.ismount(small_disk):
        may_not_grow(engine, 20)
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(200_000))
    accepted, codes = send_until_full(sealed)
    assert accepted > 0 and whole(sealed) == accepted
    ballast.unlink()
    if not os.path.ismount(small_disk):
        may_grow(engine)
    assert sealed.send(UNIT, a_response(), codes[-1]) is Outcome.ACCEPTED
    assert whole(sealed) == accepted + 1
    assert all(line.ok for line in check(engine))


def test_control_two_transactions_store_halves(
    sqlite_url: str, open_engine: Callable[..., Engine], tmp_path: Path
) -> None:
    sealed = make_sealed(open_engine(sqlite_url), tmp_path)
    sealed.codes(UNIT, 500)
    with reading(sealed.engine) as connection:
        hashes = list(connection.scalars(sa.select(tables.invitation.c.code_hash)))
        batch = connection.scalar(sa.select(tables.batch.c.id).limit(1))
    may_not_grow(sealed.engine, 5)
    with pytest.raises(DatabaseFull):
        for code_hash in hashes:
            with writing(sealed.engine) as connection:
                this = tables.invitation.c.code_hash == code_hash
                connection.execute(sa.update(tables.invitation).where(this).values(spent=1))
            with writing(sealed.engine) as connection:
                row = {"id": os.urandom(16), "batch": batch, "envelope": os.urandom(96)}
                connection.execute(sa.insert(tables.inbox), [row])
    with reading(sealed.engine) as connection:
        spent = connection.scalar(sa.select(sa.func.sum(tables.invitation.c.spent)))
        stored = connection.scalar(sa.select(sa.func.count()).select_from(tables.inbox))
    assert spent > stored  # type: ignore[operator]
