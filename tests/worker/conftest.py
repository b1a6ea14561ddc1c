"""For every test of the sending: an open round, and desks that send from it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.care_unit.post_office import Exchange, PostOffice
from tests.sealed import Sealed, make_sealed
from tests.worker.desk import Desk, by_mail, by_sms


@pytest.fixture
def sealed(sqlite_url: str, open_engine: Callable[..., Engine], tmp_path: Path) -> Sealed:
    """An open round."""
    return make_sealed(open_engine(sqlite_url), tmp_path)


@pytest.fixture
def desk(sealed: Sealed, office: PostOffice) -> Desk:
    """A desk that sends e-mail."""
    return by_mail(sealed, office.port)


@pytest.fixture
def sms_desk(sealed: Sealed, gateway: Exchange) -> Desk:
    """A desk that sends SMS."""
    return by_sms(sealed, gateway.port)
