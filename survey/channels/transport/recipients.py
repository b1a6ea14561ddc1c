"""Recipients read from a list as people paste or upload it: one a line, perhaps with a language. For mail and SMS.

Every fault is told by its line, and nothing of the list is kept here.
"""

import csv
import io
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import count, groupby

from survey.domain.text.clean_text import one_line
from survey.domain.text.i18n import N_

MAX_ADDRESS_LENGTH, MAX_LINE_LENGTH = 320, 1_000  # no address or number is longer; what follows one doesn't matter
_DELIMITERS = "\t;,"
LANDLINE = "no mobile"  # what a check says of a number that no SMS reaches
NOT_ASCII = "no such letters"  # and of an address that the mail server has no letters for
REASONS = {
    "language": N_("språket finns inte här"),
    "formula": N_("en formel, ingen adress"),
    "landline": N_("numret kan inte ta emot sms"),
    "letters": N_("e-postservern kan inte ta emot å, ä, ö eller liknande tecken före @"),
    "address": N_("ingen adress eller inget nummer"),
}


@dataclass(frozen=True)
class Recipient:
    """One address or number to send to, and the language the message will be in."""

    to: str
    language: str


@dataclass(frozen=True)
class LineFault:
    """A line that can't be read, and why."""

    line: int
    reason: str


@dataclass(frozen=True)
class Recipients:
    """The recipients of a list, each once; its faulty lines; how many lines repeat another; the line it was left at."""

    found: tuple[Recipient, ...]
    faulty: tuple[LineFault, ...]
    repeated: int
    stopped_at: int = 0

    def fault_lines(self) -> list[tuple[str, tuple[str, ...]]]:
        """Return each reason once, with its lines as people write them: "3", "7–52"."""
        by_reason: dict[str, list[int]] = {}
        for fault in self.faulty:
            by_reason.setdefault(fault.reason, []).append(fault.line)
        return [(reason, tuple(_ranges(lines))) for reason, lines in by_reason.items()]


def read_recipients(
    text: str, check: Callable[[str], str], languages: Collection[str], usual: str, *, max_count: int, max_faulty: int
) -> Recipients:
    """Read a list. `check` gives an address in one spelling or raises ValueError; an unknown language is a fault.

    It is read no further than `max_count` recipients and one, `max_faulty` faults, and as many repeated lines as may be
    sent to: `stopped_at` is the line then.
    """
    found: dict[str, Recipient] = {}
    faulty: list[LineFault] = []
    repeated, tags = 0, {tag.lower(): tag for tag in languages} | {"": usual}
    for line, (to, language) in _cells(text):
        if len(found) > max_count or len(faulty) >= max_faulty or repeated > max_count:
            return Recipients(tuple(found.values()), tuple(faulty), repeated, line)
        try:
            known = check(to if len(to) <= MAX_ADDRESS_LENGTH else "")
        except ValueError as wrong:
            # The first line may be a heading.
            if line > 1 or any(mark.isdigit() or mark == "@" for mark in to):
                faulty.append(LineFault(line, _reason(to, wrong)))
            continue
        if language not in tags:
            faulty.append(LineFault(line, REASONS["language"]))
        elif known.casefold() in found:
            repeated += 1
        else:
            # A mailbox is one, however its letters are written; it is sent to as it stood first.
            found[known.casefold()] = Recipient(known, tags[language])
    return Recipients(tuple(found.values()), tuple(faulty), repeated)


def _ranges(lines: Iterable[int]) -> Iterator[str]:
    for _offset, run in groupby(enumerate(lines), lambda pair: pair[1] - pair[0]):
        first, *rest = (line for _n, line in run)
        yield f"{first}–{rest[-1]}" if rest else f"{first}"


def _reason(cell: str, wrong: ValueError) -> str:
    if cell.startswith(("=", "@")):
        return REASONS["formula"]
    return REASONS[{LANDLINE: "landline", NOT_ASCII: "letters"}.get(str(wrong), "address")]


def _cells(text: str) -> Iterator[tuple[int, tuple[str, str]]]:
    """Yield line number, first cell, second cell in small letters; pass over empty lines."""
    lines = text.removeprefix("\ufeff").replace("\0", "").splitlines()
    for number, line in zip(count(1), (line[:MAX_LINE_LENGTH] for line in lines), strict=False):
        delimiter = next((mark for mark in _DELIMITERS if mark in line), ";")
        cells = next(csv.reader(io.StringIO(line), delimiter=delimiter), [])
        if any(one_line(cell) for cell in cells):
            yield number, (one_line(cells[0]), one_line(cells[1]).lower() if len(cells) > 1 else "")
