"""A closing that is killed, hindered or begun again writes what the first would have, or nothing."""

import random
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from survey.config import Settings
from survey.domain.disclosure.noised import Noised
from survey.sealing.checks.watch import accept_loss
from survey.sealing.rounds import decrypt_round
from survey.sealing.rounds.close_round import ClosingStopped
from survey.sealing.rounds.noising import noised
from survey.sealing.rounds.noted import SealBroken
from survey.sealing.rounds.open_round import open_round
from survey.store import tables
from survey.store.answers import envelopes, tally
from survey.store.answers.envelopes import Envelope
from survey.store.core import rounds
from survey.store.database.engine import read_transaction, write_transaction
from tests.denoised import dice_of
from tests.factories import furnish, make_round
from tests.sealed import ROUND, SECRET, Sealed, make_sealed

STEPS = ["stopped", "counted", "counts", "deleted", "closing", "written", "emptied", "key erased", "erased"]


class Fallen(Exception):
    pass


@pytest.mark.parametrize("where", STEPS)
def test_a_fall_at_any_step_and_a_rerun_give_the_same_figures(engine: Engine, tmp_path: Path, where: str) -> None:
    sealed = make_sealed(engine, tmp_path)
    sealed.fill({"vast-ett": 30, "vast-tva": 29, "ost-ett": 6})
    expected = undisturbed(sealed)

    with pytest.raises(Fallen):
        sealed.close(lambda step: fallen(step, where))
    sealed.close()
    with read_transaction(engine) as connection:
        written = tally.figures(connection, ROUND)
    assert {(r["place"], r["part"], r["role"], r["question"]): r["yes"] for r in written} == {
        key: each.yes for key, each in expected.figures.items()
    }
    assert {place for place, _, _ in sealed.totals()} == {"vast-ett", "vast-tva", "regionen"}
    assert sealed.volumes.private_rounds() == set()
    assert sealed.waiting() == 0


def undisturbed(sealed: Sealed) -> Noised:
    """What a closing that nothing disturbs would write."""
    with read_transaction(sealed.engine) as connection:
        round_, dice = rounds.get_round(connection, ROUND), dice_of(sealed.volumes)
        assert round_ is not None
        counted = decrypt_round.count_round(connection, sealed.volumes, round_, random.Random(dice.key))
    return noised(counted, dice.registry, dice.key, ROUND)


@pytest.mark.parametrize("change", ["one less", "one more"])
def test_a_closing_that_has_begun_counts_just_what_it_began_with(sealed: Sealed, change: str) -> None:
    sealed.fill({"vast-ett": 30})
    own = sealed.batches()["vast-ett", "patient", "open"]
    dice = dice_of(sealed.volumes)
    with pytest.raises(Fallen):
        sealed.close(lambda step: fallen(step, "counted"))
    with write_transaction(sealed.engine) as connection:
        one = next(iter(envelopes.envelopes(connection, own.id)))
        if change == "one less":
            connection.execute(sa.delete(tables.envelope).where(tables.envelope.c.id == one.id))
        else:
            envelopes.add_envelopes(connection, [one._replace(id=b"p" * 16)])
    with pytest.raises(SealBroken):
        sealed.close()
    assert not sealed.totals()
    # Where whoever restored the database says that it is so, it is counted: with other noise.
    accept_loss(sealed.engine, sealed.volumes, ROUND)
    assert dice_of(sealed.volumes).key != dice.key
    sealed.close()
    assert sealed.totals() == {("vast-ett", "patient", "open"): 29 if change == "one less" else 30}


def test_what_a_closing_began_with_is_known_where_one_volume_lost_it(engine: Engine, tmp_path: Path) -> None:
    with write_transaction(engine) as connection:
        furnish(connection, [], make_round(ROUND))
    apart = {"private_keys": str(tmp_path / "a" / "private"), "pepper_keys": str(tmp_path / "b" / "peppers")}
    sealed = Sealed(engine, Settings(instance=tmp_path, secret=SECRET, demo=True, **apart))
    open_round(engine, sealed.settings, ROUND)
    sealed.fill({"vast-ett": 30})
    # First the one is lost and then the other, with a closing that is killed between.
    for lost in sealed.volumes.private_folders:
        with pytest.raises(Fallen):
            sealed.close(lambda step: fallen(step, "counted"))
        (lost / f"{ROUND}.begun.noted").unlink()
    own = sealed.batches()["vast-ett", "patient", "open"]
    with write_transaction(engine) as connection:
        one = next(iter(envelopes.envelopes(connection, own.id)))
        connection.execute(sa.delete(tables.envelope).where(tables.envelope.c.id == one.id))
    with pytest.raises(SealBroken):
        sealed.close()
    assert not sealed.totals()


def fallen(step: str, where: str) -> None:
    if step == where:
        raise Fallen


def test_an_envelope_that_comes_while_counting_stops_the_closing(sealed: Sealed) -> None:
    sealed.fill({"vast-ett": 12})
    own = sealed.batches()["vast-ett", "patient", "open"]

    def plant(step: str) -> None:
        if step == "counted":
            with write_transaction(sealed.engine) as connection:
                envelopes.add_envelopes(connection, [Envelope(b"p" * 16, own.id, b"x" * 96)])

    with pytest.raises(ClosingStopped):
        sealed.close(plant)
    assert not sealed.totals() and sealed.waiting() == 25
    assert sealed.volumes.private_names(ROUND)


def test_a_round_that_is_no_longer_closing_when_it_is_counted_is_not_written(sealed: Sealed) -> None:
    sealed.fill({"vast-ett": 12})

    def take_back(step: str) -> None:
        if step == "counted":
            with write_transaction(sealed.engine) as connection:
                connection.execute(sa.update(tables.round_).values(state="cancelled"))

    with pytest.raises(ClosingStopped):
        sealed.close(take_back)
    assert not sealed.totals() and sealed.waiting() == 24


def test_without_its_keys_a_round_is_not_closed_and_nothing_is_lost(sealed: Sealed) -> None:
    sealed.fill({"vast-ett": 12})
    hidden = sealed.volumes.private / ROUND
    hidden.rename(hidden.with_name("elsewhere"))
    with pytest.raises(Exception, match="can't be read"):
        sealed.close()
    assert sealed.waiting() == 24
    hidden.with_name("elsewhere").rename(hidden)
    sealed.close()
    assert sealed.totals() == {("vast-ett", "patient", "open"): 12}
