"""The parts of the gate one by one: rooms, swaps, what hangs together, other worlds, and how much the search hides.

Beside `test_protect`, which tries them all together. Written where a planted fault had gone unnoticed.
"""

import random
from math import inf
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.protect import (
    BrokenTable,
    Detail,
    Figure,
    Hiding,
    Pattern,
    Step,
    System,
    Worlds,
    attack,
    audit,
    confirm,
    detail_of,
    narrow,
    suppress,
)
from analysis.protect.swaps import room_to_swap
from analysis.protect.system import steps_between

INNER = ("a", "b", "c", "d")
Cells = dict[str, int]
Sums = list[tuple[str, tuple[str, ...]]]


def square(a: int, b: int, c: int, d: int) -> tuple[Cells, Sums]:
    """Two rows and two columns with their sums."""
    cells = {"a": a, "b": b, "c": c, "d": d, "ab": a + b, "cd": c + d, "ac": a + c, "bd": b + d}
    return cells, [("ab", ("a", "b")), ("cd", ("c", "d")), ("ac", ("a", "c")), ("bd", ("b", "d"))]


def bounded(cells: Cells, wide: list[int]) -> dict[str, tuple[int, int]]:
    """What is known of each inner count: so far down and up."""
    return {
        name: (max(0, cells[name] - down), cells[name] + up)
        for name, down, up in zip(INNER, wide[:4], wide[4:], strict=True)
    }


FOUR = st.lists(st.integers(0, 9), min_size=4, max_size=4)
EIGHT = st.lists(st.integers(0, 5), min_size=8, max_size=8)


@settings(max_examples=25, deadline=None)
@given(FOUR, EIGHT)
def test_in_a_square_a_swap_is_all_the_room_there_is(four: list[int], wide: list[int]) -> None:
    cells, sums = square(*four)
    for bounds in ({}, bounded(cells, wide)):
        found = attack(cells, sums, INNER, bounds)
        for name in INNER:
            room = room_to_swap(System(cells, sums), name, set(INNER), bounds)
            assert room == pytest.approx(found[name][1] - found[name][0]), (name, bounds)


def test_a_swap_stands_on_hidden_counts_and_leaves_every_sum_alone() -> None:
    cells, sums = square(3, 5, 4, 6)
    assert room_to_swap(System(cells, sums), "a", set(INNER), {}) == 7
    assert room_to_swap(System(cells, sums), "ab", {*INNER, "ab"}, {}) == 0
    for shown in "bcd":
        assert room_to_swap(System(cells, sums), "a", set(INNER) - {shown}, {}) == 0
    assert room_to_swap(System(cells, sums[:1]), "a", set(INNER), {}) == 0
    assert room_to_swap(System(cells, []), "a", set(INNER), {}) == 0
    crossing: Sums = [*sums, ("ad", ("a", "d"))]
    assert room_to_swap(System({**cells, "ad": 9}, crossing), "a", set(INNER), {}) == 0


@pytest.mark.parametrize(
    ("low", "high", "steps"),
    [(0, inf, inf), (1, 1, 0), (0, 3, 3), (0.5, 2.5, 1), (1 + 1e-6, 3 - 1e-6, 2), (1.001, 2.999, 0), (-1e-6, 1, 1)],
)
def test_only_whole_steps_count(low: float, high: float, steps: float) -> None:
    assert steps_between(low, high) == steps


def test_what_hangs_together_is_found_nearest_first() -> None:
    cells = {"r": 30, "m": 10, "n": 20, "u": 4, "v": 6, "w": 20, "x": 7}
    sums: Sums = [("r", ("m", "n")), ("m", ("u", "v")), ("n", ("w",))]
    system = System(cells, sums)
    hidden = {"u", "v", "m", "n", "w", "x"}
    assert system.around(["u"], hidden) == ["u", "v", "m", "n", "w"]
    assert system.around(["u", "r"], hidden - {"m"}) == ["u", "v"]
    assert system.around(["x"], hidden) == ["x"]


def test_an_exhausted_sum_gives_its_parts_away() -> None:
    nothing = System({"r": 5, "a": 0, "b": 0, "c": 5}, [("r", ("a", "b", "c"))])
    assert nothing.components(["a", "b"], {}) == []
    full = System({"r": 5, "a": 2, "b": 3}, [("r", ("a", "b"))])
    assert full.components(["a", "b"], {"a": (0, 2), "b": (0, 3)}) == []
    assert full.components(["a", "b"], {"a": (2, 9), "b": (3, 9)}) == []
    for bounds in ({"a": (0, 2), "b": (3, 9)}, {"a": (0, 2)}, {"a": (0, 2), "b": (0, 4)}):
        (component,) = full.components(["a", "b"], bounds)
        assert component.names == ["a", "b"]
    # The sum itself is hidden too: then nothing is used up.
    assert [each.names for each in nothing.components(["r", "a", "b"], {})] == [["r", "a", "b"]]
    assert full.components(["a", "b"], {"a": (2, 2)}) == []


