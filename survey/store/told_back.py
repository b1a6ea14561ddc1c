"""What residents are told of a round: the region's text, and the improvements that units chose to show."""

from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.store.tables import place, told_back, told_in


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
_AT_IN = (told_in.c.place == sa.bindparam("at_place"), told_in.c.round == sa.bindparam("of_round"))
_ONE = sa.select(told_back.c.text).where(*_AT)
_REMOVE = sa.delete(told_back).where(*_AT)
_ADD = sa.insert(told_back)


_IN = (*_AT_IN, told_in.c.language == sa.bindparam("in_language"))
_ONE_IN = sa.select(told_in.c.text).where(*_IN)
_REMOVE_IN = sa.delete(told_in).where(*_IN)
_ADD_IN = sa.insert(told_in)
_TRANSLATED = sa.select(told_in.c.place, told_in.c.text).where(
    told_in.c.round == sa.bindparam("of_round"), told_in.c.language == sa.bindparam("in_language")
)
_LANGUAGES = sa.select(told_in.c.language).where(*_AT_IN)


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


def translated(connection: Connection, round: str, language: str) -> dict[str, str]:
    """What is told of a round in another language, by place; a place without has its own words alone."""
    found = connection.execute(_TRANSLATED, {"of_round": round, "in_language": language})
    return {row.place: row.text for row in found}


def get_in(connection: Connection, place: str, round: str, language: str) -> str:
    """What a place tells in another language; empty where it tells nothing in it."""
    named = {"at_place": place, "of_round": round, "in_language": language}
    return str(connection.scalar(_ONE_IN, named) or "")


def put_in(connection: Connection, place: str, round: str, language: str, text: str) -> bool:
    """Tell it in another language; an empty text tells nothing in it. Whether anything changed."""
    if get_in(connection, place, round, language) == text:
        return False
    connection.execute(_REMOVE_IN, {"at_place": place, "of_round": round, "in_language": language})
    if text:
        connection.execute(_ADD_IN, {"place": place, "round": round, "language": language, "text": text})
    return True


def languages(connection: Connection, place: str, round: str) -> set[str]:
    """The other languages in which a place tells of a round."""
    return set(connection.scalars(_LANGUAGES, {"at_place": place, "of_round": round}))
