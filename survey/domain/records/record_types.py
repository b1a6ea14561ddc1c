"""The kinds of records that the follow-up group keeps beside the figures, each declared once by its columns.

For the action plan and for what is measured elsewhere. The columns are the form, the file and the table alike: a thing
is read from raw text, by whichever way it comes, with every fault by its column. Nothing is changed in place: a thing
has versions, and is ended on a day.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, ClassVar, Generic, NamedTuple, Self, TypeVar

from survey.domain.text.clean_text import REPLACEMENT_CHARACTER as NO_SIGN
from survey.domain.text.clean_text import one_line
from survey.domain.text.fault import Fault

YEARS = (1990, 2100)
# 1.234 is a thousand in one country, a little more than one in another.
_TWO_MEANINGS = re.compile(r"[-\u2212]?[1-9][0-9]{0,2}\.[0-9]{3}\s*%?")
KEY = re.compile(r"[0-9a-f]{16}")
_NUMBER = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,3})?")


class InvalidRecord(ValueError):
    """A record that may not exist, and why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


class RecordFault(NamedTuple):
    """A fault and the column it is in; an empty name where it concerns the whole record."""

    name: str
    fault: Fault


@dataclass(frozen=True)
class Column:
    """One field of a record: its title on the page, its header in a file, and its allowed values."""

    name: str
    title: str
    header: str = ""  # none: not in a file
    kind: str = "text"  # text, long, day, number, choice
    max_length: int = 200
    required: bool = False
    options: Mapping[str, str] = field(default_factory=dict)  # code: words
    synonyms: Mapping[str, str] = field(default_factory=dict)  # other words in files: code


@dataclass(frozen=True, kw_only=True)
class Record:
    """The base of all records; `ended_on` is the day it was completed, dropped or withdrawn."""

    COLUMNS: ClassVar[tuple[Column, ...]] = ()
    ended_on: date | None = None

    @property
    def label(self) -> str:
        """A short title of the record."""
        return str(getattr(self, self.COLUMNS[0].name))

    def identity(self) -> tuple[str, ...]:
        """Return the values that make it the same record when a file has it again; empty: never the same."""
        return ()

    def faults(self, _today: date) -> list[RecordFault]:
        """Return the contradictions between its values, and days that can't be yet."""
        return []

    def completed(self, _today: date, before: Self | None = None) -> Self:
        """Return a copy as it is stored, with the values its writer left open filled in."""
        return replace(self, ended_on=before.ended_on) if before is not None and self.ended_on is None else self


T = TypeVar("T", bound=Record)


@dataclass(frozen=True)
class StoredVersion(Generic[T]):
    """A stored version of a record and its day; the newest version is the one in force."""

    key: str
    version: int
    saved_on: date
    record: T


@dataclass(frozen=True)
class RecordChange(Generic[T]):
    """A new state of a record and the version it replaces; `before` is None when it is new."""

    record: T
    before: StoredVersion[T] | None

    @property
    def columns(self) -> list[tuple[str, str, str]]:
        """The columns that differ: title, value now, value to be."""
        then = file_values(self.record)
        now = file_values(self.before.record) if self.before else dict.fromkeys(then, "")
        titles = {each.name: each.title for each in self.record.COLUMNS}
        return [(titles[name], now[name], then[name]) for name in then if now[name] != then[name]]


def parse_record(
    kind: type[T], raw: Mapping[str, str], options: Mapping[str, Mapping[str, str]], today: date
) -> tuple[T | None, list[RecordFault]]:
    """Parse raw text by column into a record; return it or the faults.

    `options`: allowed values by column, where they differ from the column's own.
    """
    found: dict[str, Any] = {}
    faults: list[RecordFault] = []
    for column in kind.COLUMNS:
        text = one_line(raw.get(column.name, ""))
        value, fault = _value(column, text, options.get(column.name, column.options))
        found[column.name] = value
        faults += [RecordFault(column.name, fault)] if fault else []
    if faults:
        return None, faults
    try:
        thing = kind(**found)
    except InvalidRecord as refused:
        return None, [RecordFault("", refused.fault)]
    return thing, thing.faults(today)


def changes_of(found: Iterable[T], known: Iterable[StoredVersion[T]], today: date) -> list[RecordChange[T]]:
    """Return a RecordChange for each record that is new or differs from the known one."""
    here = {each.record.identity(): each for each in known}
    pairs = [(_with_untold(thing, here.get(thing.identity())), here.get(thing.identity())) for thing in found]
    changes = [
        RecordChange(thing.completed(today, before.record if before else None), before) for thing, before in pairs
    ]
    return [each for each in changes if each.before is None or each.before.record != each.record]


def _with_untold(thing: T, before: StoredVersion[T] | None) -> T:
    """Keep the values that no file has a column for; the last day follows the status."""
    untold = [column.name for column in thing.COLUMNS if not column.header and column.name != "ended_on"]
    return replace(thing, **{name: getattr(before.record, name) for name in untold}) if before else thing


def form_values(thing: Record) -> dict[str, str]:
    """Return the record as raw text by column, for a form."""
    return {column.name: _text(getattr(thing, column.name)) for column in thing.COLUMNS}


def file_values(thing: Record) -> dict[str, str]:
    """Return the record's values by column in the words of a file."""
    raw = form_values(thing)
    return {column.name: column.options.get(raw[column.name], raw[column.name]) for column in thing.COLUMNS}


def normalised(text: str) -> str:
    """Fold a text for comparison: one line, case folded."""
    return one_line(text).casefold()


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _value(column: Column, text: str, options: Mapping[str, str]) -> tuple[Any, Fault | None]:
    """Parse a text for this column; return the value and the fault, if any."""
    value: Any = None if column.kind in ("day", "choice") and not column.required else ""
    if not text:
        return value, Fault("empty") if column.required else None
    if NO_SIGN in text:
        return value, Fault("unprintable")
    if column.kind == "day":
        return _day(text)
    if column.kind == "number":
        return _number(text)
    if column.kind == "choice":
        return (text, None) if text in options else (value, Fault("unknown_choice"))
    return (text, None) if len(text) <= column.max_length else (value, Fault("too_long"))


def _day(text: str) -> tuple[date | None, Fault | None]:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None, Fault("no_day")
    return (day, None) if YEARS[0] <= day.year <= YEARS[1] else (None, Fault("no_day"))


def _number(text: str) -> tuple[str, Fault | None]:
    if _TWO_MEANINGS.fullmatch(text):
        return "", Fault("two_meanings")
    number = re.sub(r"[\s\u202f]", "", text).replace(",", ".").replace("\u2212", "-").removesuffix("%")
    return (number, None) if _NUMBER.fullmatch(number) else ("", Fault("no_number"))
