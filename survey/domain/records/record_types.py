"""What the follow-up group keeps beside the figures, each kind declared once by its columns.

For the action plan and for what is measured elsewhere. The columns are the form, the file and the table alike: a thing
is read from raw text, by whichever way it comes, with a sentence for each fault. Nothing is changed in place: a thing
has versions, and is ended on a day.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, ClassVar, Generic, NamedTuple, Self, TypeVar

from survey.domain.text.clean_text import STRANGE as NO_SIGN
from survey.domain.text.clean_text import one_line
from survey.domain.text.i18n import N_

YEARS = (1990, 2100)
NO_DAY = N_("Skriv en dag som 2026-01-31.")
MISSING = N_("Det här behöver fyllas i.")
UNKNOWN = N_("Välj ett av alternativen.")
TOO_LONG = N_("Texten är för lång.")
STRANGE = N_("Texten har tecken som inte går att visa.")
TWO_MEANINGS = N_("Skriv talet utan punkt: 1,234 eller 1234. Så kan det inte betyda två saker.")
NO_NUMBER = N_("Skriv ett tal, som 29 eller 29,5.")
# A thousand in one country, a little more than one in another.
_TWO_MEANINGS = re.compile(r"[-\u2212]?[1-9][0-9]{0,2}\.[0-9]{3}\s*%?")
KEY = re.compile(r"[0-9a-f]{16}")
_NUMBER = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,3})?")


class Refused(ValueError):
    """A thing that may not be, in a sentence for whoever tried."""


class Fault(NamedTuple):
    """What is wrong, and in which column; none when it is in the whole."""

    name: str
    said: str


@dataclass(frozen=True)
class Column:
    """One thing to fill in: what it is called on the page and in a file, and what may stand there."""

    name: str
    title: str
    header: str = ""  # none: not in a file
    kind: str = "text"  # text, long, day, number, choice
    longest: int = 200
    required: bool = False
    options: Mapping[str, str] = field(default_factory=dict)  # code: words
    also: Mapping[str, str] = field(default_factory=dict)  # other words in files: code
    hint: str = ""


@dataclass(frozen=True, kw_only=True)
class Record:
    """Anything that is kept so; `ended` is the day it was done with, dropped or taken back."""

    COLUMNS: ClassVar[tuple[Column, ...]] = ()
    ended: date | None = None

    @property
    def called(self) -> str:
        """The thing in few words."""
        return str(getattr(self, self.COLUMNS[0].name))

    def identity(self) -> tuple[str, ...]:
        """What makes it the same thing when a file tells of it again; empty: never the same."""
        return ()

    def faults(self, _today: date) -> list[Fault]:
        """What does not go together, or can't be yet."""
        return []

    def settled(self, _today: date, before: Self | None = None) -> Self:
        """As it is kept: what the one who wrote it left open is filled in."""
        return replace(self, ended=before.ended) if before is not None and self.ended is None else self


T = TypeVar("T", bound=Record)


@dataclass(frozen=True)
class Kept(Generic[T]):
    """A thing as it was kept on a day; the newest version is how it stands."""

    key: str
    version: int
    kept: date
    thing: T


@dataclass(frozen=True)
class Change(Generic[T]):
    """A thing as it will be, and as it is; None when it is new."""

    thing: T
    before: Kept[T] | None

    @property
    def columns(self) -> list[tuple[str, str, str]]:
        """Each column that changes: its title, what stands there now, what will."""
        then = shown(self.thing)
        now = shown(self.before.thing) if self.before else dict.fromkeys(then, "")
        titles = {each.name: each.title for each in self.thing.COLUMNS}
        return [(titles[name], now[name], then[name]) for name in then if now[name] != then[name]]


def read(
    kind: type[T], raw: Mapping[str, str], options: Mapping[str, Mapping[str, str]], today: date
) -> tuple[T | None, list[Fault]]:
    """The thing that raw text by column says, or what is wrong with it; `options` by column where they differ."""
    found: dict[str, Any] = {}
    faults: list[Fault] = []
    for column in kind.COLUMNS:
        text = one_line(raw.get(column.name, ""))
        value, said = _value(column, text, options.get(column.name, column.options))
        found[column.name] = value
        faults += [Fault(column.name, said)] if said else []
    if faults:
        return None, faults
    try:
        thing = kind(**found)
    except Refused as refused:
        return None, [Fault("", str(refused))]
    return thing, thing.faults(today)


def changes_of(found: Iterable[T], known: Iterable[Kept[T]], today: date) -> list[Change[T]]:
    """The things that are new or not as they were; those that stay are left out."""
    here = {each.thing.identity(): each for each in known}
    pairs = [(thing, here.get(thing.identity())) for thing in found]
    changes = [Change(thing.settled(today, before.thing if before else None), before) for thing, before in pairs]
    return [each for each in changes if each.before is None or each.before.thing != each.thing]


def raw_of(thing: Record) -> dict[str, str]:
    """The thing as raw text by column, to be written in again."""
    return {column.name: _text(getattr(thing, column.name)) for column in thing.COLUMNS}


def shown(thing: Record) -> dict[str, str]:
    """The thing by column in the words of a file."""
    raw = raw_of(thing)
    return {column.name: column.options.get(raw[column.name], raw[column.name]) for column in thing.COLUMNS}


def folded(text: str) -> str:
    """The text as it is compared."""
    return one_line(text).casefold()


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _value(column: Column, text: str, options: Mapping[str, str]) -> tuple[Any, str]:
    """What the text means in this column, and what is wrong with it."""
    value: Any = None if column.kind in ("day", "choice") and not column.required else ""
    if not text:
        return value, MISSING if column.required else ""
    if NO_SIGN in text:
        return value, STRANGE
    if column.kind == "day":
        return _day(text)
    if column.kind == "number":
        number = re.sub(r"[\s\u202f]", "", text).replace(",", ".").replace("\u2212", "-").removesuffix("%")
        two = TWO_MEANINGS if _TWO_MEANINGS.fullmatch(text) else ""
        return (number, "") if _NUMBER.fullmatch(number) and not two else (value, two or NO_NUMBER)
    if column.kind == "choice":
        return (text, "") if text in options else (value, UNKNOWN)
    return (text, "") if len(text) <= column.longest else (value, TOO_LONG)


def _day(text: str) -> tuple[date | None, str]:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None, NO_DAY
    return (day, "") if YEARS[0] <= day.year <= YEARS[1] else (None, NO_DAY)
