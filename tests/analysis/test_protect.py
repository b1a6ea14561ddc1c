"""The gate's four steps, each tried against brute force, and each with a control that fails."""

from itertools import product
from math import ceil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.protect import (
    BrokenTable,
    Detail,
    Hiding,
    Step,
    System,
    Unprotectable,
    attack,
    cap_of,
    capped,
    confirm,
    detail_of,
    field_of,
    narrow,
    printed,
    protect,
    suppress,
)
from analysis.protect.swaps import room_to_swap

Table = tuple[dict[str, int], list[tuple[str, tuple[str, ...]]]]

THRESHOLD = 10


@st.composite
def trees(draw: st.DrawFn) -> Table:
    """A region, its municipalities, their units."""
    cells: dict[str, int] = {}
    equations = []
    for m in range(draw(st.integers(1, 4))):
        units = draw(st.lists(st.one_of(st.integers(0, 12), st.integers(13, 80)), min_size=1, max_size=4))
        names = tuple(f"m{m}u{u}" for u in range(len(units)))
        cells |= dict(zip(names, units, strict=True))
        cells[f"m{m}"] = sum(units)
        equations.append((f"m{m}", names))
    municipalities = tuple(total for total, _ in equations)
    cells["r"] = sum(cells[name] for name in municipalities)
    return cells, [*equations, ("r", municipalities)]


@st.composite
def crossed(draw: st.DrawFn) -> Table:
    """A table with margins both ways: each inner cell stands in two sums."""
    rows, columns = draw(st.integers(2, 3)), draw(st.integers(2, 3))
    inner = {f"{r},{c}": draw(st.integers(0, 40)) for r in range(rows) for c in range(columns)}
    cells, equations = dict(inner), []
    for r in range(rows):
        equations.append((f"{r},*", tuple(f"{r},{c}" for c in range(columns))))
    for c in range(columns):
        equations.append((f"*,{c}", tuple(f"{r},{c}" for r in range(rows))))
    for total, parts in equations:
        cells[total] = sum(inner[part] for part in parts)
    cells["*,*"] = sum(inner.values())
    equations.append(("*,*", tuple(f"{r},*" for r in range(rows))))
    equations.append(("*,*", tuple(f"*,{c}" for c in range(columns))))
    return cells, equations


def too_close(table: Table, hidden: frozenset[str] | set[str]) -> list[str]:
    """The small cells that can be worked out closer than the threshold."""
    cells, equations = table
    ranges = attack(cells, equations, hidden)
    return [name for name, (low, high) in ranges.items() if cells[name] < THRESHOLD and high - low < THRESHOLD - 1e-6]


@settings(max_examples=60, deadline=None)
@given(st.one_of(trees(), crossed()))
def test_nothing_small_can_be_worked_out(table: Table) -> None:
    pattern = suppress(*table, THRESHOLD)
    cells = table[0]
    assert pattern.primary == {name for name, count in cells.items() if count < THRESHOLD}
    assert not pattern.primary & pattern.secondary
    assert too_close(table, pattern.hidden) == []
    for name, (low, high) in attack(*table, pattern.hidden).items():
        assert low - 1e-6 <= cells[name] <= high + 1e-6


def test_control_the_small_cells_alone_are_given_back() -> None:
    table: Table = ({"r": 100, "a": 4, "b": 50, "c": 46}, [("r", ("a", "b", "c"))])
    pattern = suppress(*table, THRESHOLD)
    assert (pattern.primary, pattern.secondary) == ({"a"}, {"c"})
    assert too_close(table, pattern.primary) == ["a"]
    assert attack(*table, pattern.primary) == {"a": (4, 4)}


def test_one_cell_beside_is_not_enough_where_sums_cross() -> None:
    cells = {"0,0": 3, "0,1": 40, "1,0": 50, "1,1": 60, "0,*": 43, "1,*": 110, "*,0": 53, "*,1": 100}
    equations = [(f"{r},*", (f"{r},0", f"{r},1")) for r in (0, 1)] + [(f"*,{c}", (f"0,{c}", f"1,{c}")) for c in (0, 1)]
    assert too_close((cells, equations), {"0,0", "0,1"}) == ["0,0"]
    assert too_close((cells, equations), suppress(cells, equations, THRESHOLD).hidden) == []


def test_no_more_is_hidden_than_must_be() -> None:
    cells = {"r": 500, "m": 104, "n": 396, "a": 4, "b": 20, "c": 80}
    pattern = suppress(cells, [("r", ("m", "n")), ("m", ("a", "b", "c"))], THRESHOLD)
    assert pattern.secondary == {"b"}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 4), min_size=3, max_size=4), st.sets(st.integers(0, 3)))
def test_the_attack_finds_exactly_what_counting_all_worlds_finds(units: list[int], hidden: set[int]) -> None:
    names = [f"u{u}" for u in range(len(units))]
    cells = dict(zip(names, units, strict=True)) | {"m": sum(units)}
    unknown = [name for number, name in enumerate(names) if number in hidden]
    bounds = {name: (0, 3) for name in unknown if cells[name] <= 3}
    rest = sum(cells[name] for name in unknown)
    worlds = [
        world
        for world in product(range(rest + 1), repeat=len(unknown))
        if sum(world) == rest and all(low <= x <= high for x, (low, high) in _bounded(world, unknown, bounds))
    ]
    for number, (name, (low, high)) in enumerate(attack(cells, [("m", names)], unknown, bounds).items()):
        assert (low, high) == pytest.approx((min(w[number] for w in worlds), max(w[number] for w in worlds))), name


