"""Approvals of translations: who has approved a text or written it anew, and how far that brings it.

For the translators' pages and for what residents are offered. A text is named by a fingerprint of its Swedish words, a
translation by its own, so that a change of either ends what was said of the old one. What is written while units are
being asked counts when they no longer are: people shall meet the same words as long as a round goes on.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import TypeVar

LEVELS = ("missing", "draft", "reviewed", "approved")
# what a class asks of each text before residents are offered the language, and meet it unmarked
NEEDED = {"A": "missing", "B": "reviewed", "C": "approved", "D": "approved"}
QUALIFIED = "qualified_translator"


@dataclass(frozen=True)
class Approval:
    """One person's approval of one translation of one text; `round` is the one that was under way, if any."""

    language: str
    source_hash: str
    translation_hash: str
    account: int
    role: str
    level: str
    approved_on: date
    round: str | None = None


@dataclass(frozen=True)
class Wording:
    """A wording that somebody has written; versions of a text are numbered from one.

    `catalog_hash` is of the catalog's translation of that time, in whose place it was written.
    """

    language: str
    source_hash: str
    version: int
    wording: str
    catalog_hash: str
    account: int
    role: str
    proposed_on: date
    round: str | None = None


@dataclass(frozen=True)
class ReadText:
    """A text of a language: its catalog's translation, and all that has been written and approved, the newest last."""

    source: str
    catalog: str
    catalog_level: str
    review_class: str = "A"
    places: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    signatures: tuple[str, ...] = ()
    wordings: tuple[Wording, ...] = ()
    approvals: tuple[Approval, ...] = ()
    version: int = 0  # the highest that anybody has written, whether it stands or not

    @property
    def newest(self) -> Wording | None:
        """Return the newest wording that somebody has written, unless it is the catalog's own."""
        last = self.wordings[-1] if self.wordings else None
        return last if last and last.wording != self.catalog else None

    @property
    def turned(self) -> str:
        """Return the translation that a translator reads: the newest wording, else the catalog's."""
        return self.wordings[-1].wording if self.wordings else self.catalog

    @property
    def level(self) -> str:
        """Return how far that translation has come."""
        return self.level_of(self.turned)

    @property
    def is_read(self) -> bool:
        """Return whether that translation has been read as its class asks."""
        return LEVELS.index(self.level) >= LEVELS.index(NEEDED[self.review_class])

    @property
    def shown(self) -> str:
        """Return the translation that residents get: the newest that is read as its class asks, else the catalog's."""
        # nobody's words take the place of others unread, whatever the class
        needed = max("reviewed", NEEDED[self.review_class], key=LEVELS.index)
        for each in reversed(self.wordings):
            if LEVELS.index(self.level_of(each.wording)) >= LEVELS.index(needed):
                return each.wording
        return self.catalog

    def level_of(self, turned: str) -> str:
        """Return how far one translation has come: by the catalog's comments or by approvals, whichever is further."""
        if not turned:
            return "missing"
        found = reached(self.review_class, self.author_of(turned), self.approvals_of(turned))
        signed = self.catalog_level if turned == self.catalog else "draft"
        return max(found, signed, key=LEVELS.index)

    def approvals_of(self, turned: str) -> tuple[Approval, ...]:
        """Return the approvals of one translation."""
        wanted = fingerprint(turned)
        return tuple(each for each in self.approvals if each.translation_hash == wanted)

    def author_of(self, turned: str) -> int | None:
        """Return who wrote a translation first, where it was written here."""
        return next((each.account for each in self.wordings if each.wording == turned), None)

    def approved_by(self, account: int) -> bool:
        """Return whether this person has approved the translation that is read now."""
        return any(each.account == account for each in self.approvals_of(self.turned))


def fingerprint(text: str) -> str:
    """Return the fingerprint of a text."""
    return sha256(text.encode()).hexdigest()


def reached(review_class: str, author: int | None, approvals: Sequence[Approval]) -> str:
    """Return how far approvals bring a translation.

    The author's own counts once somebody else has approved it too. Where only a qualified translator will do (D), one
    of them must be that.
    """
    readers = {each.account for each in approvals}
    if not readers - {author}:
        return "draft"
    if review_class == "D":
        return "approved" if any(each.role == QUALIFIED for each in approvals) else "reviewed"
    return "approved" if len(readers) > 1 else "reviewed"


def still_written_of(catalog: str, wordings: Sequence[Wording]) -> tuple[Wording, ...]:
    """Return the wordings that stand beside this translation of the catalog.

    Those that were written in its place, and those since the one that it has taken in. Of another translation than the
    one that its writer read, a wording says nothing; and nothing has taken the place of one that is gone.
    """
    taken_in = next((n for n, each in enumerate(wordings) if each.wording == catalog), len(wordings))
    now = fingerprint(catalog)
    return tuple(each for n, each in enumerate(wordings) if not catalog or n >= taken_in or each.catalog_hash == now)


Entry = TypeVar("Entry", Approval, Wording)


def in_force(rows: Iterable[Entry], asking: str | None) -> tuple[Entry, ...]:
    """Return what counts now: not what was written during the round in which units are being asked."""
    return tuple(each for each in rows if asking is None or each.round != asking)
