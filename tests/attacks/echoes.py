"""What a reply may give back of what was sent, to the letter, and all that is wrong with one. For the fuzzing."""

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import quote, quote_plus, urlsplit

from markupsafe import escape
from werkzeug.urls import iri_to_uri
from werkzeug.wrappers import Request

from survey.answer.forms import CODE_LENGTH
from survey.domain.text.clean_text import one_line, printable
from survey.web.staff.expired_forms import OF_QUESTION, WRITTEN
from tests.attacks.strange_requests import MARK, Asked

MARKED = MARK.decode()
CODE_ROOM, FIND_ROOM = 64, 120
IN_QUERY = "!$'()*,/:;?@"
SAFE = "!$&'()*+,/:;=@"  # what our own links leave as it is


@dataclass(frozen=True)
class Heard:
    """A reply, and what the log said meanwhile. Status 0: hung up without a word."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    said: tuple[str, ...] = ()

    def header(self, name: str) -> str:
        """One header, or nothing."""
        return {key.lower(): value for key, value in self.headers}.get(name, "")


def above(address: str) -> list[str]:
    """An address, and each above it: a sign-in leads on to the nearest of them that can be read."""
    parts = urlsplit(address).path.rstrip("/").split("/")
    return [address, *("/".join(parts[:n]) + end for n in range(len(parts), 0, -1) for end in ("", "/"))]


def echoes(asked: Asked, heard: Heard) -> Iterator[str]:
    """Where a page may hold what was sent, to the letter: each as it stands there, escaped."""
    sent = Request(asked.environ())
    # The way that a redirect spells out for those whose browser does not go.
    way = re.search(r'<a href="([^"<>]*)">\1</a>', heard.body.decode(errors="replace"))
    if way and iri_to_uri(unescape(way[1])) == heard.header("location"):
        yield way[0]
    # The code on a sheet that came back, the unit that was looked for, the sign-in after a wrong password.
    typed = {"code": [printable(text)[:CODE_LENGTH] for text in sent.form.getlist("code")]}
    typed["find"] = [one_line(text)[:FIND_ROOM] for text in sent.form.getlist("find")]
    typed["kept_form"] = sent.form.getlist("kept_form")  # sealed by us, so carried as it came
    asked_next = [*sent.form.getlist("next"), *sent.args.getlist("next")]
    # A form that met no sign-in: asked for in its place, back to where it stood. `get` in small letters is no GET.
    if asked.method != "GET":
        asked_next += [sent.path, urlsplit(sent.referrer or "").path]
    typed["next"] = [each for text in asked_next for each in above(text)]
    for name, texts in typed.items():
        yield from (f'name="{name}"{gap}value="{escape(text)}"' for text in texts for gap in (" ", "\n"))
    asked_for = [text for name in ("email", "label") for text in sent.form.getlist(name)]
    yield from (f'type="{kind}"\nvalue="{escape(t)}"' for kind in ("text", "email") for text in asked_for
                for t in (text, one_line(text)))  # fmt: skip
    # What staff wrote in a form that came after its sign-in had ended, to be taken along.
    if sent.headers.get("Sec-Fetch-Site") == "same-origin":
        written = [text for name, text in sent.form.items() if name in WRITTEN or name.startswith(OF_QUESTION)]
        yield from (f'<blockquote class="lines">{escape(text)}</blockquote>' for text in written)
    # The other ways to sign in lead to the same page.
    yield from (f'?next={escape(quote_plus(text, safe=IN_QUERY))}"' for text in typed["next"])
    # The address that was asked, in the page's own forms and language menu; the host, where the results will stand.
    yield f'action="{escape(sent.path)}"'
    yield f'name="next" value="{escape(sent.path)}"'
    if parts := re.match(r"/results/([^/]+)/unit/([^/]+)", sent.path):
        yield f'href="/results/{escape(quote(parts[1], safe=SAFE))}/unit/{escape(quote(parts[2], safe=SAFE))}/'
    if parts := re.match(r"(/(?:s|p|results|units)/)([^/]+)", sent.path):
        yield f'href="{parts[1]}{escape(quote(parts[2], safe=SAFE))}/'
    if parts := re.match(r"/kiosk/([^/]+)/([^/]+)/", sent.path):
        yield f'href="/kiosk/{escape(quote(parts[1], safe=SAFE))}/{escape(quote(parts[2], safe=SAFE))}/'
    if sent.host:
        yield f"{escape(sent.host)}/results/"


def faults(asked: Asked, heard: Heard) -> Iterator[str]:
    """What is wrong with a reply."""
    if heard.status >= 500:
        yield f"status {heard.status}"
    if heard.said:
        yield f"the log says {heard.said[0][:200]}"
    for name, value in heard.headers:
        if name.lower() != "location" and MARKED in value.lower():
            yield f"the header {name} gives back what was sent"
    place = heard.header("location")
    if place and not re.match(r"/(?![/\\])[^\r\n]*$", place):
        yield f"a redirect leads to {place}"
    body = gzip.decompress(heard.body) if heard.header("content-encoding") == "gzip" and heard.body else heard.body
    if b"Traceback (most recent call last)" in body:
        yield "the page shows where it failed"
    if MARK in body.lower():
        page = body.decode()
        for echo in echoes(asked, heard):
            page = page.replace(echo, "")
        if MARKED in page.lower():
            at = page.lower().index(MARKED)
            yield f"the page gives back what was sent: {page[max(0, at - 90) : at + 30]!r}"
