"""Requests of all kinds: any method to any address, with anything in every place that takes text. For the fuzzing.

A letter is what is drawn: how an address is filled in, the query, the headers, the fields and how they are written
down. It goes to every address of the product in turn. Whatever is strange in it carries MARK, so that it is known
again wherever it comes out.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import quote_from_bytes, unquote_to_bytes

from hypothesis import strategies as st

MARK = b"zqxjkvwy"
STRANGE = (
    b"@", b"<script>@</script>", b'"><b>@', b"'@", b"&lt;@&gt;", b"{{@}}", b"{% raw %}@", b"%@", b"@\0x", b"\0@",
    b"@\r\nSet-Cookie: @=1", b"//@.example/", b"\\\\@", b"#@", b"%23@", b"?@", b";@", b"\xff\xfe@", b"\xed\xa0\x80@",
    b"\xe2\x80\xae@", b"\xc3\xa5@", b"' OR 1=1 --@", b"@" * 40, b"@" + b"A" * 3000, b"javascript:@", b"%ff@",
    b"a=b&@=c", b"\xef\xbc\x9cb\xef\xbc\x9e@", b"@\t", b" @ ", b"\x1b[2J@", b"*@*", b"@,@;q=@", b"../../@",
    b"session=@; staff=@", b"http://@/@",
)  # fmt: skip
NUMBERS = (b"0", b"-1", b"1e400", b"99999999999999999999", b"4294967296", b"1.5", b"", b"\xd9\xa3", b"x")
METHODS = ("GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get")
HEADERS = (
    "Accept", "Accept-Charset", "Accept-Encoding", "Accept-Language", "Authorization", "Cookie", "Expect", "Forwarded",
    "If-Match", "If-Modified-Since", "If-None-Match", "If-Range", "Origin", "Range", "Referer", "Sec-Fetch-Mode", "TE",
    "Upgrade", "User-Agent", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Prefix", "X-Forwarded-Proto",
    "X-HTTP-Method-Override", "X-Original-URL", "X-Request-Id", "X-Requested-With", "X-CSRFToken", "X-Rewrite-URL",
)  # fmt: skip
USUAL = (b"gzip", b"gzip;q=0, *", b"bytes=0-10", b"bytes=9-1,-", b"ar, sv;q=0.5", b"text/html", b"null", b"*", b"")
SITES = (b"same-origin", b"cross-site", b"none", b"")
QUERIES = (b"language=", b"lang=", b"code=", b"find=", b"next=", b"form_id=")
FORM, PARTS = b"application/x-www-form-urlencoded", b"multipart/form-data; boundary=strange"
WRITTEN = {
    "form": FORM,
    "bare": FORM,
    "much": FORM,
    "parts": PARTS,
    "json": b"application/json",
    "raw": b"",
    "none": b"",
}
TYPES = (b"multipart/form-data", FORM + b"; charset=utf-16", b"*/*", FORM.upper())
MOST = 70_000

Pair = tuple[bytes, bytes]


@dataclass(frozen=True)
class Known:
    """What somebody who is let in knows: what fits in an address, and what fits in each field."""

    parts: Mapping[str, tuple[bytes, ...]]
    fields: Mapping[str, tuple[bytes, ...]]


@dataclass(frozen=True)
class Letter:
    """What is drawn once and sent to every address; by the methods that are at home there, unless one is named.

    `entered`: by somebody who is signed in.
    """

    method: str
    parts: Mapping[str, bytes]
    word: bytes
    query: bytes
    headers: tuple[tuple[str, bytes], ...]
    fields: tuple[Pair, ...]
    written: str
    entered: bool


@dataclass(frozen=True)
class Asked:
    """One request."""

    method: str
    target: bytes
    headers: tuple[tuple[str, bytes], ...]
    body: bytes

    def environ(self) -> dict[str, Any]:
        """The request as a WSGI server hands it on."""
        path, _, query = self.target.partition(b"?")
        given = {f"HTTP_{name.upper().replace('-', '_')}": value.decode("latin-1") for name, value in self.headers}
        return {
            "CONTENT_TYPE": given.pop("HTTP_CONTENT_TYPE", ""),
            "CONTENT_LENGTH": str(len(self.body)),
            **given,
            "REQUEST_METHOD": self.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query.decode("latin-1"),
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "198.51.100.7",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(self.body),
            "wsgi.errors": BytesIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }

    def wire(self) -> bytes:
        """The request as bytes on a line that is hung up afterwards."""
        lines = [self.method.encode() + b" " + self.target + b" HTTP/1.1"]
        lines += [name.encode() + b": " + value for name, value in self.headers]
        lines += [b"Content-Length: %d" % len(self.body), b"Connection: close", b"", self.body]
        return b"\r\n".join(lines)


_OURS = (("Host", b"localhost"), ("Sec-Fetch-Site", SITES[0]), ("Content-Type", FORM))
FELL = (  # what has once brought it down or would do most harm, and is always tried
    Asked("GET", b"/s/a%0D%0ASet-Cookie:%20" + MARK + b"/tlh", _OURS, b""),
    Asked("GET", b"/s/a%0D%0Ab%23" + MARK, _OURS, b""),
    Asked("GET", b"/p/%00" + MARK, _OURS, b""),
    Asked("GET", b"/results/%00" + MARK, _OURS, b""),
    Asked("POST", b"/", _OURS, b"find=%00" + MARK),
    Asked("GET", b"/s//" + MARK, (("Host", MARK), *_OURS[1:]), b""),
    Asked("GET", b"/staff", (("Host", MARK), *_OURS[1:]), b""),
    Asked("GET", b"/staff/sign-in?next=//" + MARK + b".example", _OURS, b""),
    Asked("POST", b"/s/nowhere", _OURS, b"trygghet=@&language_used=@&form_id=@".replace(b"@", MARK)),
    Asked("POST", b"/s/froso", _OURS, b"trygghet=yes&code=%22%3E%3Cb%3E" + MARK),
)


def words() -> st.SearchStrategy[bytes]:
    """Text that nobody should send, with the mark in it."""
    made = st.sampled_from([each.replace(b"@", MARK) for each in STRANGE])
    letters = st.text(max_size=6).map(lambda text: text.encode("utf-8", "surrogatepass"))
    return made | made | (letters | st.binary(max_size=6)).map(lambda raw: raw + MARK)


def letters(known: Known) -> st.SearchStrategy[Letter]:
    """Letters of all kinds; most of what stands in them is what somebody who is let in knows."""
    word = words()
    number = st.sampled_from(NUMBERS)
    parts = {name: mostly(st.sampled_from(values), number, word) for name, values in known.parts.items()}
    usual = tuple((name.encode(), values[0]) for name, values in known.fields.items())
    named = [st.tuples(st.just(name.encode()), st.sampled_from(values) | word) for name, values in known.fields.items()]
    more = st.lists(st.one_of(*named, st.tuples(word, word)), max_size=4)
    framing = {
        "Host": mostly(st.just(b"localhost"), word),
        "Sec-Fetch-Site": mostly(st.just(SITES[0]), st.sampled_from(SITES), word),
        "Content-Type": mostly(st.just(b""), st.sampled_from(TYPES), word),
    }
    header = st.tuples(st.sampled_from(HEADERS), st.sampled_from(USUAL) | word)
    return st.builds(
        Letter,
        method=mostly(st.just(""), st.sampled_from((*METHODS, MARK.decode().upper()))),
        parts=st.fixed_dictionaries(parts),
        word=word,
        query=mostly(st.just(b""), word, st.tuples(st.sampled_from(QUERIES), word).map(b"".join)),
        headers=st.tuples(st.fixed_dictionaries(framing), st.lists(header, max_size=4)).map(_headers),
        fields=st.tuples(mostly(st.just(usual), st.just(())), more).map(_over),
        written=mostly(st.just("form"), st.sampled_from(tuple(WRITTEN))),
        entered=st.sampled_from([False] * 19 + [True]),
    )


def mostly(usual: st.SearchStrategy[Any], *others: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """The usual thing in most letters, and the others in the rest."""
    return st.one_of(*[usual] * 5, *others)


def _headers(found: tuple[dict[str, bytes], list[tuple[str, bytes]]]) -> tuple[tuple[str, bytes], ...]:
    framing, more = found
    return tuple((framing | dict(more)).items())


def _over(found: tuple[tuple[Pair, ...], list[Pair]]) -> tuple[Pair, ...]:
    usual, more = found
    return (*(pair for pair in usual if pair[0] not in dict(more)), *more)


def requests(
    letter: Letter, addresses: Mapping[str, Iterable[str]], entry: Mapping[str, bytes] | None = None
) -> Iterator[Asked]:
    """The letter as it goes to each address, by its methods, and to some that are none; `entry` lets it in."""
    body = _body(letter)
    usual = {"Content-Type": WRITTEN[letter.written]}
    headers = tuple((usual | {name: value for name, value in letter.headers if value} | (entry or {})).items())
    query = b"?" + _target(letter.query) if letter.query else b""
    for address, methods in addresses.items():
        target = _target(_filled(address, letter.parts)) + query
        for method in [letter.method] if letter.method else methods:
            yield Asked(method, target, headers, body)
    for start in (b"/", b"//", b"/s/froso%23", b"/static/../", b"/staff/"):
        yield Asked(letter.method or "GET", _target(start + letter.word) + query, headers, body)


def _filled(address: str, parts: Mapping[str, bytes]) -> bytes:
    pieces = re.split(r"<(?:\w+:)?(\w+)>", address)
    return b"".join(parts[piece] if number % 2 else piece.encode() for number, piece in enumerate(pieces))


def _target(path: bytes) -> bytes:
    # What would end the line is written as every client writes it; all else goes as it is.
    return re.sub(rb"[\x00-\x20\x7f-\xff?#]", lambda found: quote_from_bytes(found.group(), "").encode(), path)


def _body(letter: Letter) -> bytes:
    word, fields = letter.word, letter.fields
    if letter.written in ("none", "raw"):
        return word if letter.written == "raw" else b""
    if letter.written == "json":
        return b'{"code": "%b", "%b": [1, {}]}' % (word, word)
    if letter.written == "parts":
        part = b'--strange\r\nContent-Disposition: form-data; name="%b"\r\n\r\n%b\r\n'
        file = b'--strange\r\nContent-Disposition: form-data; name="file"; filename="%b"\r\n\r\n%b\r\n--strange--\r\n'
        return b"".join(part % pair for pair in fields) + file % (word, word)
    quoted = [tuple(quote_from_bytes(each).encode() for each in pair) for pair in fields]
    body = b"&".join(name + b"=" + value for name, value in (fields if letter.written == "bare" else quoted))
    return body + b"&pad=" + MARK * (MOST // len(MARK)) if letter.written == "much" else body
