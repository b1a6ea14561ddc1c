"""The replies of the resident part as they come over the wire: every address, every status, the exact headers.

No cookie, no `Vary: Cookie`, nothing of the server but its name. Also what granian itself says to a request
that never reaches us. The control adds one header and takes one away: the same look finds both.
"""

import re
import socket
from collections.abc import Iterator

import pytest

from survey.app import create_app
from tests.attacks.full import Shown
from tests.attacks.running import (
    ANSWERS,
    FAULT,
    FORM,
    OURS,
    SHEET,
    UNIT,
    Client,
    Instance,
    Reply,
    client,
    instance,
    serving,
)
from tests.reader import ALWAYS, DESCRIBING, POLICY

pytestmark = pytest.mark.xdist_group("web")
OF_THE_SERVER = {"server", "date"}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")
NAMES = {
    "short": ("s", "p"),
    "unit": (UNIT, UNIT.upper(), "ingenstans", "x" * 3000, "%ff%00"),
    "language": ("sv", "en", "ar", "tlh"),
    "key": ("now", "never"),
    "municipality": ("ostersund", "atlantis", "%ff%00"),
    "token": ("x" * 32, "%ff%00"),
    "round_key": ("2026-host", "%ff%00"),
    "version": ("underlag-2021", "%ff%00"),
    "name": ("introduction.mp4", "nothing"),
    "filename": ("survey.css", "answer.js", "nothing"),
}


def faults(reply: Reply) -> Iterator[str]:
    """What is missing, different or too much among the headers of one reply."""
    sent = dict(reply.headers)
    if len(sent) != len(reply.headers):
        yield "a header stands twice"
    for name, value in ALWAYS.items():
        if sent.get(name) != value:
            yield f"{name} is {sent.get(name)}"
    if not POLICY.fullmatch(sent.get("content-security-policy", "")):
        yield f"the policy is {sent.get('content-security-policy')}"
    if sent.get("server") != "granian":
        yield f"the server says {sent.get('server')}"
    if sent.pop("service-worker-allowed", "/kiosk") != "/kiosk":
        yield "a worker may see more than a kiosk"
    for name in sent.keys() - ALWAYS.keys() - DESCRIBING - OF_THE_SERVER - {"content-security-policy"}:
        yield f"{name} should not be there"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    with instance(tmp_path_factory.mktemp("headers") / "instance", open_link=True) as opened:
        yield opened


@pytest.fixture(scope="module")
def visitor(made: Instance) -> Iterator[Client]:
    with serving(made, "tests.attacks.served:app", PATIENCE="1") as web, client(web) as person:
        yield person


def addresses(made: Instance) -> list[str]:
    """Every address of the resident part, filled in with what fits and what does not."""
    found = {"/favicon.ico", "/s", "/s/", "//", "/s/../x", "/S/froso", "/staff", "/staff/followup", "/.env"}
    for rule in create_app("resident", made.folder).url_map.iter_rules():
        filled = [rule.rule]
        for argument, values in NAMES.items():
            part = re.compile(rf"<([^<>]*:)?{argument}>")
            filled = [part.sub(value, text) for text in filled for value in values]
        found.update(filled)
    assert not [address for address in found if "<" in address]
    return sorted(found)


def test_every_address_by_every_method(made: Instance, visitor: Client, shown: Shown) -> None:
    seen, found, n = set(), [], 0
    for address in addresses(made):
        for method in METHODS if len(address) < 60 else ("GET", "POST"):
            reply = visitor.ask(method, address, headers=OURS)
            # Our own files may be kept by a browser: they are the same for everybody.
            if not (address.startswith("/static/") and reply.status == 200):
                found += [(method, address, reply.status, fault) for fault in faults(reply)]
            assert not {"set-cookie", "x-powered-by", "via"} & dict(reply.headers).keys()
            assert "cookie" not in reply.header("vary").lower()
            seen.add(reply.status)
            n += 1
    shown("headers", "every address by every method, header for header", f"{len(found)} faults", n=n)
    assert found == []
    assert seen >= {200, 302, 404, 405, 415}


