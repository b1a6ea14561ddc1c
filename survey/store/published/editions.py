"""Published editions and their drawn pictures, which pages and files may read. Never changed once stored.

Ours are of a round; national ones are of a period, and stand in no list of ours. All have one series of numbers.
"""

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
    """One edition; `body` is canonical JSON and `sha256` its hash; `round`: a national one's period."""

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


_SUBJECT = sa.func.coalesce(edition.c.round, edition.c.period).label("round")
_HEAD = (edition.c.number, _SUBJECT, edition.c.published, edition.c.sha256)
_ONE = sa.select(*_HEAD, edition.c.body).where(edition.c.number == sa.bindparam("wanted"))
_LATEST = sa.select(*_HEAD, edition.c.body).where(
    edition.c.number.in_(
        sa.select(sa.func.max(edition.c.number))
        .where(edition.c.round.is_not(None), edition.c.number <= sa.bindparam("up_to"))
        .group_by(edition.c.round)
    )
)
_HEADS = sa.select(*_HEAD).where(edition.c.round.is_not(None)).order_by(edition.c.number)
_NATIONAL_HEADS = sa.select(*_HEAD).where(edition.c.period.is_not(None)).order_by(edition.c.number)
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
    """Return the edition with that number, ours or national, or None."""
    row = connection.execute(_ONE, {"wanted": number}).one_or_none() if 0 < number < NEWEST else None
    return EditionRow(**row._mapping) if row is not None else None


def heads(connection: Connection) -> Sequence[tuple[int, str, date]]:
    """Return number, round and day of every edition of ours, the oldest first, without the bodies."""
    return [head[:3] for head in hashed_heads(connection)]


def hashed_heads(connection: Connection) -> list[EditionHead]:
    """Return the head of every edition of ours with its hash, by which an edition is known that never changes."""
    return [EditionHead(*row) for row in connection.execute(_HEADS)]


def national_heads(connection: Connection) -> list[EditionHead]:
    """Return the heads of the national editions; `round` is the period."""
    return [EditionHead(*row) for row in connection.execute(_NATIONAL_HEADS)]


def latest_by_round(connection: Connection, up_to: int | None = None) -> list[EditionRow]:
    """Return each of our rounds' newest edition, or the newest as of number `up_to`; by the round's opening day."""
    found = connection.execute(_LATEST, {"up_to": NEWEST if up_to is None else up_to})
    editions = [EditionRow(**row._mapping) for row in found]
    return sorted(editions, key=lambda each: (each.content["round"]["opens"], each.number))


def next_number(connection: Connection) -> int:
    """Return the number of the next edition, inside the transaction that adds it."""
    return int(connection.scalar(_LAST) or 0) + 1


def add(connection: Connection, round: str, body: str, sha256: str, published: date) -> int:
    """Store an edition under the number that its body says, and return that number."""
    return _add(connection, {"round": round, "body": body, "sha256": sha256, "published": published})


def add_national(connection: Connection, period: str, body: str, sha256: str, published: date) -> int:
    """Store a national edition in the same way."""
    return _add(connection, {"period": period, "body": body, "sha256": sha256, "published": published})


def _add(connection: Connection, row: dict[str, Any]) -> int:
    number = int(json.loads(row["body"])["number"])
    connection.execute(_ADD, row | {"number": number})
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
