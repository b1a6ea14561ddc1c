"""Decryption of a round, counted in memory: what can't be opened in a crowd is never opened. For the closing."""

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from survey.domain.questions.answer_scale import ROLES
from survey.domain.questions.background import SMALLEST_BATCH
from survey.domain.questions.responses import Response, UnreadableResponse, unpack
from survey.domain.rounds.collection_modes import COLLECTION_MODES, background_mode
from survey.domain.rounds.lifecycle import Round
from survey.sealing.intake import envelope
from survey.sealing.keys.key_volumes import KeyVolumes
from survey.sealing.keys.registry import registry_of
from survey.sealing.rounds.counting import BatchCount, ClassCount, Counts, OpenedBatch, count_background, count_class
from survey.sealing.rounds.noted import refuse_changed_batches, refuse_vanished
from survey.store.answers import batches, envelopes
from survey.store.answers.batches import Batch


@dataclass(frozen=True)
class Counted:
    """Exact counts of a round, in memory: noised before anything is written."""

    classes: Mapping[tuple[str, str], ClassCount]
    background: Mapping[tuple[str, str], Counts]
    batches: Mapping[str, BatchCount]


class _Sealed:
    """The round's batches, and the number of envelopes that wait in each."""

    def __init__(self, connection: Connection, volumes: KeyVolumes, round_: Round) -> None:
        self.connection = connection
        self.volumes = volumes
        self.pepper = volumes.pepper_of(round_.key)
        self.batches = batches.batches(connection, round_.key)
        self.waiting = envelopes.waiting(connection, round_.key)

    def of(self, role: str, mode: str) -> list[Batch]:
        return [batch for batch in self.batches if (batch.role, batch.collection_mode) == (role, mode)]

    def size(self, some: Iterable[Batch]) -> int:
        return sum(self.waiting.get(batch.id, 0) for batch in some)

    def destroyed(self, some: Iterable[Batch]) -> dict[str, BatchCount]:
        return {batch.id: BatchCount(0, 0, self.waiting.get(batch.id, 0)) for batch in some}

    def opened(self, batch: Batch) -> OpenedBatch:
        if not self.waiting.get(batch.id):
            return OpenedBatch(batch.id, batch.place, [])
        key = envelope.private_key(self.volumes.private_key(batch.round, batch.id))
        responses, unreadable = [], 0
        for each in envelopes.envelopes(self.connection, batch.id):
            try:
                response = unpack(envelope.open_response(each.sealed, key, batch.id, each.id, self.pepper))
            except (envelope.UnreadableEnvelope, UnreadableResponse):
                unreadable += 1
                continue
            responses.append(response)
        return OpenedBatch(batch.id, batch.place, responses, unreadable)


def count_round(connection: Connection, volumes: KeyVolumes, round_: Round, rng: random.Random) -> Counted:
    """Open and count a round; raise KeysMissing for an unreadable key, SealBroken when what waits was changed.

    Batches, thresholds and the tree are those of the registry, from the opening of the round.
    """
    registry = registry_of(volumes, round_.key)
    refuse_changed_batches(connection, round_.key, registry)
    refuse_vanished(connection, volumes, round_.key)
    sealed = _Sealed(connection, volumes, round_)
    classes: dict[tuple[str, str], ClassCount] = {}
    for role in ROLES:
        for mode in COLLECTION_MODES:
            some, k = sealed.of(role, mode), registry.threshold(role)
            if sealed.size(some) < k:
                classes[role, mode] = ClassCount({}, sealed.destroyed(some))
            else:
                opened = [sealed.opened(batch) for batch in some]
                classes[role, mode] = count_class(opened, registry.parents, k, rng)
    settled = {name: count for each in classes.values() for name, count in each.batches.items()}
    background: list[Response] = []
    for mode in COLLECTION_MODES:
        some = sealed.of("patient", background_mode(mode))
        read = _covering(sealed, some, classes["patient", mode])
        background += read
        settled |= sealed.destroyed(some) if not read else {some[0].id: BatchCount(len(read), 0, 0)}
    groups = count_background(background, registry.protection.smallest_group)
    return Counted(classes, groups, settled)


def _covering(sealed: _Sealed, some: list[Batch], counted: ClassCount) -> list[Response]:
    """Return a class's second envelopes if they are those of exactly the answers counted in it; else none.

    Otherwise the two sums would differ by a few persons' answers, and give them away.
    """
    size = sealed.size(some)
    if size < SMALLEST_BATCH or not counted.is_complete or counted.size != size:
        return []
    opened = sealed.opened(some[0])
    return [] if opened.unreadable else list(opened.responses)