def test_every_status_of_a_post(made: Instance, visitor: Client, shown: Shown) -> None:
    (code,) = made.codes(1)
    form_id = visitor.form_id()
    good = {**ANSWERS, "form_id": form_id}
    posts = {
        303: visitor.post(SHEET, {**ANSWERS, "code": code, "form_id": form_id}),
        422: visitor.post(SHEET, {**good, "code": "NOT-A-CODE"}),
        200: visitor.post(SHEET, {**good, "lang": "en"}),
        403: visitor.post(SHEET, good, {"Sec-Fetch-Site": "cross-site"}),
        404: visitor.post("/s/ingenstans", good),
        413: visitor.post(SHEET, {**good, "pad": "x" * 20_000}),
        415: visitor.ask("POST", SHEET, b"{}", {"Content-Type": "application/json", **OURS}),
        500: visitor.post(SHEET, good, {**OURS, "User-Agent": FAULT}),
    }
    assert {status: reply.status for status, reply in posts.items()} == dict(zip(posts, posts, strict=True))
    path, away = made.folder / "survey.sqlite", made.folder / "away"
    made.engine.dispose()
    path.rename(away)
    try:
        unavailable = [visitor.post(SHEET, good), visitor.get("/s/stugun"), visitor.get("/healthz")]
    finally:
        away.rename(path)
    assert [reply.status for reply in unavailable] == [503, 503, 503]
    found = [(reply.status, fault) for reply in (*posts.values(), *unavailable) for fault in faults(reply)]
    statuses = ", ".join(map(str, sorted({*posts, 503})))
    shown("headers", f"posts answered with {statuses}", f"{len(found)} faults", n=len(posts) + len(unavailable))
    assert found == []


def raw(port: int, request: bytes) -> bytes:
    """What comes back for bytes that no client would send."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        line.sendall(request)
        line.shutdown(socket.SHUT_WR)
        found = b""
        while piece := line.recv(65536):
            found += piece
    return found


@pytest.mark.parametrize(
    "request_",
    [
        b"canary\r\n\r\n",
        b"GET /canary HTTP/9.9\r\n\r\n",
        b"POST /s/froso HTTP/1.1\r\nHost: x\r\nContent-Length: canary\r\n\r\n",
        b"GET /canary HTTP/1.1\r\nHost: x\r\n" + b"X-Canary: c\r\n" * 150 + b"\r\n",
    ],
    ids=["garbage", "version", "length", "headers"],
)
def test_what_never_reaches_us_is_answered_without_a_word(visitor: Client, request_: bytes, shown: Shown) -> None:
    port = visitor.connection.port
    assert port is not None
    reply = raw(port, request_)
    head, _, body = reply.partition(b"\r\n\r\n")
    status, *lines = head.split(b"\r\n")
    assert status.split()[1] in (b"400", b"431", b"505")
    names = {line.partition(b":")[0].lower() for line in lines}
    shown(
        "headers", f"what is no request, {len(request_)} bytes of it", f"{len(body)} bytes, {len(names)} headers", n=1
    )
    assert body == b""
    assert names <= {b"connection", b"content-length", b"date"}


def test_control_one_header_more_or_less_is_found(visitor: Client, shown: Shown) -> None:
    reply = visitor.post(SHEET, {}, {**OURS, **FORM})
    more = Reply(reply.status, (*reply.headers, ("set-cookie", "a=b"), ("vary", "Cookie")), b"")
    less = tuple(pair for pair in reply.headers if pair[0] != "cache-control")
    boasting = tuple((n, "granian/2.8 (Linux)" if n == "server" else v) for n, v in reply.headers)
    found = [*faults(more), *faults(Reply(reply.status, less, b"")), *faults(Reply(reply.status, boasting, b""))]
    shown("headers", "two headers more, one less, one that boasts", f"{len(found)} of 4 found", n=4, control=True)
    assert sorted(found) == [
        "cache-control is None",
        "set-cookie should not be there",
        "the server says granian/2.8 (Linux)",
        "vary should not be there",
    ]
