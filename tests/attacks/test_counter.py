"""The figure of how many have answered, read as a counter: who puts in answers of their own until it stands before the
next ten would see each answer come, when, and whether a link was fresh. Read after every answer, by who leads the unit.
"""

import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine

from survey.domain.disclosure.count_rounding import round_down_to_ten
from survey.store.answers import batches, progress
from survey.store.database.engine import read_transaction
from survey.worker import progress as taking
from tests.attacks.full import Shown, sized
from tests.sealed import ROUND, Sealed, a_response, make_sealed

UNIT, SEED = "vast-ett", 11
DAYS, A_DAY = sized(4, 20), 6
FIRST = date(2026, 9, 14)
Read = Callable[[Sealed], int]


def taken(sealed: Sealed) -> int:
    """What the page says: as the worker took it."""
    with read_transaction(sealed.engine) as connection:
        return progress.of_round(connection, ROUND).get(UNIT, 0)


def _came(connection: Connection) -> int:
    at_unit = (each for each in batches.batches(connection, ROUND) if (each.place, each.role) == (UNIT, "patient"))
    return sum(each.accepted for each in at_unit)


def live(sealed: Sealed) -> int:
    """What the page would say of the moment, in tens too."""
    with read_transaction(sealed.engine) as connection:
        return round_down_to_ten(_came(connection))


def moments_seen(sealed: Sealed, read: Read) -> tuple[int, int]:
    """How many answers were seen in the moment they came, and how many came: paper is keyed in up to each x9."""
    chance, seen, came = random.Random(SEED), 0, 0
    for day in range(DAYS):
        taking.count_daily(sealed.engine, FIRST + timedelta(day))
        for _ in range(A_DAY):
            with read_transaction(sealed.engine) as connection:
                own = _came(connection)
            for _ in range(9 - own % 10):
                sealed.send(UNIT, a_response("patient", chance), channel="paper")
            before = read(sealed)
            taking.count_daily(sealed.engine, FIRST + timedelta(day))
            sealed.send(UNIT, a_response("patient", chance))
            came += 1
            seen += read(sealed) != before
    return seen, came


@pytest.fixture
def sealed(engine: Engine, tmp_path: Path) -> Sealed:
    return make_sealed(engine, tmp_path)


def test_no_answer_is_seen_in_the_moment_it_comes(sealed: Sealed, shown: Shown) -> None:
    seen, came = moments_seen(sealed, taken)
    shown("counter", f"paper keyed in up to each x9; {sealed.engine.dialect.name}", f"{seen} of {came} answers seen",
          n=came, seed=SEED)  # fmt: skip
    assert seen == 0


def test_paper_does_not_move_the_figure_the_day_after_either(sealed: Sealed) -> None:
    sealed.fill({UNIT: 25}, channel="paper")
    sealed.fill({UNIT: 12}, channel="open")
    taking.count_daily(sealed.engine, FIRST)
    assert taken(sealed) == 10


def test_control_a_live_figure_shows_each(sealed: Sealed, shown: Shown) -> None:
    seen, came = moments_seen(sealed, live)
    shown("counter", f"a live figure in tens, paper counted; {sealed.engine.dialect.name}",
          f"{seen} of {came} answers seen", n=came, seed=SEED, control=True)  # fmt: skip
    assert seen == came
