"""A page compressed once, with what differs between two readers put in each time, so that no reply is packed anew.

For the pages of units, where drawing and compressing would cost many times the rest of a request. Two kinds of things
are put in.

What differs between units, their names and addresses, stands in a comment near the top of the page, not compressed:
each with the end of the element or attribute it stands in, and then spaces up to one width. Wherever it belongs the
compressed page copies that width from the top: `name</span    >` is the same element as `name</span>`. So all the rest
lies where it lies whatever the unit, and one compressed page serves them all. Only the encoding comes before the
comment: a page has to say that in its first 1 024 bytes.

The form id lies near the end of the page, a block of its own between two finished streams: putting it in costs a
checksum over the few bytes that follow, and its length never depends on what it is.
"""

import gzip
import random
import re
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from types import MappingProxyType

import brotli

from survey.domain.text.clean_text import random_placeholder
from survey.web.pages.packed_blocks import BROTLI, DEFLATE, LAST_OF_BROTLI, Format, Packed, deflated_end

FORM_ID_PLACEHOLDER = random_placeholder()
"""Where the form id goes."""

Values = Mapping[str, bytes]
"""What is put in, by its placeholder: escaped, as it stands in the page."""

NOTHING: Values = MappingProxyType({})
_ENCODING, _COMMENT, _COMMENT_END = b'<meta charset="utf-8">', b"<!--", b"-->"
_LEAST_SPACES = 2  # brotli chooses the code of a byte by the two before it: after a region they are always the same
_TRIALS = 2
_LONG = 2_000  # bytes whose checksum is worth a table
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
_GZIP_LIMIT = 0x100000000


def placeholder() -> str:
    """Make a placeholder for what differs between units. A letter first: right-to-left pages isolate bare numbers."""
    return f"u{random_placeholder()}"


@dataclass(frozen=True)
class Region:
    """One form in which a value stands in a page: the value, then `tail`, then spaces.

    `dummy` stands there while the page is compressed: as wide, with the same end, of bytes the page has nowhere else.
    """

    placeholder: str
    tail: bytes
    dummy: bytes

    def filled(self, values: Values) -> tuple[bytes, int]:
        """Return the value with its tail, and how many spaces follow."""
        content = values[self.placeholder] + self.tail
        if (spaces := len(self.dummy) - len(content)) < _LEAST_SPACES:
            raise ValueError("a value is wider than the place that was kept for it")
        return content, spaces


class CompressedPage:
    """A page, kept compressed. A form id, and a value for each placeholder in `widths`, are put in anew each time.

    `widths` says how many bytes a value may have at most.
    """

    def __init__(self, page: str, widths: Mapping[str, int] | None = None) -> None:
        before, _, after = page.partition(FORM_ID_PLACEHOLDER)
        self._after = after.encode()
        self._after_deflated = deflated_end(self._after)
        self._top, self._regions, body = _with_regions(before.encode(), widths or {})
        self._parts = self._checked_parts(body)
        self._size = len(self._top) + sum(len(each.dummy) for each in self._regions) + len(body) + len(self._after)
        self._deflated = self._packed(DEFLATE, body)
        self._unpacked = None if self._deflated else body

    @property
    def is_packed(self) -> bool:
        """Return whether both compressions serve every value; if not, each reply is compressed by itself."""
        return self._deflated is not None and self._brotli is not None

    def as_gzip(self, form_id: bytes = b"", values: Values = NOTHING) -> bytes:
        """Return the page for a reader who takes gzip."""
        if self._deflated is None:
            return gzip.compress(self.as_plain(form_id, values), 1, mtime=0)
        filled = [each.filled(values) for each in self._regions]
        checksum = zlib.crc32(self._after, zlib.crc32(form_id, self._checksum([_wide(*each) for each in filled])))
        tail = struct.pack("<II", checksum, (self._size + len(form_id)) % _GZIP_LIMIT)
        end = DEFLATE.stored(form_id), self._after_deflated, tail
        return b"".join((_GZIP_HEAD, *_put_in(DEFLATE, self._deflated, filled), *end))

    def as_brotli(self, form_id: bytes = b"", values: Values = NOTHING) -> bytes:
        """Return the page for a reader who takes brotli."""
        if self._brotli is None:
            return bytes(brotli.compress(self.as_plain(form_id, values), quality=1))
        filled = [each.filled(values) for each in self._regions]
        end = BROTLI.stored(form_id + self._after), LAST_OF_BROTLI
        return b"".join((*_put_in(BROTLI, self._brotli, filled), *end))

    def as_plain(self, form_id: bytes = b"", values: Values = NOTHING) -> bytes:
        """Return the page for a reader who takes no compression."""
        if self._unpacked is None:
            return gzip.decompress(self.as_gzip(form_id, values))
        texts = [_wide(*each.filled(values)) for each in self._regions]
        return b"".join((self._top, *texts, self._put_into(self._unpacked, texts), form_id, self._after))

    @cached_property
    def _brotli(self) -> Packed | None:
        # Worked out when a reader first asks for it: it takes a hundred times as long as the other.
        body = self._unpacked
        if body is None and self._deflated is not None:
            dummies = b"".join(each.dummy for each in self._regions)
            whole = DEFLATE.unpack(self._deflated.top + DEFLATE.stored(dummies) + self._deflated.body)
            body = whole[len(self._top) + len(dummies) :]
        return self._packed(BROTLI, body or b"")

    def _packed(self, by: Format, body: bytes) -> Packed | None:
        """Return the compressed page, once it has been seen that other values than the dummies come out whole too."""
        pack = by.packer()
        top = pack(self._top) if self._regions else b""
        if self._regions:
            pack(b"".join(each.dummy for each in self._regions))
        packed = Packed(top, pack(body))
        return packed if all(self._comes_out(by, packed, body, seed) for seed in range(_TRIALS)) else None

    def _comes_out(self, by: Format, packed: Packed, body: bytes, seed: int) -> bool:
        if not self._regions:
            return True
        lot = random.Random(seed)  # noqa: S311 (nobody need be unable to guess it)
        texts = [_wide(lot.randbytes(len(each.dummy) - _LEAST_SPACES), _LEAST_SPACES) for each in self._regions]
        try:
            whole = by.unpack(packed.top + by.stored(b"".join(texts)) + packed.body)
        except (zlib.error, brotli.error):
            return False
        return whole == b"".join((self._top, *texts, self._put_into(body, texts)))

    def _put_into(self, body: bytes, texts: Sequence[bytes]) -> bytes:
        for region, text in zip(self._regions, texts, strict=True):
            body = body.replace(region.dummy, text)
        return body

    def _checked_parts(self, body: bytes) -> list["int | bytes | _Checksum"]:
        """Return the page from top to form id: the regions by number, and what stands between them."""
        numbers = {region.dummy: number for number, region in enumerate(self._regions)}
        if not numbers:
            return [_Checksum(body)]
        between = re.split(b"(" + b"|".join(map(re.escape, numbers)) + b")", body)
        parts = [numbers.get(each, _Checksum(each) if len(each) > _LONG else each) for each in between]
        return [self._top, *numbers.values(), *parts]

    def _checksum(self, texts: Sequence[bytes]) -> int:
        found = 0
        for part in self._parts:
            if isinstance(part, _Checksum):
                found = part.after(found)
            else:
                found = zlib.crc32(texts[part] if isinstance(part, int) else part, found)
        return found


