"""A visitor who follows every link and sends every form, with what breaks pages in every field.

For the scan of the running product: what they look for is a page that falls over, and a page that gives back what was
sent as it was sent. Bounded by how many requests they may make.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from urllib.parse import quote, unquote, urlencode, urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib

from tests.attacks.full import sized
from tests.attacks.running import FORM, OURS, Client, Reply, fields_of

TEMPLATE, WORKED_OUT = "{{1337*7331}}", b"9801547"
HARMFUL = (
    f"canary'\"><svg onload=canary()>{TEMPLATE}",
    "canary' OR '1'='1' -- ",
    'canary"><script>canary()</script>',
    "../../../../../../etc/passwd",
    "canary\r\nX-Canary: 1",
    "\x00canary\ud7ff\U0010ffff",
    "canary" * 300,
    "-1",
    "",
)
RAW = (b"<svg onload=canary", b"<script>canary", b"canary'\">", b"root:x:0", WORKED_OUT)
# How many of them are tried in each field alone, and how many pictures or files of a kind are fetched.
EACH, ALIKE = sized(1, len(HARMFUL)), sized(2, 400)
LAST = ("sign-out", "end-all")
WRITABLE = ("input", "button", "select", "textarea")
Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Sent:
    """One request: a link that was followed, or a form that was sent."""

    path: str
    fields: Fields | None = None


@dataclass
class Crawl:
    """What a visitor met: requests made, statuses, and what is wrong."""

    client: Client
    most: int
    cookies: dict[str, str] = field(default_factory=dict)
    met: list[tuple[Sent, int]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    forms: set[str] = field(default_factory=set)

    def send(self, sent: Sent) -> Reply:
        """One request, looked at."""
        headers = {**OURS, "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if sent.fields is None:
            reply = self.client.ask("GET", sent.path, headers=headers)
        else:
            reply = self.client.ask("POST", sent.path, urlencode(sent.fields).encode(), {**FORM, **headers})
        for name, value in reply.headers:
            if name == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        self.met.append((sent, reply.status))
        self.faults += [f"{sent.path}: {fault}" for fault in faults_of(reply)]
        return reply

    def walk(self, *starts: str) -> "Crawl":
        """Follow every link; then send every form that was met, those that sign out last."""
        forms = self._follow(list(starts))
        for form in sorted(forms.values(), key=lambda form: form.action.endswith(LAST)):
            self.forms.add(form.action)
            for fields in form.attempts():
                if len(self.met) < self.most:
                    self._follow_one(self.send(Sent(form.action, fields)), form.action)
        return self

    def _follow(self, waiting: list[str]) -> "dict[tuple[str, tuple[str, ...]], Form]":
        seen: set[str] = set(waiting)
        files: Counter[str] = Counter()
        forms: dict[tuple[str, tuple[str, ...]], Form] = {}
        while waiting and len(self.met) < self.most // 2:
            path = waiting.pop(0)
            reply = self.send(Sent(path))
            links = [*links_of(reply, path), *with_harm(path)]
            for link in [link for link in dict.fromkeys(links) if link not in seen]:
                kind = PurePosixPath(urlsplit(link).path).suffix
                files[kind] += 1
                waiting += [link] if not kind or files[kind] <= ALIKE else []
            seen.update(links)
            for form in forms_of(reply, path):
                forms.setdefault((form.shape, form.names), form)
        return forms

    def _follow_one(self, reply: Reply, path: str) -> None:
        for link in list(links_of(reply, path))[:1] if reply.header("location") else ():
            self.send(Sent(link))


@dataclass(frozen=True)
class Form:
    """A form as it stands on a page, what may be chosen in it, and every name it can send, its buttons' too."""

    action: str
    fields: Mapping[str, str]
    choices: Mapping[str, str]
    names: tuple[str, ...]

    @property
    def shape(self) -> str:
        """Where it goes, whatever the unit, edition or language."""
        return re.sub(r"(/[sp])/.*|\d+|\?.*", r"\1", self.action)

    def attempts(self) -> Iterator[Fields]:
        """As it stands, with everything chosen, and with each harmful word in each field and in all."""
        chosen = {**self.fields, **self.choices}
        yield tuple(self.fields.items())
        yield tuple(chosen.items())
        for name in self.names:
            for word in HARMFUL[:EACH]:
                yield tuple({**chosen, name: word}.items())
        yield from (tuple((name, word) for name in self.names) for word in HARMFUL)


def faults_of(reply: Reply) -> Iterator[str]:
    """What no page may do."""
    if reply.status >= 500:
        yield f"status {reply.status}"
    yield from (f"says back {raw.decode()}" for raw in RAW if raw in reply.body)
    yield from ("a header was planted" for name, _ in reply.headers if name == "x-canary")
    if urlsplit(reply.header("location")).netloc:
        yield f"leads away to {reply.header('location')}"


def with_harm(path: str) -> Iterator[str]:
    """The same address with something harmful in each part of it; once, for harm has no harm."""
    parts = urlsplit(path)
    if "canary" in unquote(path) or parts.path.startswith("/static/"):
        return
    pieces = parts.path.split("/")
    for number in range(1, len(pieces)):
        yield "/".join([*pieces[:number], quote(HARMFUL[0], safe=""), *pieces[number + 1 :]])
    names = [pair.partition("=")[0] for pair in parts.query.split("&") if pair] or ["language"]
    yield from (f"{parts.path}?{urlencode({name: word})}" for name in names for word in (HARMFUL[0], HARMFUL[4]))


def _tree(reply: Reply) -> Element | None:
    if "html" not in reply.header("content-type"):
        return None
    found: Element = html5lib.parse(reply.body, namespaceHTMLElements=False)
    return found


def links_of(reply: Reply, path: str) -> Iterator[str]:
    """Every address of the same web that a reply names."""
    named = [reply.header("location")]
    if (tree := _tree(reply)) is not None:
        named += [each.get(name, "") for each in tree.iter() for name in ("href", "src", "srcset")]
    for address in named:
        parts = urlsplit(urljoin(path, address.partition(" ")[0])) if address else None
        if parts and not parts.netloc and not parts.scheme and parts.path.startswith("/"):
            yield parts.path + (f"?{parts.query}" if parts.query else "")


def forms_of(reply: Reply, path: str) -> Iterator[Form]:
    """Every form on a page."""
    tree = _tree(reply)
    for each in tree.iter("form") if tree is not None else ():
        sendable = [one for one in each.iter() if one.tag in WRITABLE and one.get("name")]
        choices = {
            one.get("name", ""): one.get("value", "")
            for one in sendable
            if one.tag == "input" and one.get("type") in ("radio", "checkbox")
        }
        for one in each.iter("select"):
            choices[one.get("name", "")] = [option.get("value", "") for option in one.iter("option")][-1]
        names = tuple(dict.fromkeys(one.get("name", "") for one in sendable))
        yield Form(urljoin(path, each.get("action") or path), fields_of(each), choices, names)
