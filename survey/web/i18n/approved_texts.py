"""The approvals and wordings of translators, laid over the catalogs: what residents are offered, and in which words.

For every page. Each process asks now and then whether there is anything new, and only then reads it; while the database
is out of order, what was known stands. A language nobody has touched is as its folder says.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar, cast

from babel.messages.catalog import Catalog, Message
from flask import Flask, current_app

from survey.domain.staff.text_readings import LEVELS, Approval, ReadText, Wording, fingerprint, in_force
from survey.store.database.engine import DatabaseFault, read_transaction
from survey.store.staff import text_readings
from survey.store.staff.text_readings import News
from survey.web.i18n import catalogs, translation_review
from survey.web.i18n.language import TRANSLATIONS, Language, replace_languages, shipped_languages
from survey.web.request import services

SECONDS = 10.0


@dataclass
class _Memory:
    """One process's memory of what there is, and until when it holds."""

    clock: Callable[[], float] = time.monotonic
    until: float = 0.0
    known: News | None = None


def init_approved_texts(app: Flask, clock: Callable[[], float] = time.monotonic) -> None:
    """Let the app's languages follow what translators have approved."""
    app.extensions["approved_texts"] = _Memory(clock)
    app.before_request(look)


def look_anew() -> None:
    """Forget until when it holds, so that the person who approved something sees it at once."""
    cast(_Memory, current_app.extensions["approved_texts"]).until = 0.0


def look() -> None:
    """Let this process's languages follow what there is now, unless that was asked a moment ago."""
    memory = cast(_Memory, current_app.extensions["approved_texts"])
    if (moment := memory.clock()) < memory.until:
        return
    memory.until = moment + SECONDS
    try:
        with read_transaction(services.engine()) as connection:
            found = text_readings.news(connection)
            if found == memory.known or (memory.known is None and found[:2] == (0, 0)):
                memory.known = found
                return
            approvals, wordings = text_readings.everything(connection)
    except DatabaseFault:
        return
    memory.known = found
    replace_languages(_laid_over(in_force(approvals, found.asking), in_force(wordings, found.asking)))


def _laid_over(approvals: Sequence[Approval], wordings: Sequence[Wording]) -> dict[str, Language]:
    touched = {each.language for each in approvals} | {each.language for each in wordings}
    return {
        tag: _with(language, approvals, wordings) if tag in touched else language
        for tag, language in shipped_languages().items()
    }


def _with(language: Language, approvals: Sequence[Approval], wordings: Sequence[Wording]) -> Language:
    texts = read_texts(language, approvals, wordings)
    shown = {each.source: words for each in texts if (words := each.shown)}
    level = min((each.level_of(each.shown) for each in texts), key=LEVELS.index, default="missing")
    revision = sha256(repr((sorted(shown.items()), level)).encode()).hexdigest()[:16]
    return replace(language, texts=MappingProxyType({**language.texts, **shown}), level=level, revision=revision)


def read_texts(
    language: Language, approvals: Iterable[Approval], wordings: Iterable[Wording], folder: Path = TRANSLATIONS
) -> list[ReadText]:
    """Return every text of a language that a resident may meet, with what was written and approved of it."""
    approved, written = _by_text(language, approvals), _by_text(language, wordings)
    own = language.review_class
    return [
        replace(each, review_class=own, wordings=tuple(written[key]), approvals=tuple(approved[key]))
        for key, each in catalog_texts(folder, language.tag)
    ]


Row = TypeVar("Row", Approval, Wording)


def _by_text(language: Language, rows: Iterable[Row]) -> Mapping[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for each in rows:
        if each.language == language.tag:
            found[each.source_hash].append(each)
    return found


def catalog_texts(folder: Path, tag: str) -> tuple[tuple[str, ReadText], ...]:
    """Return what a language's catalog, or the template where it has none, holds for residents, by fingerprint."""
    own = folder / tag / catalogs.PO
    path = own if own.exists() else folder / catalogs.POT.name
    return _read(path, sha256(path.read_bytes()).hexdigest(), own == path)


@lru_cache(maxsize=64)
def _read(path: Path, _digest: str, translated: bool) -> tuple[tuple[str, ReadText], ...]:
    catalog: Catalog = catalogs.read_catalog(path)
    met = [message for message in catalog if message.id and translation_review.is_met_by_residents(message)]
    return tuple((fingerprint(str(each.id)), _read_text(each, translated)) for each in met)


def _read_text(message: Message, translated: bool) -> ReadText:
    status = translation_review.status(message) if translated else "missing"
    return ReadText(
        source=str(message.id),
        catalog="" if status == "missing" else str(message.string),
        catalog_level=status,
        places=tuple(file for file, _line in message.locations),
        notes=tuple(message.auto_comments),
        signatures=tuple(message.user_comments),
    )
