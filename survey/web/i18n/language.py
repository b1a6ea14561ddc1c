"""The choice of language: the languages there are, the one this reader gets, and the texts that follow.

For every page. The address chooses, else the browser's Accept-Language, else Swedish. The staff's choice is
kept in their session, and no other page touches one. Flask-Babel raises on `sv-x-lattlast` and `fa-AF`
and leaves `kmr` Swedish without a word, so the way from tag to folder to locale is ours (`language_files`).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import flask_babel
from babel import Locale
from babel.support import NullTranslations
from flask import Flask, current_app, g, has_app_context, has_request_context, request, session

from survey import journal
from survey.web.i18n import lang_attributes
from survey.web.i18n.language_files import SOURCE, Language, LanguageError, load_languages
from survey.web.i18n.translation_review import STAFF_LANGUAGES
from survey.web.request.sessions import is_staff

__all__ = [
    "STAFF_LANGUAGES",
    "Language",
    "LanguageError",
    "current_language",
    "find",
    "init_languages",
    "languages",
    "languages_key",
    "load_languages",
    "offered",
    "offered_languages",
    "replace_languages",
    "set_staff_language",
    "shipped_languages",
    "speaking",
    "use_language",
]

_STAFF_NAMES = tuple((tag, tag) for tag in STAFF_LANGUAGES)
TRANSLATIONS = Path(__file__).resolve().parents[3] / "translations"

_SWEDISH = Language("sv", "sv", "Svenska", "A", "ltr", Locale("sv"), None)


class _Texts(NullTranslations):
    """The current texts in the form that Flask-Babel and Jinja ask for."""

    def __init__(self, language: Language) -> None:
        super().__init__()
        self.language = language

    def gettext(self, message: str) -> str:
        return find(message, self.language)[0]

    ugettext = gettext


class _Domain(flask_babel.Domain):  # type: ignore[misc]
    def get_translations(self) -> NullTranslations:
        return _Texts(current_language()) if has_app_context() else NullTranslations()


def init_languages(app: Flask, folder: Path = TRANSLATIONS) -> None:
    """Load every language and make the app's texts, numbers and dates follow the reader's."""
    shipped = load_languages(folder)
    app.extensions |= {"languages": shipped, "shipped_languages": shipped, "language_offers": {}, "languages_drawn": ""}
    _tell_what_is_refused(shipped.values())
    babel = flask_babel.Babel(
        app,
        default_locale=SOURCE,
        default_timezone="Europe/Stockholm",
        locale_selector=lambda: current_language().locale,
    )
    babel.domain_instance = _Domain()
    app.jinja_env.globals.update(current_language=current_language, offered_languages=offered_languages)
    lang_attributes.mark_templates(app, tuple(app.extensions["languages"].values()), current_language, find)
    app.before_request(_forget)


def _tell_what_is_refused(loaded: Iterable[Language]) -> None:
    """Write down why a language that has texts is not offered; `translations check` and `status` say more."""
    for spoken in loaded:
        for why, count in Counter(fault.rule for fault in spoken.faults).items():
            journal.warn("language not offered", language=spoken.tag, why=why, count=count)
        # one that nobody has begun to translate is missed by nobody
        if spoken.missing and spoken.texts:
            journal.warn("language not offered", language=spoken.tag, why="missing", count=spoken.missing)


def languages() -> Mapping[str, Language]:
    """Return every loaded language by tag, offered or not."""
    return cast("Mapping[str, Language]", current_app.extensions["languages"])


def shipped_languages() -> Mapping[str, Language]:
    """Return every language as its folder has it, whatever translators have approved since."""
    return cast("Mapping[str, Language]", current_app.extensions["shipped_languages"])


def replace_languages(now: Mapping[str, Language]) -> None:
    """Let the pages speak these languages from the next request on; whoever reads at this moment reads one of them."""
    drawn = "".join(each.revision for each in now.values())
    current_app.extensions.update(languages=now, language_offers={}, languages_drawn=drawn)


def languages_key() -> tuple[str, str, str]:
    """Return what of the languages a drawn page depends on: the reader's, and the words and the menu of them all.

    The reader's as this request chose it: others may take its place while a page is drawn.
    """
    reader = current_language()
    return reader.tag, reader.revision, cast(str, current_app.extensions["languages_drawn"])


def find(message: str, language: Language) -> tuple[str, Language]:
    """Return the text in the language, or in the one it falls back to, and the language it is in."""
    seen: Language | None = language
    while seen is not None:
        if message and (text := seen.texts.get(message)):
            return text, seen
        if seen.fallback is None:
            return message, seen
        seen = languages().get(seen.fallback)
    return message, _SWEDISH


@dataclass(frozen=True, eq=False)
class _Offer:
    languages: tuple[Language, ...]
    by_tag: Mapping[str | None, Language]
    wanted: Callable[[str], str]  # by Accept-Language


def offered_languages() -> tuple[Language, ...]:
    """Return the languages that a resident may choose here, in the menu's order; in a demo every whole draft too."""
    return _offer().languages


