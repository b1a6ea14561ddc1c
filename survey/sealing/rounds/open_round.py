"""The opening of a round: a pepper, a key pair for each batch, then the rows that name them. For the worker.

Keys first, whole and fsynced on both volumes, then all rows and the state in one transaction: killed at
any step, a rerun begins again, and what no row names is swept.
"""

import secrets

from sqlalchemy import Engine

from survey.config import Settings
from survey.domain.disclosure.protection import Protection
from survey.domain.places.place_tree import PlaceTree
from survey.domain.questions.answer_scale import ROLES
from survey.domain.rounds.collection_modes import COLLECTION_MODES, background_mode
from survey.domain.rounds.lifecycle import Round, RoundError, concurrent_round
from survey.sealing.intake import envelope
from survey.sealing.keys.durable import Checkpoint, no_checkpoint
from survey.sealing.keys.key_storage import prepare_volumes, refuse_shared_device
from survey.sealing.keys.key_volumes import KEY_SIZE, OUTBOX_KEY, RNG_SEED, KeyVolumes
from survey.sealing.keys.registry import RegisteredBatch, Registry, is_over, register
from survey.sealing.keys.transport_key import make_transport_key
from survey.store.answers import batches
from survey.store.answers.batches import Batch
from survey.store.channels import kiosks, outbox
from survey.store.core import places, rounds
from survey.store.database.engine import read_transaction, write_transaction


def open_round(engine: Engine, settings: Settings, round_key: str, checkpoint: Checkpoint = no_checkpoint) -> None:
    """Open a round; raise KeysRefused where the keys would lie with the answers. Safe to run again."""
    refuse_shared_device(settings, engine)
    volumes = prepare_volumes(settings)
    with volumes.locked():
        round_ = _opening(engine, volumes, round_key)
        if round_.state != "opening":
            return
        checkpoint("asked")
        volumes.make_pepper(round_key)
        make_transport_key(volumes, round_key)
        checkpoint("pepper")
        # What a killed opening left behind is named by no row.
        volumes.erase_private(round_key)
        made, registry = _made(engine, volumes, round_, settings.protection, checkpoint)
        register(volumes, round_key, registry)
        checkpoint("keys")
        with write_transaction(engine) as connection:
            if rounds.lock_round_for_closing(connection, round_key) != "opening":
                raise RoundError(round_key, "not_opening")
            batches.add_batches(connection, made)
            outbox.add_key(connection, round_key, registry.outbox_key)
            rounds.set_protection(connection, round_key, registry.protection.text())
            checkpoint("rows")
            kiosks.forget_late(connection)
            rounds.set_state(connection, round_key, "open")
        checkpoint("open")


def _opening(engine: Engine, volumes: KeyVolumes, round_key: str) -> Round:
    with write_transaction(engine) as connection:
        found = rounds.get_round(connection, round_key)
        if found is None:
            raise RoundError(round_key, "no_such_round")
        if found.state in ("draft", "opening"):
            _refuse_concurrent(rounds.rounds(connection), round_key)
            _refuse_again(volumes, round_key)
        if found.state == "draft":
            rounds.set_state(connection, round_key, "opening")
        return rounds.get_round(connection, round_key) or found


def _refuse_again(volumes: KeyVolumes, round_key: str) -> None:
    # A database from before: the web would go on refusing what comes to it.
    if is_over(volumes, round_key):
        raise RoundError(round_key, "closed_before")


def _refuse_concurrent(known: list[Round], round_key: str) -> None:
    # Two that both wait to be opened would otherwise wait for each other.
    if open_now := concurrent_round(known, round_key, ("open", "closing")):
        raise RoundError(round_key, "another_open", other=open_now.key)


def _made(
    engine: Engine, volumes: KeyVolumes, round_: Round, strength: Protection, checkpoint: Checkpoint
) -> tuple[list[Batch], Registry]:
    with read_transaction(engine) as connection:
        tree = PlaceTree(places.all_places(connection))
    asked = tree.in_force(round_.opens, round_.accepts_until)
    wanted = [
        (unit.key, role, channel)
        for unit in asked.units_below(asked.region.key)
        for role in ROLES
        for channel in COLLECTION_MODES
    ]
    wanted += [(asked.region.key, "patient", background_mode(channel)) for channel in COLLECTION_MODES]
    messages = envelope.new_key()
    own = {RNG_SEED: secrets.token_bytes(KEY_SIZE), OUTBOX_KEY: messages.private_bytes_raw()}
    volumes.make_private(round_.key, own)
    made, keys = [], {}
    for place, role, channel in wanted:
        key, name = envelope.new_key(), secrets.token_hex(16)
        keys[name] = key.private_bytes_raw()
        made.append(Batch(name, place, round_.key, role, channel, key.public_key().public_bytes_raw()))
    volumes.make_private(round_.key, keys, checkpoint)
    thresholds = {role: round_.threshold(role) for role in ROLES}
    registered = tuple(
        RegisteredBatch(each.id, each.place, each.role, each.collection_mode, each.public_key) for each in made
    )
    levels = {place.key: place.level for place in asked}
    public = messages.public_key().public_bytes_raw()
    return made, Registry(thresholds, asked.parents, public, registered, levels, strength)
