"""What stands in front of the web and may answer in its place: a gateway, a portal, a line that breaks.

Passes everything on, except what it is told to spoil: before it reaches the web, or after, when the reply is lost.
"""

import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

Reply = tuple[int, dict[str, str], bytes]
GATEWAY = "<html><head><title>{0}</title></head><body><center><h1>{0}</h1></center><hr><center>nginx</center></html>"
PORTAL = (
    b"<!doctype html><html lang=en><title>Guest network</title><body><main><h1>Tack</h1><p id=said>kept"
    b"<form id=login method=post action=/login><input name=email><button class=send>Connect</button></form></main>"
)
_HOP = {"connection", "transfer-encoding", "content-length", "date", "server", "keep-alive"}


def _gateway(status: int, words: str) -> Callable[[Reply], Reply]:
    return lambda _: (status, {"Content-Type": "text/html"}, GATEWAY.format(f"{status} {words}").encode())


def _redirect(to: str) -> Callable[[Reply], Reply]:
    return lambda _: (302, {"Location": to}, b"")


def _half(reply: Reply) -> Reply:
    """The first half of what the web said, with nothing that tells that more was to come."""
    return reply[0], reply[1], reply[2][: len(reply[2]) // 2]


# What may come instead of a reply of ours, made from what ours would have been.
REPLIES: dict[str, Callable[[Reply], Reply]] = {
    "502": _gateway(502, "Bad Gateway"),
    "503": _gateway(503, "Service Temporarily Unavailable"),
    "504": _gateway(504, "Gateway Time-out"),
    "403": _gateway(403, "Forbidden"),
    "302 to our thank-you": _redirect("/s/froso/sv/thanks"),
    "302 to elsewhere": _redirect("http://portal.example/login"),
    "a portal's 200": lambda _: (200, {"Content-Type": "text/html"}, PORTAL),
    "a portal's 303": lambda _: (303, {"Location": "/login"}, b""),
    "an empty 200": lambda _: (200, {"Content-Type": "text/html"}, b""),
    "a 204": lambda _: (204, {}, b""),
    "half a page": _half,
}
NOTHING, HANG, CUT = "nothing", "no reply", "half of the bytes announced"
# Pages of ours, but no replies to what was asked: as a cache would give them.
OTHERS = {
    "the thank-you of another form": "/s/froso/sv/thanks",
    "the front page": "/",
    "a page not found": "/s/nowhere",
}
FAULTS = (*REPLIES, NOTHING, HANG, CUT, *OTHERS)


@dataclass
class Front:
    """Listens on loopback for a web there. `fault` spoils the requests that `when` names."""

    web: str
    fault: str = ""
    when: Callable[[str, str], bool] = lambda method, path: True
    reaches: bool = True
    planted: tuple[str, str] = ("", "")
    spoilt: int = 0
    released: threading.Event = field(default_factory=threading.Event)
    address: str = ""

    def spoils(self, fault: str, when: Callable[[str, str], bool], reaches: bool = True) -> None:
        """From now on, these requests; `reaches`: the web has heard them before the reply is lost."""
        self.fault, self.when, self.reaches, self.spoilt = fault, when, reaches, 0
        self.released.clear()

    def heals(self) -> None:
        """From now on, nothing."""
        self.fault = ""
        self.released.set()

    def ask(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Reply:
        """What the web says."""
        place = urlsplit(self.web)
        line = http.client.HTTPConnection(str(place.hostname), int(place.port or 80), timeout=30)
        try:
            line.request(method, path, body, headers)
            reply = line.getresponse()
            kept = {name: value for name, value in reply.getheaders() if name.lower() not in _HOP}
            return reply.status, kept, reply.read()
        finally:
            line.close()


class _Handler(BaseHTTPRequestHandler):
    front: Front

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Pass it on, or don't."""
        front = self.front
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fault = front.fault if front.when(self.command, self.path) else ""
        headers = {name: value for name, value in self.headers.items() if name.lower() != "accept-encoding"}
        reply: Reply = (502, {}, b"")
        if not fault or front.reaches or fault in ("half a page", CUT):
            reply = front.ask(self.command, self.path, headers, body)
        if fault:
            front.spoilt += 1
            self.close_connection = True
            if fault == HANG:
                front.released.wait(30)
            if fault in (NOTHING, HANG):
                return
        if front.planted[0] and front.planted[0].encode() in reply[2]:
            reply[1].pop("Content-Security-Policy", None)
            reply = *reply[:2], reply[2].replace(*(each.encode() for each in front.planted))
        announced = len(reply[2]) if fault == CUT else -1
        if fault == CUT:
            reply = _half(reply)
        elif fault in OTHERS:
            reply = front.ask("GET", OTHERS[fault], {}, b"")
        elif fault:
            reply = REPLIES[fault](reply)
        self._send(reply, announced)

    do_POST = do_GET

    def _send(self, reply: Reply, announced: int) -> None:
        with suppress(OSError):
            self.send_response_only(reply[0])
            for name, value in reply[1].items():
                self.send_header(name, value)
            if announced >= 0:
                self.send_header("Content-Length", str(announced))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(reply[2])


@contextmanager
def in_front_of(web: str) -> Iterator[Front]:
    """Such a front, at an address of its own."""
    front = Front(web)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"front": front}))
    server.daemon_threads = True
    front.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield front
    finally:
        front.heals()
        server.shutdown()
        thread.join()
        server.server_close()
