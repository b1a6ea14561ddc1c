"""The proxies of deploy/ as they stand there, on free ports of loopback, in front of a real app.

Only what differs between installations is written here: ports, names, a certificate. Everything a proxy writes lies in
one folder.
"""

import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path
from typing import Any

from tests.attacks.running import ROOT, Client, Reply, free_port

DEPLOY = ROOT / "deploy"
RESIDENT, STAFF = "svara.localhost", "enkat.localhost"
PATH = f"{os.environ['PATH']}:/usr/sbin:/sbin"
START_WITHIN = 20.0
CALLER = "127.9.8.7"  # the client's address, which nothing may know of


def program(name: str) -> str:
    """A proxy's program; tests/proxies.sh installs it."""
    found = shutil.which(name, path=PATH)
    assert found, f"{name} is missing: sh tests/proxies.sh"
    return found


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate and key for both names, made now."""
    crt, key = folder / "survey.crt", folder / "survey.key"
    names = f"subjectAltName=DNS:{RESIDENT},DNS:{STAFF}"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={RESIDENT}",
               "-addext", names, "-keyout", str(key), "-out", str(crt)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    return crt, key


@dataclass
class Front:
    """A running proxy."""

    kind: str
    folder: Path
    crt: Path
    tls: int = field(default_factory=free_port)
    plain: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None

    def context(self) -> ssl.SSLContext:
        """How a browser that trusts this certificate speaks."""
        return ssl.create_default_context(cafile=str(self.crt))

    def line(self, name: str = RESIDENT) -> ssl.SSLSocket:
        """A line of bytes to the proxy."""
        raw = socket.create_connection(("127.0.0.1", self.tls), timeout=30, source_address=(CALLER, 0))
        return self.context().wrap_socket(raw, server_hostname=name)

    def client(self, name: str = RESIDENT) -> Client:
        """A client that reaches the proxy by one of its names."""
        made = Client(self.tls)
        made.connection = _Named(name, self.tls, context=self.context(), timeout=30)
        return made

    def ask_plain(self, method: str, path: str, host: str) -> Reply:
        """One request in the clear."""
        with closing(HTTPConnection("127.0.0.1", self.plain, timeout=30)) as connection:
            connection.request(method, path, headers={"Host": host})
            found = connection.getresponse()
            pairs = tuple((name.lower(), value) for name, value in found.getheaders())
            return Reply(found.status, pairs, found.read())

    def written(self) -> dict[str, bytes]:
        """Every file in the proxy's folder but the keys and what we have written there ourselves."""
        ours = (".conf", ".crt", ".key", ".pem")
        return {
            str(path.relative_to(self.folder)): path.read_bytes()
            for path in self.folder.rglob("*")
            if path.is_file() and not path.name.endswith(ours)
        }

    def temporary(self) -> list[tuple[str, int]]:
        """Each folder where bodies or replies would be put, and when one last was."""
        return [(str(path), path.stat().st_mtime_ns) for path in self.folder.rglob("*") if path.is_dir()]


class _Named(HTTPSConnection):
    """Connects to loopback whatever the name."""

    def connect(self) -> None:
        raw = socket.create_connection(("127.0.0.1", self.port), self.timeout, (CALLER, 0))
        self.sock = self._context.wrap_socket(raw, server_hostname=self.host)  # type: ignore[attr-defined]


@contextmanager
def front(kind: str, folder: Path, resident: int, staff: int, change: tuple[str, str] | None = None) -> Iterator[Front]:
    """A proxy of this kind before the two parts of the app. `change`: for a control."""
    folder.mkdir()
    crt, key = certificate(folder)
    made = Front(kind, folder, crt)
    command, environ = STARTS[kind](made, key, resident, staff)
    if change is not None:
        config = folder / "nginx.conf"
        text = config.read_text(encoding="utf-8")
        assert change[0] in text
        config.write_text(text.replace(*change), encoding="utf-8")
    with (folder / "said.log").open("ab") as said:
        made.process = subprocess.Popen(command, cwd=folder, env={**os.environ, **environ}, stdout=said, stderr=said)
    try:
        until = time.monotonic() + START_WITHIN
        while not _listens(made.tls):
            assert time.monotonic() < until and made.process.poll() is None, (folder / "said.log").read_text()
            time.sleep(0.05)
        yield made
    finally:
        made.process.terminate()
        made.process.wait(20)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _nginx(made: Front, key: Path, resident: int, staff: int) -> tuple[list[str], Mapping[str, str]]:
    for each in ("nginx.conf", "away.conf"):
        shutil.copy(DEPLOY / "nginx" / each, made.folder / each)
    place = made.folder / "place"
    place.mkdir()
    tls = f"listen 127.0.0.1:{made.tls} ssl"
    pair = f"ssl_certificate {made.crt};\nssl_certificate_key {key};\n"
    temporary = "".join(
        f"{name}_temp_path {made.folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if os.geteuid() == 0 else ""
    written = {
        "main": f"{user}pid {made.folder}/nginx.pid;\nerror_log {made.folder}/main.log notice;\ndaemon off;\n",
        "upstreams": f"upstream survey_resident {{ server 127.0.0.1:{resident}; }}\n"
        f"upstream survey_staff {{ server 127.0.0.1:{staff}; }}\n{temporary}",
        "unknown": f"{tls} default_server;\n",
        "unknown-plain": f"listen 127.0.0.1:{made.plain} default_server;\n",
        "plain": f'listen 127.0.0.1:{made.plain};\nserver_name {RESIDENT} {STAFF};\nset $tls_port ":{made.tls}";\n',
        "resident": f"{tls};\nserver_name {RESIDENT};\n{pair}",
        "staff": f"{tls};\nserver_name {STAFF};\n{pair}",
    }
    assert set(written) == {path.stem for path in (DEPLOY / "nginx" / "place").iterdir()}
    for name, text in written.items():
        (place / f"{name}.conf").write_text(text, encoding="utf-8")
    return [program("nginx"), "-p", str(made.folder), "-c", str(made.folder / "nginx.conf"), "-e", "stderr"], {}


def _haproxy(made: Front, key: Path, resident: int, staff: int) -> tuple[list[str], Mapping[str, str]]:
    both = made.folder / "survey.pem"
    both.write_bytes(made.crt.read_bytes() + key.read_bytes())
    environ = {
        "SURVEY_PLAIN": f"127.0.0.1:{made.plain}",
        "SURVEY_TLS": f"127.0.0.1:{made.tls}",
        "SURVEY_TLS_PORT": f":{made.tls}",
        "SURVEY_CERTIFICATES": str(both),
        "SURVEY_RESIDENT_NAME": RESIDENT,
        "SURVEY_STAFF_NAME": STAFF,
        "SURVEY_RESIDENT": f"127.0.0.1:{resident}",
        "SURVEY_STAFF": f"127.0.0.1:{staff}",
    }
    lines = (DEPLOY / "haproxy" / "place.env").read_text(encoding="utf-8").splitlines()
    assert set(environ) == {line.partition("=")[0] for line in lines if not line.startswith("#")}
    return [program("haproxy"), "-f", str(DEPLOY / "haproxy" / "haproxy.cfg"), "-db"], environ


STARTS: Mapping[str, Any] = {"nginx": _nginx, "haproxy": _haproxy}