def test_what_is_given_away_gives_away_what_hangs_on_it() -> None:
    cells = {"r": 9, "m": 4, "n": 5, "a": 1, "b": 3, "c": 2, "d": 3}
    sums: Sums = [("r", ("m", "n")), ("m", ("a", "b")), ("n", ("c", "d"))]
    system = System(cells, sums)
    assert system.components(["m", "a"], {}) == []
    both = system.components(["a", "b", "c", "d"], {})
    assert [each.names for each in both] == [["a", "b"], ["c", "d"]]
    found = system.component_of("c", ["a", "b", "c", "d"], {})
    assert found is not None and found.names == ["c", "d"]
    assert system.component_of("m", ["m", "a"], {}) is None


def test_where_nothing_holds_a_count_it_has_no_end() -> None:
    cells = {"r": 20, "a": 4, "b": 16}
    found = attack(cells, [("r", ("a", "b"))], ["r", "a"])
    assert found["r"] == (16, inf) and found["a"][0] == 0 and found["a"][1] > 1000
    assert attack(cells, [("r", ("a", "b"))], ["r", "a"], {"a": (1, 900)}) == {"a": (1, 900), "r": (17, 916)}


@settings(max_examples=25, deadline=None)
@given(FOUR, st.sets(st.sampled_from([*INNER, "ab", "ac"]), min_size=2), EIGHT, st.integers(1, 6))
def test_what_is_too_close_is_what_the_attack_says_is(
    four: list[int], some: set[str], wide: list[int], need: int
) -> None:
    cells, sums = square(*four)
    hidden = sorted(some)
    bounds = {name: each for name, each in bounded(cells, wide).items() if name in some and cells[name] % 2}
    exact = attack(cells, sums, hidden, bounds)
    close = {name: each for name, each in exact.items() if steps_between(*each) < need}
    found = narrow(System(cells, sums), hidden, bounds, dict.fromkeys(hidden, need))
    assert found.keys() == close.keys()
    for name, each in found.items():
        assert each == pytest.approx(close[name], abs=1e-6)
    assert narrow(System(cells, sums), hidden, bounds, dict.fromkeys(hidden, 0)) == {}
    assert narrow(System(cells, sums), hidden, bounds, {}) == {}


def test_many_programs_at_once_are_the_same_as_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    cells: Cells = {}
    sums: Sums = []
    for number in range(6):
        cells |= {f"a{number}": number, f"b{number}": 3, f"r{number}": number + 3}
        sums.append((f"r{number}", (f"a{number}", f"b{number}")))
    hidden = [name for name in cells if name[0] != "r"]
    expected = {name: (0, cells[f"r{name[1]}"]) for name in hidden}
    for at_once in (1, 4, 5, 4000):
        monkeypatch.setattr(audit, "_AT_ONCE", at_once)
        assert attack(cells, sums, hidden) == expected


def test_a_step_hides_replaces_what_was_known_and_keeps_the_larger_need() -> None:
    hiding = Hiding({"a"}, {"a": (0, 3), "b": (1, 2)}, {"a": 4})
    step = Step("s", 1.5, ("b", "c"), {"c": (5, 9)}, {"a": 2, "c": 1, "d": 0}, "b")
    assert hiding.with_step(step) == ({"a", "b", "c"}, {"a": (0, 3), "c": (5, 9)})
    before = hiding.copy()
    hiding.take(step)
    assert hiding == Hiding({"a", "b", "c"}, {"a": (0, 3), "c": (5, 9)}, {"a": 4, "c": 1, "d": 0}, [step])
    assert before == Hiding({"a"}, {"a": (0, 3), "b": (1, 2)}, {"a": 4})
    both = step.together_with(Step("t", 2, ("d",), {"d": (0, 1)}, {"a": 5}, "d"))
    assert both == Step(("s", "t"), 3.5, ("b", "c", "d"), {"c": (5, 9), "d": (0, 1)}, {"a": 5, "c": 1, "d": 0}, "d")
    before.become(hiding)
    assert before == hiding
    assert Pattern(frozenset("a"), frozenset("b")).hidden == {"a", "b"}


