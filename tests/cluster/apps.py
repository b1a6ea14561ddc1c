"""App hosts as deploy/ has them: HAProxy to the database and the resident part on each, HAProxy in front of all.

The front and the road to the database stand here too, in this process's own network, so that the crowd and the tests
come in and look as anybody else.
"""

import os
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psycopg

from survey.serving.together import server
from tests.attacks.processes import RUN
from tests.attacks.running import ROOT, SHEET
from tests.cluster.databases import DEPLOY, filled
from tests.cluster.network import Host
from tests.deploy.proxies import RESIDENT, STAFF, Front, certificate, program

PORT = 8001
WITHIN = 60.0


def database_environ(bind: str, databases: Iterable[Host]) -> Mapping[str, str]:
    """What /etc/default/sju-fragor-database says."""
    found = {f"SURVEY_DATABASE_{n}": f"{host.address}:5432" for n, host in enumerate(databases, 1)}
    return filled(DEPLOY / "haproxy" / "database.env", {"SURVEY_DATABASE": bind, **found})


def database_proxy() -> list[str | Path]:
    """The command of HAProxy before the databases."""
    return [program("haproxy"), "-f", DEPLOY / "haproxy" / "database.cfg", "-db"]


class App:
    """One app host."""

    def __init__(self, host: Host, databases: Iterable[Host], instance: Path, port: int) -> None:
        """Take a host, whose road to the database is at a port of its own loopback; nothing is started yet."""
        self.host, self.databases, self.instance, self.port = host, list(databases), instance, port

    @property
    def environ(self) -> Mapping[str, str]:
        """What the parts are started with."""
        return {"INSTANCE": str(self.instance), "PART": "resident", RUN: self.host.name, "PYTHONPATH": str(ROOT)}

    def start(self) -> None:
        """Start the road to the database and the resident part."""
        environ = database_environ(f"127.0.0.1:{self.port}", self.databases)
        self.host.start("database", database_proxy(), environ)
        command = server(PORT, "tests.attacks.served:app", 1)
        command[command.index("--host") + 1] = self.host.address
        self.host.start("resident", command, self.environ, cwd=ROOT)

    def wait(self, lacking: str = "") -> None:
        """Wait until it can serve; or until it says that it can't, for want of this."""
        end = time.monotonic() + WITHIN
        while self._ready() != (f"not ready\n{lacking}\n" if lacking else "ready\n"):
            assert time.monotonic() < end and self.host.runs("resident"), f"{self._ready()} {self.said()}"
            time.sleep(0.1)

    def _ready(self) -> str:
        """What its /readyz says."""
        with suppress(OSError, HTTPException), closing(HTTPConnection(self.host.address, PORT, timeout=5)) as line:
            line.request("GET", "/readyz")
            return line.getresponse().read().decode()
        return ""

    def said(self) -> str:
        """What its programs have printed."""
        logs = [self.host.log(name) for name in self.host.processes]
        return "\n".join(path.read_text(errors="replace")[-3000:] for path in logs if path.exists())


@contextmanager
def road(port: int, databases: Iterable[Host], folder: Path, url: str) -> Iterator[None]:
    """The same road for this process, by which the database answers, until the block ends."""
    with (folder / "road.log").open("ab") as log:
        environ = {**os.environ, **database_environ(f"127.0.0.1:{port}", databases)}
        process = subprocess.Popen(database_proxy(), env=environ, stdout=log, stderr=log)
    try:
        # Until HAProxy has asked each server, it takes them all for the primary.
        end, answered = time.monotonic() + WITHIN, 0
        while answered < 10:
            answered = 0 if (refused := _refused(url)) else answered + 1
            assert time.monotonic() < end, refused
            time.sleep(0.2)
        yield
    finally:
        process.terminate()
        process.wait(20)


def _refused(url: str) -> str:
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError as error:
        return str(error)
    return ""


@contextmanager
def balancer(folder: Path, apps: Iterable[App]) -> Iterator[Front]:
    """HAProxy in front of all app hosts, as deploy/ has it."""
    folder.mkdir()
    crt, key = certificate(folder)
    both = folder / "survey.pem"
    both.write_bytes(crt.read_bytes() + key.read_bytes())
    made = Front("haproxy", folder, crt)
    residents = [f"{app.host.address}:{PORT}" for app in apps]
    environ = {
        "SURVEY_PLAIN": f"127.0.0.1:{made.plain}",
        "SURVEY_TLS": f"127.0.0.1:{made.tls}",
        "SURVEY_TLS_PORT": f":{made.tls}",
        "SURVEY_CERTIFICATES": str(both),
        "SURVEY_RESIDENT_NAME": RESIDENT,
        "SURVEY_STAFF_NAME": STAFF,
        "SURVEY_RESIDENT": residents[0],
        **{f"SURVEY_RESIDENT_{n}": address for n, address in enumerate(residents[1:], 2)},
        "SURVEY_STAFF": residents[0],
    }
    command = [program("haproxy"), "-f", DEPLOY / "haproxy" / "haproxy.cfg", "-db"]
    with (folder / "front.log").open("ab") as log:
        made.process = subprocess.Popen(command, env={**os.environ, **environ}, stdout=log, stderr=log)
    try:
        end = time.monotonic() + WITHIN
        while not _serves(made):
            assert time.monotonic() < end and made.process.poll() is None, (folder / "front.log").read_text()
            time.sleep(0.1)
        yield made
    finally:
        made.process.terminate()
        made.process.wait(20)


def _serves(front: Front) -> bool:
    with suppress(OSError, HTTPException), closing(front.client()) as client:
        return client.get(SHEET).status == 200
    return False
