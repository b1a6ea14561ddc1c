"""Other installations that are trusted here, their editions as they came, and our own that are withdrawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.store.tables import edition, gathered_edition, source, withdrawn_edition

CURRENT, REPLACED, WITHDRAWN = "current", "replaced", "withdrawn"


@dataclass(frozen=True)
class Source:
    """A trusted installation: our key for it, its name, where its files lie, its public key.

    `serial`: of its newest listing, 0 before the first; `refused`: why the last gathering was, or empty.
    """

    key: str
    name: str
    site: str
    public_key: bytes
    serial: int = 0
    gathered_on: date | None = None
    refused: str = ""


@dataclass(frozen=True)
class GatheredEdition:
    """An edition of a source: its bytes as they came, with their SHA-256 and signature."""

    source: str
    number: int
    round: str
    state: str
    gathered_on: date
    sha256: str
    signature: bytes
    body: bytes


_OF_SOURCE = gathered_edition.c.source == sa.bindparam("of_source")
_SOURCES = sa.select(source).order_by(source.c.name, source.c.key)
_ADD_SOURCE = sa.insert(source)
_CHANGE_SOURCE = sa.update(source).where(source.c.key == sa.bindparam("of_source"))
_EDITIONS = sa.select(gathered_edition).where(_OF_SOURCE).order_by(gathered_edition.c.number)
_ADD = sa.insert(gathered_edition)
_SET_STATE = (
    sa.update(gathered_edition)
    .where(_OF_SOURCE, gathered_edition.c.number == sa.bindparam("of_number"))
    .values(state=sa.bindparam("new_state"))
)
_FORGET_EDITIONS = sa.delete(gathered_edition).where(_OF_SOURCE)
_FORGET = sa.delete(source).where(source.c.key == sa.bindparam("of_source"))
_WITHDRAWN = sa.select(withdrawn_edition.c.number).order_by(withdrawn_edition.c.number)
_WITHDRAW = sa.insert(withdrawn_edition)
_PUBLISHED = sa.select(edition.c.number).where(edition.c.round.is_not(None))


def sources(connection: Connection) -> list[Source]:
    """Return every trusted installation, by name."""
    found = [row._mapping for row in connection.execute(_SOURCES)]
    return [Source(**{**row, "public_key": bytes(row["public_key"])}) for row in found]


def add_source(connection: Connection, new: Source) -> None:
    """Store a newly trusted installation; raise DatabaseConflict where its key or its public key is there already."""
    connection.execute(_ADD_SOURCE, vars(new))


def change_source(connection: Connection, key: str, **values: object) -> None:
    """Change what is known of an installation."""
    connection.execute(_CHANGE_SOURCE.values(**values), {"of_source": key})


def editions_of(connection: Connection, source_key: str) -> list[GatheredEdition]:
    """Return a source's editions, by number."""
    found = [row._mapping for row in connection.execute(_EDITIONS, {"of_source": source_key})]
    as_bytes = ("signature", "body")
    return [GatheredEdition(**{**row, **{name: bytes(row[name]) for name in as_bytes}}) for row in found]


def add_editions(connection: Connection, new: Sequence[GatheredEdition]) -> None:
    """Store editions that were verified; none is ever changed but for its state."""
    for each in new:
        connection.execute(_ADD, vars(each))


def set_state(connection: Connection, source_key: str, number: int, state: str) -> None:
    """Set whether an edition is its round's current one, replaced, or withdrawn."""
    connection.execute(_SET_STATE, {"of_source": source_key, "of_number": number, "new_state": state})


def forget(connection: Connection, source_key: str) -> int:
    """Delete a source with its editions; return how many these were."""
    many = connection.execute(_FORGET_EDITIONS, {"of_source": source_key}).rowcount
    connection.execute(_FORGET, {"of_source": source_key})
    return many


def withdrawn(connection: Connection) -> list[int]:
    """Return the numbers of our own editions that are withdrawn."""
    return list(connection.scalars(_WITHDRAWN))


def withdraw(connection: Connection, number: int, on: date) -> bool:
    """Withdraw one of our own editions; return whether it was there and not withdrawn before."""
    if number not in set(connection.scalars(_PUBLISHED)) or number in withdrawn(connection):
        return False
    connection.execute(_WITHDRAW, {"number": number, "withdrawn_on": on})
    return True
