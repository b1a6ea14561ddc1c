"""Counting of opened responses, in memory. For the closing, which noises the counts and writes nothing else."""

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from survey.domain.disclosure.pooling import plan_pooling
from survey.domain.questions.background import groups
from survey.domain.questions.responses import Response

ALL = "all"

Counts = Counter[tuple[str, str]]


@dataclass(frozen=True)
class OpenedBatch:
    """A batch opened in memory: the readable responses, and the number of unreadable envelopes."""

    batch: str
    place: str
    responses: Sequence[Response]
    unreadable: int = 0


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
    readable = {batch.place: list(batch.responses) for batch in opened}
    made = plan_pooling({place: len(responses) for place, responses in readable.items()}, parents, k, rng)
    for responses in readable.values():
        rng.shuffle(responses)
    places: dict[str, Counts] = {}
    own: Counter[str] = Counter()
    for pool in made.pools:
        members = [readable[unit].pop() for unit, gives in pool.contributions.items() for _ in range(gives)]
        places[pool.place] = counts_of(members)
        own[pool.place] = pool.contributions.get(pool.place, 0)
    return ClassCount(
        places,
        {batch.batch: _batch_count(batch, own[batch.place], made.destroyed.get(batch.place, 0)) for batch in opened},
    )


def counts_of(responses: Iterable[Response]) -> Counts:
    """Count each code of each question; `all` counts responses."""
    counts: Counts = Counter()
    for response in responses:
        counts[ALL, ALL] += 1
        counts.update(response.answers.items())
    return counts


def count_background(responses: Sequence[Response], smallest: int) -> dict[tuple[str, str], Counts]:
    """Count each code by group, one grouping at a time; groups under `smallest` are folded first."""
    counts: dict[tuple[str, str], Counts] = {}
    for grouping, group_of in groups((response.background for response in responses), smallest).items():
        for response in responses:
            own = counts.setdefault((grouping, group_of(response.background)), Counter())
            own[ALL, ALL] += 1
            own.update(response.answers.items())
    return counts


def _batch_count(batch: OpenedBatch, own: int, destroyed: int) -> BatchCount:
    moved = len(batch.responses) - own - destroyed
    return BatchCount(own, moved, destroyed + batch.unreadable)
