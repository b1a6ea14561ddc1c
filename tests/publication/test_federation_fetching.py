"""The fetching of another installation's files over https: bounded, by our authorities, never led elsewhere."""

import os
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path

import pytest

from survey.channels.transport import https
from survey.config import Settings
from survey.publication.federation import fetching
from survey.publication.federation.fetching import FetchFault, fetch_from
from survey.store.database.engine import write_transaction
from survey.store.published import gathered
from tests.publication.federated import Nation, Region


@dataclass
class Site:
    """A server over TLS, with a certificate of its own authority, that answers as it is told."""

    certificate: Path
    files: dict[str, bytes] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def address(self) -> str:
        """Its address."""
        return f"https://localhost:{self.port}/public"

    def settings(self, folder: Path, trusted: bool = True) -> Settings:
        """Settings of who fetches from it."""
        return Settings(instance=folder, secret="n" * 40, ca_file=str(self.certificate) if trusted else "")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for localhost, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
               "-addext", "subjectAltName=DNS:localhost", "-keyout", folder / "key",
               "-out", folder / "crt"]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    return folder / "crt", folder / "key"


@pytest.fixture
def site(certificate: tuple[Path, Path]) -> Iterator[Site]:
    """The running server."""
    made = Site(certificate[0])

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.removeprefix("/public/")
            made.asked.append(name)
            status = made.statuses.get(name, 200 if name in made.files else 404)
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", f"{made.address}/elsewhere")
            self.end_headers()
            self.wfile.write(made.files.get(name, b""))

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("localhost", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    made.port = server.server_port
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


def fault(site: Site, folder: Path, name: str, limit: int = 100, trusted: bool = True) -> str:
    """Why a file did not come."""
    with pytest.raises(FetchFault) as refused:
        fetch_from(site.address, site.settings(folder, trusted))(name, limit)
    return refused.value.code


def test_a_region_is_gathered_over_https(nation: Nation, region: Region, site: Site, tmp_path: Path) -> None:
    site.files = {path.name: path.read_bytes() for path in region.folder.iterdir()}
    nation.settings = site.settings(tmp_path)
    with write_transaction(nation.engine) as connection:
        gathered.change_source(connection, "west", site=site.address)
    assert nation.gather(region).new == 1
    site.asked.clear()
    assert nation.gather(region).new == 0
    assert site.asked == ["editions.json", "editions.json.sig"]


def test_a_file_has_a_largest_size(site: Site, tmp_path: Path) -> None:
    site.files["a"] = b"x" * 100
    assert fetch_from(site.address, site.settings(tmp_path))("a", 100) == b"x" * 100
    assert fault(site, tmp_path, "a", 99) == "too_large"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(site: Site, tmp_path: Path, status: int) -> None:
    site.files["elsewhere"], site.statuses["a"] = b"x", status
    assert fault(site, tmp_path, "a") == "redirected"
    assert site.asked == ["a"]


@pytest.mark.parametrize(
    ("status", "why"), [(404, "not_there"), (410, "not_there"), (500, "no_reply"), (403, "no_reply")]
)
def test_what_is_not_there_and_what_fails_are_told_apart(site: Site, tmp_path: Path, status: int, why: str) -> None:
    site.statuses["a"] = status
    assert fault(site, tmp_path, "a") == why


def test_a_certificate_of_no_authority_of_ours_is_refused(site: Site, tmp_path: Path) -> None:
    site.files["a"] = b"x"
    assert fault(site, tmp_path, "a", trusted=False) == "no_reply"
    assert site.asked == []


def test_a_file_has_a_longest_time(site: Site, tmp_path: Path) -> None:
    site.files["a"] = b"x" * 100
    moments = count(0.0, fetching.MAX_SECONDS + 1)
    with pytest.raises(FetchFault, match="too_slow"):
        fetch_from(site.address, site.settings(tmp_path), lambda: next(moments))("a", 100)


def test_all_files_of_a_gathering_are_bounded_together(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.files = dict.fromkeys(("a", "b", "c"), b"x" * 100)
    monkeypatch.setattr(fetching, "MAX_BYTES_IN_ALL", 250)
    fetch = fetch_from(site.address, site.settings(tmp_path))
    assert len(fetch("a", 100) + fetch("b", 100)) == 200
    with pytest.raises(FetchFault, match="too_large"):
        fetch("c", 100)
    now = [0.0]
    fetch = fetch_from(site.address, site.settings(tmp_path), lambda: now[0])
    assert fetch("a", 100)
    now[0] = fetching.MAX_SECONDS_IN_ALL + 1
    with pytest.raises(FetchFault, match="too_slow"):
        fetch("b", 100)


OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("begins", "drips"),
    [
        (OK, b"X"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (CHUNKED + b"1;", b"x"),
        (CHUNKED + b"0\r\n", b"a: b\r\n"),
        (OK + b"\r\n", b"x"),
    ],
    ids=["head", "continue", "chunk", "trailer", "body"],
)
def test_who_drips_bytes_is_not_waited_for(
    certificate: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, begins: bytes, drips: bytes
) -> None:
    monkeypatch.setattr(https, "MAX_SECONDS", 0.5)
    with dripping(certificate, begins, drips) as port:
        fetch = fetch_from(f"https://localhost:{port}", Settings(tmp_path, "n" * 40, ca_file=str(certificate[0])))
        began = time.monotonic()
        with pytest.raises(FetchFault, match="too_slow"):
            fetch("a", 1000)
    assert time.monotonic() - began < 5


@contextmanager
def dripping(certificate: tuple[Path, Path], begins: bytes, drips: bytes) -> Iterator[int]:
    """A server that never ends its reply, though no wait between two bytes is long; twenty seconds at most."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)

    def serve(listener: socket.socket) -> None:
        with suppress(OSError), context.wrap_socket(listener.accept()[0], server_side=True) as line:
            line.recv(4096)
            line.sendall(begins)
            for _ in range(1000):
                line.sendall(drips)
                time.sleep(0.02)

    with socket.create_server(("localhost", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


def test_a_pipe_in_the_folder_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a")
    (tmp_path / "zero").symlink_to("/dev/zero")
    for name in ("a", "zero"):
        with pytest.raises(FetchFault, match="no_reply"):
            fetch_from(str(tmp_path), Settings(tmp_path, "n" * 40))(name, 100)


def test_a_certificate_for_another_name_is_refused(site: Site, tmp_path: Path) -> None:
    site.files["a"] = b"x"
    with pytest.raises(FetchFault, match="no_reply"):
        fetch_from(f"https://127.0.0.1:{site.port}", site.settings(tmp_path))("a", 100)
    assert site.asked == []


def test_nobody_there_is_said(site: Site, tmp_path: Path) -> None:
    with pytest.raises(FetchFault, match="no_reply"):
        fetch_from("https://localhost:9", site.settings(tmp_path))("a", 100)
