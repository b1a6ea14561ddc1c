"""A filled round to attack again and again, on both databases."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import pytest

from survey.store.engine import make_engine
from tests.attacks.tools import fresh_engine
from tests.postgres import Cluster
from tests.sealed import Sealed, make_sealed

_numbers = count(1)
ANSWERED = {"vast-ett": 57, "vast-tva": 4, "ost-ett": 6, "ost-tva": 5}


@dataclass(frozen=True)
class Filled:
    """An open round with answers, of which a test takes as many equal copies as it likes."""

    copy: Callable[[], tuple[str, Sealed]]


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
        sealed = make_sealed(engine, first)
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
def filled_postgresql(cluster: Cluster, tmp_path: Path) -> Iterator[Filled]:
    """On PostgreSQL: the database is a template of its copies."""
    first, template = tmp_path / "first", f"filled_{next(_numbers)}"
    cluster.execute(f"CREATE DATABASE {template} TEMPLATE migrated")
    with fresh_engine(cluster.url(template)) as engine:
        sealed = make_sealed(engine, first)
        fill(sealed)
    opened = []
    names = [template]

    def copy() -> tuple[str, Sealed]:
        names.append(f"{template}_{next(_numbers)}")
        cluster.execute(f"CREATE DATABASE {names[-1]} TEMPLATE {template}")
        folder = tmp_path / names[-1]
        shutil.copytree(first, folder)
        opened.append(make_engine(cluster.url(names[-1])))
        return cluster.url(names[-1]), Sealed(opened[-1], replace(sealed.settings, instance=folder))

    yield Filled(copy)
    for engine in opened:
        engine.dispose()
    for name in names:
        cluster.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def filled(request: pytest.FixtureRequest) -> Filled:
    """A filled round, once for each kind of database."""
    found: Filled = request.getfixturevalue(f"filled_{request.param}")
    return found
