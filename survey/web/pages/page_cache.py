"""The pages drawn so far, kept compressed; which compression a reader takes; and the style and script within."""

import base64
import hashlib
import json
import re
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock

from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from survey.domain.kiosks.times import KIOSK_TIMES
from survey.web.pages.compressed_page import CompressedPage
from survey.web.pages.short_names import join_declarations, shorten_names, shorten_properties

_KIOSK_SCRIPTS = "kiosk_seal.js", "kiosk_queue.js", "kiosk.js"
CONVERSATION = "survey.conversation"  # in the environment of a request whose page wears the conversation sheet's looks
STATIC = Path(__file__).resolve().parents[2] / "static"
_QUOTED_OR_SPACED = re.compile(
    r"""(?P<quoted>'[^'\n]*'|"[^"\n]*"|`[^`\n]*`)|[ ]?(?P<sign>[-=(){},;:?<>+*/%&|!]+)[ ]?"""
)
_NEEDLESS_LINE_END = re.compile(r"(?<=[^\w$])\n(?!\Z)")  # the linter asks for every semicolon, so none is implied


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


class PageCache:
    """The pages drawn so far, the least used out first. A page's key holds all it was drawn from."""

    def __init__(self, max_pages: int = 256) -> None:
        self._max_pages = max_pages
        self._pages: OrderedDict[Hashable, CompressedPage] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, draw: Callable[[], str], widths: Mapping[str, int] | None = None) -> CompressedPage:
        """Return the page with this key, drawn now if it is not here; `widths` as the page takes them."""
        key = key, tuple(widths.items()) if widths else ()
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
                return page
        page = CompressedPage(draw(), widths)
        with self._lock:
            self._pages[key] = page
            while len(self._pages) > self._max_pages:
                self._pages.popitem(last=False)
        return page


@dataclass(frozen=True)
class InlineAssets:
    """The style and script in the pages, each with its hash for the policy; a kiosk has more of both.

    The conversation sheet has looks of its own besides.
    """

    css: str
    css_hash: str
    kiosk_css: str
    kiosk_css_hash: str
    conversation_css: str
    conversation_css_hash: str
    script: str
    script_hash: str
    kiosk: str
    kiosk_hash: str


@cache
def inline_assets() -> InlineAssets:
    """Return style and script as they stand in the pages: read, shrunk and hashed once."""
    sheets = [minify_css(_static("tokens.css") + _static("survey.css"))]
    sheets += [minify_css(_static(f"{name}.css")) for name in ("kiosk", "conversation")]
    css, *more = shorten_properties(sheets, *(_static(f"{name}.js") for name in ("answer", "kiosk", "reading_aids")))
    kiosk_css, conversation_css = (css + each for each in more)
    script = minify_js(_static("answer.js"))
    given = {"kioskTimes": KIOSK_TIMES, "kioskVersion": app_version()}
    named = "".join(f"self.{name}={json.dumps(value, separators=(',', ':'))};\n" for name, value in given.items())
    kiosk = named + "".join(minify_js(_static(name)) for name in _KIOSK_SCRIPTS)
    inlined = css, kiosk_css, conversation_css, script, kiosk
    return InlineAssets(*(each for text in inlined for each in (text, _source(text))))


@cache
def reading_aids() -> CompressedPage:
    """Return the script that few need and each of them fetches."""
    return CompressedPage(minify_js(_static("reading_aids.js")))


@cache
def kiosk_worker() -> CompressedPage:
    """Return the script that answers for the network on a paired device; another version is another script."""
    return CompressedPage(f"// {app_version()}\n{minify_js(_static('kiosk_worker.js'))}")


@cache
def app_version() -> str:
    """Return a mark of what a kiosk runs: another edition of its scripts has another."""
    run = "".join(map(_static, ("answer.js", *_KIOSK_SCRIPTS, "kiosk_worker.js")))
    return hashlib.sha256(run.encode()).hexdigest()[:12]


@cache
def conversation_script() -> CompressedPage:
    """Return the script of the conversation sheet, which who wants one fetches."""
    return CompressedPage(minify_js(_static("conversation.js")))


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

    css = re.sub(r" ([>~]) ", r"\1", css)
    return re.sub(r" ?([{};,!]) ?", r"\1", css).replace(": ", ":").replace(";}", "}").strip()


def minify_js(script: str) -> str:
    """Return a script without its comment lines, indentation, long names, spaces and line ends that mean nothing.

    Its comments stand on lines of their own, and what stands between quotation marks is left alone.
    """
    lines = (line.strip() for line in script.splitlines())
    code = "\n".join(line for line in lines if line and not line.startswith("//")) + "\n"
    code = _NEEDLESS_LINE_END.sub("", _QUOTED_OR_SPACED.sub(lambda found: found["quoted"] or found["sign"], code))
    return join_declarations(shorten_names(code)).replace(";}", "}")
