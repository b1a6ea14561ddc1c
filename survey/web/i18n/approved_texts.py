"""The approvals and wordings of translators, laid over the catalogs: what residents are offered, and in which words.

For every page. Each process asks now and then whether there is anything new, and only then reads it; while the database
is out of order, what was known stands. A language nobody has touched is as its folder says.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple, TypeVar, cast

from babel.messages.catalog import Message
from flask import Flask, current_app, request
from sqlalchemy import Connection

from survey import journal
from survey.domain.staff.translation_approvals import (
    LEVELS,
    Approval,
    ReadText,
    Wording,
    fingerprint,
    in_force,
    still_written_of,
)
from survey.store.core import rounds
from survey.store.database.engine import DatabaseFault, read_transaction
from survey.store.staff import translation_approvals
from survey.store.staff.translation_approvals import News
from survey.web.i18n import catalogs, translation_review
from survey.web.i18n.catalog_rules import OwnRules, msgid, own_rules, text_faults
from survey.web.i18n.language import TRANSLATIONS, Language, replace_languages, shipped_languages
from survey.web.i18n.languages_in_round import stay_offered
from survey.web.request import services

SECONDS = 10.0
_WORDLESS = frozenset({"health", "worker_health"})


@dataclass
class _Memory:
    """One process's memory of what there is, and until when it holds."""

    clock: Callable[[], float] = time.monotonic
    until: float = 0.0
    known: News | None = None


class _OpenRound(NamedTuple):
    """The round that asks: tags of the languages it was opened with, and keys of the versions that it asks."""

    languages: Collection[str] = ()
    versions: Collection[str] = ()


def init_approved_texts(app: Flask, clock: Callable[[], float] = time.monotonic) -> None:
    """Let the app's languages follow what translators have approved."""
    app.extensions["approved_texts"] = _Memory(clock)
    app.before_request(_look_where_texts_are_met)


def _look_where_texts_are_met() -> None:
    # who asks whether this process lives is to wait for no database, and a file has no texts
    if _is_due() and request.endpoint != "static" and request.blueprint not in _WORDLESS:
        refresh()


def invalidate() -> None:
    """Forget until when it holds, so that the person who approved something sees it at once."""
    _memory().until = 0.0


def _memory() -> _Memory:
    return cast(_Memory, current_app.extensions["approved_texts"])


def _is_due() -> bool:
    memory = _memory()
    return memory.clock() >= memory.until


def refresh() -> None:
    """Let this process's languages follow what there is now, unless that was asked a moment ago."""
    if not _is_due():
        return
    memory = _memory()
    memory.until = memory.clock() + SECONDS
    try:
        with read_transaction(services.engine()) as connection:
            found = translation_approvals.news(connection)
            if found == memory.known or (memory.known is None and found == (0, 0, None)):
                memory.known = found
                return
            approvals, wordings = translation_approvals.everything(connection)
            begun = _open_round(connection, found.asking)
        now = _laid_over(in_force(approvals, found.asking), in_force(wordings, found.asking), begun)
    except (DatabaseFault, OSError):
        return
    memory.known = found
    replace_languages(now)


def _open_round(connection: Connection, asking: str | None) -> _OpenRound:
    """Return the languages that the round under way was opened with, and the versions that it asks."""
    found = rounds.get_round(connection, asking) if asking else None
    if found is None:
        return _OpenRound()
    tags = translation_approvals.languages_offered_in(connection, found.key)
    return _OpenRound(tags, {found.version_patient, found.version_provider})


def _laid_over(approvals: Sequence[Approval], wordings: Sequence[Wording], begun: _OpenRound) -> dict[str, Language]:
    """Return every language as it is now."""
    touched = {each.language for each in approvals} | {each.language for each in wordings}
    shipped, demo = shipped_languages(), services.settings().demo
    now = {tag: _with(each, approvals, wordings) if tag in touched else each for tag, each in shipped.items()}
    for tag in begun.languages:
        if tag in now and not now[tag].offered_here(demo):
            now[tag] = stay_offered(now[tag], read_texts(shipped[tag], approvals, wordings), begun.versions)
            _tell_of_round(now[tag], demo)
    return now


