"""Counting of opened responses, in memory. For the closing, which noises the counts and writes nothing else.

What is kept follows how many batches and groups there are, never how many answered: a response is counted as it is
opened and forgotten, but for the few of a batch that chance may move to another pool.
"""

import heapq
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from survey.domain.disclosure.pooling import MAX_DONATED, Pool, plan_pooling
from survey.domain.questions.background import GROUPINGS, folded, groups_as_stated
from survey.domain.questions.responses import Response

ALL = "all"

Counts = Counter[tuple[str, str]]
Group = tuple[str, str]  # a grouping, and a group of it


@dataclass
class OpenedBatch:
    """A batch, or a part of one, opened and counted in memory.

    `movable`: lots and counts of the responses with the lowest lots, as many as may be moved. `stated`: of second
    envelopes, the counts of each group that respondents stated, which may be a group of one.
    """

    batch: str
    place: str = ""
    counts: Counts = field(default_factory=Counter)
    movable: list[tuple[bytes, Counts]] = field(default_factory=list)
    stated: dict[Group, Counts] = field(default_factory=dict)
    unreadable: int = 0

    @property
    def size(self) -> int:
        """The number of readable responses."""
        return self.counts[ALL, ALL]

    def add(self, response: Response, lot: bytes, *, background: bool = False) -> None:
        """Count one more response."""
        one = counts_of([response])
        self.counts.update(one)
        if background:
            for group in groups_as_stated(response.background).items():
                self.stated.setdefault(group, Counter()).update(one)
        else:
            self._let_move([(lot, one)])

    def join(self, other: "OpenedBatch") -> None:
        """Count another part of the batch too; the order in which parts come makes no difference."""
        self.counts.update(other.counts)
        self._let_move(other.movable)
        for group, counts in other.stated.items():
            self.stated.setdefault(group, Counter()).update(counts)
        self.unreadable += other.unreadable

    def _let_move(self, some: list[tuple[bytes, Counts]]) -> None:
        if len(self.movable) < MAX_DONATED or any(lot < self.movable[-1][0] for lot, _counts in some):
            self.movable = heapq.nsmallest(MAX_DONATED, (*self.movable, *some), key=_lot)

    def moved(self, number: int) -> Counts:
        """Return the counts of the responses that are moved away, when so many are."""
        return sum((counts for _lot, counts in self.movable[:number]), Counter())


@dataclass(frozen=True)
class BatchCount:
    """A batch's envelopes: numbers counted, pooled and destroyed."""

    counted: int
    pooled: int
    destroyed: int


@dataclass(frozen=True)
class ClassCount:
    """Counts of one role and collection mode of a round."""

    places: Mapping[str, Counts] = field(default_factory=dict)
    batches: Mapping[str, BatchCount] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        """Return whether every envelope of the class was counted somewhere."""
        return not any(batch.destroyed for batch in self.batches.values())

    @property
    def size(self) -> int:
        """The number of responses counted."""
        return sum(counts[ALL, ALL] for counts in self.places.values())


def count_class(
    opened: Sequence[OpenedBatch], parents: Mapping[str, str | None], k: int, rng: random.Random
) -> ClassCount:
    """Pool one role and collection mode, and count each pool at its place."""
    readable = {batch.place: batch for batch in opened}
    made = plan_pooling({place: batch.size for place, batch in readable.items()}, parents, k, rng)
    places: dict[str, Counts] = {}
    own: Counter[str] = Counter()
    for pool in made.pools:
        places[pool.place] = _counts_of_pool(pool, readable, is_filled_up=pool is made.pools[-1])
        own[pool.place] = pool.contributions.get(pool.place, 0)
    return ClassCount(
        places,
        {batch.batch: _batch_count(batch, own[batch.place], made.destroyed.get(batch.place, 0)) for batch in opened},
    )


def _counts_of_pool(pool: Pool, readable: Mapping[str, OpenedBatch], *, is_filled_up: bool) -> Counts:
    """Return a pool's counts; the last one of a plan is the one that may have been filled up by others."""
    counts: Counts = Counter()
    for unit, gives in pool.contributions.items():
        batch = readable[unit]
        if gives == batch.size:
            counts.update(batch.counts)
        elif is_filled_up:
            counts.update(batch.moved(gives))
        else:
            counts.update(batch.counts)
            counts.subtract(batch.moved(batch.size - gives))
    return counts


def counts_of(responses: Iterable[Response]) -> Counts:
    """Count each code of each question; `all` counts responses."""
    counts: Counts = Counter()
    for response in responses:
        counts[ALL, ALL] += 1
        counts.update(response.answers.items())
    return counts


def count_background(stated: Mapping[Group, Counts], smallest: int) -> dict[Group, Counts]:
    """Count each code by group, one grouping at a time; stated groups under `smallest` are folded first."""
    counts: dict[Group, Counts] = {}
    for grouping in GROUPINGS:
        sizes = {group: n[ALL, ALL] for (of, group), n in stated.items() if of == grouping}
        for group, target in folded(sizes, smallest).items():
            counts.setdefault((grouping, target), Counter()).update(stated[grouping, group])
    return counts


def _lot(drawn: tuple[bytes, Counts]) -> bytes:
    return drawn[0]


def _batch_count(batch: OpenedBatch, own: int, destroyed: int) -> BatchCount:
    moved = batch.size - own - destroyed
    return BatchCount(own, moved, destroyed + batch.unreadable)
