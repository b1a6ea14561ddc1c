"""For every test of the seal: a round that is open, on both databases."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.sealed import Sealed, make_sealed


@pytest.fixture
def sealed(engine: Engine, tmp_path: Path) -> Sealed:
    """One open round."""
    return make_sealed(engine, tmp_path)
