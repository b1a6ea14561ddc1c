"""Whatever opens, opens in a crowd: no pool, and no difference between sums of pools, covers fewer than k."""

import random
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from survey.domain.pooling import Plan, Pool, plan

PARENTS: dict[str, str | None] = {
    "region": None,
    "krokom": "region",
    "are": "region",
    "berg": "region",
    "k1": "krokom",
    "k2": "krokom",
    "k3": "krokom",
    "a1": "are",
    "a2": "are",
    "b1": "berg",
    "r1": "region",
}
UNITS = ("k1", "k2", "k3", "a1", "a2", "b1", "r1")
COUNTS = st.dictionaries(st.sampled_from(UNITS), st.integers(0, 35))
K = st.sampled_from([5, 10, 13])


def made(counts: dict[str, int], k: int = 10, seed: int = 1) -> Plan:
    return plan(counts, PARENTS, k, random.Random(seed))


def at(found: Plan) -> dict[str, dict[str, int]]:
    return {pool.place: dict(pool.gives) for pool in found.pools}


@given(COUNTS, K, st.integers())
@settings(max_examples=1500, deadline=None)
def test_every_pool_is_a_crowd_and_every_envelope_stands_once(counts: dict[str, int], k: int, seed: int) -> None:
    found = made(counts, k, seed)
    assert all(pool.size >= k for pool in found.pools)
    assert len({pool.place for pool in found.pools}) == len(found.pools)
    stands = Counter(dict(found.destroyed))
    for pool in found.pools:
        stands.update(pool.gives)
        assert all(n > 0 for n in pool.gives.values())
    assert stands == Counter({unit: n for unit, n in counts.items() if n})


@given(COUNTS, K, st.integers())
@settings(deadline=None)
def test_destroyed_is_only_all_or_nothing_and_only_below_k(counts: dict[str, int], k: int, seed: int) -> None:
    found = made(counts, k, seed)
    assert not found.destroyed or not found.pools
    assert bool(found.destroyed) is (0 < sum(counts.values()) < k)


@given(COUNTS, K, st.integers())
@settings(deadline=None)
def test_the_same_chance_makes_the_same_plan(counts: dict[str, int], k: int, seed: int) -> None:
    assert made(counts, k, seed) == made(dict(reversed(counts.items())), k, seed)


@given(COUNTS, K)
@settings(deadline=None)
def test_a_unit_gives_only_to_places_above_it(counts: dict[str, int], k: int) -> None:
    for pool in made(counts, k).pools:
        for unit in pool.gives:
            above, path = unit, [unit]
            while PARENTS[above] is not None:
                above = PARENTS[above] or ""
                path.append(above)
            assert pool.place in path


def test_ten_open_at_their_unit_and_nine_go_up() -> None:
    assert at(made({"k1": 10, "k2": 9, "k3": 1})) == {"k1": {"k1": 10}, "krokom": {"k2": 9, "k3": 1}}


def test_what_a_municipality_cannot_hold_meets_at_the_region() -> None:
    assert at(made({"k1": 4, "a1": 3, "b1": 2, "r1": 1})) == {"region": {"k1": 4, "a1": 3, "b1": 2, "r1": 1}}


def test_a_unit_right_below_the_region_waits_for_the_municipalities() -> None:
    assert at(made({"r1": 5, "k1": 5, "b1": 20})) == {"region": {"r1": 5, "k1": 5}, "b1": {"b1": 20}}


def test_the_remainder_of_each_size_takes_what_is_missing_from_the_largest() -> None:
    for rest in range(1, 10):
        found = at(made({"k1": rest, "a1": 30, "b1": 25}))
        assert found["region"] == {"k1": rest, "a1": 10 - rest}
        assert found["a1"] == {"a1": 20 + rest}
        assert found["b1"] == {"b1": 25}


def test_a_donor_that_would_fall_below_the_threshold_joins_whole() -> None:
    for rest in range(1, 10):
        found = at(made({"k1": rest, "a1": 11}))
        if rest == 9:
            assert found == {"a1": {"a1": 10}, "region": {"k1": 9, "a1": 1}}
        else:
            assert found == {"region": {"k1": rest, "a1": 11}}


def test_a_municipality_pool_gives_from_any_of_its_units() -> None:
    givers: Counter[str] = Counter()
    for seed in range(60):
        found = at(made({"k1": 9, "k2": 9, "k3": 9, "a1": 4}, seed=seed))
        assert sum(found["region"].values()) == 10 and sum(found["krokom"].values()) == 21
        givers.update(found["region"].keys() - {"a1"})
    assert set(givers) == {"k1", "k2", "k3"}


def test_nothing_answered_is_nothing_opened() -> None:
    assert made({}) == Plan((), {}) == made({"k1": 0})


def test_a_pool_knows_its_size() -> None:
    assert Pool("krokom", {"k1": 4, "k2": 8}).size == 12


def test_units_right_below_the_region_do_not_open_before_what_comes_from_a_municipality() -> None:
    parents = {"region": None, "m": "region", "u": "m", "r1": "region", "r2": "region"}
    assert at(plan({"r1": 5, "r2": 5, "u": 5}, parents, 10, random.Random(1))) == {"region": {"r1": 5, "r2": 5, "u": 5}}


def test_only_the_largest_gives_whatever_the_dice_say() -> None:
    for seed in range(20):
        assert at(made({"k1": 4, "a1": 30, "b1": 29}, seed=seed))["region"] == {"k1": 4, "a1": 6}


def test_a_unit_that_gives_all_it_has_is_gone_from_the_donor() -> None:
    left = [at(made({"k1": 1, "k2": 9, "k3": 9, "a1": 1}, seed=seed))["krokom"] for seed in range(20)]
    assert {len(pool) for pool in left} == {2, 3}
    assert all(n > 0 for pool in left for n in pool.values())
