"""What opens where when a round closes: pure numbers, for one role and one channel class at a time.

For the closing. The promise is kept here: whatever is opened is opened with at least k − 1 others, and
the pools share no envelope, so neither one of them nor any difference between sums of them covers fewer
than k persons.
"""

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Pool:
    """Envelopes counted together at one place: how many each unit gives."""

    place: str
    gives: Mapping[str, int]

    @property
    def size(self) -> int:
        """How many envelopes."""
        return sum(self.gives.values())


@dataclass(frozen=True)
class Plan:
    """The pools to open, and how many of each unit's envelopes are destroyed unopened."""

    pools: tuple[Pool, ...]
    destroyed: Mapping[str, int]


def plan(counts: Mapping[str, int], parents: Mapping[str, str | None], k: int, chance: random.Random) -> Plan:
    """Pool upwards until every pool holds k. `parents`: the place above each place, None above the region."""
    pools: list[Pool] = []
    waiting = [Pool(unit, {unit: count}) for unit, count in sorted(counts.items()) if count]
    while True:
        pools += [pool for pool in waiting if pool.size >= k]
        small = [pool for pool in waiting if pool.size < k]
        if not small:
            return Plan(tuple(pools), {})
        if all(parents[pool.place] is None for pool in small):
            return _at_the_top(pools, _joined(small, small[0].place), k, chance)
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


def _at_the_top(pools: list[Pool], rest: Pool, k: int, chance: random.Random) -> Plan:
    if not pools:
        return Plan((), rest.gives)
    most = max(pool.size for pool in pools)
    donor = chance.choice([pool for pool in pools if pool.size == most])
    missing = k - rest.size
    others = [pool for pool in pools if pool is not donor]
    if donor.size - missing < k:
        # Less than a crowd would be left behind: the whole donor joins.
        return Plan((*others, _joined([donor, rest], rest.place)), {})
    every_one = [unit for unit, count in donor.gives.items() for _ in range(count)]
    given = Counter(chance.sample(every_one, missing))
    left = {unit: count - given[unit] for unit, count in donor.gives.items() if count > given[unit]}
    return Plan((*others, Pool(donor.place, left), _joined([rest, Pool(donor.place, given)], rest.place)), {})


def _joined(pools: list[Pool], place: str) -> Pool:
    gives: Counter[str] = Counter()
    for pool in pools:
        gives.update(pool.gives)
    return Pool(place, dict(gives))
