"""The web as it runs in earnest: a granian on loopback in front of an instance with an open round.

For the attacks on it: start, kill, start again at the same port, and a client that says exactly what it is
told to and hears every byte of the reply.
"""

import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from xml.etree.ElementTree import Element

import html5lib
import psutil
from sqlalchemy import Engine

from survey.config import Settings, read_settings
from survey.domain.questions.questionnaire import QUESTIONS
from survey.domain.rounds.lifecycle import Round
from survey.sealing.intake.issue_codes import make_codes
from survey.sealing.keys.key_storage import volumes_of
from survey.sealing.keys.key_volumes import KeyVolumes
from survey.sealing.rounds.open_round import open_round
from survey.serving.together import server
from survey.store.core import places, rounds
from survey.store.database.engine import make_engine, write_transaction
from survey.store.maintenance.migrate import upgrade
from tests.answering import PLACES

ROOT = Path(__file__).resolve().parent.parent.parent
UNIT, ROUND = "froso", "now"
OLD_UNIT = "stugun"
SHEET = f"/s/{UNIT}"
OURS = {"Sec-Fetch-Site": "same-origin"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
ANSWERS: Mapping[str, str] = dict.fromkeys(QUESTIONS, "yes")
START_WITHIN = 30.0
FAULT = "fault-planted"


@dataclass(frozen=True)
class Instance:
    """An instance folder with places and one open round."""

    folder: Path
    engine: Engine
    settings: Settings

    @property
    def volumes(self) -> KeyVolumes:
        """Its key volumes."""
        return volumes_of(self.settings)

    def codes(self, count: int, role: str = "patient", unit: str = UNIT) -> list[str]:
        """New one-time codes."""
        return make_codes(self.engine, self.volumes, unit, ROUND, role, count)


@contextmanager
def instance(folder: Path, database: str = "", open_link: bool = True) -> Iterator[Instance]:
    """Make an instance the real way; its round has been open for a week and stays open for three."""
    folder.mkdir(parents=True)
    lines = [
        f'secret = "{"s" * 40}"',
        "demo = true",
        "open_answers_per_hour = 10000000",
        "open_answers_per_day_and_head = 10000000",
        f'database = "{database}"',
    ]
    (folder / "config.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    settings = read_settings(folder)
    engine = make_engine(settings.database_url)
    upgrade(engine)
    week = timedelta(7)
    with write_transaction(engine) as connection:
        places.save_places(connection, PLACES)
        rounds.add_round(
            connection,
            Round(
                key=ROUND,
                name="nu",
                opens=date.today() - week,
                closes=date.today() + 3 * week,
                grace_days=1,
                version_patient="underlag-2021",
                version_provider="underlag-2021",
                open_link=open_link,
            ),
        )
    open_round(engine, settings, ROUND)
    try:
        yield Instance(folder, engine, settings)
    finally:
        engine.dispose()


def free_port() -> int:
    """A port the kernel chose."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# The controls: plain apps, not served as ours is.
PLAIN = ("tests.attacks.naive:app", "tests.attacks.holes:app")


@dataclass
class Web:
    """A granian that can be killed and started again; whatever it prints stands in `log`."""

    folder: Path
    environ: Mapping[str, str]
    target: str = "wsgi:app"
    workers: int = 2
    interface: str = "rsgi"
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def log(self) -> Path:
        """Everything that the server has printed."""
        return self.folder / "web.log"

    def start(self) -> None:
        """Start, and wait until it listens."""
        interface = "wsgi" if self.target in PLAIN else self.interface
        command = server(self.port, self.target, self.workers, interface)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env={**os.environ, **self.environ}, stdout=log, stderr=log
            )
        until = time.monotonic() + START_WITHIN
        while not self._listens():
            assert time.monotonic() < until and self.process.poll() is None, self.said()
            time.sleep(0.05)

    def _listens(self) -> bool:
        with suppress(OSError, http.client.HTTPException), closing(Client(self.port)) as client:
            return client.ask("OPTIONS", "/").status < 500
        return False

    def family(self) -> list[psutil.Process]:
        """The workers, and the one that minds them last."""
        if self.process is None:
            return []
        mother = psutil.Process(self.process.pid)
        return [*mother.children(recursive=True), mother]

    def kill(self) -> None:
        """kill -9, the workers first."""
        for each in self.family():
            with suppress(psutil.NoSuchProcess):
                each.send_signal(signal.SIGKILL)
        self._gone()

    def stop(self) -> None:
        """End it in good order."""
        if self.process is not None:
            self.process.terminate()
            self._gone()

    def _gone(self) -> None:
        if self.process is not None:
            self.process.wait(20)
            self.process = None

    def said(self) -> str:
        """What the server has printed."""
        return self.log.read_text(errors="replace")


@contextmanager
def running(folder: Path, environ: Mapping[str, str], target: str = "wsgi:app", **more: Any) -> Iterator[Web]:
    """A running web until the block ends."""
    web = Web(folder, environ, target, **more)
    try:
        web.start()
        yield web
    finally:
        if web.process is not None:
            web.kill()


def serving(made: Instance, target: str = "wsgi:app", interface: str = "rsgi", **environ: str) -> Any:
    """The resident part of an instance, running."""
    environ = {"INSTANCE": str(made.folder), "PART": "resident", **environ}
    return running(made.folder.parent, environ, target=target, interface=interface)


@dataclass(frozen=True)
class Reply:
    """A reply, header for header."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """One header, or nothing."""
        return dict(self.headers).get(name, "")

    def undated(self) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
        """All that may not differ between two readers."""
        return self.status, tuple(pair for pair in self.headers if pair[0] != "date"), self.body

    def fields(self) -> dict[str, str]:
        """What the page's form would send as it stands."""
        return fields_of(html5lib.parse(self.body, namespaceHTMLElements=False))


def fields_of(tree: Element) -> dict[str, str]:
    """The filled fields of a page: hidden and typed ones, set marks, chosen options."""
    kept = {}
    for each in tree.iter("input"):
        if each.get("type") not in ("radio", "checkbox") or "checked" in each.attrib:
            kept[each.get("name", "")] = each.get("value", "")
    for each in tree.iter("select"):
        chosen = [option for option in each.iter("option") if "selected" in option.attrib]
        kept[each.get("name", "")] = chosen[0].get("value", "") if chosen else ""
    return kept


class Client:
    """One kept-alive connection."""

    def __init__(self, port: int, patience: float = 30.0) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)

    def close(self) -> None:
        """Hang up."""
        self.connection.close()

    def ask(self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Reply:
        """One request and its reply, whatever its status."""
        try:
            self.connection.request(method, path, body, {"Accept-Language": "sv", **(headers or {})})
            found = self.connection.getresponse()
            pairs = tuple((name.lower(), value) for name, value in found.getheaders())
            reply = Reply(found.status, pairs, found.read())
        except (OSError, http.client.HTTPException):
            self.connection.close()
            raise
        # What is refused may not have been read to its end: then the server hangs up, and so do we.
        if body and reply.status >= 400:
            self.connection.close()
        return reply

    def get(self, path: str, **headers: str) -> Reply:
        """Fetch a page."""
        return self.ask("GET", path, headers=headers)

    def post(self, path: str, posted: Mapping[str, str], headers: Mapping[str, str] = OURS) -> Reply:
        """Send a form from our own page, unless the headers say otherwise."""
        return self.ask("POST", path, urlencode(posted).encode(), {**FORM, **headers})

    def form_id(self, path: str = SHEET) -> str:
        """A fresh form id, from the page as anyone fetches it."""
        page = self.get(path)
        assert page.status == 200, page.status
        return page.body.partition(b'name="form_id" value="')[2].partition(b'"')[0].decode()


@contextmanager
def client(web: Web) -> Iterator[Client]:
    """A client of a running web."""
    made = Client(web.port)
    try:
        yield made
    finally:
        made.close()
