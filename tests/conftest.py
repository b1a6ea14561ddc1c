"""Only what several rooms' tests share: two fresh databases, where mail and SMS go, what an attack showed."""

import os
import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine

from survey.store.database.engine import make_engine
from survey.store.maintenance.migrate import upgrade
from survey.store.roles.make_roles import make_roles
from tests.attacks.full import Shown
from tests.attacks.report import ATTACKS, PROPERTY
from tests.care_unit.post_office import Exchange, PostOffice, exchange, post_office
from tests.parts import each_under_its_role
from tests.postgres import Cluster

_numbers = count(1)


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A PostgreSQL server, started when a test first asks for it."""
    import tempfile

    # Not below pytest's folder: that one is closed to others, and root's server runs as nobody.
    with tempfile.TemporaryDirectory(prefix="sju-postgres-") as folder:
        server = Cluster(Path(folder))
        server.execute("CREATE DATABASE migrated")
        upgrade(server.url("migrated"))
        if os.environ.get("ROLES"):
            make_roles(make_engine(server.url("migrated")))
        yield server
        server.stop()


@pytest.fixture(autouse=bool(os.environ.get("ROLES")))
def under_roles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each part's transactions go under its own role; so do all tests' with ROLES=1 in the environment."""
    each_under_its_role(monkeypatch)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "survey.sqlite"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(migrated_file: Path, tmp_path: Path) -> str:
    """The address of a fresh, migrated SQLite database."""
    path = tmp_path / "survey.sqlite"
    shutil.copy(migrated_file, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(cluster: Cluster) -> Iterator[str]:
    """The address of a fresh, migrated PostgreSQL database."""
    name = f"test_{next(_numbers)}"
    cluster.execute(f"CREATE DATABASE {name} TEMPLATE migrated")
    yield cluster.url(name)
    cluster.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh, migrated database, once for each kind."""
    return str(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url"))


@pytest.fixture
def open_engine() -> Iterator[Callable[..., Engine]]:
    """Makes engines that are closed after the test."""
    made: list[Engine] = []

    def make(url: str, patience: float = 10.0) -> Engine:
        made.append(make_engine(url, patience))
        return made[-1]

    yield make
    for engine in made:
        engine.dispose()


@pytest.fixture
def engine(database_url: str, open_engine: Callable[..., Engine]) -> Engine:
    """An engine on a fresh, migrated database, once for each kind."""
    return open_engine(database_url)


@pytest.fixture
def office() -> Iterator[PostOffice]:
    """A mail server."""
    with post_office() as found:
        yield found


@pytest.fixture
def gateway() -> Iterator[Exchange]:
    """An SMS gateway."""
    with exchange() as found:
        yield found


@pytest.fixture
def shown(record_property: Callable[[str, object], None]) -> Shown:
    """Says what an attack showed, for the report: its key there, what was done, the result, N and the seed."""

    def say(attack: str, what: str, result: str, *, n: object = "", seed: object = "", control: bool = False) -> None:
        assert attack in ATTACKS
        said = {"attack": attack, "what": what, "result": result, "control": control, "n": str(n), "seed": str(seed)}
        record_property(PROPERTY, said)

    return say
