"""Decryption of envelopes, part by part: here, or on all processors where there are very many. For the closing.

A process that decrypts is one of the worker's own account and ends with it and with the closing. It is kept as private
as the worker is, before it is handed anything: no dump, no look into it, no page of it on a disk. Keys are not sent:
it reads the one that it needs on the volume. What it sends back are counts, never a response.
"""

import hmac
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from typing import NamedTuple

from survey.domain.questions.responses import UnreadableResponse, unpack
from survey.machine.process import end_with_parent, keep_memory_private
from survey.sealing.intake import envelope
from survey.sealing.keys.key_volumes import KeyVolumes
from survey.sealing.rounds.counting import OpenedBatch

MIN_FOR_PROCESSES = 5_000  # fewer envelopes are opened before another process has started
MAX_PROCESSES = 4
PARTS_AHEAD = 3  # for each process: so many wait, or wait to be read


class SealedPart(NamedTuple):
    """Some of a batch's envelopes: their ids, and the sealed bytes."""

    batch: str
    envelopes: list[tuple[bytes, bytes]]


Parts = list[SealedPart]  # what is decrypted in one go
Decrypt = Callable[[Iterable[Parts]], Iterator[list[OpenedBatch]]]


@dataclass(frozen=True)
class Decryption:
    """The decryption of one round: the volumes of its keys, and the key that its lots are drawn with."""

    volumes: KeyVolumes
    round: str
    lots: bytes

    def open_parts(self, parts: Parts, *, background: bool) -> list[OpenedBatch]:
        """Open and count parts of batches; raise KeysMissing for a key that can't be read."""
        pepper = self.volumes.pepper_of(self.round)
        return [self._open_part(part, pepper, background) for part in parts]

    def _open_part(self, part: SealedPart, pepper: bytes, background: bool) -> OpenedBatch:
        key = envelope.private_key(self.volumes.private_key(self.round, part.batch))
        opened = OpenedBatch(part.batch)
        for name, sealed in part.envelopes:
            try:
                response = unpack(envelope.open_response(sealed, key, part.batch, name, pepper))
            except (envelope.UnreadableEnvelope, UnreadableResponse):
                opened.unreadable += 1
                continue
            opened.add(response, hmac.digest(self.lots, name, "sha256"), background=background)
        return opened


def lots_of(seed: bytes) -> bytes:
    """Return the key of a round's lots, from its seed: whose answers are moved when a pool is filled up."""
    return hmac.digest(seed, b"lots-1", "sha256")


@contextmanager
def decrypting(decryption: Decryption, envelopes: int) -> Iterator[Callable[[bool], Decrypt]]:
    """Hold what decrypts so many envelopes; it is asked for first or for second ones."""
    processes = min(len(os.sched_getaffinity(0)), MAX_PROCESSES)
    pool = _started(processes) if envelopes >= MIN_FOR_PROCESSES and processes > 1 else None
    if pool is None:
        yield lambda background: partial(map, partial(decryption.open_parts, background=background))
        return
    ahead = processes * PARTS_AHEAD
    try:
        yield lambda background: partial(_ahead, pool, partial(decryption.open_parts, background=background), ahead)
    finally:
        pool.shutdown(cancel_futures=True)


def _started(processes: int) -> ProcessPoolExecutor | None:
    """Start processes; return None on a system that lets no more of them run, or none that is private."""
    try:
        # From nothing: a fork would have all that the worker's memory holds, and its threads' locks.
        pool = ProcessPoolExecutor(processes, get_context("spawn"), _begin, (os.getpid(),))
        pool.submit(os.getpid).result()
    except (OSError, ImportError, NotImplementedError, BrokenProcessPool):
        return None
    return pool


def _begin(worker: int) -> None:
    """Begin a process that decrypts: nothing has been read when this is done."""
    keep_memory_private()
    end_with_parent(worker)
    # Who stops the worker may signal all of its processes. It ends its turn first, and this is a part of that.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)


def _ahead(
    pool: ProcessPoolExecutor, open_parts: Callable[[Parts], list[OpenedBatch]], ahead: int, some: Iterable[Parts]
) -> Iterator[list[OpenedBatch]]:
    """Yield what is opened, in order, with a bounded number of parts under way."""
    under_way: deque[Future[list[OpenedBatch]]] = deque()
    for parts in some:
        under_way.append(pool.submit(open_parts, parts))
        if len(under_way) >= ahead:
            yield under_way.popleft().result()
    while under_way:
        yield under_way.popleft().result()
