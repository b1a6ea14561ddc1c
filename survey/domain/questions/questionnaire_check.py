"""The checker of a questionnaire file: every fault at once, in the words of the person who writes the file.

For `questionnaire.read_version`, and for an author who wants to know all that is left, not the first thing.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from survey.domain.questions.answer_scale import ANSWER_CODES, ANSWER_OPTIONS, QUESTIONS, ROLES, answer_codes_of

_VERSION_TEXTS = ("key", "name", "source")
_VERSION_FIELDS = {*_VERSION_TEXTS, "labels", "questions"}
_QUESTION_FIELDS = {"key", "difference", *ROLES}
_ROLE_FIELDS = {"text", "options", "labels", "term", "explanation"}


def faults(data: Mapping[str, Any], name: str) -> list[str]:
    """Return every fault in a version's data, each a whole sentence that begins with the file's name."""
    found = [*_text_faults(data, _VERSION_TEXTS, "Filen"), *_unknown_fields(data, _VERSION_FIELDS, "Filen")]
    labels = data.get("labels")
    if not isinstance(labels, Mapping):
        found.append("Filen saknar tabellen [labels] med en text för varje svarskod.")
        labels = {}
    found += _label_faults(labels, "Tabellen [labels]")
    found += _questions_faults(data.get("questions"), labels)
    return [f"{name}: {fault}" for fault in found]


def _questions_faults(entries: object, labels: Mapping[str, Any]) -> Iterable[str]:
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        yield "Filen saknar frågorna, ett [[questions]] för varje fråga."
        return
    keys = [entry.get("key") for entry in entries]
    yield from _key_faults(keys)
    for number, entry in enumerate(entries, start=1):
        where = f"Frågan {entry['key']}" if entry.get("key") else f"Fråga nummer {number}"
        yield from _text_faults(entry, ("key", "difference"), where)
        yield from _unknown_fields(entry, _QUESTION_FIELDS, where)
        for role in ROLES:
            yield from _role_faults(entry, role, labels, where)


def _key_faults(keys: list[Any]) -> Iterable[str]:
    for key in QUESTIONS:
        if key not in keys:
            yield f"Frågan {key} saknas."
    for key, times in Counter(map(str, filter(None, keys))).items():
        if key not in QUESTIONS:
            yield f"Frågan {key} är okänd. De sju heter {', '.join(QUESTIONS)}."
        elif times > 1:
            yield f"Frågan {key} står {times} gånger. Den ska stå en gång."
    if sorted(map(str, keys)) == sorted(QUESTIONS) and tuple(keys) != QUESTIONS:
        yield f"Frågorna står i fel ordning. Ordningen är {', '.join(QUESTIONS)}."


def _role_faults(entry: Mapping[str, Any], role: str, labels: Mapping[str, Any], where: str) -> Iterable[str]:
    asked = entry.get(role)
    if not isinstance(asked, Mapping):
        yield f"{where} saknar rollen {role}."
        return
    where = f"{where}, rollen {role},"
    yield from _text_faults(asked, ("text",), where)
    yield from _unknown_fields(asked, _ROLE_FIELDS, where)
    yield from _help_faults(asked, where)
    own = asked.get("labels", {})
    if not isinstance(own, Mapping):
        yield f"{where} har labels som inte är en tabell."
        own = {}
    yield from _label_faults(own, where)
    yield from _option_faults(entry.get("key"), role, asked.get("options"), {**labels, **own}, where)


def _help_faults(asked: Mapping[str, Any], where: str) -> Iterable[str]:
    present = [field for field in ("term", "explanation") if field in asked]
    yield from _text_faults(asked, present, where)
    if len(present) == 1:
        yield f"{where} har bara {present[0]}. En ordförklaring behöver både term och explanation."


def _option_faults(key: object, role: str, options: object, labels: Mapping[str, Any], where: str) -> Iterable[str]:
    if not isinstance(options, list):
        yield f"{where} saknar svarsalternativ (options)."
        return
    for code, times in Counter(map(str, options)).items():
        if times > 1:
            yield f"{where} har svarsalternativet {code} {times} gånger."
        if code not in ANSWER_CODES:
            yield f"{where} har den okända svarskoden {code}. Koderna är {', '.join(ANSWER_CODES)}."
        elif code not in labels:
            yield f"{where} har svarsalternativet {code}, men ingen text för det i labels."
    if key not in QUESTIONS:
        return
    may = answer_codes_of(role, str(key))
    expected = tuple(code for code in may if ANSWER_OPTIONS[code].required or code in options)
    for code in expected:
        if code not in options:
            yield f"{where} saknar svarsalternativet {code}."
    for code in ANSWER_CODES:
        if code in options and code not in may:
            yield f"{where} får inte ha svarsalternativet {code}."
    if sorted(map(str, options)) == sorted(expected) and tuple(options) != expected:
        yield f"{where} har svarsalternativen i fel ordning. Ordningen är {', '.join(expected)}."


def _label_faults(labels: Mapping[str, Any], where: str) -> Iterable[str]:
    for code in labels:
        if code not in ANSWER_CODES:
            yield f"{where} har en text för den okända svarskoden {code}. Koderna är {', '.join(ANSWER_CODES)}."
    yield from _text_faults(labels, labels, where)


def _text_faults(data: Mapping[str, Any], fields: Iterable[str], where: str) -> Iterable[str]:
    for field in fields:
        value = data.get(field)
        if value is None:
            yield f"{where} saknar {field}."
        elif not isinstance(value, str):
            yield f"{where} har {field} som inte är text."
        elif not value.strip():
            yield f"{where} har {field} utan text."
        elif value != value.strip() or "%" in value:
            yield f"{where} har {field} med mellanslag i början eller slutet, eller ett procenttecken."


def _unknown_fields(data: Mapping[str, Any], known: set[str], where: str) -> Iterable[str]:
    for field in data:
        if field not in known:
            yield f"{where} har det okända fältet {field}. Fälten är {', '.join(sorted(known))}."
