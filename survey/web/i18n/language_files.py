"""The language folders: one folder in `translations/` is one language, and nothing else makes one.

For `language`, at the start of the app. A folder that can't be read stops the start: a language that silently
went missing would leave its readers with Swedish and nobody the wiser.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import tokenize_pattern

from survey.domain.staff.translation_approvals import NEEDED
from survey.web.i18n import catalogs
from survey.web.i18n.catalog_rules import Fault
from survey.web.i18n.translation_review import LEVELS

CLASSES = ("A", "B", "C", "D")
SOURCE = "sv"

_TEXTS = ("tag", "name", "class", "direction", "locale")
_OPTIONAL = ("html_lang", "fallback", "also", "day", "never", "options")
# what a class asks of its texts before a resident may choose the language with a mark on each page
_PILOTED_FROM = {"B": "draft"}
# the sign of an abbreviated year in some languages' long dates, which in a sentence would make two full stops
_YEAR_SIGN = re.compile(r"(?:\s*'[^']+')?\.$")


class LanguageError(Exception):
    """All faults in the language folders, one a line."""


@dataclass(frozen=True, slots=True)
class Language:
    """One language as the pages use it. `also` names tags that a browser may send for it, `faults` what was refused."""

    tag: str
    html_lang: str
    name: str
    review_class: str
    direction: str
    locale: Locale
    fallback: str | None
    also: tuple[str, ...] = ()
    own_day_pattern: str = ""
    level: str = "missing"
    faults: tuple[Fault, ...] = ()
    missing: int = 0  # texts that residents meet and the folder has no translation of
    in_swedish: int = 0  # texts that stand in Swedish so that the language stays through a round
    texts: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)
    revision: str = ""  # of what translators have approved here; empty as the folder has it

    @property
    def day_pattern(self) -> str:
        """Return how a day is written out in running text: as the record says, else the locale's long date.

        Looked up when a day is written: what Babel knows of a locale is a megabyte, and most processes write none.
        """
        return self.own_day_pattern or _YEAR_SIGN.sub("", self.locale.date_formats["long"].pattern)

    @property
    def offered(self) -> bool:
        """Return whether a resident may choose it in earnest."""
        return not self.faults and (self._reaches(NEEDED) or self._reaches(_PILOTED_FROM))

    @property
    def shown(self) -> bool:
        """Return whether a demo may show it: every draft that is whole."""
        return self.offered or (not self.faults and LEVELS.index(self.level) > 0)

    def offered_here(self, demo: bool) -> bool:
        """Return whether a resident may choose it in an installation, which may be a demo."""
        return self.shown if demo else self.offered

    def floor(self, demo: bool) -> str:
        """Return how far a text must have come before a resident meets it in the language."""
        return "draft" if demo else _PILOTED_FROM.get(self.review_class, NEEDED[self.review_class])

    @property
    def unreviewed(self) -> bool:
        """Return whether it has yet to be read as its class asks, so that each page in it says so."""
        return not self._reaches(NEEDED)

    def _reaches(self, floor: Mapping[str, str]) -> bool:
        wanted = floor.get(self.review_class)
        return wanted is not None and LEVELS.index(self.level) >= LEVELS.index(wanted)


def load_languages(folder: Path) -> dict[str, Language]:
    """Return every language in the folder by tag, the source first; raise LanguageError with every fault there is."""
    folders = sorted(path for path in folder.iterdir() if path.is_dir() and path.name[0] not in "._")
    loaded: dict[str, Language] = {}
    found: list[str] = []
    for path in folders:
        data, faults = _read(path)
        found += faults
        if not faults:
            loaded[path.name] = _language(data, path)
    found += _set_faults(loaded, complete=not found)
    if found:
        raise LanguageError("\n".join(found))
    return {language.tag: language for language in sorted(loaded.values(), key=_place_in_menu)}


def refused(languages: Iterable[Language]) -> list[str]:
    """Return one sentence for each fault of a catalog, with its file and text; none when all hold to the rules."""
    return [
        f'{catalogs.POT.parent / spoken.tag / catalogs.PO}: "{fault.text}" {fault.sentence}'
        for spoken in languages
        for fault in spoken.faults
    ]


def _place_in_menu(language: Language) -> tuple[bool, bool, str, str]:
    return language.tag != SOURCE, language.html_lang != SOURCE, language.review_class, language.tag


def _read(path: Path) -> tuple[dict[str, Any], list[str]]:
    try:
        data = tomllib.loads((path / "language.toml").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}, [f"translations/{path.name}: the folder has no language.toml."]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return {}, [f"translations/{path.name}: language.toml can't be read ({error})."]
    return data, [f"translations/{path.name}: {fault}" for fault in _faults(data, path.name)]


def _faults(data: Mapping[str, Any], folder: str) -> list[str]:
    found = [f"{name} is missing." for name in _TEXTS if not data.get(name)]
    found += [f"{name} is no field." for name in data if name not in (*_TEXTS, *_OPTIONAL)]
    if data.get("tag", folder) != folder:
        found.append(f"the tag is {data['tag']}, and the folder must have the same name.")
    if data.get("class", "A") not in CLASSES:
        found.append(f"class is {data['class']}; the classes are {', '.join(CLASSES)}.")
    if data.get("direction", "ltr") not in ("ltr", "rtl"):
        found.append(f"direction is {data['direction']}; it is ltr or rtl.")
    if not _is_day_pattern(data.get("day", "d MMMM y")):
        found.append(f"day is {data['day']}; it is a pattern as Babel writes them, such as d MMMM y.")
    found += _rule_faults(data)
    if _locale(data.get("locale", SOURCE)) is None:
        found.append(f"Babel has no locale {data['locale']}; name one whose numbers and dates fit.")
    return found


def _rule_faults(data: Mapping[str, Any]) -> list[str]:
    never, options, found = data.get("never", []), data.get("options", {}), []
    if not isinstance(options, dict) or not all(isinstance(words, str) for words in options.values()):
        found.append("options is a table of answer options, each with its words.")
    if not isinstance(never, list) or not all(map(_is_pattern, never)):
        found.append("never is a list of patterns, each a regular expression.")
    return found


def _is_pattern(pattern: object) -> bool:
    try:
        return bool(re.compile(str(pattern))) and isinstance(pattern, str)
    except re.error:
        return False


def _is_day_pattern(pattern: str) -> bool:
    try:
        fields = {value[0] for kind, value in tokenize_pattern(pattern) if kind == "field"}
        return {"d", "M", "y"} <= fields
    except (ValueError, TypeError):
        return False


def _set_faults(loaded: Mapping[str, Language], *, complete: bool) -> list[str]:
    if complete and SOURCE not in loaded:
        return [f"translations/{SOURCE} is missing: it is the source of all texts."]
    if not complete:
        return []
    return [
        f"translations/{language.tag}: it falls back to {language.fallback}, which is no language here."
        for language in loaded.values()
        if language.fallback is not None and language.fallback not in loaded
    ]


def _locale(name: str) -> Locale | None:
    try:
        return Locale.parse(name)
    except (UnknownLocaleError, ValueError):
        return None


def _language(data: Mapping[str, Any], path: Path) -> Language:
    compiled = catalogs.compiled(path)
    return Language(
        tag=data["tag"],
        html_lang=data.get("html_lang", data["tag"]),
        name=data["name"],
        review_class=data["class"],
        direction=data["direction"],
        locale=Locale.parse(data["locale"]),
        fallback=None if data["tag"] == SOURCE else data.get("fallback", SOURCE),
        also=tuple(data.get("also", ())),
        own_day_pattern=data.get("day", ""),
        level=compiled.level,
        faults=compiled.faults,
        missing=compiled.missing,
        texts=MappingProxyType(compiled.texts),
    )
