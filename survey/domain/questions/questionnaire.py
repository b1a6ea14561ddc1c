"""Versions of the questionnaire: the seven questions, read from one TOML file each.

For the answer pages, the follow-up pages and the counting. Wording is data, and what was once asked is
never edited: a released version is frozen by its checksum, so a trend never compares two different questions.
`python -m survey.cli.questionnaire FILE` checks a file and prints the line that releases it.
"""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from survey.domain.questions.answer_scale import ANSWER_CODES, ANSWER_OPTIONS, QUESTIONS, ROLES, answer_codes_of
from survey.domain.questions.questionnaire_check import QuestionnaireFault, faults
from survey.domain.text.fault import Fault
from survey.domain.text.i18n import N_

__all__ = [
    "ANSWER_CODES",
    "DEFAULT_VERSION",
    "QUESTIONS",
    "ROLES",
    "Option",
    "Question",
    "QuestionnaireError",
    "Version",
    "answer_codes_of",
    "check_file",
    "checksum",
    "faults",
    "read_version",
    "read_versions",
    "short_name",
    "wording",
]

RELEASED = "released.toml"
DEFAULT_VERSION = "underlag-2021"  # the newest wording of SKR's


_SHORT_NAMES = {
    "trygghet": N_("Trygghet"),
    "overenskommelse": N_("Överenskommelse"),
    "kontaktvagar": N_("Kontaktvägar"),
    "fast_vardkontakt": N_("Fast vårdkontakt"),
    "nasta_steg": N_("Nästa steg"),
    "nasta_tid": N_("Nästa tid"),
    "overblick": N_("Överblick"),
}


class QuestionnaireError(Exception):
    """Faults in the questionnaire files, all of them. Whoever shows it has the words."""

    def __init__(self, found: list[QuestionnaireFault]) -> None:
        super().__init__("\n".join(f"{each.file}: {each.fault}" for each in found))
        self.faults = found


@dataclass(frozen=True, slots=True)
class Option:
    """One answer option: its code, and the label that the reader sees."""

    code: str
    label: str

    @property
    def apart(self) -> bool:
        """Return whether it stands below the others on the form."""
        return ANSWER_OPTIONS[self.code].apart


@dataclass(frozen=True, slots=True)
class Question:
    """One question in one role's words, with help for a hard word and the meaning of a gap between the roles."""

    key: str
    text: str
    options: tuple[Option, ...]
    term: str = ""
    explanation: str = ""
    difference: str = ""

    def label(self, code: str) -> str:
        """Return the label of a code; raise KeyError when the question does not offer it."""
        return {option.code: option.label for option in self.options}[code]


@dataclass(frozen=True, slots=True)
class Version:
    """One wording of all seven questions for both roles. Only a released version may be asked."""

    key: str
    name: str
    source: str
    questions: Mapping[str, tuple[Question, ...]]
    released: bool = False

    def question(self, role: str, key: str) -> Question:
        """Return the question with this key in this role's words."""
        return next(question for question in self.questions[role] if question.key == key)


def short_name(question: str) -> str:
    """Return the question's name for a chart or a table, in Swedish: a text to translate."""
    return _SHORT_NAMES[question]


def wording(question: Question) -> str:
    """Return a short fingerprint of the question's text and options: where it changes, a trend breaks."""
    asked = [question.text, [[option.code, option.label] for option in question.options]]
    return _digest(asked)[:12]


def checksum(data: Mapping[str, Any]) -> str:
    """Return the checksum that freezes a version. Comments and blank lines in its file may still change."""
    return _digest(data)


def _digest(value: object) -> str:
    canonical = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()


def read_version(path: Path) -> Version:
    """Read the version in one file; raise QuestionnaireError with every fault in it."""
    data, found = _parse(path)
    if found := found or faults(data, path.name):
        raise QuestionnaireError(found)
    return _build(data, released=False)


def read_versions(folder: Path) -> dict[str, Version]:
    """Read all versions in the folder, by key; raise QuestionnaireError with every fault in every file."""
    parsed = {path: _parse(path) for path in sorted(folder.glob("*.toml")) if path.name != RELEASED}
    released, found = _parse(folder / RELEASED) if (folder / RELEASED).exists() else ({}, [])
    for path, (data, unreadable) in parsed.items():
        found += unreadable or faults(data, path.name) + _file_faults(path, data)
    found += _release_faults({path.stem: data for path, (data, bad) in parsed.items() if not bad}, released)
    if not parsed:
        found.append(QuestionnaireFault(str(folder), Fault("no_versions")))
    if found:
        raise QuestionnaireError(found)
    return {data["key"]: _build(data, released=data["key"] in released) for data, _ in parsed.values()}


def check_file(path: Path) -> tuple[list[QuestionnaireFault], str]:
    """Return the faults of one file, or the line of `released.toml` that freezes it."""
    data, found = _parse(path)
    found = found or [*faults(data, path.name), *_file_faults(path, data)]
    return found, "" if found else f'{data["key"]} = "{checksum(data)}"'


def _parse(path: Path) -> tuple[dict[str, Any], list[QuestionnaireFault]]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8")), []
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return {}, [QuestionnaireFault(path.name, Fault("no_toml", error=str(error)))]


def _file_faults(path: Path, data: Mapping[str, Any]) -> list[QuestionnaireFault]:
    if data.get("key") not in (None, path.stem):
        return [QuestionnaireFault(path.name, Fault("other_file_name", key=str(data["key"])))]
    return []


def _release_faults(versions: Mapping[str, Mapping[str, Any]], released: Mapping[str, Any]) -> list[QuestionnaireFault]:
    found = []
    for key, frozen in released.items():
        if key not in versions:
            found.append(QuestionnaireFault(RELEASED, Fault("released_missing", key=key)))
        elif checksum(versions[key]) != frozen:
            found.append(QuestionnaireFault(f"{key}.toml", Fault("released_changed")))
    return found


def _build(data: Mapping[str, Any], *, released: bool) -> Version:
    return Version(
        key=data["key"],
        name=data["name"],
        source=data["source"],
        questions=MappingProxyType(
            {role: tuple(_question(data, entry, role) for entry in data["questions"]) for role in ROLES}
        ),
        released=released,
    )


def _question(data: Mapping[str, Any], entry: Mapping[str, Any], role: str) -> Question:
    asked = entry[role]
    labels = data["labels"] | asked.get("labels", {})
    return Question(
        key=entry["key"],
        text=asked["text"],
        options=tuple(Option(code, labels[code]) for code in asked["options"]),
        term=asked.get("term", ""),
        explanation=asked.get("explanation", ""),
        difference=entry["difference"],
    )