def _offer() -> _Offer:
    # asked in every request, and the same until translators' approvals change it: worked out once
    extensions = current_app.extensions
    found = extensions.get("services")
    off, demo = (tuple(found.settings.disabled_languages), found.settings.demo) if found else ((), False)
    offers: dict[tuple[tuple[str, ...], bool], _Offer] = extensions["language_offers"]
    if (off, demo) not in offers:
        among = tuple(
            spoken
            for spoken in languages().values()
            if spoken.tag == SOURCE or (spoken.offered_here(demo) and spoken.tag not in off)
        )
        names = tuple((name.lower(), spoken.tag) for spoken in among for name in (spoken.tag, *spoken.also))
        wanted = lru_cache(maxsize=512)(lambda header: by_header(header, names))
        offers[off, demo] = _Offer(among, {spoken.tag: spoken for spoken in among}, wanted)
    return offers[off, demo]


def offered(tag: str | None) -> Language | None:
    """Return the language with this tag, when a resident may choose it here."""
    return _offer().by_tag.get(tag)


def current_language() -> Language:
    """Return the reader's language; Swedish outside a request unless `speaking` says otherwise."""
    if not has_app_context():
        return _SWEDISH
    chosen: Language | None = g.get("language")
    if chosen is None:
        chosen = _choose() if has_request_context() else languages()[SOURCE]
        g.language = chosen
    return chosen


def use_language(language: Language) -> None:
    """Let the rest of this request speak the language: for a form posted by a language button."""
    g.language = language
    flask_babel.refresh()


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Speak the language for a while, in or outside a request: for what is drawn once per language."""
    before = g.get("language")
    use_language(language)
    try:
        yield
    finally:
        g.language = before
        flask_babel.refresh()


def set_staff_language(tag: str) -> None:
    """Store a member of staff's choice in their session; an unknown tag changes nothing."""
    if tag in STAFF_LANGUAGES:
        session["language"] = tag
        use_language(languages()[tag])


def _forget() -> None:
    # requests that share an application context (tests, mostly) must not inherit the last reader's language
    if "language" in g:
        g.language = None
        flask_babel.refresh()


def _choose() -> Language:
    # Asked in every request: the proxy is opened once, and the header read where the server put it.
    asked = cast(Any, request)._get_current_object()
    header = asked.environ.get("HTTP_ACCEPT_LANGUAGE", "")
    if is_staff(asked.path):
        tag = session.get("language") or by_header(header, _STAFF_NAMES)
        return languages()[tag if tag in STAFF_LANGUAGES else SOURCE]
    offer = _offer()
    chosen = offer.by_tag.get((asked.view_args or {}).get("language"))
    if chosen is None and asked.query_string:
        chosen = offer.by_tag.get(asked.args.get("language"))
    return chosen or offer.by_tag[offer.wanted(header)]


def by_header(header: str, names: tuple[tuple[str, str], ...]) -> str:
    """Return the tag Accept-Language wants most, each range shortened until it fits (RFC 4647), else Swedish."""
    known = dict(names)
    for wanted in _ranges(header[:400]):
        parts = wanted.split("-")
        while parts:
            if (tag := known.get("-".join(parts))) is not None:
                return tag
            parts.pop()
    return SOURCE


def _ranges(header: str) -> list[str]:
    weighed = []
    for entry in header.split(","):
        wanted, _, parameter = entry.strip().lower().partition(";")
        try:
            weight = float(parameter.strip().removeprefix("q=") or 1)
        except ValueError:
            weight = 0.0
        if wanted.strip() and 0 < weight <= 1:
            weighed.append((weight, wanted.strip()))
    return [wanted for _, wanted in sorted(weighed, key=lambda pair: -pair[0])]
