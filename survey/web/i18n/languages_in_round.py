"""The languages of a round: what residents could choose when it was opened, they can choose until it is over.

For the opening, for what residents are offered, and for the office. A new release may bring a Swedish text that a
catalog has no translation of. Between rounds its language waits for that; within one the text stands in Swedish.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace
from hashlib import sha256
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy import Connection

from survey.domain.staff.translation_approvals import LEVELS, ReadText
from survey.store.staff import translation_approvals
from survey.web.i18n.language import Language, languages, offered, offered_languages
from survey.web.i18n.language_files import SOURCE
from survey.web.request import services

_FILE = "survey/questionnaires/{}.toml"


class ChangedLanguages(NamedTuple):
    """Tags of the languages that a release has changed in the round: no longer offered, and partly in Swedish."""

    gone: list[str]
    in_part: list[str]


def note_offered(connection: Connection, round_key: str) -> None:
    """Store which languages residents may choose, in the transaction that asks for a round's opening."""
    translation_approvals.note_offered(connection, round_key, [each.tag for each in offered_languages()])


def stay_offered(language: Language, texts: Iterable[ReadText], versions: Collection[str]) -> Language:
    """Return a language that would no longer be offered so that it is: what it lacks is left to Swedish.

    What is missing or not read as its class asks is left out, so that nobody meets unread words. As it was, where that
    is of the questions themselves, in the `versions` that the round asks, or where its file breaks a rule: then it is
    not whole enough to answer in.
    """
    held, least = list(texts), LEVELS.index(language.floor(services.settings().demo))
    left_out = {each.source for each in held if LEVELS.index(each.level_of(each.shown)) < least}
    files = {_FILE.format(version) for version in versions}
    asked = any(not files.isdisjoint(each.places) for each in held if each.source in left_out)
    if language.faults or asked or not left_out:
        return language
    there = {source: words for source, words in language.texts.items() if source not in left_out}
    level = min((each.level_of(each.shown) for each in held if each.source not in left_out), key=LEVELS.index)
    revision = sha256(repr((language.tag, language.revision, sorted(left_out))).encode()).hexdigest()[:16]
    in_part = replace(language, texts=MappingProxyType(there), in_swedish=len(left_out))
    return replace(in_part, level=level, revision=revision)


def changed_languages(connection: Connection) -> ChangedLanguages:
    """Return which languages of the round that asks are no longer offered, or only with texts in Swedish."""
    asking = translation_approvals.asking_round(connection)
    begun = translation_approvals.languages_offered_in(connection, asking) if asking else frozenset()
    off = {*services.settings().disabled_languages, SOURCE}
    here = sorted(begun - off)
    in_part = [tag for tag in here if tag in languages() and languages()[tag].in_swedish]
    return ChangedLanguages([tag for tag in here if offered(tag) is None], in_part)
