"""The rules that a translation must hold to, and what a catalog is refused for, text by text.

For the start of the app (`catalogs`), `flask translations check` and the tests. A translation goes into pages as it
stands, mail and paper too, so a text that breaks a rule is refused: it is as if it had never been translated. What one
language adds to the rules stands in its `language.toml`: words that it must never use, and its answer options, which
stand there a second time so that two that have changed places are seen.
"""

import hashlib
import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message

from survey.config import ROOT
from survey.domain.questions.questionnaire import Question, read_versions

RECORD = "language.toml"
NOTES = "catalog:"  # begins the notes that compiling leaves among the texts
TERMS = ("överenskommelse", "fast vårdkontakt")
UNREADABLE = "unreadable"  # the rule of a file that no reader can read
_ASKED = ROOT / "survey" / "questionnaires"

PLACEHOLDER = re.compile(r"%\(\w*\)[#0\- +]*[\d.*]*[a-zA-Z]?|%%")
_MARKUP = re.compile(r'[<>"]|&#?\w+;')  # a straight double quote ends an attribute
_OTHER_FORMATS = re.compile(r"[{}\\`$]")
_ADDRESS = re.compile(r"://|www\.|@|\b[\w-]+\.(?:com|eu|example|info|net|nu|org|se)\b", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]{3,}")
_JOINERS = "\u200c\u200d"  # Persian and Sorani are written with them
_ENDS = {"؟": "?", "፧": "?", "：": ":", "？": "?"}
_CONTRACT = r"\b(?:contract|kontrakt)"  # SKR says that the agreement is none
_FORMS = re.compile("[\u00a0\u202f]")


@dataclass(frozen=True)
class Fault:
    """One fault of a catalog: the rule by a word of ours, the Swedish text, and what is wrong."""

    rule: str
    text: str
    sentence: str


@dataclass(frozen=True)
class OwnRules:
    """A language's own additions: patterns it must never hold, and its answer options by the Swedish ones."""

    never: tuple[str, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)


@lru_cache(maxsize=1)
def rules_fingerprint(asked: Path = _ASKED) -> bytes:
    """Return a fingerprint of all that the rules rest on beside a language's record: these lines, and what is asked."""
    parts = (path.read_bytes() for path in (Path(__file__), *sorted(asked.glob("*.toml"))))
    return hashlib.sha256(b"".join(parts)).digest()


def own_rules(folder: Path) -> OwnRules:
    """Return what the record in a language's folder adds; nothing where it can't be read, for others to say."""
    try:
        data = tomllib.loads((folder / RECORD).read_text(encoding="utf-8"))
        never, options = data.get("never", ()), data.get("options", {})
        for pattern in never:
            re.compile(pattern)
        return OwnRules(tuple(never), {str(swedish): str(turned) for swedish, turned in options.items()})
    except (OSError, ValueError, TypeError, AttributeError, re.error):
        return OwnRules()


def faults(catalog: Catalog, own: OwnRules) -> list[Fault]:
    """Return every fault of a catalog, in the order of its texts; faults of the answer options last."""
    messages = [message for message in catalog if message.id and message.string]
    found = [fault for message in messages for fault in _message_faults(message, own)]
    return found + list(_option_faults({msgid(message): str(message.string) for message in messages}, own))


def text_faults(source: str, turned: str, own: OwnRules) -> Iterator[Fault]:
    """Yield the faults of one translation that show without the others."""
    for rule, broken in _RULES.items():
        if sentence := broken(source, turned):
            yield Fault(rule, source, sentence)
    for pattern in (_CONTRACT, *own.never):
        if word := re.search(pattern, turned, re.IGNORECASE):
            yield Fault("contract", source, f'says "{word[0]}", a word that the language must never use here.')
    if source in own.options and _folded(own.options[source]) != _folded(turned):
        yield Fault("scale", source, f'is an option for which {RECORD} has other words: "{own.options[source]}".')


def msgid(message: Message) -> str:
    """Return the Swedish text of a message: of its singular, where somebody has given it plural forms."""
    return str(message.id[0] if isinstance(message.id, tuple | list) else message.id)


def _message_faults(message: Message, own: OwnRules) -> Iterator[Fault]:
    source = msgid(message)
    if source.startswith(NOTES):
        yield Fault("form", source, "is a note of ours, and no text.")
    elif message.context is not None or message.pluralizable or not isinstance(message.string, str):
        yield Fault("form", source, "has a context or plural forms, which no text here has.")
    else:
        yield from text_faults(source, message.string, own)


def _markup(source: str, turned: str) -> str:
    added = {*_MARKUP.findall(turned)} - {*_MARKUP.findall(source)}
    return f"has markup that the Swedish has not: {' '.join(sorted(added))}" if added else ""


def changed_placeholders(source: str, turned: str) -> tuple[str, str]:
    """Return the placeholders that a translation lacks, and those that it has more than the Swedish."""
    wanted, there = Counter(PLACEHOLDER.findall(source)), Counter(PLACEHOLDER.findall(turned))
    return " ".join((wanted - there).elements()), " ".join((there - wanted).elements())


