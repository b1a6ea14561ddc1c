"""A round opens whole: keys safe before their rows, one batch for each who and how, and the same after a
fall.
"""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from survey.config import Settings
from survey.domain.rounds.collection_modes import COLLECTION_MODES
from survey.domain.rounds.lifecycle import RoundError
from survey.sealing.intake import envelope
from survey.sealing.keys.key_storage import KeysRefused, volumes_of
from survey.sealing.keys.key_volumes import OUTBOX_KEY, RNG_SEED
from survey.sealing.keys.registry import registry_of
from survey.sealing.rounds.key_cleanup import sweep
from survey.sealing.rounds.open_round import open_round
from survey.store import tables
from survey.store.answers import batches
from survey.store.channels import outbox
from survey.store.core import rounds
from survey.store.database.engine import read_transaction, write_transaction
from tests.factories import UNITS, furnish, make_round, small_places
from tests.sealed import ROUND, SECRET, Sealed, a_response

STEPS = ["asked", "pepper", "key written", "keys", "rows"]


class Fallen(Exception):
    pass


@pytest.fixture
def settings(engine: Engine, tmp_path: Path) -> Settings:
    with write_transaction(engine) as connection:
        furnish(connection, [], make_round(ROUND))
    return Settings(instance=tmp_path, secret=SECRET, demo=True)


def test_each_unit_role_and_channel_class_gets_a_batch_with_its_key(engine: Engine, settings: Settings) -> None:
    open_round(engine, settings, ROUND)
    with read_transaction(engine) as connection:
        found = batches.batches(connection)
    asked = {
        (unit, role, channel) for unit in UNITS for role in ("patient", "provider") for channel in COLLECTION_MODES
    }
    second = {("regionen", "patient", f"bg-{channel}") for channel in COLLECTION_MODES}
    assert {(b.place, b.role, b.collection_mode) for b in found} == asked | second
    assert len(found) == len(asked | second) == len({b.id for b in found}) == len({b.public_key for b in found})
    volumes = volumes_of(settings)
    for batch in found:
        key = envelope.private_key(volumes.private_key(ROUND, batch.id))
        assert key.public_key().public_bytes_raw() == batch.public_key
    assert volumes.private_names(ROUND) == {b.id for b in found} | {RNG_SEED, OUTBOX_KEY}


def test_units_that_are_not_in_force_are_not_asked(engine: Engine, tmp_path: Path) -> None:
    ended = [replace(p, valid_to=date(2026, 9, 13)) if p.key == "vast-ett" else p for p in small_places()]
    late = [replace(p, valid_from=date(2026, 10, 14)) if p.key == "ost-ett" else p for p in ended]
    with write_transaction(engine) as connection:
        furnish(connection, late, make_round(ROUND))
    open_round(engine, Settings(instance=tmp_path, secret=SECRET, demo=True), ROUND)
    with read_transaction(engine) as connection:
        assert {b.place for b in batches.batches(connection)} == {"regionen", "vast-tva", "ost-tva"}


def test_a_round_stays_a_draft_where_a_folder_of_its_keys_cannot_be_made(engine: Engine, tmp_path: Path) -> None:
    with write_transaction(engine) as connection:
        furnish(connection, [], make_round(ROUND))
    first, second = tmp_path / "a", tmp_path / "b"
    first.mkdir()
    (first / "peppers").write_bytes(b"")  # stands where the copy would lie; root too is refused
    apart = Settings(
        instance=tmp_path,
        secret=SECRET,
        demo=True,
        private_keys=str(first / "private"),
        pepper_keys=str(second / "peppers"),
    )
    with pytest.raises(KeysRefused, match=r"a/peppers .*give the volumes' roots to the worker's account"):
        open_round(engine, apart, ROUND)
    assert not any((second / "peppers").iterdir())
    with read_transaction(engine) as connection:
        found = rounds.get_round(connection, ROUND)
    assert found is not None and found.state == "draft"


def test_an_open_round_is_left_alone(engine: Engine, settings: Settings) -> None:
    open_round(engine, settings, ROUND)
    sealed = Sealed(engine, settings)
    sealed.send("vast-ett", a_response())
    with read_transaction(engine) as connection:
        before = batches.batches(connection)
    open_round(engine, settings, ROUND)
    sealed.close()
    open_round(engine, settings, ROUND)
    with read_transaction(engine) as connection:
        assert [b.id for b in batches.batches(connection)] == [b.id for b in before]
        found = rounds.get_round(connection, ROUND)
    assert found is not None and found.state == "closed"


