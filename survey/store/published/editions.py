"""Published editions and their drawn pictures, which pages and files may read. Never changed once stored."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.store.tables import drawing as drawings
from survey.store.tables import edition


@dataclass(frozen=True)
class EditionRow:
    """One edition; `body` is canonical JSON and `sha256` its hash."""

    number: int
    round: str
    published: date
    sha256: str
    body: str

    @property
    def content(self) -> dict[str, Any]:
        """The body, parsed from JSON."""
        found: dict[str, Any] = json.loads(self.body)
        return found


class EditionHead(NamedTuple):
    """An edition without its body."""

    number: int
    round: str
    published: date
    sha256: str


_ONE = sa.select(edition).where(edition.c.number == sa.bindparam("wanted"))
_LATEST = sa.select(edition).where(
    edition.c.number.in_(
        sa.select(sa.func.max(edition.c.number))
        .where(edition.c.number <= sa.bindparam("up_to"))
        .group_by(edition.c.round)
    )
)
_HEADS = sa.select(*(edition.c[name] for name in EditionHead._fields)).order_by(edition.c.number)
_LAST = sa.select(sa.func.coalesce(sa.func.max(edition.c.number), 0))
_ADD = sa.insert(edition)
_PICTURE = ("edition", "place", "chart", "language", "theme")
_DRAWING = sa.select(drawings.c.svg).where(*(drawings.c[name] == sa.bindparam(f"of_{name}") for name in _PICTURE))
# One statement for both databases; SQLAlchemy has it only per dialect.
_ADD_DRAWING = sa.text(
    "INSERT INTO drawing (edition, place, chart, language, theme, svg)"
    " VALUES (:edition, :place, :chart, :language, :theme, :svg) ON CONFLICT DO NOTHING"
)
NEWEST = 2**31 - 1


def get(connection: Connection, number: int) -> EditionRow | None:
    """Return the edition with that number, or None."""
    row = connection.execute(_ONE, {"wanted": number}).one_or_none() if 0 < number < NEWEST else None
    return EditionRow(**row._mapping) if row is not None else None


def heads(connection: Connection) -> Sequence[tuple[int, str, date]]:
    """Return number, round and day of every edition, the oldest first, without the bodies."""
    return [head[:3] for head in hashed_heads(connection)]


def hashed_heads(connection: Connection) -> list[EditionHead]:
    """Return every edition's head with its hash, by which an edition is known that never changes."""
    return [EditionHead(*row) for row in connection.execute(_HEADS)]


def latest_by_round(connection: Connection, up_to: int | None = None) -> list[EditionRow]:
    """Return each round's newest edition, or the newest as of number `up_to`; by the round's opening day."""
    found = connection.execute(_LATEST, {"up_to": NEWEST if up_to is None else up_to})
    editions = [EditionRow(**row._mapping) for row in found]
    return sorted(editions, key=lambda each: (each.content["round"]["opens"], each.number))


def next_number(connection: Connection) -> int:
    """Return the number of the next edition, inside the transaction that adds it."""
    return int(connection.scalar(_LAST) or 0) + 1


def add(connection: Connection, round: str, body: str, sha256: str, published: date) -> int:
    """Store an edition under the number that its body says, and return that number."""
    number = int(json.loads(body)["number"])
    row = {"number": number, "round": round, "published": published, "sha256": sha256, "body": body}
    connection.execute(_ADD, row)
    return number


def drawing(connection: Connection, number: int, place: str, chart: str, *, language: str, theme: str) -> bytes | None:
    """Return a drawn picture, or None if it has not been drawn."""
    named = {
        "of_edition": number,
        "of_place": place,
        "of_chart": chart,
        "of_language": language,
        "of_theme": theme,
    }
    found = connection.scalar(_DRAWING, named)
    return bytes(found) if found is not None else None


def add_drawing(
    connection: Connection, number: int, place: str, chart: str, *, language: str, theme: str, svg: bytes
) -> None:
    """Store a drawn picture; the first one stands."""
    row = {
        "edition": number,
        "place": place,
        "chart": chart,
        "language": language,
        "theme": theme,
        "svg": svg,
    }
    connection.execute(_ADD_DRAWING, row)