def test_it_is_told_how_many_counts_were_safe() -> None:
    system = System({"r": 40, "a": 14, "b": 16, "c": 10}, [("r", ("a", "b", "c"))])
    assert confirm(system, Hiding({"a", "b"}, {}, {"a": 10, "b": 3, "r": 0})) == 3


# --- other worlds ---


def test_another_world_fits_every_sum_and_what_is_known() -> None:
    system = System({"r": 10, "a": 4, "b": 6}, [("r", ("a", "b"))])
    free = Worlds(system, ["a", "b"], {}, [])
    assert free.other({"a": 5}) == {"a": 5, "b": 5}
    assert free.other({"a": 11}) is None
    known = Worlds(system, ["a", "b"], {"b": (5, 7)}, [])
    assert known.other({"a": 3}) == {"a": 3, "b": 7}
    assert known.other({"a": 2}) is None
    assert Worlds(System({"a": 4}, []), ["a"], {}, []).other({"a": 7}) == {"a": 7}


def test_another_world_leaves_the_figures_alone() -> None:
    system = System({"r": 10, "a": 4, "b": 6}, [("r", ("a", "b"))])
    worlds = Worlds(system, ["a", "b"], {}, [Figure({"a": 2.0}, down=0, up=2), Figure({}, down=0, up=0)])
    assert [worlds.other({"a": a}) is not None for a in (3, 4, 5, 6)] == [False, True, True, False]
    # It moved two further than its weights say: what may be is two less.
    off = audit.np.array([2.0, 0.0])
    assert [worlds.other({"a": a}, off) is not None for a in (2, 3, 4, 5)] == [False, True, True, False]


# --- how much the search hides ---


def invented(seed: int) -> tuple[Cells, Sums]:
    """A region of municipalities and units, in two roles that add up."""
    chance = random.Random(seed)
    cells: Cells = {}
    sums: Sums = []
    shape = [chance.randint(2, 4) for _ in range(3)]
    for role in "pq":
        for m, units in enumerate(shape):
            names = tuple(f"{role}{m}{u}" for u in range(units))
            cells |= {name: chance.choice((2, 7, 12, 30, 60)) for name in names}
            cells[f"{role}{m}"] = sum(cells[name] for name in names)
            sums.append((f"{role}{m}", names))
        municipalities = tuple(f"{role}{m}" for m in range(len(shape)))
        cells[role] = sum(cells[name] for name in municipalities)
        sums.append((role, municipalities))
    for name in [name for name in cells if name[0] == "p"]:
        cells["s" + name[1:]] = cells[name] + cells["q" + name[1:]]
        sums.append(("s" + name[1:], (name, "q" + name[1:])))
    return cells, sums


def hidden_of(seed: int) -> tuple[int, int]:
    """How many counts are hidden for others' sake, and how much stands in them."""
    cells, sums = invented(seed)
    pattern: Any = suppress(cells, sums, 10)
    return len(pattern.secondary), sum(cells[name] for name in pattern.secondary)


def test_the_search_hides_no_more_and_no_less_than_it_did() -> None:
    assert [hidden_of(seed) for seed in range(8)] == [
        (6, 126),
        (10, 274),
        (9, 348),
        (11, 414),
        (4, 162),
        (9, 212),
        (8, 192),
        (6, 254),
    ]


def test_no_counts_at_all_fit_what_is_shown() -> None:
    (component,) = System({"r": 3, "a": 3}, [("r", ("a",))]).components(["r", "a"], {"a": (5, 9), "r": (0, 4)})
    with pytest.raises(BrokenTable):
        audit.ranges([(component, "a")])


@pytest.mark.parametrize(
    ("yes", "partly", "no", "threshold", "detail"),
    [
        (4, 3, 3, 10, Detail.CODES),
        (4, 3, 2, 10, Detail.HIDDEN),
        (4, 4, 2, 10, Detail.SHARE),
        (8, 1, 1, 10, Detail.BAND),
        (2, 4, 4, 10, Detail.BAND),
        (3, 3, 4, 10, Detail.CODES),
        (47, 1, 1, 10, Detail.BAND),
        (48, 1, 1, 10, Detail.SHARE),
        (2, 20, 28, 10, Detail.SHARE),
        (2, 2, 1, 5, Detail.BAND),
    ],
)
def test_each_limit_of_a_cell(yes: int, partly: int, no: int, threshold: int, detail: Detail) -> None:
    assert detail_of(yes, partly, no, threshold) is detail
