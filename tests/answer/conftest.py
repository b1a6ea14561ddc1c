"""A house to answer in, and a reader, for the tests of the answer pages."""

from pathlib import Path

import pytest

from tests.answering import Answering, make_answering
from tests.reader import Reader


@pytest.fixture
def invited(tmp_path: Path) -> Answering:
    """A round where each answer needs a code."""
    return make_answering(tmp_path / "invited")


@pytest.fixture
def opened(tmp_path: Path) -> Answering:
    """A round that may be answered without a code."""
    return make_answering(tmp_path / "opened", open_link=True)


@pytest.fixture
def reader(invited: Answering) -> Reader:
    """Someone with a code to come, who reads Swedish."""
    return Reader(invited.app)


@pytest.fixture
def passer_by(opened: Answering) -> Reader:
    """Someone without a code, who reads Swedish."""
    return Reader(opened.app)
