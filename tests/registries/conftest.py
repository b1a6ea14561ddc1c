"""The copy that each of these tests adds to."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.registries.copied import Copy


@pytest.fixture
def copy(tmp_path: Path) -> Callable[[], Copy]:
    """Makes the copy."""
    return lambda: Copy(tmp_path / "copy")