@pytest.mark.parametrize("where", STEPS)
def test_a_fall_at_any_step_leaves_nothing_half_open(engine: Engine, settings: Settings, where: str) -> None:
    def fall(step: str) -> None:
        if step == where:
            raise Fallen

    with pytest.raises(Fallen):
        open_round(engine, settings, ROUND, fall)
    with read_transaction(engine) as connection:
        found = rounds.get_round(connection, ROUND)
        assert found is not None and found.state == "opening" and not batches.batches(connection)
    open_round(engine, settings, ROUND)
    assert sweep(engine, volumes_of(settings)).erased == 0
    with read_transaction(engine) as connection:
        names = {batch.id for batch in batches.batches(connection)}
    assert volumes_of(settings).private_names(ROUND) == names | {RNG_SEED, OUTBOX_KEY}
    assert Sealed(engine, settings).send("vast-ett", a_response()).name == "ACCEPTED"


def test_keys_are_whole_on_the_volumes_before_a_row_names_them(engine: Engine, settings: Settings) -> None:
    def look(step: str) -> None:
        if step == "keys":
            volumes = volumes_of(settings)
            names = volumes.private_names(ROUND)
            assert len(names) == len(UNITS) * 6 + 3 + 2
            assert all(len(volumes.private_key(ROUND, name)) == 32 for name in names)
            with read_transaction(engine) as connection:
                assert not batches.batches(connection)

    open_round(engine, settings, ROUND, look)


def test_an_unknown_round_is_said(engine: Engine, settings: Settings) -> None:
    with pytest.raises(RoundError):
        open_round(engine, settings, "var-2020")


def test_each_step_is_told_in_its_order_and_a_batch_has_a_name_of_one_length(
    engine: Engine, settings: Settings
) -> None:
    told: list[str] = []
    open_round(engine, settings, ROUND, told.append)
    assert list(dict.fromkeys(told)) == [*STEPS, "open"]
    with read_transaction(engine) as connection:
        assert {len(batch.id) for batch in batches.batches(connection)} == {32}


def test_a_round_does_not_open_beside_another(engine: Engine, settings: Settings) -> None:
    open_round(engine, settings, ROUND)
    with write_transaction(engine) as connection:
        rounds.add_round(connection, make_round("beside"))
    # An opening that was killed and is begun again finds the other one open too.
    for mine, other in (("draft", "open"), ("opening", "open"), ("opening", "closing")):
        with write_transaction(engine) as connection:
            rounds.set_state(connection, "beside", mine)
            rounds.set_state(connection, ROUND, other)
        with pytest.raises(RoundError, match=ROUND):
            open_round(engine, settings, "beside")
        with read_transaction(engine) as connection:
            assert (rounds.get_round(connection, "beside") or make_round()).state == mine
    with write_transaction(engine) as connection:
        rounds.set_state(connection, ROUND, "closed")
    open_round(engine, settings, "beside")


def test_a_round_that_has_been_closed_is_never_opened_again(engine: Engine, settings: Settings) -> None:
    open_round(engine, settings, ROUND)
    Sealed(engine, settings).close()
    for state in ("draft", "opening"):
        with write_transaction(engine) as connection:
            connection.execute(sa.delete(tables.batch))
            connection.execute(sa.delete(tables.outbox_key))
            connection.execute(sa.update(tables.round_).values(state=state))
        with pytest.raises(RoundError, match="closed_before"):
            open_round(engine, settings, ROUND)
        with read_transaction(engine) as connection:
            assert (rounds.get_round(connection, ROUND) or make_round()).state == state


def test_the_row_says_how_it_is_protected_and_what_its_messages_are_sealed_to(
    engine: Engine, settings: Settings
) -> None:
    open_round(engine, settings, ROUND)
    volumes = volumes_of(settings)
    messages = envelope.private_key(volumes.private_key(ROUND, OUTBOX_KEY)).public_key().public_bytes_raw()
    with read_transaction(engine) as connection:
        found = rounds.get_round(connection, ROUND)
        assert outbox.key(connection, ROUND) == registry_of(volumes, ROUND).outbox_key == messages
    assert found is not None and found.protection == settings.protection.text()
