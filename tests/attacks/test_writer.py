"""Who can write to the database, and reads neither key volume, tries to read one person's seven answers.

By a key of their own in the place of a batch's, by taking the others' envelopes away and putting in answers that they
know, by copies, by a crowd of one, by moving units under a place of their choice, by asking for less noise. Each has a
control: the same attack on a house that leaves out the one step that stops it.
"""

import json
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from survey.domain.disclosure.protection import DEFAULT_PROTECTION, EPSILONS, Protection, parse_protection
from survey.domain.questions.responses import SIZE, Response, unpack
from survey.sealing.checks.watch import accept_loss, watch
from survey.sealing.intake import envelope
from survey.sealing.intake import submit as accepting
from survey.sealing.intake.submit import Outcome
from survey.sealing.keys import registry
from survey.sealing.keys.key_volumes import RNG_SEED, KeyVolumes
from survey.sealing.keys.registry import KeysChanged, register, registry_of
from survey.sealing.rounds import close_round, decrypt_round
from survey.sealing.rounds.noted import SealBroken
from survey.store import tables
from survey.store.answers import batches, envelopes
from survey.store.core import rounds
from survey.store.database.engine import read_transaction, write_transaction
from tests.attacks.full import Shown, sized
from tests.attacks.writing import UNIT, batch_of, is_red, take_away
from tests.denoised import THREE, dice_of, threes_of
from tests.sealed import ROUND, Sealed, a_response, make_sealed, responses

VICTIMS = sized(3, 12)
SEED = 7
BATCH = tables.batch.c
OWN_KEY = envelope.new_key()


@pytest.fixture
def sealed(engine: Engine, tmp_path: Path) -> Sealed:
    return make_sealed(engine, tmp_path)


def swap(sealed: Sealed) -> None:
    """Put a key of one's own in the place of every batch's."""
    with write_transaction(sealed.engine) as connection:
        connection.execute(sa.update(tables.batch).values(public_key=OWN_KEY.public_key().public_bytes_raw()))


def read_and_reseal(sealed: Sealed, known: set[bytes]) -> list[Response]:
    """What came in since, opened with one's own key; resealed to the real one, so that nobody notices."""
    read = []
    made = {each.id: each for each in registry_of(sealed.volumes, ROUND).batches}
    with write_transaction(sealed.engine) as connection:
        for each in list(envelopes.of_round(connection, ROUND)):
            if each.id in known:
                continue
            known.add(each.id)
            try:
                opened = envelope.open_(each.sealed, OWN_KEY, each.batch)
            except envelope.UnreadableEnvelope:
                continue
            read.append(unpack(opened[:SIZE]))
            again = envelope.seal(opened, envelope.public_key(made[each.batch].public_key), each.batch)
            connection.execute(sa.update(tables.envelope).where(tables.envelope.c.id == each.id).values(sealed=again))
    return read


def swapped(sealed: Sealed) -> tuple[int, int]:
    """How many victims' answers were read by a swapped key, and how many were thanked."""
    swap(sealed)
    read, thanked, known = 0, 0, set[bytes]()
    for response in responses(VICTIMS, seed=SEED):
        with suppress(KeysChanged):
            thanked += sealed.send(UNIT, response) is Outcome.ACCEPTED
        read += response.answers in [each.answers for each in read_and_reseal(sealed, known)]
    return read, thanked


def test_a_key_of_ones_own_reads_nothing_and_is_seen(sealed: Sealed, shown: Shown) -> None:
    assert is_red(sealed) == ""
    read, thanked = swapped(sealed)
    said = is_red(sealed)
    shown("writer", f"public keys swapped; {sealed.engine.dialect.name}", f"{read} of {VICTIMS} persons read",
          n=VICTIMS, seed=SEED)  # fmt: skip
    assert (read, thanked) == (0, 0)
    assert "another key" in said and ROUND in said
    with pytest.raises(SealBroken):
        sealed.close()


def test_a_key_swapped_after_the_first_answer_reads_nothing(sealed: Sealed) -> None:
    # The web remembers where it seals to, and goes on: to the key that the worker made.
    assert sealed.send(UNIT, a_response()) is Outcome.ACCEPTED
    assert swapped(sealed)[0] == 0
    assert "another key" in is_red(sealed)


def test_control_where_the_database_is_believed_a_swapped_key_reads_all(
    sealed: Sealed, monkeypatch: pytest.MonkeyPatch, shown: Shown
) -> None:
    monkeypatch.setattr(accepting, "_made_by_us", lambda found, made: envelope.public_key(found[1]))
    read, _ = swapped(sealed)
    shown("writer", f"public keys swapped, and believed; {sealed.engine.dialect.name}",
          f"{read} of {VICTIMS} persons read", n=VICTIMS, seed=SEED, control=True)  # fmt: skip
    assert read == VICTIMS


