"""The fetching of another installation's files over https: bounded, by our authorities, never led elsewhere."""

import ssl
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

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
    hours = iter([0.0, fetching.MAX_SECONDS + 1])
    with pytest.raises(FetchFault, match="too_slow"):
        fetch_from(site.address, site.settings(tmp_path), lambda: next(hours))("a", 100)


def test_nobody_there_is_said(site: Site, tmp_path: Path) -> None:
    with pytest.raises(FetchFault, match="no_reply"):
        fetch_from("https://localhost:9", site.settings(tmp_path))("a", 100)
