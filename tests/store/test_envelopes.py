"""The end of a round's envelopes, all at once where nobody else has any there; and how far their closing has come."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from survey.store.answers import batches, closing_progress, envelopes
from survey.store.answers.batches import Batch
from survey.store.answers.envelopes import Envelope
from survey.store.core import rounds
from survey.store.database.engine import read_transaction, write_transaction
from tests import factories

ROUND = "host-2026"


@pytest.fixture
def furnished(engine: Engine) -> Engine:
    """A database with the small places and a draft round."""
    with write_transaction(engine) as connection:
        factories.furnish(connection, (), factories.make_round(ROUND))
    return engine


def with_envelopes(engine: Engine, other_round: bool = False) -> None:
    with write_transaction(engine) as connection:
        named = [("a", "open"), ("b", "paper")]
        made = [Batch(name * 32, "vast-ett", ROUND, "patient", mode, b"k" * 32) for name, mode in named]
        if other_round:
            rounds.add_round(connection, factories.make_round("annan"))
            made.append(Batch("c" * 32, "vast-ett", "annan", "patient", "open", b"k" * 32))
        batches.add_batches(connection, made)
        envelopes.add_envelopes(connection, [Envelope(bytes([n]) * 16, made[n % len(made)].id, b"s") for n in range(9)])


def file_of_envelopes(connection: Connection) -> int:
    """Which file PostgreSQL has them in: another one once the table has been emptied at once."""
    return int(connection.scalar(sa.text("SELECT relfilenode FROM pg_class WHERE relname = 'envelope'")) or 0)


def test_a_round_that_is_alone_is_emptied_at_once_and_all_told(furnished: Engine) -> None:
    with_envelopes(furnished)
    with write_transaction(furnished) as connection:
        before = file_of_envelopes(connection) if furnished.dialect.name == "postgresql" else 0
        assert envelopes.delete_of_round(connection, ROUND) == {"a" * 32: 5, "b" * 32: 4}
        assert envelopes.waiting(connection) == {}
        if before:
            assert file_of_envelopes(connection) != before


def test_another_rounds_envelopes_stay(furnished: Engine) -> None:
    with_envelopes(furnished, other_round=True)
    with write_transaction(furnished) as connection:
        assert envelopes.delete_of_round(connection, ROUND) == {"a" * 32: 3, "b" * 32: 3}
        assert envelopes.waiting(connection) == {"c" * 32: 3}


def test_nobody_who_copies_the_database_meanwhile_is_waited_for(
    postgres_url: str, open_engine: Callable[..., Engine]
) -> None:
    engine = open_engine(postgres_url)
    with write_transaction(engine) as connection:
        factories.furnish(connection, [], factories.make_round(ROUND))
    with_envelopes(engine)
    with read_transaction(engine) as copying, write_transaction(engine) as connection:
        assert sum(envelopes.waiting(copying).values()) == 9
        before = file_of_envelopes(connection)
        assert envelopes.delete_of_round(connection, ROUND) == {"a" * 32: 5, "b" * 32: 4}
        assert file_of_envelopes(connection) == before and envelopes.waiting(connection) == {}


def test_how_far_a_closing_has_come_is_written_over_and_forgotten(furnished: Engine) -> None:
    with write_transaction(furnished) as connection:
        assert closing_progress.tenths(connection, ROUND) == 0
        for tenths in (3, 7):
            closing_progress.save(connection, ROUND, tenths)
        assert closing_progress.tenths(connection, ROUND) == 7
        closing_progress.forget(connection, ROUND)
        assert closing_progress.tenths(connection, ROUND) == 0
