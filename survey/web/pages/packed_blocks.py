"""Gzip's and brotli's blocks, each ended so that another may follow: packed, as they are, or a number of spaces.

For pages that are compressed once and have something put in each time. The packing is zlib's and brotli's own; a block
of bytes as they are is a few bytes of head (RFC 1951, 3.2.4; RFC 7932, 9.2).
"""

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import brotli

LAST_OF_BROTLI = b"\x03"
_SPACE = 0x20
_BEST = 11  # as long as 10 takes, and a fortieth less
# A literal run's code, the least length it stands for, and how many bits say how much longer it is (RFC 7932, 5).
_RUNS = [(code, code, 0) for code in range(6)]
_RUNS += [(6, 6, 1), (7, 8, 1), (8, 10, 2), (9, 14, 2), (10, 18, 3), (11, 26, 3), (12, 34, 4), (13, 50, 4)]
_RUNS += [(14, 66, 5), (15, 98, 5), (16, 130, 6), (17, 194, 7), (18, 322, 8), (19, 578, 9), (20, 1090, 10)]
_MOST_SPACES = 1090 + (1 << 10) - 1


class Packed(NamedTuple):
    """A compressed page: the beginning, and what stands after the values that are put in."""

    top: bytes
    body: bytes


@dataclass(frozen=True)
class Format:
    """One compression. `packer` makes one that packs text after text, each with an eye to those before it."""

    packer: Callable[[], Callable[[bytes], bytes]]
    stored: Callable[[bytes], bytes]
    spaces: Callable[[int], bytes]
    unpack: Callable[[bytes], bytes]


def deflated_end(content: bytes) -> bytes:
    """Return the last block of a gzip stream."""
    stream = _deflate_stream()
    return stream.compress(content) + stream.flush()


def _deflate_stream() -> "zlib._Compress":
    # In smaller blocks than usual: a page is style, then script, then words, and each is packed by its own table.
    return zlib.compressobj(9, zlib.DEFLATED, -15, 5)


def _deflater() -> Callable[[bytes], bytes]:
    stream = _deflate_stream()
    return lambda content: stream.compress(content) + stream.flush(zlib.Z_SYNC_FLUSH)


def _deflate_stored(content: bytes) -> bytes:
    return b"\x00" + struct.pack("<HH", len(content), len(content) ^ 0xFFFF) + content


@lru_cache(maxsize=1024)
def _deflate_spaces(count: int) -> bytes:
    return _deflater()(b" " * count)


def _brotli_packer() -> Callable[[bytes], bytes]:
    stream = brotli.Compressor(quality=_BEST)
    return lambda content: bytes(stream.process(content) + stream.flush())


def _brotli_stored(content: bytes) -> bytes:
    pieces = (content[at : at + 0x10000] for at in range(0, len(content), 0x10000))
    return b"".join(((len(piece) - 1) << 3 | 1 << 19).to_bytes(3, "little") + piece for piece in pieces)


@lru_cache(maxsize=1024)
def _brotli_spaces(count: int) -> bytes:
    """Return spaces as a run of one byte. A repetition would do too, but it is remembered, and changes what follows."""
    if not 1 <= count <= _MOST_SPACES:
        raise ValueError("so many spaces are no block")
    code, least, more = next(each for each in reversed(_RUNS) if each[1] <= count)
    symbol = (128, 256, 448)[code // 8] + (code % 8 << 3)
    # Not the last; 16 bits of length; one kind of block, one tree each; and then each tree's only leaf.
    fields = [(0, 1), (0, 2), (count - 1, 16), (0, 1), (0, 3), (0, 6), (0, 2), (0, 2)]
    fields += [(1, 4), (_SPACE, 8), (1, 4), (symbol, 10), (1, 4), (0, 6), (count - least, more)]
    # An empty block to the end of the byte.
    fields += [(0, 1), (3, 2), (0, 3)]
    bits = at = 0
    for value, width in fields:
        bits |= value << at
        at += width
    return bits.to_bytes(-(-at // 8), "little")


DEFLATE = Format(
    _deflater, _deflate_stored, _deflate_spaces, lambda content: zlib.decompressobj(-15).decompress(content)
)
BROTLI = Format(
    _brotli_packer,
    _brotli_stored,
    _brotli_spaces,
    lambda content: bytes(brotli.decompress(content + LAST_OF_BROTLI)),
)
