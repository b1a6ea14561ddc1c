"""New one-time codes for a unit. For the care unit that hands them out; the database keeps only their
hashes.
"""

from sqlalchemy import Engine

from survey.domain import codes
from survey.sealing.keys import KeyVolumes
from survey.sealing.peppered import hash_of_code
from survey.store import invitations
from survey.store.engine import writing


def make_codes(  # noqa: PLR0917 (five names of one thing: whose codes)
    engine: Engine, volumes: KeyVolumes, unit: str, round_key: str, role: str, count: int
) -> list[str]:
    """Make codes for a unit in an open round; they can't be shown again. KeysMissing without its pepper."""
    pepper = volumes.pepper_of(round_key)
    made = [codes.make() for _ in range(count)]
    with writing(engine) as connection:
        invitations.add(connection, [hash_of_code(pepper, code) for code in made], unit, round_key, role)
    return made
