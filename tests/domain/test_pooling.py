"""Whatever opens, opens in a crowd: no pool, and no difference between sums of pools, covers fewer than k."""

import random
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from survey.domain.disclosure.pooling import MAX_DONATED, Pool, PoolingPlan, plan_pooling

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


def made(counts: dict[str, int], k: int = 10, seed: int = 1) -> PoolingPlan:
    return plan_pooling(counts, PARENTS, k, random.Random(seed))


def at(found: PoolingPlan) -> dict[str, dict[str, int]]:
    return {pool.place: dict(pool.contributions) for pool in found.pools}


@given(COUNTS, K, st.integers())
@settings(max_examples=1500, deadline=None)
def test_every_pool_is_a_crowd_and_every_envelope_stands_once(counts: dict[str, int], k: int, seed: int) -> None:
    found = made(counts, k, seed)
    assert all(pool.size >= k for pool in found.pools)
    assert len({pool.place for pool in found.pools}) == len(found.pools)
    stands = Counter(dict(found.destroyed))
    for pool in found.pools:
        stands.update(pool.contributions)
        assert all(n > 0 for n in pool.contributions.values())
    assert stands == Counter({unit: n for unit, n in counts.items() if n})


@given(COUNTS, K, st.integers())
@settings(max_examples=500, deadline=None)
def test_what_is_left_over_is_opened_whole_or_not_at_all(counts: dict[str, int], k: int, seed: int) -> None:
    found = made(counts, k, seed)
    assert sum(found.destroyed.values()) < k
    assert all(counts[unit] == n for unit, n in found.destroyed.items())
    assert not found.destroyed or "region" not in at(found)


@given(COUNTS, K, st.integers())
@settings(max_examples=500, deadline=None)
def test_nobody_owns_the_crowd_of_what_is_left_over(counts: dict[str, int], k: int, seed: int) -> None:
    found = made(counts, k, seed)
    alone = {unit for pool in found.pools if pool.place != "region" for unit in pool.contributions}
    gives = {unit: n for unit, n in at(found).get("region", {}).items() if unit in alone}
    assert all(n <= MAX_DONATED for n in gives.values())
    if gives:
        assert 2 * max(counts.values()) <= sum(counts.values())


@given(COUNTS, K, st.integers())
@settings(deadline=None)
def test_the_same_chance_makes_the_same_plan(counts: dict[str, int], k: int, seed: int) -> None:
    assert made(counts, k, seed) == made(dict(reversed(counts.items())), k, seed)


@given(COUNTS, K)
@settings(deadline=None)
def test_a_unit_gives_only_to_places_above_it(counts: dict[str, int], k: int) -> None:
    for pool in made(counts, k).pools:
        for unit in pool.contributions:
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


MANY: dict[str, str | None] = {"region": None, **{f"m{n}": "region" for n in range(7)}}
MANY |= {f"u{n}": f"m{n}" for n in range(7)}


def among(counts: dict[str, int], seed: int = 1) -> PoolingPlan:
    return plan_pooling(counts, MANY, 10, random.Random(seed))


def test_the_remainder_of_each_size_takes_what_is_missing_two_a_unit_at_most() -> None:
    for rest in range(1, 10):
        found = at(among({"u0": rest, **{f"u{n}": 12 for n in range(1, 7)}}))
        given = {unit: n for unit, n in found["region"].items() if unit != "u0"}
        assert found["region"]["u0"] == rest and sum(given.values()) == 10 - rest
        assert max(given.values()) <= 2
        assert all(found[unit] == {unit: 12 - given.get(unit, 0)} for unit in found if unit != "region")


def test_every_pool_may_give_whatever_its_size() -> None:
    counts = {"u0": 9, "u1": 11, "u2": 30, "u3": 12}
    givers = Counter(unit for seed in range(80) for unit in at(among(counts, seed))["region"] if unit != "u0")
    assert set(givers) == {"u1", "u2", "u3"}


def test_a_pool_of_just_a_crowd_gives_nothing() -> None:
    for seed in range(20):
        assert set(at(among({"u0": 8, "u1": 10, "u2": 12, "u3": 10}, seed))["region"]) == {"u0", "u2"}


def test_where_one_unit_is_more_than_half_the_rest_is_destroyed() -> None:
    counts = {"u0": 8, "u1": 25, "u2": 16}
    assert among(counts).destroyed == {"u0": 8} and len(among(counts).pools) == 2
    assert not among({**counts, "u2": 17}).destroyed


def test_where_there_is_too_little_to_give_the_rest_is_destroyed() -> None:
    counts = {"u0": 5, "u1": 25, "u2": 25}
    assert among(counts).destroyed == {"u0": 5}
    assert at(among(counts)) == {"u1": {"u1": 25}, "u2": {"u2": 25}}
    assert not among({**counts, "u0": 6}).destroyed


def test_a_municipality_pool_gives_from_any_of_its_units() -> None:
    givers: Counter[str] = Counter()
    for seed in range(60):
        found = at(made({"k1": 9, "k2": 9, "k3": 9, "a1": 5}, seed=seed))
        assert sum(found["region"].values()) == 10 and sum(found["krokom"].values()) == 22
        givers.update(found["region"].keys() - {"a1"})
    assert set(givers) == {"k1", "k2", "k3"}


def test_nothing_answered_is_nothing_opened() -> None:
    assert made({}) == PoolingPlan((), {}) == made({"k1": 0})


def test_a_pool_knows_its_size() -> None:
    assert Pool("krokom", {"k1": 4, "k2": 8}).size == 12


def test_units_right_below_the_region_do_not_open_before_what_comes_from_a_municipality() -> None:
    parents = {"region": None, "m": "region", "u": "m", "r1": "region", "r2": "region"}
    assert at(plan_pooling({"r1": 5, "r2": 5, "u": 5}, parents, 10, random.Random(1))) == {
        "region": {"r1": 5, "r2": 5, "u": 5}
    }


def test_a_unit_that_gives_all_it_has_is_gone_from_the_pool() -> None:
    left = [at(made({"k1": 2, "k2": 9, "k3": 9, "a1": 6}, seed=seed))["krokom"] for seed in range(40)]
    assert {len(pool) for pool in left} == {2, 3}
    assert all(n > 0 for pool in left for n in pool.values())
