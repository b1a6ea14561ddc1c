"""Gaps over units: fine enough to read, and never so fine that a count behind them shows."""

from itertools import product

import pytest

from survey.domain.places import Place
from survey.publication.behind import Behind
from survey.publication.figures import Gap, Said
from survey.publication.gaps import LEAST_A_SIDE, LEAST_UNITS, gap_of, gap_rows, p_of, pool, units_below
from survey.publication.gated import Gated
from tests.publication.invented import Invented, realistic, region


@pytest.fixture(scope="module")
def gated() -> dict[str, Gated]:
    """One municipality with enough units for a gap, and one without."""
    invented = Invented(11, [*region(2, 4)][:-2], realistic)
    invented.background = []
    return invented.gated()


def test_a_gap_stands_on_enough(gated: dict[str, Gated]) -> None:
    assert gap_of(gated, "m1", "trygghet") is None
    gap = gap_of(gated, "r", "trygghet")
    assert gap is not None and len(gap.units) >= LEAST_UNITS
    for role in ("patient", "provider"):
        bases = [gated[role].system.values["base", unit, "trygghet"] for unit in gap.units]
        assert sum(bases) >= LEAST_A_SIDE
        assert all(gated[role].detail(unit, "trygghet") > 0 for unit in gap.units)


def test_the_units_of_a_place(gated: dict[str, Gated]) -> None:
    assert units_below(gated["patient"].counts, "m1") == ["m1-u0", "m1-u1"]
    assert len(units_below(gated["patient"].counts, "r")) == 6


def test_what_is_published_is_in_whole_steps_and_holds_the_exact_interval(gated: dict[str, Gated]) -> None:
    pooled = pool("now", gated)
    assert pooled.gaps
    rows = {(row["place"], row["question"]): row for row in gap_rows(pooled)}
    for key, said in pooled.gaps.items():
        row = rows[key]
        exact, reach = said.unrounded.exact(pooled.of(key[1]).values)
        assert {row["gap"] % said.step, (row["high"] - row["gap"]) % said.step} == {0}
        assert row["low"] <= exact - reach and exact + reach <= row["high"]
        assert row["distinct"] <= (row["low"] > 0 or row["high"] < 0)
        assert row["units"] + row["units_out"] == len(units_below(gated["patient"].counts, key[0]))
    assert all(row["gap"] is None and not row["distinct"] for row in rows.values() if row["status"] == "hidden")


def worlds_by_hand(behind: Behind, *said: Said) -> dict[str, set[int]]:
    """Every value of each unit's capped staff count in a world with the same sums and the same printed figures."""
    question = behind.question
    units = dict.fromkeys(unit for figure in said for unit in figure.units)
    names = [
        ("provider", "yes", unit, question) for unit in units if ("provider", "yes", unit, question) in behind.hidden
    ]
    total = sum(behind.values[name] for name in names)
    ranges = [range(int(low), int(high) + 1) for low, high in (behind.bounds[name] for name in names)]
    printed = [figure.says(behind.values) for figure in said]
    seen: dict[str, set[int]] = {name[2]: set() for name in names}
    for world in product(*ranges):
        values = {**behind.values, **dict(zip(names, world, strict=True))}
        if sum(world) == total and [figure.says(values) for figure in said] == printed:
            for name, value in zip(names, world, strict=True):
                seen[name[2]].add(value)
    return seen


def capped_region() -> dict[str, Gated]:
    """Three units of one municipality whose staff nearly all say yes; the municipality shows its own sum."""
    sizes = {"m0-u0": 8, "m0-u1": 14, "m0-u2": 15}

    def size(_chance: object, place: Place, role: str) -> int:
        return 0 if place.level != "unit" else 30 if role == "patient" else sizes[place.key]

    invented = Invented(3, region(1, 3), size)
    for row in invented.rows:
        if row["role"] == "provider":
            few = {"m0-u0": 1, "m0-u1": 2, "m0-u2": 1}[row["place"]]
            row |= {"yes": row["all"] - few, "no": few, "partly": 0, "dont_know": 0, "not_needed": 0}
    invented.background = []
    return invented.gated()


def test_control_a_gap_in_whole_points_would_give_the_counts_away() -> None:
    behind = Behind(capped_region(), "trygghet")
    fine = Said(Gap(("m0-u0", "m0-u1", "m0-u2"), "trygghet"), 1, loose=False)
    assert min(map(len, worlds_by_hand(behind, fine).values())) < 3
    assert behind.hides([])
    assert not behind.hides([fine])


def test_what_is_let_through_leaves_three_values_when_all_worlds_are_counted() -> None:
    gated = capped_region()
    pooled = pool("now", gated)
    for said in pooled.gaps.values():
        behind = pooled.of(said.question)
        for unit, values in worlds_by_hand(behind, said).items():
            need = behind.needs.get(("provider", "yes", unit, said.question), 0)
            assert len(values) > need, (said, unit)


def test_p_comes_from_what_is_printed() -> None:
    assert p_of(0, -10, 10) == pytest.approx(1.0)
    assert p_of(10, 0, 20) == pytest.approx(0.05)
    assert p_of(20, 10, 30) < 0.001