class _Checksum:
    """The checksum over a long text after whatever comes before it, without going over the text again.

    CRC-32 is linear: each bit of what came before changes the outcome by a pattern of its own.
    """

    def __init__(self, content: bytes) -> None:
        self._alone = zlib.crc32(content)
        bits = [zlib.crc32(content, 1 << bit) ^ self._alone for bit in range(32)]
        self._tables = [_sums(bits[at : at + 4]) for at in range(0, 32, 4)]

    def after(self, before: int) -> int:
        """Return the checksum of what came before and this."""
        found = self._alone
        for table in self._tables:
            found ^= table[before & 15]
            before >>= 4
        return found


def _sums(bits: Sequence[int]) -> list[int]:
    found = [0]
    for bit in bits:
        found += [each ^ bit for each in found]
    return found


def _with_regions(page: bytes, widths: Mapping[str, int]) -> tuple[bytes, list[Region], bytes]:
    """Return the top of a page, its regions, and the page below them with their dummies in place."""
    names = {each.encode(): each for each in widths if each.encode() in page}
    if not names:
        return b"", [], page
    top, encoding, page = page.partition(_ENCODING)
    if not encoding:
        raise ValueError("a page that something is put into says its encoding")
    # What stands after a value: the end tag of its element, or the rest of its attribute. Spaces may follow on both.
    forms = re.compile(b"(" + b"|".join(names) + b')(</[a-z0-9]+|[^"<>]*")')
    unused = _unrepeated(sorted(set(range(256)) - set(top + page)))
    regions: dict[bytes, Region] = {}
    for found in forms.finditer(page):
        if found[0] not in regions:
            name = names[found[1]]
            dummy = bytes(islice(unused, widths[name] + len(found[2])))
            regions[found[0]] = Region(name, found[2], _wide(dummy, _LEAST_SPACES))
    body = _COMMENT_END + forms.sub(lambda found: regions[found[0]].dummy, page)
    if any(name in top + body for name in names):
        raise ValueError("a value stands where no spaces may follow it")
    return top + encoding + _COMMENT, list(regions.values()), body


def _unrepeated(signs: Sequence[int]) -> Iterator[int]:
    """Yield signs by lot, no two of them twice beside each other: a repetition would change how the rest is packed."""
    lot, last = random.Random(0), -1  # noqa: S311 (nobody need be unable to guess it)
    seen: set[tuple[int, int]] = set()
    while len(seen) < len(signs) ** 2 // 2:
        sign = lot.choice(signs)
        if (last, sign) not in seen:
            seen.add((last, sign))
            last = sign
            yield sign


def _wide(content: bytes, spaces: int) -> bytes:
    return content + b" " * spaces


def _put_in(by: Format, packed: Packed, filled: Sequence[tuple[bytes, int]]) -> list[bytes]:
    found = [packed.top]
    for content, spaces in filled:
        found += by.stored(content), by.spaces(spaces)
    return [*found, packed.body]
