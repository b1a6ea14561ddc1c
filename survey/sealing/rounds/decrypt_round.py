"""Decryption of a round, counted in memory: what can't be opened in a crowd is never opened. For the closing."""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from survey.domain.questions.answer_scale import ROLES
from survey.domain.questions.background import SMALLEST_BATCH
from survey.domain.rounds.collection_modes import COLLECTION_MODES, background_mode
from survey.domain.rounds.lifecycle import Round
from survey.sealing.keys.key_volumes import RNG_SEED, KeyVolumes
from survey.sealing.keys.registry import registry_of
from survey.sealing.rounds.counting import (
    BatchCount,
    ClassCount,
    Counts,
    Group,
    OpenedBatch,
    count_background,
    count_class,
)
from survey.sealing.rounds.decryption import Decrypt, Decryption, Parts, SealedPart, decrypting, lots_of
from survey.sealing.rounds.noted import refuse_changed_batches, refuse_vanished
from survey.store.answers import batches, envelopes
from survey.store.answers.batches import Batch

PART = 500  # envelopes decrypted in one go

Progress = Callable[[int, int], None]  # how many of how many envelopes are dealt with


def no_progress(done: int, of: int) -> None:
    """Do nothing: where nobody waits to be told."""


@dataclass(frozen=True)
class Counted:
    """Exact counts of a round, in memory: noised before anything is written."""

    classes: Mapping[tuple[str, str], ClassCount]
    background: Mapping[Group, Counts]
    batches: Mapping[str, BatchCount]


@dataclass
class _Sealed:
    """The round's batches, and the number of envelopes that wait in each."""

    connection: Connection
    batches: list[Batch]
    waiting: Mapping[str, int]
    progress: Progress
    done: int = 0

    def of(self, role: str, mode: str) -> list[Batch]:
        return [batch for batch in self.batches if (batch.role, batch.collection_mode) == (role, mode)]

    def size(self, some: Iterable[Batch]) -> int:
        return sum(self.waiting.get(batch.id, 0) for batch in some)

    def destroyed(self, some: Iterable[Batch]) -> dict[str, BatchCount]:
        self._tell(self.size(some := list(some)))
        return {batch.id: BatchCount(0, 0, self.waiting.get(batch.id, 0)) for batch in some}

    def opened(self, some: Iterable[Batch], decrypt: Decrypt) -> list[OpenedBatch]:
        """Open batches, part by part; no more of them is in memory than a few parts and the counts."""
        found = {batch.id: OpenedBatch(batch.id, batch.place) for batch in some}
        for opened in decrypt(self._parts(found)):
            for part in opened:
                found[part.batch].join(part)
            self._tell(sum(part.size + part.unreadable for part in opened))
        return list(found.values())

    def _parts(self, names: Iterable[str]) -> Iterator[Parts]:
        parts, size = [], 0
        for name in names:
            for rows in envelopes.sealed_by(self.connection, name, PART) if self.waiting.get(name) else ():
                parts.append(SealedPart(name, rows))
                size += len(rows)
                if size >= PART:
                    yield parts
                    parts, size = [], 0
        if parts:
            yield parts

    def _tell(self, more: int) -> None:
        self.done += more
        self.progress(self.done, sum(self.waiting.values()))


def count_round(
    connection: Connection,
    volumes: KeyVolumes,
    round_: Round,
    rng: random.Random,
    progress: Progress = no_progress,
) -> Counted:
    """Open and count a round; raise KeysMissing for an unreadable key, SealBroken when what waits was changed.

    Batches, thresholds and the tree are those of the registry, from the opening of the round.
    """
    registry = registry_of(volumes, round_.key)
    refuse_changed_batches(connection, round_.key, registry)
    refuse_vanished(connection, volumes, round_.key)
    sealed = _Sealed(
        connection, batches.batches(connection, round_.key), envelopes.waiting(connection, round_.key), progress
    )
    decryption = Decryption(volumes, round_.key, lots_of(volumes.private_key(round_.key, RNG_SEED)))
    classes: dict[tuple[str, str], ClassCount] = {}
    with decrypting(decryption, sum(sealed.waiting.values())) as decrypt_of:
        for role in ROLES:
            for mode in COLLECTION_MODES:
                some, k = sealed.of(role, mode), registry.threshold(role)
                if sealed.size(some) < k:
                    classes[role, mode] = ClassCount({}, sealed.destroyed(some))
                else:
                    opened = sealed.opened(some, decrypt_of(False))
                    classes[role, mode] = count_class(opened, registry.parents, k, rng)
        stated, settled = _background(sealed, classes, decrypt_of(True))
    settled |= {name: count for each in classes.values() for name, count in each.batches.items()}
    return Counted(classes, count_background(stated, registry.protection.smallest_group), settled)


def _background(
    sealed: _Sealed, classes: Mapping[tuple[str, str], ClassCount], decrypt: Decrypt
) -> tuple[dict[Group, Counts], dict[str, BatchCount]]:
    """Return the counts of all stated groups, and the fates of the second envelopes."""
    stated: dict[Group, Counts] = {}
    settled: dict[str, BatchCount] = {}
    for mode in COLLECTION_MODES:
        some = sealed.of("patient", background_mode(mode))
        read = _covering(sealed, some, classes["patient", mode], decrypt)
        if read is None:
            settled |= sealed.destroyed(some)
            continue
        settled[read.batch] = BatchCount(read.size, 0, 0)
        for group, counts in read.stated.items():
            stated.setdefault(group, Counter()).update(counts)
    return stated, settled


def _covering(sealed: _Sealed, some: list[Batch], counted: ClassCount, decrypt: Decrypt) -> OpenedBatch | None:
    """Return a class's second envelopes if they are those of exactly the answers counted in it; else None.

    Otherwise the two sums would differ by a few persons' answers, and give them away.
    """
    size = sealed.size(some)
    if size < SMALLEST_BATCH or not counted.is_complete or counted.size != size:
        return None
    (opened,) = sealed.opened(some, decrypt)
    return None if opened.unreadable else opened
