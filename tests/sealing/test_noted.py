"""What is noted of envelopes that wait: on both volumes, whole and for the worker alone; any change stops the opening.

Notes are files, and have nothing to do with which database it is.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from survey.config import Settings
from survey.sealing.checks.watch import accept_loss
from survey.sealing.rounds.noted import SealBroken, note_envelopes
from survey.sealing.rounds.open_round import open_round
from survey.store import tables
from survey.store.answers import envelopes
from survey.store.database.engine import read_transaction, write_transaction
from tests.denoised import dice_of
from tests.factories import furnish, make_round
from tests.sealed import ROUND, SECRET, Sealed

ID, RECORD = 16, 32  # an envelope's id, and with it a print of what it holds


@pytest.fixture
def apart(sqlite_url: str, open_engine: Callable[..., Engine], tmp_path: Path) -> Sealed:
    """One open round, with its keys on two volumes."""
    engine = open_engine(sqlite_url)
    with write_transaction(engine) as connection:
        furnish(connection, [], make_round(ROUND))
    folders = {"private_keys": str(tmp_path / "a" / "private"), "pepper_keys": str(tmp_path / "b" / "peppers")}
    settings = Settings(instance=tmp_path, secret=SECRET, demo=True, **folders)
    open_round(engine, settings, ROUND)
    return Sealed(engine, settings)


def look(sealed: Sealed) -> None:
    """Note what waits, as the worker does in each turn."""
    with read_transaction(sealed.engine) as connection:
        note_envelopes(connection, sealed.volumes, ROUND)


def notes(sealed: Sealed) -> list[Path]:
    """Where the notes lie."""
    return [folder / f"{ROUND}.noted" for folder in sealed.volumes.private_folders]


def test_both_volumes_hold_a_record_for_each_envelope_in_no_order_of_their_coming(apart: Sealed) -> None:
    apart.fill({"vast-ett": 3})
    look(apart)
    first, second = (path.read_bytes() for path in notes(apart))
    records = [first[at : at + RECORD] for at in range(0, len(first), RECORD)]
    with read_transaction(apart.engine) as connection:
        waiting = sorted(each.id for each in envelopes.of_round(connection, ROUND))
    assert first == second and records == sorted(records)
    assert [record[:ID] for record in records] == waiting and len(first) == 6 * RECORD


def test_they_are_the_workers_alone_also_on_a_volume_that_is_put_in_anew(apart: Sealed) -> None:
    lost = apart.volumes.private_folders[1]
    shutil.rmtree(lost)
    apart.fill({"vast-ett": 1})
    before = os.umask(0)
    try:
        look(apart)
    finally:
        os.umask(before)
    assert lost.stat().st_mode & 0o777 == 0o700
    assert [path.stat().st_mode & 0o777 for path in notes(apart)] == [0o600, 0o600]


def test_they_outlast_a_power_cut_once_they_are_taken(apart: Sealed, monkeypatch: pytest.MonkeyPatch) -> None:
    synced, really = set[Path](), os.fsync

    def sync(descriptor: int) -> None:
        folder = Path(f"/proc/self/fd/{descriptor}").readlink()
        if (folder / f"{ROUND}.noted").is_file():
            synced.add(folder)
        really(descriptor)

    apart.fill({"vast-ett": 1})
    monkeypatch.setattr(os, "fsync", sync)
    look(apart)
    assert synced == set(apart.volumes.private_folders)


def gone(connection: Connection, one: bytes) -> None:
    connection.execute(sa.delete(tables.envelope).where(tables.envelope.c.id == one))


def spoilt(connection: Connection, one: bytes) -> None:
    connection.execute(sa.update(tables.envelope).where(tables.envelope.c.id == one).values(sealed=b"x" * 96))


def another_key(connection: Connection, one: bytes) -> None:
    batch = sa.select(tables.envelope.c.batch).where(tables.envelope.c.id == one).scalar_subquery()
    connection.execute(sa.update(tables.batch).where(tables.batch.c.id == batch).values(public_key=b"k" * 32))


CHANGES = {
    gone: "vanished or are not as they were: 1",
    spoilt: "vanished or are not as they were: 1",
    another_key: "batches that have another key or belong to somebody else: 1",
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("lost", [None, 0, 1])
def test_a_change_of_what_was_noted_stops_the_next_look_and_the_closing(
    apart: Sealed, change: Callable[[Connection, bytes], None], lost: int | None
) -> None:
    apart.fill({"vast-ett": 12})
    look(apart)
    look(apart)  # of what stands as it stood, nothing is said
    if lost is not None:
        notes(apart)[lost].unlink()
    with write_transaction(apart.engine) as connection:
        own = apart.batches()["vast-ett", "patient", "open"]
        change(connection, next(iter(envelopes.envelopes(connection, own.id))).id)
    for does in (look, Sealed.close, look):
        with pytest.raises(SealBroken, match=CHANGES[change]):
            does(apart)
    assert not apart.totals() and apart.waiting() == 24 - (change is gone)


def test_a_key_that_was_changed_is_no_loss_to_accept(apart: Sealed) -> None:
    apart.fill({"vast-ett": 1})
    look(apart)
    with write_transaction(apart.engine) as connection:
        another_key(connection, next(iter(envelopes.of_round(connection, ROUND))).id)
    with pytest.raises(SealBroken, match="another key"):
        accept_loss(apart.engine, apart.volumes, ROUND)


def test_after_a_known_loss_what_waits_now_is_noted_and_the_noise_stays(apart: Sealed) -> None:
    apart.fill({"vast-ett": 13})
    look(apart)
    dice = dice_of(apart.volumes)
    with write_transaction(apart.engine) as connection:
        own = apart.batches()["vast-ett", "patient", "open"]
        for each in list(envelopes.envelopes(connection, own.id))[:2]:
            gone(connection, each.id)
    with pytest.raises(SealBroken):
        look(apart)
    assert accept_loss(apart.engine, apart.volumes, ROUND) == 2
    look(apart)
    assert accept_loss(apart.engine, apart.volumes, ROUND) == 0
    # No closing had begun, so no figure of the old dice has been written anywhere.
    assert dice_of(apart.volumes).key == dice.key
    apart.close()
    assert apart.totals() == {("vast-ett", "patient", "open"): 11}


def test_a_copy_that_a_bad_disk_cut_short_stops_nothing(apart: Sealed) -> None:
    apart.fill({"vast-ett": 12})
    look(apart)
    for path in notes(apart):
        path.write_bytes(path.read_bytes()[:-1])
    look(apart)
    apart.close()
    assert apart.totals() == {("vast-ett", "patient", "open"): 12}
