"""Resident messages about a round: the region's text, and the improvements that units chose to show."""

from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.store.tables import place, resident_message, resident_message_translation


class ResidentMessage(NamedTuple):
    """A place's message about a round."""

    place: str
    place_name: str
    level: str
    text: str


_OF_ROUND = (
    sa.select(resident_message.c.place, place.c.name, place.c.level, resident_message.c.text)
    .join(place, place.c.key == resident_message.c.place)
    .where(resident_message.c.round == sa.bindparam("of_round"))
    .order_by(place.c.name, place.c.key)
)


class _Words(NamedTuple):
    """Queries of one of the two tables."""

    one: sa.Select[tuple[str]]
    remove: sa.Delete
    add: sa.Insert


def _words(table: sa.Table, *more: sa.ColumnElement[bool]) -> _Words:
    at = (table.c.place == sa.bindparam("at_place"), table.c.round == sa.bindparam("of_round"), *more)
    return _Words(sa.select(table.c.text).where(*at), sa.delete(table).where(*at), sa.insert(table))


_OWN = _words(resident_message)
_IN_LANGUAGE = resident_message_translation.c.language == sa.bindparam("in_language")
_OTHER = _words(resident_message_translation, _IN_LANGUAGE)
_OF_ROUND_IN = resident_message_translation.c.round == sa.bindparam("of_round")
_TRANSLATED = sa.select(resident_message_translation.c.place, resident_message_translation.c.text).where(
    _OF_ROUND_IN, _IN_LANGUAGE
)
_LANGUAGES = sa.select(resident_message_translation.c.language).where(
    _OF_ROUND_IN, resident_message_translation.c.place == sa.bindparam("at_place")
)


def of_round(connection: Connection, round: str) -> list[ResidentMessage]:
    """Return all messages about a round, by the places' names of today."""
    return [ResidentMessage(*row) for row in connection.execute(_OF_ROUND, {"of_round": round})]


def get(connection: Connection, place: str, round: str, language: str | None = None) -> str:
    """Return a place's message about a round, in the original or another language; empty where there is none."""
    words = _OTHER if language else _OWN
    named = {"at_place": place, "of_round": round} | ({"in_language": language} if language else {})
    return str(connection.scalar(words.one, named) or "")


def save(connection: Connection, place: str, round: str, text: str, language: str | None = None) -> bool:
    """Store a message in place of the earlier one, an empty one deletes it; return whether anything changed."""
    if get(connection, place, round, language) == text:
        return False
    words, more = (_OTHER, {"language": language}) if language else (_OWN, {})
    where = {"at_place": place, "of_round": round} | ({"in_language": language} if language else {})
    connection.execute(words.remove, where)
    if text:
        connection.execute(words.add, {"place": place, "round": round, "text": text} | more)
    return True


def translated(connection: Connection, round: str, language: str) -> dict[str, str]:
    """Return a round's messages in another language, by place; a place without has only its original."""
    found = connection.execute(_TRANSLATED, {"of_round": round, "in_language": language})
    return {row.place: row.text for row in found}


def languages(connection: Connection, place: str, round: str) -> set[str]:
    """Return the other languages that a place's message about a round is written in."""
    return set(connection.scalars(_LANGUAGES, {"at_place": place, "of_round": round}))
