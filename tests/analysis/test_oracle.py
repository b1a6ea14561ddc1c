"""Our attack beside another's protection: tables that τ-Argus has protected, by its own optimal suppression.

τ-Argus (pytauargus, the open-source engine of the statistical offices) knows nothing of our code. Where it finds that
hiding the small cells is not enough, our attack must find one that is given away; what it has protected, our attack
must not be able to work out.
"""

import random
from collections.abc import Iterator
from contextlib import chdir
from itertools import product
from pathlib import Path

import pytauargus
import pytest

from analysis.protect import attack, suppress

PLACES, ANSWERS = ("A", "B", "C", "D"), ("del", "ja", "nej")
THRESHOLD, TABLES = 3, 30
Cell = tuple[str, str]
Table = dict[Cell, int]
SIZES = (1, 2, 4, 5, 9, 14, 20)


def invented(seed: int) -> Table:
    """How many gave each answer at each place, with all sums."""
    chance = random.Random(seed)
    table = {cell: chance.choice(SIZES) for cell in product(PLACES, ANSWERS)}
    table |= {(place, ""): sum(table[place, answer] for answer in ANSWERS) for place in PLACES}
    return table | {("", answer): sum(table[place, answer] for place in PLACES) for answer in ("", *ANSWERS)}


def sums() -> Iterator[tuple[Cell, tuple[Cell, ...]]]:
    """Every sum that holds."""
    for place in ("", *PLACES):
        yield (place, ""), tuple((place, answer) for answer in ANSWERS)
    for answer in ("", *ANSWERS):
        yield ("", answer), tuple((place, answer) for place in PLACES)


def by_argus(table: Table, folder: Path) -> tuple[set[Cell], set[Cell]]:
    """The cells that τ-Argus hides for what they are, and those it hides for the sake of others."""
    people = [
        {"place": place, "answer": answer, "n": 1}
        for place, answer in product(PLACES, ANSWERS)
        for _ in range(table[place, answer])
    ]
    rule = f"FREQ({THRESHOLD},30)"
    # It leaves its logs where it stands.
    with chdir(folder):
        made = pytauargus.protect(
            people, ["place", "answer"], "n", safety_rules=rule, suppress="OPT(1)", workdir=str(folder)
        ).tables[0]
    status: dict[Cell, str] = {}
    for row in made.rows:
        at = tuple("" if (name := str(row[column]).strip()) == "Total" else name for column in ("place", "answer"))
        status[at[0], at[1]] = str(row["status"])
    assert set(status) == set(table)
    return {cell for cell, said in status.items() if said == "U"}, {
        cell for cell, said in status.items() if said == "M"
    }


def given_away(table: Table, hidden: set[Cell]) -> set[Cell]:
    """The hidden cells that can be worked out exactly."""
    ranges = attack(table, sums(), hidden)
    return {cell for cell, (low, high) in ranges.items() if high - low < 1e-6}


@pytest.fixture(scope="module")
def protected(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Table, set[Cell], set[Cell]]]:
    """Invented tables, protected by τ-Argus."""
    tables = [invented(seed) for seed in range(TABLES)]
    return [(table, *by_argus(table, tmp_path_factory.mktemp("argus"))) for table in tables]


def test_both_call_the_same_cells_small(protected: list[tuple[Table, set[Cell], set[Cell]]]) -> None:
    for table, small, _more in protected:
        assert small == {cell for cell, n in table.items() if n < THRESHOLD}


def test_what_argus_has_protected_is_not_worked_out(protected: list[tuple[Table, set[Cell], set[Cell]]]) -> None:
    for table, small, more in protected:
        assert given_away(table, small | more) == set()


def test_where_the_small_cells_alone_give_one_away_argus_hides_more(
    protected: list[tuple[Table, set[Cell], set[Cell]]],
) -> None:
    naive = [bool(given_away(table, small)) for table, small, _more in protected]
    assert sum(naive) >= TABLES // 3, "the control must fail often"
    assert all(more for (_table, _small, more), open_ in zip(protected, naive, strict=True) if open_)


def test_ours_hides_about_as_much(protected: list[tuple[Table, set[Cell], set[Cell]]]) -> None:
    ours = [suppress(table, sums(), THRESHOLD) for table, _small, _more in protected]
    assert all(given_away(t, set(p.primary | p.secondary)) == set() for (t, *_), p in zip(protected, ours, strict=True))
    argus, own = sum(len(more) for _t, _s, more in protected), sum(len(pattern.secondary) for pattern in ours)
    # Ours asks for three values of each hidden count, τ-Argus for a third of it to either side.
    assert own <= 2 * argus, (own, argus)
