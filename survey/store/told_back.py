"""What residents are told of a round: the region's text, and the improvements that units chose to show."""

from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.store.tables import place, told_back


class Told(NamedTuple):
    """A place's words on a round."""

    place: str
    place_name: str
    level: str
    text: str


_OF_ROUND = (
    sa.select(told_back.c.place, place.c.name, place.c.level, told_back.c.text)
    .join(place, place.c.key == told_back.c.place)
    .where(told_back.c.round == sa.bindparam("of_round"))
    .order_by(place.c.name, place.c.key)
)
_AT = (told_back.c.place == sa.bindparam("at_place"), told_back.c.round == sa.bindparam("of_round"))
_ONE = sa.select(told_back.c.text).where(*_AT)
_REMOVE = sa.delete(told_back).where(*_AT)
_ADD = sa.insert(told_back)


def of_round(connection: Connection, round: str) -> list[Told]:
    """All that is told of a round, by the places' names of today."""
    return [Told(*row) for row in connection.execute(_OF_ROUND, {"of_round": round})]


def get(connection: Connection, place: str, round: str) -> str:
    """What a place tells of a round; empty where it tells nothing."""
    return str(connection.scalar(_ONE, {"at_place": place, "of_round": round}) or "")


def put(connection: Connection, place: str, round: str, text: str) -> bool:
    """Tell it in the place of what was told; an empty text tells nothing. Whether anything changed."""
    if get(connection, place, round) == text:
        return False
    connection.execute(_REMOVE, {"at_place": place, "of_round": round})
    if text:
        connection.execute(_ADD, {"place": place, "round": round, "text": text})
    return True
