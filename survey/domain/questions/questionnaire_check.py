"""The checker of a questionnaire file: every fault at once, by code and where it stands.

For `questionnaire.read_version`, and for an author who wants to know all that is left, not the first thing.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from survey.domain.questions.answer_scale import ANSWER_CODES, ANSWER_OPTIONS, QUESTIONS, ROLES, answer_codes_of
from survey.domain.text.fault import Fault

_VERSION_TEXTS = ("key", "name", "source")
_VERSION_FIELDS = {*_VERSION_TEXTS, "labels", "questions"}
_QUESTION_FIELDS = {"key", "difference", *ROLES}
_ROLE_FIELDS = {"text", "options", "labels", "term", "explanation"}
# Where in a file a fault stands: in the file, a table, a question by its key or its number, a role's part of one.
Where = tuple[str, ...]
FILE: Where = ("file",)
LABELS: Where = ("labels",)


class QuestionnaireFault(NamedTuple):
    """A fault and the name of the file or folder it is in."""

    file: str
    fault: Fault


def faults(data: Mapping[str, Any], name: str) -> list[QuestionnaireFault]:
    """Return every fault in a version's data, each with the file's name."""
    found = [*_text_faults(data, _VERSION_TEXTS, FILE), *_unknown_fields(data, _VERSION_FIELDS, FILE)]
    labels = data.get("labels")
    if not isinstance(labels, Mapping):
        found.append(Fault("no_labels"))
        labels = {}
    found += _label_faults(labels, LABELS)
    found += _questions_faults(data.get("questions"), labels)
    return [QuestionnaireFault(name, fault) for fault in found]


def _questions_faults(entries: object, labels: Mapping[str, Any]) -> Iterable[Fault]:
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        yield Fault("no_questions")
        return
    keys = [entry.get("key") for entry in entries]
    yield from _key_faults(keys)
    for number, entry in enumerate(entries, start=1):
        where = ("question", str(entry["key"])) if entry.get("key") else ("number", str(number))
        yield from _text_faults(entry, ("key", "difference"), where)
        yield from _unknown_fields(entry, _QUESTION_FIELDS, where)
        for role in ROLES:
            yield from _role_faults(entry, role, labels, where)


def _key_faults(keys: list[Any]) -> Iterable[Fault]:
    for key in QUESTIONS:
        if key not in keys:
            yield Fault("question_missing", key=key)
    for key, times in Counter(map(str, filter(None, keys))).items():
        if key not in QUESTIONS:
            yield Fault("question_unknown", key=key, known=QUESTIONS)
        elif times > 1:
            yield Fault("question_twice", key=key, times=times)
    if sorted(map(str, keys)) == sorted(QUESTIONS) and tuple(keys) != QUESTIONS:
        yield Fault("questions_out_of_order", known=QUESTIONS)


def _role_faults(entry: Mapping[str, Any], role: str, labels: Mapping[str, Any], where: Where) -> Iterable[Fault]:
    asked = entry.get(role)
    if not isinstance(asked, Mapping):
        yield Fault("role_missing", where=where, role=role)
        return
    where = (*where, role)
    yield from _text_faults(asked, ("text",), where)
    yield from _unknown_fields(asked, _ROLE_FIELDS, where)
    yield from _help_faults(asked, where)
    own = asked.get("labels", {})
    if not isinstance(own, Mapping):
        yield Fault("labels_no_table", where=where)
        own = {}
    yield from _label_faults(own, where)
    yield from _option_faults(entry.get("key"), role, asked.get("options"), {**labels, **own}, where)


def _help_faults(asked: Mapping[str, Any], where: Where) -> Iterable[Fault]:
    present = [field for field in ("term", "explanation") if field in asked]
    yield from _text_faults(asked, present, where)
    if len(present) == 1:
        yield Fault("half_explanation", where=where, field=present[0])


def _option_faults(key: object, role: str, options: object, labels: Mapping[str, Any], where: Where) -> Iterable[Fault]:
    if not isinstance(options, list):
        yield Fault("no_options", where=where)
        return
    for code, times in Counter(map(str, options)).items():
        if times > 1:
            yield Fault("option_twice", where=where, code=code, times=times)
        if code not in ANSWER_CODES:
            yield Fault("option_unknown", where=where, code=code, known=ANSWER_CODES)
        elif code not in labels:
            yield Fault("option_without_label", where=where, code=code)
    if key not in QUESTIONS:
        return
    may = answer_codes_of(role, str(key))
    expected = tuple(code for code in may if ANSWER_OPTIONS[code].required or code in options)
    for code in expected:
        if code not in options:
            yield Fault("option_missing", where=where, code=code)
    for code in ANSWER_CODES:
        if code in options and code not in may:
            yield Fault("option_not_allowed", where=where, code=code)
    if sorted(map(str, options)) == sorted(expected) and tuple(options) != expected:
        yield Fault("options_out_of_order", where=where, known=expected)


def _label_faults(labels: Mapping[str, Any], where: Where) -> Iterable[Fault]:
    for code in labels:
        if code not in ANSWER_CODES:
            yield Fault("label_unknown", where=where, code=str(code), known=ANSWER_CODES)
    yield from _text_faults(labels, labels, where)


def _text_faults(data: Mapping[str, Any], fields: Iterable[str], where: Where) -> Iterable[Fault]:
    for field in fields:
        value = data.get(field)
        if value is None:
            yield Fault("field_missing", where=where, field=field)
        elif not isinstance(value, str):
            yield Fault("field_no_text", where=where, field=field)
        elif not value.strip():
            yield Fault("field_empty", where=where, field=field)
        elif value != value.strip() or "%" in value:
            yield Fault("field_untidy", where=where, field=field)


def _unknown_fields(data: Mapping[str, Any], known: set[str], where: Where) -> Iterable[Fault]:
    for field in data:
        if field not in known:
            yield Fault("field_unknown", where=where, field=field, known=tuple(sorted(known)))
