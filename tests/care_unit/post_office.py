"""A real SMTP server and a real SMS gateway on loopback, for what units send."""

import json
import socket
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller

Answer = Callable[[int], str]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class PostOffice:
    """What came in, and what is answered to the nth message and to an address."""

    port: int
    answer: Answer = lambda _number: "250 OK"
    unknown: set[str] = field(default_factory=set)
    busy: set[str] = field(default_factory=set)
    sender_answer: str = "250 OK"
    answer_to: Callable[[str], str] = lambda _address: "250 OK"
    closes_after: int = 0  # messages begun on a line; 0: it stays open
    taken: list[EmailMessage] = field(default_factory=list)
    tried: int = 0

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        """Asked for each message, before its recipient."""
        session.begun = getattr(session, "begun", 0) + 1
        if self.closes_after and session.begun > self.closes_after:
            server.transport.close()
        if self.sender_answer.startswith("250"):
            envelope.mail_from, envelope.mail_options = address, options
        return self.sender_answer

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        """Asked for each recipient."""
        if address in self.unknown:
            return "550 no such mailbox"
        if address in self.busy:
            self.busy.discard(address)
            return "450 come back later"
        if (said := self.answer_to(address)).startswith("250"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """Asked for each message."""
        self.tried += 1
        said = self.answer(self.tried)
        if said.startswith("250"):
            found = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(found, EmailMessage)
            self.taken.append(found)
        return said


def mail_settings(port: int, security: str = "none", sender: str = "svara@region.example") -> str:
    """The lines of config.toml of a house that sends by a server on loopback."""
    lines = ('mail_host = "127.0.0.1"', f"mail_port = {port}", f'mail_security = "{security}"')
    return "\n".join([*lines, f'mail_sender = "{sender}"']) + "\n"


def came(office: PostOffice, count: int = 1) -> list[str]:
    """The letters' words, once so many have come."""
    ends = time.monotonic() + 10
    while len(office.taken) < count and time.monotonic() < ends:
        time.sleep(0.01)
    assert len(office.taken) == count
    return [mail.get_content() for mail in office.taken]


@contextmanager
def post_office(port: int = 0, *, all_letters: bool = True, **more: Any) -> Iterator[PostOffice]:
    """An SMTP server for the length of the block."""
    office = PostOffice(port or free_port())
    controller = Controller(office, hostname="127.0.0.1", port=office.port, enable_SMTPUTF8=all_letters, **more)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


@dataclass
class Exchange:
    """What the gateway was sent; `answer` gives the status for the nth message, 0 for a line that goes dead."""

    port: int
    answer: Callable[[int], int] = lambda _number: 200
    headers: dict[str, str] = field(default_factory=dict)
    taken: list[dict[str, str]] = field(default_factory=list)


@contextmanager
def exchange() -> Iterator[Exchange]:
    """An SMS gateway for the length of the block."""
    office = Exchange(0)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            said = json.loads(body) if "json" in self.headers["Content-Type"] else dict(urllib.parse.parse_qsl(body))
            office.taken.append({**said, "secret": self.headers.get("Authorization", "")})
            if status := office.answer(len(office.taken)):
                self.send_response(status)
                for name, value in office.headers.items():
                    self.send_header(name, value)
                self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    office.port = server.server_port
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield office
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
