"""What the settings ask of the protection is what a round is opened, closed and published with."""

from fractions import Fraction
from pathlib import Path

import pytest
from sqlalchemy import Engine

from survey.config import Settings
from survey.domain.disclosure.protection import parse_protection
from survey.sealing.keys.registry import registry_of
from survey.sealing.rounds.open_round import open_round
from survey.store.core import rounds
from survey.store.database.engine import read_transaction, write_transaction
from tests.factories import furnish, make_round
from tests.publication.test_publish import TODAY, VERSIONS, publish, published
from tests.sealed import ROUND, SECRET, Sealed

UNIT = {30: 1.0, 40: 0.1}
"""How strong the noise in a unit's figures is, beside how many a group of residents has at least."""


@pytest.mark.parametrize("smallest", UNIT)
def test_a_round_is_protected_as_the_settings_ask(engine: Engine, tmp_path: Path, smallest: int) -> None:
    asked = Settings(instance=tmp_path, secret=SECRET, demo=True, noise_unit=UNIT[smallest], smallest_group=smallest)
    with write_transaction(engine) as connection:
        furnish(connection, [], make_round(ROUND))
    open_round(engine, asked, ROUND)
    sealed = Sealed(engine, asked)
    sealed.fill({"vast-ett": 70, "ost-ett": 70})
    kept = registry_of(sealed.volumes, ROUND).protection
    assert (kept.unit, kept.smallest_group) == (Fraction(str(UNIT[smallest])), smallest)

    sealed.close()
    sizes = [row["n"] for row in sealed.counted()[1]]
    # With the house's own thirty there is a group that forty folds into the others.
    assert smallest <= min(sizes) and (smallest > 30) == (min(sizes) >= 40)
    with read_transaction(engine) as connection:
        row = rounds.get_round(connection, ROUND)
    assert row is not None and parse_protection(row.protection) == kept

    body = published(engine, publish(engine, asked, VERSIONS, ROUND, TODAY))
    assert (body["noise"]["unit"], body["smallest_group"]) == (UNIT[smallest], smallest)
