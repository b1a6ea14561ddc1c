"""The key that kiosks seal to: on both volumes while the round is open, and gone with it however it ends."""

from pathlib import Path

import pytest

from survey.domain.rounds.lifecycle import CANCELLED
from survey.sealing.keys.key_volumes import KeysMissing
from survey.sealing.keys.transport_key import (
    TRANSPORT,
    erase_transport_key,
    make_transport_key,
    public_transport_key,
    transport_key,
)
from survey.sealing.rounds.cancel_round import cancel_round
from survey.sealing.rounds.close_round import close_round
from survey.sealing.rounds.key_cleanup import sweep
from survey.store.core import rounds
from survey.store.database.engine import write_transaction
from tests.sealed import ROUND, Sealed


class Killed(Exception):
    """The process ended here."""


def copies(sealed: Sealed) -> list[Path]:
    """Where the key lies."""
    return [path for folder in sealed.volumes.pepper_folders for path in folder.glob(f"*{TRANSPORT}")]


def test_it_lies_on_each_volume_and_stays_when_the_round_is_opened_again(sealed: Sealed) -> None:
    public = public_transport_key(sealed.volumes, ROUND)
    assert len(bytes.fromhex(public)) == 32
    assert len(copies(sealed)) == len(sealed.volumes.pepper_folders)
    make_transport_key(sealed.volumes, ROUND)
    assert public_transport_key(sealed.volumes, ROUND) == public


def test_one_whole_copy_is_enough_and_mends_the_other(sealed: Sealed) -> None:
    public, (first, *others) = public_transport_key(sealed.volumes, ROUND), copies(sealed)
    first.write_bytes(b"half")
    if others:
        assert public_transport_key(sealed.volumes, ROUND) == public
        make_transport_key(sealed.volumes, ROUND)
        assert first.read_bytes() == others[0].read_bytes()
    else:
        with pytest.raises(KeysMissing):
            transport_key(sealed.volumes, ROUND)


def test_a_round_without_one_gives_kiosks_nothing_to_seal_to(sealed: Sealed) -> None:
    assert erase_transport_key(sealed.volumes, ROUND) == len(sealed.volumes.pepper_folders)
    assert public_transport_key(sealed.volumes, ROUND) == ""
    with pytest.raises(KeysMissing):
        transport_key(sealed.volumes, ROUND)


def test_it_is_erased_when_the_round_closes(sealed: Sealed) -> None:
    sealed.close()
    assert copies(sealed) == []


def test_it_is_erased_when_the_round_is_cancelled(sealed: Sealed) -> None:
    with write_transaction(sealed.engine) as connection:
        rounds.set_state(connection, ROUND, CANCELLED[0])
    cancel_round(sealed.engine, sealed.volumes, ROUND)
    assert copies(sealed) == []


def test_a_closing_that_was_killed_before_leaves_it_to_the_sweep(sealed: Sealed) -> None:
    def die(name: str) -> None:
        if name == "key erased":
            raise Killed

    with pytest.raises(Killed):
        close_round(sealed.engine, sealed.volumes, ROUND, checkpoint=die)
    assert copies(sealed)
    sweep(sealed.engine, sealed.volumes)
    assert copies(sealed) == []
