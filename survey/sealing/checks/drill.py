"""A restore drill: a backup put back elsewhere, brought to today's shape, read through, and thrown away.

For `flask restore --drill`. Nothing is opened: the answers in a backup stay ciphertext, and no key is asked for.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Connection, Engine

from survey.sealing.checks import reconciliation
from survey.sealing.checks.finding import Finding
from survey.sealing.intake.envelope import LENGTH
from survey.store.core import places, rounds
from survey.store.database.engine import make_engine, read_transaction
from survey.store.maintenance import schema_check
from survey.store.maintenance.copies import CopyFailed, is_whole
from survey.store.maintenance.migrate import upgrade
from survey.store.maintenance.restoring import empty, restore
from survey.store.published import editions, packs
from survey.store.staff import audit_log


def drill(backup: Path, elsewhere: str) -> Iterator[Finding]:
    """Restore a backup at an address where nothing is, and check it; it is gone there afterwards, whatever happens."""
    with _restored(backup, elsewhere) as engine:
        yield Finding("opens", True, "restored, and read by the database's own checks")
        done = upgrade(engine)
        yield Finding("today's shape", True, f"migrations run on the copy: {len(done)}")
        yield from look_through(engine)


def look_through(engine: Engine) -> Iterator[Finding]:
    """Check what stands in a restored database; changes nothing and opens nothing."""
    wrong = sum(not line.ok for line in reconciliation.balances(engine))
    yield Finding("answers", not wrong, f"batches that do not add up: {wrong}")
    with read_transaction(engine) as connection:
        yield _finding("columns", schema_check.schema_differences(connection))
        other = schema_check.envelope_lengths(connection) - {LENGTH}
        yield Finding("envelopes", not other, f"of another length than a sealed answer's: {len(other)}")
        yield _finding("editions", _changed_editions(connection))
        yield _finding("packs", _changed_packs(connection))
        log = audit_log.verify(connection)
        detail = f"{log.head.number} lines, head {log.head}" if log.broken is None else f"broken at line {log.broken}"
        yield Finding("audit log", log.broken is None, detail)
        known = len(places.all_places(connection)), len(rounds.rounds(connection))
        yield Finding("places, rounds", True, "places: {}, rounds: {}".format(*known))


@contextmanager
def _restored(backup: Path, elsewhere: str) -> Iterator[Engine]:
    engine = make_engine(elsewhere)
    restored = False
    try:
        restore(backup, engine, rights=False)
        restored = True
        if engine.dialect.name == "sqlite":
            _refuse_broken_file(engine)
        yield engine
    finally:
        if restored:
            empty(engine)
        engine.dispose()


def _refuse_broken_file(engine: Engine) -> None:
    with read_transaction(engine) as connection:
        if not is_whole(connection):
            raise CopyFailed("the backup does not hold together")


def _finding(name: str, faults: list[str]) -> Finding:
    return Finding(name, not faults, ", ".join(faults) or "as they were written")


def _changed_editions(connection: Connection) -> list[str]:
    """Return the editions whose bytes are not those of their hash."""
    heads = editions.hashed_heads(connection)
    bodies = ((head, editions.get(connection, head.number)) for head in heads)
    return [f"edition {head.number}" for head, row in bodies if row is None or _hash(row.body.encode()) != head.sha256]


def _changed_packs(connection: Connection) -> list[str]:
    """Return the frozen packs whose page is not the one that was frozen."""
    frozen = [each for each in packs.all_packs(connection) if each.sha256 is not None]
    pages = ((each, packs.files(connection, each.id)) for each in frozen)
    return [f"pack {each.number}" for each, page in pages if page is None or _hash(page[0]) != each.sha256]


def _hash(raw: bytes) -> str:
    return sha256(raw).hexdigest()
