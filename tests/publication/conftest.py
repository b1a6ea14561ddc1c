"""A region that has published and exported a round, and a nation that trusts it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine

from survey.config import Settings
from survey.publication.federation.verifying import KnownHere
from survey.store.database.engine import make_engine
from tests.publication.federated import VERSIONS, Nation, Region, fresh, make_region
from tests.sealed import SECRET, Sealed


@pytest.fixture(scope="session")
def published(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A region's installation with one published round: its folder, to be copied."""
    folder = tmp_path_factory.mktemp("west")
    engine = fresh(migrated_file, folder / "survey.sqlite", make_engine)
    make_region(engine, folder, "west")
    engine.dispose()
    return folder


@pytest.fixture
def region(published: Path, tmp_path: Path, open_engine: Callable[..., Engine]) -> Region:
    """A copy of it, with a key of its own."""
    folder = tmp_path / "west"
    shutil.copytree(published, folder)
    engine = open_engine(f"sqlite:///{folder / 'survey.sqlite'}")
    sealed = Sealed(engine, Settings(instance=folder, secret=SECRET, demo=True))
    made = Region("west", sealed, Ed25519PrivateKey.generate(), folder / "export")
    made.export()
    return made


@pytest.fixture
def nation(engine: Engine, region: Region, tmp_path: Path) -> Nation:
    """A gathering installation that trusts the region; on both databases."""
    made = Nation(engine, Settings(instance=tmp_path, secret="n" * 40, demo=True), KnownHere(VERSIONS, demo=True))
    made.trust(region)
    return made
