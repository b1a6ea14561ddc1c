"""The pooling of answers too few for a unit when a round closes, for one role and one collection mode at a time.

For the closing; plain numbers in, plain numbers out. The promise is kept here: whatever is opened is opened with at
least k − 1 others, and the pools share no envelope, so neither one of them nor any difference between sums of them
covers fewer than k persons. What is left over at the top is filled from many units, a couple of each: a crowd from one
batch would be known to whoever filled that batch.
"""

import random
from bisect import bisect
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate

MAX_DONATED = 2  # at most so many of a unit's envelopes fill up the pool at the top


@dataclass(frozen=True)
class Pool:
    """Envelopes counted together at one place: how many each unit gives."""

    place: str
    contributions: Mapping[str, int]

    @property
    def size(self) -> int:
        """The number of envelopes in the pool."""
        return sum(self.contributions.values())


@dataclass(frozen=True)
class PoolingPlan:
    """The pools to open, and how many of each unit's envelopes are destroyed unopened."""

    pools: tuple[Pool, ...]
    destroyed: Mapping[str, int]


def plan_pooling(
    counts: Mapping[str, int], parents: Mapping[str, str | None], k: int, rng: random.Random
) -> PoolingPlan:
    """Pool counts upwards until every pool holds k. `parents`: the place above each place, None above the region.

    What is too small even there takes what is missing from the larger pools, at random, at most `MAX_DONATED` a unit;
    where they have too little to give, or one unit is more than half of all, it is destroyed unopened.
    """
    pools: list[Pool] = []
    waiting = [Pool(unit, {unit: count}) for unit, count in sorted(counts.items()) if count]
    while True:
        pools += [pool for pool in waiting if pool.size >= k]
        small = [pool for pool in waiting if pool.size < k]
        if not small:
            return PoolingPlan(tuple(pools), {})
        if all(parents[pool.place] is None for pool in small):
            return _at_the_top(pools, _joined(small, small[0].place), k, rng)
        waiting = _one_level_up(small, parents)


def _one_level_up(small: list[Pool], parents: Mapping[str, str | None]) -> list[Pool]:
    # The deepest go first: a unit right below the region waits for those that pass a municipality.
    deepest = max(_depth(pool.place, parents) for pool in small)
    places: dict[str, list[Pool]] = {}
    for pool in small:
        above = parents[pool.place] if _depth(pool.place, parents) == deepest else pool.place
        places.setdefault(above or pool.place, []).append(pool)
    return [_joined(group, place) for place, group in sorted(places.items())]


def _depth(place: str, parents: Mapping[str, str | None]) -> int:
    above = parents[place]
    return 0 if above is None else 1 + _depth(above, parents)


def _at_the_top(pools: list[Pool], rest: Pool, k: int, rng: random.Random) -> PoolingPlan:
    given = _given(pools, rest, k, rng)
    if given is None:
        return PoolingPlan(tuple(pools), rest.contributions)
    left = (_less(pool, given) for pool in pools)
    return PoolingPlan((*left, _joined([rest, Pool(rest.place, given)], rest.place)), {})


def _given(pools: list[Pool], rest: Pool, k: int, rng: random.Random) -> Counter[str] | None:
    """Draw what is missing one by one from the pools that keep a crowd; return None where it is not to be had."""
    of_each = _joined([*pools, rest], rest.place).contributions
    if 2 * max(of_each.values()) > sum(of_each.values()):
        return None
    spare = {pool.place: pool.size - k for pool in pools}
    offered = [(unit, n, pool.place) for pool in pools for unit, n in sorted(pool.contributions.items())]
    given: Counter[str] = Counter()
    while given.total() < k - rest.size:
        # Each envelope that may still be given is as likely as the next. They are never listed: there may be millions.
        left = [n - given[unit] if spare[place] and given[unit] < MAX_DONATED else 0 for unit, n, place in offered]
        if not any(left):
            return None
        unit, _n, place = offered[bisect(list(accumulate(left)), rng.randrange(sum(left)))]
        given[unit] += 1
        spare[place] -= 1
    return given


def _less(pool: Pool, given: Mapping[str, int]) -> Pool:
    # All of a unit's envelopes are in one pool, so those it gives away are taken from this one.
    left = {unit: count - given.get(unit, 0) for unit, count in pool.contributions.items()}
    return Pool(pool.place, {unit: count for unit, count in left.items() if count})


def _joined(pools: list[Pool], place: str) -> Pool:
    gives: Counter[str] = Counter()
    for pool in pools:
        gives.update(pool.contributions)
    return Pool(place, dict(gives))
