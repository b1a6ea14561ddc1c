"""New access codes for a unit. For the care unit that hands them out.

The database keeps only their hashes, and their number by channel.
"""

from collections.abc import Callable

from sqlalchemy import Connection, Engine

from survey.domain.rounds import access_codes
from survey.domain.rounds.lifecycle import RoundError
from survey.sealing.intake.allowance import check_allowance
from survey.sealing.keys.key_volumes import KeyVolumes
from survey.sealing.keys.keyed_hash import hash_of_code
from survey.store.answers import access_codes as code_hashes
from survey.store.channels import issued_codes
from survey.store.core import rounds
from survey.store.database.engine import write_transaction

FILE_CHANNEL = "file"


def make_codes(  # noqa: PLR0917 (five names of one thing: whose codes)
    engine: Engine,
    volumes: KeyVolumes,
    unit: str,
    round_key: str,
    role: str,
    count: int,
    channel: str = FILE_CHANNEL,
    note: Callable[[Connection], None] | None = None,
) -> list[str]:
    """Make codes for a unit in an open round; they can't be shown again. `note` logs who did, in one transaction.

    Raises KeysMissing without the round's pepper, RoundError when the round is not open any longer, and
    AllowanceExceeded when they are more than the unit's staff need.
    """
    pepper = volumes.pepper_of(round_key)
    made = [access_codes.make_code() for _ in range(count)]
    hashes = [hash_of_code(pepper, code) for code in made]
    with write_transaction(engine) as connection:
        found = rounds.get_round(connection, round_key)
        if found is None or found.state != "open":
            raise RoundError(round_key, "not_open")
        check_allowance(connection, count, unit=unit, round=round_key, role=role, channel=channel)
        code_hashes.add(connection, hashes, unit, round_key, role)
        issued_codes.add(connection, count, unit=unit, round=round_key, role=role, channel=channel)
        if note:
            note(connection)
    return made
