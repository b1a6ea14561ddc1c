"""Pages drawn once per language, and compressed once; only what differs between two readers is put in each time.

For the answer pages, where drawing and compressing would cost many times the rest of the request. The one thing that
differs, the form id, lies near the end of the page. In the compressed page, gzip or brotli, it is a stored block of its
own between two finished streams, so that putting it in costs a checksum over the few bytes that follow, and so that its
length never depends on what it is.
"""

import base64
import gzip
import hashlib
import json
import re
import struct
import zlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from threading import Lock

import brotli
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from survey.domain.kiosk_times import KIOSK_TIMES
from survey.domain.text.clean_text import random_placeholder

FORM_ID_PLACEHOLDER = random_placeholder()
"""Where the form id goes."""

STATIC = Path(__file__).resolve().parents[2] / "static"
_BROTLI = 10  # half as much work again as 9, for a twentieth less; the best, twice that, for a fortieth
_LAST_OF_BROTLI = b"\x03"
_QUOTED_OR_SPACED = re.compile(r"""(?P<quoted>'[^'\n]*'|"[^"\n]*"|`[^`\n]*`)|[ ]?(?P<sign>[-=(){},;:?<>+*/&|!]+)[ ]?""")
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"


class CompressedPage:
    """A page, kept compressed. Its form id is given anew each time it is sent."""

    def __init__(self, page: str) -> None:
        before, _, after = page.partition(FORM_ID_PLACEHOLDER)
        self._after = after.encode()
        plain = before.encode()
        self._size = len(plain) + len(self._after)
        self._before_crc = zlib.crc32(plain)
        self._before = _deflated(plain, zlib.Z_FULL_FLUSH)
        self._after_deflated = _deflated(self._after, zlib.Z_FINISH)

    def as_gzip(self, form_id: bytes = b"") -> bytes:
        """Return the page for a reader who takes gzip."""
        crc = zlib.crc32(self._after, zlib.crc32(form_id, self._before_crc))
        length = len(form_id)
        stored = b"\x00" + struct.pack("<HH", length, length ^ 0xFFFF) + form_id
        tail = struct.pack("<II", crc, (self._size + length) & 0xFFFFFFFF)
        return b"".join((_GZIP_HEAD, self._before, stored, self._after_deflated, tail))

    def as_plain(self, form_id: bytes = b"") -> bytes:
        """Return the page for a reader who takes no compression."""
        return gzip.decompress(self.as_gzip(form_id))

    def as_brotli(self, form_id: bytes = b"") -> bytes:
        """Return the page for a reader who takes brotli; the part before the form id is packed when first asked for."""
        return b"".join((self._before_squeezed, *map(_as_it_is, (form_id, self._after)), _LAST_OF_BROTLI))

    @cached_property
    def _before_squeezed(self) -> bytes:
        stream = brotli.Compressor(quality=_BROTLI)
        before = self.as_plain()[: self._size - len(self._after)]
        return bytes(stream.process(before) + stream.flush())


@lru_cache(maxsize=256)
def takes_gzip(accepted: str) -> bool:
    """Return whether a reader who sent this Accept-Encoding takes gzip."""
    return _quality(accepted, "gzip") > 0


@lru_cache(maxsize=256)
def takes_brotli(accepted: str) -> bool:
    """Return whether a reader who sent this Accept-Encoding takes brotli, and would not rather have gzip."""
    return 0 < _quality(accepted, "br") >= _quality(accepted, "gzip")


def _quality(accepted: str, encoding: str) -> float:
    return float(parse_accept_header(accepted, Accept).quality(encoding))


def _as_it_is(content: bytes) -> bytes:
    """Return unpacked bytes as a part of a brotli stream: their number less one, and a mark (RFC 7932)."""
    pieces = (content[at : at + 0x10000] for at in range(0, len(content), 0x10000))
    return b"".join(((len(piece) - 1) << 3 | 1 << 19).to_bytes(3, "little") + piece for piece in pieces)


def _deflated(content: bytes, end: int) -> bytes:
    # In smaller blocks than usual: a page is style, then script, then words, and each is packed by its own table.
    stream = zlib.compressobj(9, zlib.DEFLATED, -15, 5)
    return stream.compress(content) + stream.flush(end)


class PageCache:
    """The pages drawn so far, the least used out first. A page's key holds all it was drawn from."""

    def __init__(self, max_pages: int = 256) -> None:
        self._room = max_pages
        self._pages: OrderedDict[Hashable, CompressedPage] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, draw: Callable[[], str]) -> CompressedPage:
        """Return the page with this key, drawn now if it is not on the shelf."""
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
                return page
        page = CompressedPage(draw())
        with self._lock:
            self._pages[key] = page
            while len(self._pages) > self._room:
                self._pages.popitem(last=False)
        return page


@dataclass(frozen=True)
class InlineAssets:
    """The style and script in the pages, each with its hash for the policy; a kiosk has more of both."""

    css: str
    css_hash: str
    kiosk_css: str
    kiosk_css_hash: str
    script: str
    script_hash: str
    kiosk: str
    kiosk_hash: str


@cache
def inline_assets() -> InlineAssets:
    """Return style and script as they stand in the pages: read, shrunk and hashed once."""
    css = minify_css(_static("tokens.css") + _static("survey.css"))
    kiosk_css = css + minify_css(_static("kiosk.css"))
    script = minify_js(_static("answer.js"))
    times = f"self.kioskTimes={json.dumps(KIOSK_TIMES, separators=(',', ':'))};\n"
    kiosk = times + minify_js(_static("kiosk.js"))
    return InlineAssets(*(each for text in (css, kiosk_css, script, kiosk) for each in (text, _source(text))))


def light_tokens() -> str:
    """Return the light design tokens alone, for a page that is the same in the dark."""
    return minify_css(_static("tokens.css").partition("@media")[0])


def _static(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")


def is_kiosk(path: str) -> bool:
    """Return whether an address is a paired device's."""
    return path.startswith("/kiosk/")


def _source(text: str) -> str:
    """Return the policy's source expression for a text that stands in the page."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def minify_css(css: str) -> str:
    """Return a stylesheet without its comments and the white space that means nothing."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    css = re.sub(r"\s+", " ", css)
    return re.sub(r" ?([{};,]) ?", r"\1", css).replace(": ", ":").replace(";}", "}").strip()


def minify_js(script: str) -> str:
    """Return a script without its comment lines, indentation and the spaces that mean nothing.

    Its comments stand on lines of their own, and what stands between quotation marks is left alone.
    """
    lines = (line.strip() for line in script.splitlines())
    code = "\n".join(line for line in lines if line and not line.startswith("//")) + "\n"
    return _QUOTED_OR_SPACED.sub(lambda found: found["quoted"] or found["sign"], code)
