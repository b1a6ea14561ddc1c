"""SQLite's raw pages as a thief reads them: what each commit added to the log, down to the place of a row in its page.

For the attacks that are given a copy after every commit. Only what a commit changed is read, which is all that two
whole copies differ in. The format is that of https://www.sqlite.org/fileformat2.html.
"""

from pathlib import Path
from struct import unpack_from
from typing import NamedTuple

HEADER, FRAME = 32, 24
TABLE_LEAF, INDEX_LEAF, INDEX_INTERIOR = 13, 10, 2
INTEGERS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
# A longer one goes on in other pages; nothing that comes with an answer is as long.
LONGEST = {TABLE_LEAF: 35, INDEX_LEAF: 3094, INDEX_INTERIOR: 3094}

Value = int | str | bytes | None


class Cell(NamedTuple):
    """Where a row lies: its page, its number among the page's rows, its first byte."""

    page: int
    slot: int
    offset: int


class Pages:
    """The pages of a database as of the last look, and what has been added to its log since."""

    def __init__(self, file: Path) -> None:
        """Read the whole file, the first copy."""
        raw = file.read_bytes()
        self.size = int.from_bytes(raw[16:18], "big")
        self.log = file.with_name(f"{file.name}-wal")
        self._cells = {
            1 + at // self.size: cells(1 + at // self.size, raw[at : at + self.size])
            for at in range(0, len(raw), self.size)
        }
        self._salts, self._at = b"", HEADER
        self.new_cells()

    def new_cells(self) -> tuple[dict[bytes, Cell], int]:
        """The rows that are new or changed since the last look, and how many pages were written."""
        pages, frames = self._new_pages()
        before: set[bytes] = set()
        after: dict[bytes, Cell] = {}
        for number, page in pages.items():
            before |= self._cells.get(number, {}).keys()
            self._cells[number] = cells(number, page)
            after |= self._cells[number]
        # What only moved, because a page was full, was there before.
        return {raw: cell for raw, cell in after.items() if raw not in before}, frames

    def _new_pages(self) -> tuple[dict[int, bytes], int]:
        if not self.log.exists() or self.log.stat().st_size < HEADER:
            return {}, 0
        with self.log.open("rb") as log:
            salts = log.read(HEADER)[16:24]
            if salts != self._salts:
                self._salts, self._at = salts, HEADER
            log.seek(self._at)
            raw = log.read()
        pages: dict[int, bytes] = {}
        waiting: dict[int, bytes] = {}
        frames = begun = 0
        for begun, at in enumerate(range(0, len(raw) - FRAME - self.size + 1, FRAME + self.size), 1):
            if raw[at + 8 : at + 16] != salts:
                break
            waiting[int.from_bytes(raw[at : at + 4], "big")] = raw[at + FRAME : at + FRAME + self.size]
            if any(raw[at + 4 : at + 8]):  # the last frame of a commit
                pages, waiting, frames = pages | waiting, {}, begun
        self._at += frames * (FRAME + self.size)
        return pages, frames


def cells(number: int, page: bytes) -> dict[bytes, Cell]:
    """The rows of one page, raw: on a table's page as they stand, on an index's after a zero."""
    start = 100 if number == 1 else 0
    kind = page[start]
    if kind not in LONGEST:
        return {}
    inner, longest = (4 if kind == INDEX_INTERIOR else 0), len(page) - LONGEST[kind]
    count = int.from_bytes(page[start + 3 : start + 5], "big")
    found = {}
    for slot, offset in enumerate(unpack_from(f">{count}H", page, start + 8 + inner)):
        begin = offset + inner
        size, at = (page[begin], begin + 1) if page[begin] < 128 else varint(page, begin)
        if kind == TABLE_LEAF:
            while page[at] >= 128:
                at += 1
            raw = page[begin : at + 1 + size]
        else:
            raw = b"\0" + page[at : at + size]
        if size <= longest:
            found[raw] = Cell(number, slot, offset)
    return found


def rowid(raw: bytes) -> int:
    """The number of a raw row; 0 in an index."""
    return varint(raw, varint(raw, 0)[1])[0] if raw[0] else 0


def values(raw: bytes) -> tuple[Value, ...]:
    """A raw row's columns."""
    start = 1
    if raw[0]:
        start = varint(raw, varint(raw, 0)[1])[1]
    size, at = varint(raw, start)
    end = data = start + size
    found: list[Value] = []
    while at < end:
        kind, at = varint(raw, at)
        value, data = _value(raw, kind, data)
        found.append(value)
    return tuple(found)


def _value(raw: bytes, kind: int, at: int) -> tuple[Value, int]:
    if kind in (0, 8, 9):
        return (None if kind == 0 else kind - 8), at
    if kind in INTEGERS or kind == 7:
        size = INTEGERS.get(kind, 8)
        return int.from_bytes(raw[at : at + size], "big", signed=True), at + size
    size = (kind - 12) // 2
    content = raw[at : at + size]
    return (content if kind % 2 == 0 else content.decode("utf-8", "replace")), at + size


def varint(raw: bytes, at: int) -> tuple[int, int]:
    """A number of one to nine bytes, and where the next thing begins."""
    found = 0
    for number in range(8):
        byte = raw[at + number]
        if byte < 128:
            return found << 7 | byte, at + number + 1
        found = found << 7 | byte & 127
    return found << 8 | raw[at + 8], at + 9