REWRITTEN = {
    "a crowd of one": lambda c: c.execute(sa.update(tables.round_).values(threshold_patient=1)),
    "units moved": lambda c: c.execute(
        sa.update(tables.place).where(tables.place.c.level == "unit").values(parent="ost")
    ),
}


def rewritten(sealed: Sealed, what: str) -> dict[tuple[str, str, str], int]:
    """What is counted after who writes to the database has written down other crowds and places."""
    sealed.fill({UNIT: 9, "vast-tva": 3, "ost-ett": 9, "ost-tva": 3})
    with write_transaction(sealed.engine) as connection:
        for name in ("ck_round_thresholds",) if sealed.engine.dialect.name == "postgresql" else ():
            connection.exec_driver_sql(f"ALTER TABLE round DROP CONSTRAINT {name}")
        if sealed.engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        REWRITTEN[what](connection)
    sealed.close()
    return sealed.totals()


@pytest.mark.parametrize("what", REWRITTEN)
def test_crowds_are_made_as_when_the_round_opened(sealed: Sealed, what: str, shown: Shown) -> None:
    totals = rewritten(sealed, what)
    shown("writer", f"{what}; {sealed.engine.dialect.name}", f"smallest crowd {min(totals.values())}", seed=SEED)
    assert totals == {("vast", "patient", "open"): 12, ("ost", "patient", "open"): 12}


def weakened(sealed: Sealed) -> tuple[int, int]:
    """How many of a unit's figures are exact when the row says that next to no noise is wanted; of how many."""
    # By these dice no noise of the unit's is nought, which else would be so by chance now and then.
    sealed.volumes.make_private(ROUND, {RNG_SEED: b"g" * 32})
    sealed.fill({UNIT: 12, "ost-ett": 12})
    with write_transaction(sealed.engine) as connection:
        connection.execute(sa.update(tables.round_).values(protection=json.dumps(dict.fromkeys(EPSILONS, "1000"))))
    dice = dice_of(sealed.volumes)
    sealed.close()
    exact = dice.exact(sealed.engine)
    rows = [row for row in sealed.counted()[0] if (row["place"], row["role"]) == (UNIT, "patient")]
    same = sum(exact.of(UNIT, row["question"]) == {name: row[name] for name in THREE} for row in rows)
    # What the dice take away again is what was added by what the round was opened with.
    assert all(sum(exact.of(UNIT, row["question"]).values()) == 12 for row in rows)
    return same, len(rows)


def test_how_much_noise_is_wanted_stands_where_the_writer_cannot_write(sealed: Sealed, shown: Shown) -> None:
    same, of = weakened(sealed)
    shown("writer", f"the round's epsilon made a thousand; {sealed.engine.dialect.name}",
          f"{same} of {of} figures of a unit are exact", n=of)  # fmt: skip
    assert same == 0 < of
    with read_transaction(sealed.engine) as connection:
        kept = rounds.get_round(connection, ROUND)
    # Whoever reads it afterwards takes the house's strength for the weakest there is.
    assert kept is not None and parse_protection(kept.protection) == DEFAULT_PROTECTION


def test_control_where_the_row_decides_the_figures_are_exact(
    sealed: Sealed, monkeypatch: pytest.MonkeyPatch, shown: Shown
) -> None:
    def believed(volumes: KeyVolumes, round_key: str) -> registry.Registry:
        with read_transaction(sealed.engine) as connection:
            told = json.loads(connection.scalar(sa.select(tables.round_.c.protection)) or "")
        return replace(
            registry_of(volumes, round_key), protection=Protection(**{k: Fraction(v) for k, v in told.items()})
        )

    monkeypatch.setattr(close_round, "registry_of", believed)
    sealed.fill({UNIT: 12, "ost-ett": 12})
    with write_transaction(sealed.engine) as connection:
        connection.execute(sa.update(tables.round_).values(protection=json.dumps(dict.fromkeys(EPSILONS, "1000"))))
    sealed.close()
    rows = [row for row in sealed.counted()[0] if (row["place"], row["role"]) == (UNIT, "patient")]
    said = Counter(pair for each in responses(12, seed=f"1 {UNIT}") for pair in threes_of(each.answers))
    same = sum(all(row[name] == said[row["question"], name] for name in THREE) for row in rows)
    shown("writer", f"the same, and believed; {sealed.engine.dialect.name}", f"{same} of {len(rows)} figures are exact",
          n=len(rows), control=True)  # fmt: skip
    assert same == len(rows)


