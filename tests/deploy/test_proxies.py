"""What deploy/ promises of nginx and of HAProxy, looked at from both sides of the running proxy."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from survey.web.pages.security_headers import resident_header_faults
from tests.attacks.running import ANSWERS, SHEET, Web, free_port, instance, serving
from tests.deploy.proxies import CALLER, RESIDENT, STAFF, Front, front

KINDS = ("nginx", "haproxy")
CANARY = "kanariefagel"
pytestmark = pytest.mark.xdist_group("web")


@dataclass
class Upstream:
    """Stands where the app does, and keeps what reaches it."""

    heard: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    port: int = 0


@contextmanager
def upstream() -> Iterator[Upstream]:
    """Something to hear what the proxy hands on."""
    made = Upstream()

    class Ear(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            heard = {name.lower(): value for name, value in self.headers.items()}
            made.heard.append((self.path, heard, body))
            self.send_response(200)
            self.send_header("Set-Cookie", "a=b")
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        do_POST = do_GET

        def log_message(self, *said: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Ear)
    made.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()


@dataclass(frozen=True)
class Seen:
    """A proxy and what is behind it."""

    front: Front
    behind: Upstream


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """The resident part, running."""
    with instance(tmp_path_factory.mktemp("app") / "instance") as made, serving(made) as running:
        yield running


@pytest.fixture(scope="module", params=KINDS)
def seen(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    """Each proxy, with an ear behind both names."""
    folder = tmp_path_factory.mktemp(request.param) / "front"
    with upstream() as behind, front(request.param, folder, behind.port, behind.port) as made:
        yield Seen(made, behind)


def status_of(line: ssl.SSLSocket | socket.socket) -> bytes:
    """The status of the reply that comes, or nothing."""
    return line.recv(4096)[9:12]


@pytest.mark.parametrize("kind", KINDS)
def test_a_resident_answers_through_it(kind: str, web: Web, tmp_path: Path) -> None:
    with front(kind, tmp_path / "front", web.port, free_port()) as made, closing(made.client()) as reader:
        page = reader.ask("GET", SHEET, headers={"Accept-Encoding": "gzip"})
        assert page.header("content-encoding") == "gzip" and resident_header_faults(page.headers) == []
        assert page.header("strict-transport-security") == "max-age=31536000"
        form_id = reader.form_id()
        again = reader.ask("POST", SHEET, f"form_id={form_id}&lang=en&safe_care=yes".encode(), {
            "Content-Type": "application/x-www-form-urlencoded", "Accept-Encoding": "gzip, br",
            "Origin": f"https://{RESIDENT}:{made.tls}"})  # fmt: skip
        assert again.status == 200 and again.header("content-encoding") == ""
        done = reader.post(SHEET, {**ANSWERS, "form_id": form_id}, {"Origin": f"https://{RESIDENT}:{made.tls}"})
        assert (done.status, done.header("location")) == (303, f"{SHEET}/sv/thanks")


def test_what_a_client_claims_of_itself_is_not_handed_on(seen: Seen) -> None:
    claims = ("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Port", "X-Real-IP", "Forwarded",
              "X-Request-Id", "X-Client-IP", "Via")  # fmt: skip
    for name in (RESIDENT, STAFF):
        with closing(seen.front.client(name)) as reader:
            reply = reader.ask("GET", "/x", headers={**dict.fromkeys(claims, CANARY), "Cookie": "session=1"})
        heard = seen.behind.heard[-1][1]
        assert CANARY not in str(heard) and CALLER not in str(heard)
        assert heard["x-forwarded-proto"] == "https" and heard["host"] == f"{name}:{seen.front.tls}"
        assert heard["x-forwarded-host"] == heard["host"] and "x-forwarded-for" not in heard
        assert ("cookie" in heard, bool(reply.header("set-cookie"))) == ((name == STAFF),) * 2


def test_a_body_goes_by_memory_alone_and_no_larger_than_it_may_be(seen: Seen) -> None:
    before = seen.front.temporary()
    for name, size in ((RESIDENT, 60_000), (STAFF, 3_900_000)):
        with closing(seen.front.client(name)) as reader:
            assert reader.ask("POST", "/s/x", b"x" * size).status == 200
        assert len(seen.behind.heard[-1][2]) == size
    for name, size in ((RESIDENT, 70_000), (STAFF, 4_300_000)):
        with seen.front.line(name) as line:
            line.sendall(f"POST /s/x HTTP/1.1\r\nHost: {name}\r\nContent-Length: {size}\r\n\r\n".encode())
            assert status_of(line) == b"413"
    assert seen.front.temporary() == before


def test_chunks_reach_no_file_either(seen: Seen) -> None:
    before = seen.front.temporary()
    with seen.front.line() as line:
        line.sendall(f"POST /s/x HTTP/1.1\r\nHost: {RESIDENT}\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
        line.sendall(b"1\r\nx\r\n" * 2_000 + b"0\r\n\r\n")
        assert status_of(line) in (b"411", b"200", b"501")
    assert seen.front.temporary() == before


def test_a_name_that_is_not_ours_is_refused(seen: Seen) -> None:
    heard = len(seen.behind.heard)
    with pytest.raises(ssl.SSLError), seen.front.line("evil.localhost"):
        pass
    with seen.front.line() as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: evil.localhost\r\n\r\n")
        assert status_of(line) == b"421"
    assert seen.front.ask_plain("GET", "/", "evil.localhost").status == 421
    assert len(seen.behind.heard) == heard


def test_http_leads_to_https_for_reading_alone(seen: Seen) -> None:
    reply = seen.front.ask_plain("GET", "/s/froso?a=1", RESIDENT)
    assert (reply.status, reply.header("location")) == (301, f"https://{RESIDENT}:{seen.front.tls}/s/froso?a=1")
    assert not reply.header("strict-transport-security")
    assert seen.front.ask_plain("POST", "/s/froso", RESIDENT).status == 405


def test_health_is_not_public(seen: Seen) -> None:
    for name in (RESIDENT, STAFF):
        with closing(seen.front.client(name)) as reader:
            statuses = {reader.get(f"/{path}").status for path in ("livez", "readyz", "workerz", "healthz")}
        assert statuses == {404}


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated")
def test_old_tls_is_refused(seen: Seen) -> None:
    for version, speaks in ((ssl.TLSVersion.TLSv1_1, False), (ssl.TLSVersion.TLSv1_2, True)):
        context = seen.front.context()
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = context.maximum_version = version
        with socket.create_connection(("127.0.0.1", seen.front.tls), timeout=10) as raw:
            if speaks:
                context.wrap_socket(raw, server_hostname=RESIDENT).close()
            else:
                with pytest.raises((ssl.SSLError, OSError)):
                    context.wrap_socket(raw, server_hostname=RESIDENT)


def troubled(made: Front) -> None:
    """Requests of every kind that a proxy has something to say about, each with a canary."""
    ours, canary = f"Host: {RESIDENT}\r\n", f"GET /s/{CANARY} HTTP/1.1\r\n"
    for text in (
        f"{canary}{ours}\r\n",
        f"{canary}{ours}Content-Length: no\r\n\r\n",
        f"{canary}{ours}{'x: y' * 20_000}\r\n\r\n",
        f"GET /%00{CANARY} HTTP/1.1\r\n{ours}\r\n",
        f"{CANARY}\r\n\r\n",
        f"POST /s/{CANARY} HTTP/1.1\r\n{ours}Content-Length: 90000\r\n\r\n{CANARY}",
        f"POST /s/{CANARY} HTTP/1.1\r\n{ours}Content-Length: 900\r\n\r\n{CANARY}",
    ):
        with made.line() as line:
            line.settimeout(2)
            with suppress(OSError):
                line.sendall(text.encode())
                status_of(line)


@pytest.mark.parametrize("kind", KINDS)
def test_trouble_is_told_without_address_or_request_and_with_a_page(kind: str, tmp_path: Path) -> None:
    with front(kind, tmp_path / "front", free_port(), free_port()) as made:
        troubled(made)
        with closing(made.client()) as reader:
            away = reader.get("/s/froso")
    assert away.status == 503 and "Vi vet inte om det du skickade kom fram" in away.body.decode()
    found = [name for name, text in made.written().items() if CANARY.encode() in text or CALLER.encode() in text]
    assert found == []


@pytest.mark.parametrize(
    "change",
    [("error_log /dev/null crit", "error_log requests.log error"), ("access_log off", "access_log requests.log")],
    ids=["an error log", "an access log"],
)
def test_control_a_log_of_requests_would_be_found(change: tuple[str, str], tmp_path: Path) -> None:
    with front("nginx", tmp_path / "front", free_port(), free_port(), change) as made:
        troubled(made)
    assert CALLER.encode() in made.written()["requests.log"]


def test_control_a_smaller_buffer_would_be_found(tmp_path: Path) -> None:
    change = "client_body_buffer_size 64k", "client_body_buffer_size 8k"
    with upstream() as behind, front("nginx", tmp_path / "front", behind.port, behind.port, change) as made:
        before = made.temporary()
        with closing(made.client()) as reader:
            assert reader.ask("POST", "/s/x", b"x" * 60_000).status == 200
        assert made.temporary() != before
