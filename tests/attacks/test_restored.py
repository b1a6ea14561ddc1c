"""A database from before a round closed is put back: it says that it is open, and nothing opens what comes in."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from survey.domain.rounds.lifecycle import RoundError
from survey.sealing.checks.watch import watch
from survey.sealing.intake import submit as accepting
from survey.sealing.intake.submit import Outcome
from survey.sealing.rounds import open_round
from survey.sealing.rounds.retention import delete_expired
from survey.store import tables
from survey.store.database.engine import read_transaction, write_transaction
from tests.attacks.full import Shown
from tests.factories import make_round
from tests.sealed import ROUND, Sealed, a_response, make_sealed

UNIT = "vast-ett"
TABLES = [
    table
    for table in tables.metadata.sorted_tables
    if table.name in {"round", "batch", "outbox_key", "envelope", "used_form_id"}
]


@pytest.fixture
def restored(engine: Engine, tmp_path: Path) -> Sealed:
    """A round with twelve answers, closed and counted; and the database from before that."""
    sealed = make_sealed(engine, tmp_path)
    sealed.fill({UNIT: 12})
    with read_transaction(engine) as connection:
        before = {table.name: connection.execute(sa.select(table)).mappings().all() for table in TABLES}
    sealed.close()
    with write_transaction(engine) as connection:
        for name in ("answer_count", "tally", "matched_tally", "background_tally"):
            connection.execute(sa.delete(tables.metadata.tables[name]))
        for table in reversed(TABLES):
            connection.execute(sa.delete(table))
        for table in TABLES:
            rows = [dict(row) for row in before[table.name]]
            if rows:
                connection.execute(sa.insert(table), rows)
    return sealed


def thanked(sealed: Sealed) -> int:
    """How many of ten are thanked."""
    return sum(sealed.send(UNIT, a_response()) is Outcome.ACCEPTED for _ in range(10))


def test_nobody_is_thanked_for_what_no_key_opens(restored: Sealed, shown: Shown) -> None:
    came = thanked(restored)
    said = watch(restored.engine, restored.volumes)
    shown("restored", f"the database from before the closing; {restored.engine.dialect.name}", f"{came} of 10 thanked")
    assert came == 0
    assert "is from before that" in said


def test_it_holds_also_when_pepper_and_codes_are_forgotten(restored: Sealed) -> None:
    with write_transaction(restored.engine) as connection:
        connection.execute(sa.update(tables.round_).values(state="closed"))
    delete_expired(restored.engine, restored.volumes, make_round().accepts_until.replace(year=2027))
    with write_transaction(restored.engine) as connection:
        connection.execute(sa.update(tables.round_).values(state="open"))
    assert thanked(restored) == 0


@pytest.mark.parametrize("state", ["draft", "opening"])
def test_a_round_that_was_closed_is_not_opened_again(restored: Sealed, state: str) -> None:
    with write_transaction(restored.engine) as connection:
        for name in ("envelope", "batch", "outbox_key"):
            connection.execute(sa.delete(tables.metadata.tables[name]))
        connection.execute(sa.update(tables.round_).values(state=state))
    with pytest.raises(RoundError, match="closed_before"):
        open_round.open_round(restored.engine, restored.settings, ROUND)
    assert restored.volumes.private_rounds() == set()


def test_control_without_the_mark_all_are_thanked(
    restored: Sealed, monkeypatch: pytest.MonkeyPatch, shown: Shown
) -> None:
    monkeypatch.setattr(accepting, "is_over", lambda *of: False)
    came = thanked(restored)
    shown("restored", f"no mark of the closing; {restored.engine.dialect.name}", f"{came} of 10 thanked", control=True)
    assert came == 10