@pytest.mark.parametrize("what", REWRITTEN)
def test_control_where_the_database_says_what_a_crowd_is(
    sealed: Sealed, what: str, monkeypatch: pytest.MonkeyPatch, shown: Shown
) -> None:
    def believed(volumes: object, round_key: str) -> registry.Registry:
        made = registry_of(sealed.volumes, round_key)
        with read_transaction(sealed.engine) as connection:
            round_ = connection.execute(sa.select(tables.round_)).one()
            above = connection.execute(sa.select(tables.place.c.key, tables.place.c.parent))
            crowds = {"patient": round_.threshold_patient, "provider": round_.threshold_provider}
            return replace(made, thresholds=crowds, parents={row.key: row.parent for row in above})

    monkeypatch.setattr(registry, "MIN_ANSWERS", {"patient": 0, "provider": 0})
    monkeypatch.setattr(decrypt_round, "registry_of", believed)
    totals = rewritten(sealed, what)
    shown("writer", f"{what}, and believed; {sealed.engine.dialect.name}",
          f"{len(totals)} places, smallest crowd {min(totals.values())}", seed=SEED, control=True)  # fmt: skip
    assert totals != {("vast", "patient", "open"): 12, ("ost", "patient", "open"): 12}


def test_a_batch_of_the_writers_own_takes_nothing(sealed: Sealed) -> None:
    with write_transaction(sealed.engine) as connection:
        own = batch_of(connection)
        connection.execute(sa.update(tables.batch).where(BATCH.id == own.id).values(collection_mode="gone"))
        batches.add_batches(connection, [replace(own, id="f" * 32, public_key=OWN_KEY.public_key().public_bytes_raw())])
    with pytest.raises(KeysChanged):
        sealed.send(UNIT, a_response())
    assert "were never made: 1" in is_red(sealed) and "belong to somebody else: 1" in is_red(sealed)


def test_two_real_batches_that_changed_places_are_seen(sealed: Sealed) -> None:
    with write_transaction(sealed.engine) as connection:
        one, two = batch_of(connection), batch_of(connection, mode="paper")
        for id_, channel in ((one.id, "x"), (two.id, "open"), (one.id, "paper")):
            connection.execute(sa.update(tables.batch).where(BATCH.id == id_).values(collection_mode=channel))
    with pytest.raises(KeysChanged):
        sealed.send(UNIT, a_response())
    assert "belong to somebody else: 2" in is_red(sealed)


def test_a_loss_that_is_known_of_is_gone_on_with_and_only_then(sealed: Sealed) -> None:
    sealed.fill({UNIT: 14})
    watch(sealed.engine, sealed.volumes)
    with write_transaction(sealed.engine) as connection:
        own = batch_of(connection)
        for each in envelopes.envelopes(connection, own.id)[:2]:
            take_away(connection, each.id)
        connection.execute(sa.update(tables.batch).where(BATCH.id == own.id).values(accepted=12))
    assert "vanished" in is_red(sealed)
    with pytest.raises(SealBroken):
        sealed.close()
    assert accept_loss(sealed.engine, sealed.volumes, ROUND) == 2
    assert is_red(sealed) == ""
    sealed.close()
    assert sealed.totals() == {(UNIT, "patient", "open"): 12}


def test_a_loss_cannot_be_accepted_together_with_a_changed_key(sealed: Sealed) -> None:
    swap(sealed)
    with pytest.raises(SealBroken):
        accept_loss(sealed.engine, sealed.volumes, ROUND)


def test_what_was_noted_is_gone_with_the_keys_and_tells_nothing_before(sealed: Sealed) -> None:
    sealed.fill({UNIT: 12})
    watch(sealed.engine, sealed.volumes)
    files = [folder / f"{ROUND}.noted" for folder in sealed.volumes.private_folders]
    assert {file.stat().st_size for file in files} == {24 * 32}
    content = files[0].read_bytes()
    records = [content[start : start + 32] for start in range(0, len(content), 32)]
    assert records == sorted(records) and files[0].stat().st_mode & 0o777 == 0o600
    sealed.close()
    assert not any(file.exists() for file in files)


def test_a_registry_that_cannot_be_read_stops_answers_and_opening(sealed: Sealed) -> None:
    made = registry_of(sealed.volumes, ROUND)
    for folder in sealed.volumes.pepper_folders:
        (folder / f"{ROUND}.batches").write_text("{")
    with pytest.raises(registry.KeysMissing):
        sealed.send(UNIT, a_response())
    assert "can't be read" in is_red(sealed)
    register(sealed.volumes, ROUND, made)
    assert sealed.send(UNIT, a_response()) is Outcome.ACCEPTED and is_red(sealed) == ""
