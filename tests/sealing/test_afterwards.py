"""Self-check, sweep and forgetting: what is told is true, what should go goes, and nothing more."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from survey.domain.rounds.access_codes import normalise
from survey.sealing.checks.reconciliation import reconcile
from survey.sealing.intake.submit import Outcome
from survey.sealing.keys.key_volumes import RNG_SEED, KeysMissing, KeyVolumes
from survey.sealing.rounds.key_cleanup import sweep
from survey.sealing.rounds.retention import delete_expired
from survey.store import tables
from survey.store.answers import batches
from survey.store.core import health
from survey.store.database.engine import read_transaction, write_transaction
from tests.factories import furnish, make_round
from tests.sealed import ROUND, Sealed, a_response


def healthy(sealed: Sealed) -> dict[str, bool]:
    with read_transaction(sealed.engine) as connection:
        return {line.name: line.ok for line in health.lines(connection)}


def test_every_batch_adds_up_before_and_after_closing(sealed: Sealed) -> None:
    sealed.fill({"vast-ett": 12, "ost-ett": 2})
    before = reconcile(sealed.engine)
    assert all(line.ok for line in before) and healthy(sealed) == {"answers": True}
    assert sum(line.accepted for line in before if not line.background) == 14
    sealed.close()
    after = reconcile(sealed.engine)
    assert all(line.ok for line in after)
    assert [line.accepted for line in after] == [line.accepted for line in before]


FAULTS = {
    "an envelope is gone": lambda c: c.execute(
        sa.text("DELETE FROM envelope WHERE id = (SELECT min(id) FROM envelope)")
        if c.dialect.name == "sqlite"
        else sa.text("DELETE FROM envelope WHERE id = (SELECT id FROM envelope LIMIT 1)")
    ),
    "a counter is off": lambda c: c.execute(sa.text("UPDATE batch SET accepted = accepted + 1 WHERE accepted = 12")),
    "an open batch has counts": lambda c: c.execute(sa.text("UPDATE batch SET counted = 1 WHERE accepted = 0")),
    "a second envelope is missing": lambda c: (
        c.execute(sa.text("UPDATE batch SET accepted = 11 WHERE collection_mode = 'bg-open'")),
        c.execute(
            sa.text(
                "DELETE FROM envelope WHERE id = (SELECT envelope.id FROM envelope JOIN batch"
                " ON batch.id = envelope.batch WHERE collection_mode = 'bg-open' LIMIT 1)"
            )
        ),
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_does_not_add_up_turns_the_health_page_red(sealed: Sealed, fault: str) -> None:
    sealed.fill({"vast-ett": 12})
    with write_transaction(sealed.engine) as connection:
        FAULTS[fault](connection)  # type: ignore[no-untyped-call]
    assert not all(line.ok for line in reconcile(sealed.engine))
    assert healthy(sealed) == {"answers": False}


def test_a_closed_batch_with_an_envelope_left_is_seen(sealed: Sealed) -> None:
    sealed.fill({"vast-ett": 12})
    sealed.close()
    with write_transaction(sealed.engine) as connection:
        some = batches.batches(connection)[0]
        connection.execute(sa.insert(tables.envelope).values(id=b"x" * 16, batch=some.id, sealed=b"x"))
    assert not all(line.ok for line in reconcile(sealed.engine))


def test_a_sweep_leaves_an_open_round_as_it_is(sealed: Sealed) -> None:
    before = sealed.volumes.private_names(ROUND)
    swept = sweep(sealed.engine, sealed.volumes)
    assert (swept.erased, swept.unknown, swept.missing) == (0, (), 0)
    assert sealed.volumes.private_names(ROUND) == before
    assert healthy(sealed) == {"keys": True}


def test_a_sweep_erases_keys_that_no_batch_names_and_half_written_ones(sealed: Sealed) -> None:
    before = sealed.volumes.private_names(ROUND)
    sealed.volumes.make_private(ROUND, {"stray": b"x" * 32})
    (sealed.volumes.private / ROUND / "stray.half").write_bytes(b"x")
    assert sweep(sealed.engine, sealed.volumes).erased == 2
    assert sealed.volumes.private_names(ROUND) == before


def test_a_sweep_erases_all_that_was_noted_of_a_closed_round(sealed: Sealed) -> None:
    sealed.close()
    ends = (".noted", ".begun.noted", ".noted.half", ".begun.noted.half")
    left = [folder / f"{ROUND}{end}" for folder in sealed.volumes.private_folders for end in ends]
    for path in left:
        path.write_bytes(b"x" * 32)
    sweep(sealed.engine, sealed.volumes)
    assert [path.name for path in left if path.exists()] == []


def test_a_sweep_erases_what_a_killed_closing_left(sealed: Sealed) -> None:
    sealed.fill({"vast-ett": 12})
    keys = {name: sealed.volumes.private_key(ROUND, name) for name in sealed.volumes.private_names(ROUND)}
    sealed.close()
    sealed.volumes.make_private(ROUND, keys)
    assert sweep(sealed.engine, sealed.volumes).erased == len(keys)
    assert sealed.volumes.private_rounds() == set()


def test_a_sweep_with_the_wrong_database_destroys_nothing(
    sealed: Sealed, sqlite_url: str, open_engine: Callable[..., Engine], tmp_path: Path
) -> None:
    keys = sealed.volumes.private_names(ROUND)
    with write_transaction(sealed.engine) as connection:
        for table in (tables.envelope, tables.batch, tables.outbox_key, tables.round_):
            connection.execute(sa.delete(table))
    for states in ((), ("draft",)):
        if states:
            with write_transaction(sealed.engine) as connection:
                furnish(connection, [], make_round(ROUND))
        swept = sweep(sealed.engine, sealed.volumes)
        assert (swept.erased, swept.unknown) == (0, (ROUND,))
        assert sealed.volumes.private_names(ROUND) == keys
        assert healthy(sealed)["keys"] is False


def test_a_sweep_tells_of_a_missing_key(sealed: Sealed) -> None:
    with read_transaction(sealed.engine) as connection:
        some = batches.batches(connection)[0].id
    sealed.volumes.erase_private(ROUND, {some, RNG_SEED})
    assert sweep(sealed.engine, sealed.volumes).missing == 2
    assert healthy(sealed) == {"keys": False}


def test_codes_are_kept_as_hashes_that_the_database_alone_cannot_check(sealed: Sealed) -> None:
    made = sealed.codes("vast-ett", 30)
    assert len(set(made)) == 30 and all(normalise(code) == code for code in made)
    with read_transaction(sealed.engine) as connection:
        rows = connection.execute(sa.select(tables.access_code)).all()
    assert len(rows) == 30 and {(row.unit, row.role) for row in rows} == {("vast-ett", "patient")}
    assert {row.spent for row in rows} == {0} and {len(row.code_hash) for row in rows} == {32}


def test_no_codes_without_a_pepper(sealed: Sealed) -> None:
    sealed.volumes.erase_pepper(ROUND)
    with pytest.raises(KeysMissing):
        sealed.codes("vast-ett")


def test_thirty_days_after_the_round_codes_form_ids_and_pepper_are_gone(sealed: Sealed) -> None:
    (code,) = sealed.codes("vast-ett")
    assert sealed.send("vast-ett", a_response(), code) is Outcome.ACCEPTED
    assert sealed.send("vast-ett", a_response()) is Outcome.ACCEPTED
    late = date(2026, 12, 24)
    assert delete_expired(sealed.engine, sealed.volumes, late) == []
    sealed.close()
    assert delete_expired(sealed.engine, sealed.volumes, date(2026, 11, 10)) == []
    assert delete_expired(sealed.engine, sealed.volumes, date(2026, 11, 11)) == [ROUND]
    with read_transaction(sealed.engine) as connection:
        for table in (tables.access_code, tables.used_form_id):
            assert connection.execute(sa.select(table)).all() == []
    with pytest.raises(KeysMissing):
        sealed.volumes.pepper_of(ROUND)
    assert delete_expired(sealed.engine, sealed.volumes, late) == []


def test_forgetting_goes_on_after_a_fall(sealed: Sealed, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed.codes("vast-ett")
    sealed.close()
    real = KeyVolumes.erase_pepper
    monkeypatch.setattr(KeyVolumes, "erase_pepper", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        delete_expired(sealed.engine, sealed.volumes, date(2026, 12, 24))
    monkeypatch.setattr(KeyVolumes, "erase_pepper", real)
    assert delete_expired(sealed.engine, sealed.volumes, date(2026, 12, 24)) == [ROUND]