def _placeholders(source: str, turned: str) -> str:
    lacks, more = changed_placeholders(source, turned)
    says = [f"lacks {lacks}"] if lacks else []
    says += [f"has {more}, which the Swedish has not"] if more else []
    return f"{' and '.join(says)}." if says else ""


def _formats(source: str, turned: str) -> str:
    if "%" in PLACEHOLDER.sub("", turned):
        return "has a percent sign that stands alone; a percent sign is written %%."
    added = {*_OTHER_FORMATS.findall(turned)} - {*_OTHER_FORMATS.findall(source)}
    return f"has signs of a format string: {' '.join(sorted(added))}" if added else ""


def _hidden(source: str, turned: str) -> str:
    odd = sorted({sign for sign in turned if unicodedata.category(sign)[0] == "C" or sign in "\u2028\u2029"})
    odd = [sign for sign in odd if sign not in _JOINERS and not (sign == "\n" and sign in source)]
    return f"holds what nobody can see: {' '.join(f'U+{ord(sign):04X}' for sign in odd)}." if odd else ""


def _addresses(source: str, turned: str) -> str:
    found = _ADDRESS.search(turned)
    return f"names an address that the Swedish does not: {found[0]}" if found and found[0] not in source else ""


def _numbers(source: str, turned: str) -> str:
    wanted, there = {*_NUMBER.findall(source)}, {*_NUMBER.findall(turned)}
    return f"has other numbers than the Swedish: {' '.join(sorted(wanted ^ there))}." if wanted != there else ""


def _digits(source: str, turned: str) -> str:
    found = sorted({sign for sign in turned if sign.isdigit() and not sign.isascii()})
    return f"has digits that are not 0 to 9: {' '.join(found)}" if found else ""


def _exclaims(source: str, turned: str) -> str:
    return "has an exclamation mark." if re.search("[!¡！‼❗]", turned) else ""


def _ends(source: str, turned: str) -> str:
    if source != source.strip() or turned != turned.strip():
        return "has space at an end."
    asked, last = source[-1:], turned[-1:]
    wrong = asked in "?:" and _ENDS.get(last, last) != asked
    return f"must end in {asked} as the Swedish does." if wrong else ""


def length_and_limit(source: str, turned: str) -> tuple[int, int]:
    """Return how many signs wide a translation is, and how many its place holds."""
    wide = sum(unicodedata.category(sign) not in ("Mn", "Me", "Cf") for sign in turned)
    return wide, int(2.4 * len(source) + 30)


def _long(source: str, turned: str) -> str:
    wide, most = length_and_limit(source, turned)
    return f"is too long for its place: {wide} signs, at most {most}." if wide > most else ""


def _terms(source: str, turned: str) -> str:
    if source not in _question_texts():
        return ""
    plain = _FORMS.sub(" ", turned).replace("\u200c", "")
    lacks = [f"({term})" for term in TERMS if term in source and f"({term})" not in plain]
    return f"must name the Swedish term in brackets: {' '.join(lacks)}" if lacks else ""


_RULES: Mapping[str, Callable[[str, str], str]] = {
    "markup": _markup,
    "placeholders": _placeholders,
    "format": _formats,
    "hidden-signs": _hidden,
    "address": _addresses,
    "numbers": _numbers,
    "digits": _digits,
    "exclamation": _exclaims,
    "ending": _ends,
    "length": _long,
    "term": _terms,
}
# every rule that one translation can break by itself
RULES = frozenset({*_RULES, "contract", "scale"})


def _option_faults(texts: Mapping[str, str], own: OwnRules) -> Iterator[Fault]:
    seen = set()
    for question in _questions():
        labels = [option.label for option in question.options]
        for fault in (*_scale_faults(labels, texts), *_not_in_record(labels, texts, own)):
            if fault not in seen:
                seen.add(fault)
                yield fault


def _scale_faults(labels: Iterable[str], texts: Mapping[str, str]) -> Iterator[Fault]:
    there = {label: _folded(texts[label]) for label in labels if label in texts}
    lacking = [label for label in labels if label not in there]
    for label, words in there.items():
        if lacking:
            yield Fault("scale", label, f'is an option in a scale that lacks "{lacking[0]}".')
        same = [other for other, turned in there.items() if turned == words and other != label]
        if same:
            yield Fault("scale", label, f'has the same words as "{same[0]}", an option of the same question.')


def _not_in_record(labels: Iterable[str], texts: Mapping[str, str], own: OwnRules) -> Iterator[Fault]:
    for label in labels:
        if label in texts and label not in own.options:
            yield Fault("scale", label, f"is an option that {RECORD} does not have under [options].")


def _folded(words: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", words).casefold().split())


@lru_cache(maxsize=1)
def _questions() -> tuple[Question, ...]:
    versions = read_versions(_ASKED).values()
    return tuple(question for version in versions for asked in version.questions.values() for question in asked)


@lru_cache(maxsize=1)
def _question_texts() -> frozenset[str]:
    return frozenset(question.text for question in _questions())