def _tell_of_round(language: Language, demo: bool) -> None:
    if language.offered_here(demo):
        journal.warn("texts in Swedish until the round is over", language=language.tag, count=language.in_swedish)
    else:
        journal.warn("language not offered", language=language.tag, why="changed")


def _with(language: Language, approvals: Sequence[Approval], wordings: Sequence[Wording]) -> Language:
    texts = read_texts(language, approvals, wordings)
    shown = {each.source: words for each in texts if (words := each.shown) != each.catalog}
    level = min((each.level_of(each.shown) for each in texts), key=LEVELS.index, default="missing")
    revision = sha256(repr((language.tag, sorted(shown.items()), level)).encode()).hexdigest()[:16]
    return replace(language, texts=MappingProxyType({**language.texts, **shown}), level=level, revision=revision)


def rules_of(language: Language) -> OwnRules:
    """Return what a language adds to the rules of a translation."""
    return own_rules(TRANSLATIONS / language.tag)


def read_texts(language: Language, approvals: Iterable[Approval], wordings: Iterable[Wording]) -> list[ReadText]:
    """Return every text of a language that a resident may meet, with what was written and approved of it."""
    approved, written, own = _by_text(language, approvals), _by_text(language, wordings), rules_of(language)
    return [
        replace(
            _with_wordings(_as_loaded(each, language), written[key], own),
            review_class=language.review_class,
            approvals=tuple(approved[key]),
        )
        for key, each in _catalog_texts(language.tag).items()
    ]


def _as_loaded(text: ReadText, language: Language) -> ReadText:
    """Return the text with the translation that the language has of it: none, where its catalog's is refused."""
    there = language.texts.get(text.source, "")
    level = text.catalog_level if there and there == text.catalog else "draft" if there else "missing"
    return replace(text, catalog=there, catalog_level=level)


def _with_wordings(text: ReadText, written: Sequence[Wording], own: OwnRules) -> ReadText:
    """Return the text with the wordings that still stand of it and that the rules of today do not refuse."""
    if not written:
        return text
    still = still_written_of(text.catalog, written)
    held = tuple(each for each in still if not [*text_faults(text.source, each.wording, own)])
    return replace(text, wordings=held, version=written[-1].version)


Entry = TypeVar("Entry", Approval, Wording)


def _by_text(language: Language, rows: Iterable[Entry]) -> Mapping[str, list[Entry]]:
    found: dict[str, list[Entry]] = defaultdict(list)
    for each in rows:
        if each.language == language.tag:
            found[each.source_hash].append(each)
    return found


def _catalog_texts(tag: str) -> Mapping[str, ReadText]:
    """Return what a language's catalog, or the template where it has none to read, holds for residents."""
    own = TRANSLATIONS / tag / catalogs.PO
    with suppress(Exception):  # a file that somebody has sent may break its reader in any way; `compiled` has said so
        if found := _read(own, sha256(own.read_bytes()).hexdigest()):
            return found
    template = TRANSLATIONS / catalogs.POT.name
    return _read(template, sha256(template.read_bytes()).hexdigest())


@lru_cache(maxsize=64)
def _read(path: Path, _digest: str) -> Mapping[str, ReadText]:
    met = [each for each in catalogs.read_catalog(path) if each.id and translation_review.is_met_by_residents(each)]
    return {fingerprint(msgid(each)): _read_text(each) for each in met}


def _read_text(message: Message) -> ReadText:
    return ReadText(
        source=msgid(message),
        catalog=str(message.string),
        catalog_level=translation_review.status(message),
        places=tuple(file for file, _line in message.locations),
        notes=tuple(message.auto_comments),
        signatures=tuple(message.user_comments),
    )