def _bounded(
    world: tuple[int, ...], names: list[str], bounds: dict[str, tuple[int, int]]
) -> list[tuple[int, tuple[int, int]]]:
    return [(x, bounds[name]) for x, name in zip(world, names, strict=True) if name in bounds]


@settings(max_examples=40, deadline=None)
@given(crossed())
def test_a_swap_never_promises_more_room_than_there_is(table: Table) -> None:
    cells, equations = table
    hidden = {name for name in cells if "*" not in name}
    system = System(cells, equations)
    for name, (low, high) in attack(cells, equations, hidden).items():
        assert room_to_swap(system, name, hidden, {}) <= high - low + 1e-6


def test_a_table_that_does_not_add_up_is_refused() -> None:
    with pytest.raises(BrokenTable):
        suppress({"r": 5, "a": 4, "b": 2}, [("r", ("a", "b"))], THRESHOLD)


def test_bounds_that_fit_no_counts_are_refused() -> None:
    with pytest.raises(BrokenTable):
        attack({"r": 9, "a": 4, "b": 5}, [("r", ("a", "b"))], ["a", "b"], {"a": (0, 1), "b": (0, 1)})


def test_it_fails_closed_when_nothing_is_left_to_hide() -> None:
    system = System({"r": 20, "a": 4, "b": 16}, [("r", ("a", "b"))])
    hiding = Hiding({"a"}, {}, {"a": 10})
    with pytest.raises(Unprotectable):
        protect(system, hiding, lambda name: [])
    with pytest.raises(Unprotectable):
        confirm(system, hiding)


def test_a_need_of_something_shown_is_never_confirmed() -> None:
    system = System({"r": 20, "a": 4, "b": 16}, [("r", ("a", "b"))])
    with pytest.raises(Unprotectable):
        confirm(system, Hiding(set(), {}, {"a": 10}))


def test_the_cheapest_step_that_helps_is_taken() -> None:
    system = System({"r": 60, "a": 4, "b": 26, "c": 30}, [("r", ("a", "b", "c"))])
    cost = {"r": 1000.0, "b": 3.0, "c": 2.0}

    def steps(name: str) -> list[Step]:
        return [Step(("hide", name), cost[name], (name,))]

    hidden = protect(system, Hiding({"a"}, {}, {"a": 10}), steps).hidden
    assert hidden == {"a", "c"}


def test_what_is_open_is_told_with_its_range() -> None:
    system = System({"r": 12, "a": 4, "b": 8}, [("r", ("a", "b"))])
    assert narrow(system, ["a", "b"], {"b": (7, 9)}, {"a": 3, "b": 2}) == {"a": (3, 5)}


# --- what a cell may say by itself ---


@pytest.mark.parametrize("threshold", [5, 7, 10, 14])
def test_the_cap_is_true_for_every_count_printed_alike(threshold: int) -> None:
    for base in range(threshold, 50):
        for yes in range(base + 1):
            if detail_of(yes, base - yes, 0, threshold) is not Detail.BAND:
                continue
            (low, high), (least, most) = capped(yes, base, threshold)
            assert least <= yes <= most and most - least == 2
            alike = [n for n in range(threshold, 50) if printed(n) == printed(base)]
            for n in alike:
                for few in range(3):
                    assert 100 * few <= cap_of(base, threshold) * n
            assert low * base <= 100 * yes <= high * base


def test_the_caps_are_those_of_the_design() -> None:
    assert {printed(n): cap_of(n, 5) for n in range(5, 12)} == {5: 40, 10: 25}
    caps = {printed(n): cap_of(n, 10) for n in range(10, 50)}
    assert caps == {10: 20, 15: 20, 20: 15, 25: 10, 30: 10, 35: 10, 40: 10, 45: 10, 50: 10}


def test_control_a_cap_from_the_number_itself_is_false_for_another_printed_alike() -> None:
    def naive(n: int) -> int:
        return ceil(200 / n / 5) * 5

    assert printed(7) == printed(5) == 5
    assert naive(7) * 5 < 100 * 2
    assert cap_of(7, 5) * 5 >= 100 * 2


@settings(deadline=None)
@given(st.integers(5, 400), st.data())
def test_a_field_is_true_and_says_no_more_than_itself(base: int, data: st.DataObject) -> None:
    yes = data.draw(st.integers(0, base))
    (low, high), (least, most) = field_of(yes, base)
    assert low * base <= 100 * yes <= high * base
    assert {field_of(x, base)[0] for x in range(least, most + 1)} == {(low, high)}
    assert most - least >= 2


@settings(deadline=None)
@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_what_a_cell_may_say(yes: int, partly: int, no: int) -> None:
    base, detail = yes + partly + no, detail_of(yes, partly, no, 10)
    assert (detail is Detail.HIDDEN) == (base < 10)
    if detail >= Detail.SHARE:
        assert base >= 50 or min(yes, partly + no) >= 3
    assert (detail is Detail.CODES) == (base >= 10 and min(yes, partly, no) >= 3)


@pytest.mark.parametrize(
    ("yes", "base", "band", "possible"),
    [
        (9, 18, (40, 60), (8, 10)),
        (18, 18, (80, 100), (15, 18)),
        (22, 37, (40, 60), (15, 22)),
        (8, 17, (0, 50), (0, 8)),
        (17, 17, (50, 100), (9, 17)),
    ],
)
def test_a_field_is_twenty_points_from_eighteen_answers_and_fifty_below(
    yes: int, base: int, band: tuple[int, int], possible: tuple[int, int]
) -> None:
    assert field_of(yes, base) == (band, possible)


def test_a_cap_begins_at_nothing_or_ends_at_everybody() -> None:
    assert capped(1, 40, 10) == ((0, 10), (0, 2))
    assert capped(39, 40, 10) == ((90, 100), (38, 40))
