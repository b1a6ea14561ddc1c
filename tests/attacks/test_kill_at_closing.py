"""kill -9 at each step of closing: afterwards no key is left on either volume; counts and noise are the same.

Afterwards means: closed again, or where the counts were written already, in every second case only swept as at the
worker's start. The controls: dice that are thrown anew count differently, and without either the same look finds keys.
"""

import random
import shutil
import signal
from collections import Counter

import sqlalchemy as sa

from survey.domain.questions.answer_scale import QUESTIONS
from survey.sealing.checks.reconciliation import reconcile
from survey.sealing.keys.key_volumes import KEY_SIZE, RNG_SEED
from survey.sealing.rounds.close_round import OVER, close_round
from survey.sealing.rounds.key_cleanup import sweep
from survey.store import tables
from survey.store.core import rounds
from survey.store.database.engine import read_transaction
from tests.attacks.conftest import Filled
from tests.attacks.full import FULL, Shown, sized
from tests.attacks.tools import bytes_below, fresh_engine, hits, in_child, killed_at
from tests.factories import UNITS
from tests.sealed import ROUND, Sealed

CLOSINGS = 500
DICE = sized(4, 40)
Written = list[tuple[object, ...]]


def written(sealed: Sealed) -> Written:
    """Everything that closing wrote."""
    with read_transaction(sealed.engine) as connection:
        every = (tables.answer_count, tables.tally, tables.matched_tally, tables.background_tally, tables.batch)
        found = [(table.name, *row) for table in every for row in connection.execute(sa.select(table))]
        assert connection.execute(sa.select(tables.envelope)).all() == []
    return sorted(found, key=str)


def keys_of(sealed: Sealed) -> list[bytes]:
    """Every private key of the round, the dice among them."""
    return [sealed.volumes.private_key(ROUND, name) for name in sorted(sealed.volumes.private_names(ROUND))]


def keys_left(sealed: Sealed, keys: list[bytes]) -> int:
    """How many files lie among the private keys of both volumes, and how many keys' bytes anywhere on them."""
    volumes = sealed.volumes
    files = [path for folder in volumes.private_folders for path in folder.rglob("*") if path.is_file()]
    return len(files) + hits(keys, bytes_below(volumes.private.parent, volumes.pepper.parent))


def steps_to_try(seen: list[str]) -> list[int]:
    """Short: the first step of each name and some of the many key by key. Full: every step in turn, again and again."""
    if FULL:
        return [number % len(seen) for number in range(CLOSINGS)]
    keys = [number for number, name in enumerate(seen) if name == "key erased"]
    return sorted({seen.index(name) for name in seen} | {keys[len(keys) // 2], keys[-1]})


def killed(url: str, sealed: Sealed, number: int) -> None:
    """Close in a process of its own, which is killed at that step."""

    def close() -> None:
        with fresh_engine(url) as engine:
            close_round(engine, sealed.volumes, ROUND, checkpoint=killed_at(number))

    assert in_child(close) == signal.SIGKILL


def put_right(sealed: Sealed, only_sweep: bool) -> None:
    """What happens after a kill: the worker sweeps as it starts, and closes what is not closed."""
    with read_transaction(sealed.engine) as connection:
        round_ = rounds.get_round(connection, ROUND)
    assert round_ is not None
    if not (only_sweep and round_.state in OVER):
        sealed.close()
    sweep(sealed.engine, sealed.volumes)


def undisturbed(filled: Filled) -> tuple[list[str], Written]:
    """The steps of a closing that nobody kills, and what it writes."""
    seen: list[str] = []
    _, sealed = filled.copy()
    sealed.close(seen.append)
    return seen, written(sealed)


def test_killed_anywhere_the_counts_are_the_same_and_no_key_is_left(filled: Filled, shown: Shown) -> None:
    seen, expected = undisturbed(filled)
    numbers = steps_to_try(seen)
    left = same = 0
    for turn, number in enumerate(numbers):
        url, sealed = filled.copy()
        keys = keys_of(sealed)
        killed(url, sealed, number)
        put_right(sealed, only_sweep=turn % 2 == 1)
        left += keys_left(sealed, keys)
        same += written(sealed) == expected and all(line.ok for line in reconcile(sealed.engine))
        kind = sealed.engine.dialect.name
        sealed.engine.dispose()
        shutil.rmtree(sealed.settings.instance)
    assert {seen[number] for number in numbers} == set(seen)
    what = f"kill -9 at {len(set(numbers))} of {len(seen)} steps of closing in turn, two volumes; {kind}"
    shown("closing", what, f"{left} keys left, the same counts {same} times of {len(numbers)}", n=len(numbers))
    assert left == 0
    assert same == len(numbers)


def test_killed_before_the_keys_went_a_sweep_alone_erases_them(filled_sqlite: Filled, shown: Shown) -> None:
    seen, _ = undisturbed(filled_sqlite)
    url, sealed = filled_sqlite.copy()
    keys, number = keys_of(sealed), seen.index("key erased") + 3
    killed(url, sealed, number)
    # Control: with neither a rerun nor a sweep, the same look finds keys.
    found = keys_left(sealed, keys)
    shown("closing", "killed while the keys go, and left so", f"{found} keys found", n=1, control=True)
    assert found > len(keys) / 2
    swept = sweep(sealed.engine, sealed.volumes)
    assert swept.erased == len(seen) - seen.index("key erased") - 1 - 4
    assert keys_left(sealed, keys) == 0


def test_control_dice_thrown_anew_would_count_differently(filled_sqlite: Filled, shown: Shown) -> None:
    counted = set()
    for seed in range(DICE):
        _, sealed = filled_sqlite.copy()
        sealed.volumes.erase_private(ROUND, {RNG_SEED})
        sealed.volumes.make_private(ROUND, {RNG_SEED: random.Random(seed).randbytes(KEY_SIZE)})
        sealed.close()
        counted.add(str(written(sealed)))
    shown("closing", "dice thrown anew in each run", f"{len(counted)} different counts", n=DICE, control=True)
    assert len(counted) > 1


def test_every_remainder_of_the_region_joins_a_crowd_or_is_destroyed(filled_sqlite: Filled) -> None:
    for rest in range(1, 10):
        _, sealed = filled_sqlite.copy()
        sealed.fill({"vast-ett": 16, "vast-tva": 13, "ost-tva": 16}, channel="paper", seed=2)
        sealed.fill({"ost-ett": rest}, channel="paper", seed=3)
        sealed.close()
        paper = {place: n for (place, role, channel), n in sealed.totals().items() if channel == "paper"}
        # Three units have two each to give; what is too small even with these is destroyed.
        assert sum(paper.values()) == 3 + 16 + 13 + 16 + (rest if rest >= 4 else 0)
        assert min(paper.values()) >= 10
        answered = Counter[tuple[str, str]]()
        for (place, role, _), n in sealed.totals().items():
            answered[place, role] += n
        for row in sealed.counted()[0]:
            assert row["question"] in QUESTIONS
            if row["place"] in UNITS:
                # However much noise, the three still add up to how many answered.
                assert row["yes"] + row["not_yes"] + row["non_substantive"] == answered[row["place"], row["role"]]
