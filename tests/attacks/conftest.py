"""A filled round to attack again and again, on both databases."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from survey.config import Settings
from survey.sealing.rounds.open_round import open_round
from survey.store import tables
from survey.store.database.engine import make_engine, write_transaction
from tests.attacks.tools import fresh_engine
from tests.factories import furnish, make_round
from tests.postgres import Cluster
from tests.sealed import ROUND, SECRET, Sealed

_numbers = count(1)
ANSWERED = {"vast-ett": 30, "vast-tva": 4, "ost-ett": 21, "ost-tva": 17}


@dataclass(frozen=True)
class Filled:
    """An open round with answers, of which a test takes as many equal copies as it likes, one after the other."""

    copy: Callable[[], tuple[str, Sealed]]


def opened_on_two_volumes(engine: Engine, folder: Path) -> Sealed:
    """An open round whose keys lie on two volumes, each with a copy of the other's."""
    with write_transaction(engine) as connection:
        furnish(connection, (), make_round(ROUND))
    keys = {"private_keys": "volume-a/private", "pepper_keys": "volume-b/pepper"}
    settings = Settings(instance=folder, secret=SECRET, demo=True, **keys)
    open_round(engine, settings, ROUND)
    return Sealed(engine, settings)


def fill(sealed: Sealed) -> None:
    """Answers of both roles: some at their unit, some to be pooled, some too few."""
    sealed.fill(ANSWERED)
    sealed.fill({"vast-ett": 12, "ost-ett": 3}, channel="invited")
    sealed.fill({"vast-tva": 3}, channel="paper")
    sealed.fill({"vast-ett": 6, "ost-tva": 2}, role="provider", channel="invited")


@pytest.fixture
def filled_sqlite(migrated_file: Path, tmp_path: Path) -> Iterator[Filled]:
    """On SQLite: the file and the keys are copied."""
    first = tmp_path / "first"
    first.mkdir()
    shutil.copy(migrated_file, first / "survey.sqlite")
    with fresh_engine(f"sqlite:///{first / 'survey.sqlite'}") as engine:
        sealed = opened_on_two_volumes(engine, first)
        fill(sealed)
    opened = []

    def copy() -> tuple[str, Sealed]:
        folder = tmp_path / f"copy{next(_numbers)}"
        shutil.copytree(first, folder)
        url = f"sqlite:///{folder / 'survey.sqlite'}"
        opened.append(make_engine(url))
        return url, Sealed(opened[-1], replace(sealed.settings, instance=folder))

    yield Filled(copy)
    for engine in opened:
        engine.dispose()


@pytest.fixture
def filled_postgresql(cluster: Cluster, postgres_url: str, tmp_path: Path) -> Iterator[Filled]:
    """On PostgreSQL: the rows are put back, so that a copy is good until the next one is taken."""
    # The log can't be written over, and nothing stands in it here.
    names = [table.name for table in tables.metadata.sorted_tables if table is not tables.audit_line]
    first = tmp_path / "first"
    with fresh_engine(postgres_url) as engine:
        sealed = opened_on_two_volumes(engine, first)
        fill(sealed)
        with write_transaction(engine) as connection:
            connection.execute(sa.text("CREATE SCHEMA kept"))
            for name in names:
                connection.execute(sa.text(f'CREATE TABLE kept."{name}" AS SELECT * FROM "{name}"'))
    opened = []

    def copy() -> tuple[str, Sealed]:
        folder = tmp_path / f"copy{next(_numbers)}"
        shutil.copytree(first, folder)
        opened.append(make_engine(postgres_url))
        with write_transaction(opened[-1]) as connection:
            for name in reversed(names):
                connection.execute(sa.text(f'DELETE FROM "{name}"'))
            for name in names:
                connection.execute(sa.text(f'INSERT INTO "{name}" SELECT * FROM kept."{name}"'))
        return postgres_url, Sealed(opened[-1], replace(sealed.settings, instance=folder))

    yield Filled(copy)
    for engine in opened:
        engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def filled(request: pytest.FixtureRequest) -> Filled:
    """A filled round, once for each kind of database."""
    found: Filled = request.getfixturevalue(f"filled_{request.param}")
    return found


@pytest.fixture
def fresh_databases(
    request: pytest.FixtureRequest, migrated_file: Path, tmp_path: Path
) -> Iterator[Callable[[str], Engine]]:
    """Makes as many fresh, migrated databases of a kind as a test asks for."""
    opened: list[Engine] = []
    names: list[str] = []

    def make(kind: str) -> Engine:
        name = f"fresh_{next(_numbers)}"
        if kind == "postgresql":
            names.append(name)
            cluster: Cluster = request.getfixturevalue("cluster")
            cluster.execute(f"CREATE DATABASE {name} TEMPLATE migrated")
            url = cluster.url(name)
        else:
            shutil.copy(migrated_file, tmp_path / f"{name}.sqlite")
            url = f"sqlite:///{tmp_path / f'{name}.sqlite'}"
        opened.append(make_engine(url))
        return opened[-1]

    yield make
    for engine in opened:
        engine.dispose()
    for name in names:
        request.getfixturevalue("cluster").execute(f"DROP DATABASE {name} WITH (FORCE)")
