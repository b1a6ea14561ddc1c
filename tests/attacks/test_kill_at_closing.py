"""kill -9 at each step of closing: after a rerun no key of the round is left, and the counts are the same.

The control closes with dice that are thrown anew in each run: its rerun counts differently.
"""

import random
import signal
from collections import Counter

import pytest
import sqlalchemy as sa

from survey.domain.scale import QUESTIONS
from survey.sealing.closing import close_round
from survey.sealing.selfcheck import check
from survey.sealing.sweep import sweep
from survey.store import tables
from survey.store.engine import reading
from tests.attacks.conftest import Filled
from tests.attacks.tools import fresh_engine, in_child, killed_at
from tests.sealed import ROUND, Sealed


def written(sealed: Sealed) -> list[tuple[object, ...]]:
    """Everything that closing wrote."""
    with reading(sealed.engine) as connection:
        found = [tuple(row) for row in connection.execute(sa.select(tables.tally))]
        found += [tuple(row) for row in connection.execute(sa.select(tables.background_tally))]
        found += [tuple(row) for row in connection.execute(sa.select(tables.batch))]
        assert connection.execute(sa.select(tables.inbox)).all() == []
    return sorted(found, key=str)


def steps_to_try(filled: Filled) -> tuple[list[int], list[tuple[object, ...]]]:
    """The first step of each name and some of the many key by key; what an undisturbed closing writes."""
    seen: list[str] = []
    _, undisturbed = filled.copy()
    undisturbed.close(seen.append)
    keys = [number for number, name in enumerate(seen) if name == "key erased"]
    tried = {seen.index(name) for name in seen} | {keys[len(keys) // 2], keys[-1]}
    return sorted(tried), written(undisturbed)


def test_killed_anywhere_a_rerun_gives_the_same_counts_and_no_key_is_left(filled: Filled) -> None:
    numbers, expected = steps_to_try(filled)
    assert len(numbers) >= 11
    for number in numbers:
        url, sealed = filled.copy()

        def close(url: str = url, sealed: Sealed = sealed, number: int = number) -> None:
            with fresh_engine(url) as engine:
                close_round(engine, sealed.volumes, ROUND, step=killed_at(number))

        assert in_child(close) == signal.SIGKILL
        sealed.close()
        sweep(sealed.engine, sealed.volumes)
        assert written(sealed) == expected
        assert sealed.volumes.private_rounds() == set()
        assert all(line.ok for line in check(sealed.engine))


def test_killed_before_the_keys_went_a_sweep_alone_erases_them(filled_sqlite: Filled) -> None:
    url, sealed = filled_sqlite.copy()
    seen: list[str] = []
    filled_sqlite.copy()[1].close(seen.append)
    number = seen.index("key erased") + 3

    def close() -> None:
        with fresh_engine(url) as engine:
            close_round(engine, sealed.volumes, ROUND, step=killed_at(number))

    assert in_child(close) == signal.SIGKILL
    assert sealed.volumes.private_names(ROUND)
    swept = sweep(sealed.engine, sealed.volumes)
    assert swept.erased == len(seen) - seen.index("key erased") - 1 - 4
    assert sealed.volumes.private_rounds() == set()


def test_control_dice_thrown_anew_would_count_differently(filled_sqlite: Filled) -> None:
    counted: Counter[str] = Counter()
    for seed in range(4):
        _, sealed = filled_sqlite.copy()
        close_round(sealed.engine, sealed.volumes, ROUND, chance=random.Random(seed))
        counted[str(written(sealed))] += 1
    assert len(counted) > 1


@pytest.mark.parametrize("rest", range(1, 10))
def test_every_remainder_of_the_region_joins_a_crowd(filled_sqlite: Filled, rest: int) -> None:
    _, sealed = filled_sqlite.copy()
    sealed.fill({"vast-ett": 14}, channel="paper", seed=2)
    sealed.fill({"ost-ett": rest}, channel="paper", seed=3)
    sealed.close()
    paper = {place: n for (place, role, channel), n in sealed.totals().items() if channel == "paper"}
    assert sum(paper.values()) == 3 + 14 + rest
    assert min(paper.values()) >= 10
    for row in sealed.counted()[0]:
        assert sum(row[code] for code in ("yes", "partly", "no", "not_needed", "dont_know", "skipped")) == row["all"]
        assert row["question"] in QUESTIONS
