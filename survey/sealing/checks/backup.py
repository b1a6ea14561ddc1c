"""Backups that are proven before they get their name: the copy opens, holds together, and every answer adds up.

For `flask db backup`. It holds ciphertext and counts: no key is copied.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from survey.sealing.checks import reconciliation
from survey.sealing.checks.reconciliation import BatchBalance
from survey.store.database.engine import make_engine, read_transaction
from survey.store.maintenance.copies import CopyFailed, copy, dumped, is_whole
from survey.store.staff import audit_log


@dataclass(frozen=True)
class Proof:
    """The contents found in a copy."""

    accepted: int
    waiting: int
    wrong: int

    @property
    def ok(self) -> bool:
        """Return whether every answer in it adds up."""
        return not self.wrong


def back_up(engine: Engine, target: Path) -> Proof:
    """Copy the database into a new file and prove the copy; raise CopyFailed or FileExistsError.

    A copy that can be read and does not add up is kept, for the database is then likely to be no better.
    """
    before = _held(reconciliation.balances(engine))
    with _part(target) as part:
        copy(engine, part)
        proof = prove(part, engine.dialect.name)
        if proof.accepted < before.accepted:
            raise CopyFailed("the copy lacks answers that were there before it was begun")
        _sync(part)
        # Unlike a rename, this never takes the place of what is there.
        os.link(part, target)
    _sync(target.parent)
    return proof


def prove(path: Path, kind: str) -> Proof:
    """Read a copy from its first byte to its last; raise CopyFailed when it can't be read."""
    if kind != "sqlite":
        return _held(reconciliation.balance_batches(*dumped(path)))
    opened = make_engine(f"sqlite:///{path}")
    try:
        with read_transaction(opened) as connection:
            whole, log = is_whole(connection), audit_log.verify(connection)
        if not whole or log.broken is not None:
            raise CopyFailed("the copy does not hold together")
        return _held(reconciliation.balances(opened))
    finally:
        opened.dispose()


def _held(lines: list[BatchBalance]) -> Proof:
    answers = [line for line in lines if not line.background]
    wrong = sum(not line.ok for line in lines)
    return Proof(sum(line.accepted for line in answers), sum(line.waiting for line in answers), wrong)


@contextmanager
def _part(target: Path) -> Iterator[Path]:
    """Make an empty file next to the target that only its owner reads; it is gone afterwards, whatever happens."""
    if target.exists():
        raise FileExistsError(str(target))
    part = target.with_name(f"{target.name}.part")
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    try:
        yield part
    finally:
        for each in (part, *(part.with_name(f"{part.name}-{kind}") for kind in ("wal", "shm", "journal", "queue"))):
            each.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
