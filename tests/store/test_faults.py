"""Faults speak in our words: no value of a row ever stands in one."""

import traceback
from collections.abc import Callable

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from survey.store.core import places
from survey.store.database.engine import (
    DatabaseConflict,
    DatabaseFault,
    DatabaseUnavailable,
    read_transaction,
    write_transaction,
)
from survey.store.staff import accounts
from tests import factories

Make = Callable[..., Engine]
SECRET = "canary@example.org"


def _twice_the_same_person(connection: Connection) -> None:
    places.save_places(connection, factories.small_places())
    for _ in range(2):
        accounts.add_account(connection, SECRET, "hash", "unit", factories.REGION)


def test_a_conflict_says_no_values(engine: Engine, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(DatabaseConflict) as caught, write_transaction(engine) as connection:
        _twice_the_same_person(connection)
    told = "".join(traceback.format_exception(caught.value, chain=True))
    assert SECRET not in told + capfd.readouterr().err
    error: BaseException | None = caught.value
    while error is not None:
        assert SECRET not in repr(error) + str(error)
        error = error.__context__


def test_the_driver_itself_would_have_said_them(postgres_url: str, open_engine: Make) -> None:
    """The control: without our words, PostgreSQL's DETAIL prints the address."""
    with write_transaction(open_engine(postgres_url)) as connection:
        places.save_places(connection, factories.small_places())
        accounts.add_account(connection, SECRET, "hash", "unit", factories.REGION)
    row = "INSERT INTO account SELECT 99, email, password, active, 'other', role, place, language FROM account"
    with psycopg.connect(postgres_url) as bare, pytest.raises(psycopg.Error, match=SECRET):
        bare.execute(row)


def test_a_faulty_statement_is_a_fault_and_not_unavailable(engine: Engine) -> None:
    with pytest.raises(DatabaseFault) as caught, read_transaction(engine) as connection:
        connection.execute(sa.text("SELECT :value FROM nowhere"), {"value": SECRET})
    assert not isinstance(caught.value, DatabaseUnavailable)
    assert SECRET not in str(caught.value)
