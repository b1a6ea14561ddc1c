"""The check of the seal: are waiting envelopes as they were made and seen?

For `flask check --deep`, run as the worker's account.
"""

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection

from survey.domain.rounds.lifecycle import Round
from survey.sealing.checks.finding import Finding
from survey.sealing.intake import envelope
from survey.sealing.keys.key_volumes import OUTBOX_KEY, KeysMissing, KeyVolumes
from survey.sealing.keys.registry import is_over, registry_of
from survey.sealing.rounds.noted import SealBroken, refuse_changed_batches, refuse_vanished
from survey.store.channels import outbox


def check_seal(connection: Connection, volumes: KeyVolumes, known: Iterable[Round]) -> Finding:
    """Check that every public key has its private key here, and every noted envelope is there."""
    faults = [f"{round_.key}: {fault}" for round_ in known for fault in _faults(connection, volumes, round_)]
    return Finding("seal", not faults, "; ".join(faults) or "keys and envelopes are as they were made and seen")


def _faults(connection: Connection, volumes: KeyVolumes, round_: Round) -> Iterator[str]:
    if round_.state in ("draft", "opening", "open") and is_over(volumes, round_.key):
        yield "has been closed, and this database is from before that"
    if round_.state not in ("open", "closing"):
        return
    try:
        registry = registry_of(volumes, round_.key)
        pairs = {each.id: each.public_key for each in registry.batches} | {OUTBOX_KEY: registry.outbox_key}
        alien = sum(not _belongs(volumes, round_.key, name, public) for name, public in pairs.items())
        if alien:
            yield f"public keys without their private one: {alien}"
        if outbox.key(connection, round_.key) != registry.outbox_key:
            yield "the key of waiting messages is not the one that was made"
        refuse_changed_batches(connection, round_.key, registry)
        refuse_vanished(connection, volumes, round_.key)
    except (KeysMissing, SealBroken) as fault:
        yield str(fault)


def _belongs(volumes: KeyVolumes, round_key: str, name: str, public: bytes) -> bool:
    private = envelope.private_key(volumes.private_key(round_key, name))
    return private.public_key().public_bytes_raw() == public
