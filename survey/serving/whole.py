"""Whole requests for the app: a client that sends half a body and waits keeps nobody else waiting.

Granian reads the body of a request to a WSGI app while the app waits for it: two connections that send half a body
would stop both workers. So it serves this (RSGI), which reads every body beside the app. One thread runs the app. The
client's address is not handed on.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from io import BytesIO
from typing import Any, Protocol
from wsgiref.types import WSGIApplication, WSGIEnvironment

from survey.serving.bodies import Bodies, BodyTimeout, Evicted

LATE = "survey.late"  # stands in the environ of a request whose body did not come in time
Headers = list[tuple[str, str]]


class Scope(Protocol):
    """A request, as granian describes it."""

    method: str
    path: str
    query_string: str
    scheme: str
    server: str
    http_version: str

    @property
    def headers(self) -> Any:
        """Return the headers: names in small letters, with their values."""


class HeldConnection(Protocol):
    """A connection, as granian gives it."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the body, piece by piece."""

    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None:
        """Send the whole reply."""

    def response_empty(self, status: int, headers: Headers) -> None:
        """Send a reply without a body."""


class BufferedRequests:
    """A server of a WSGI app over RSGI."""

    def __init__(
        self,
        app: WSGIApplication,
        max_body_size: Callable[[str], int],
        refusal: Iterable[tuple[str, str]] = (),
        is_aside: Callable[[str, str], bool] = lambda method, path: False,
        bodies: Bodies | None = None,
    ) -> None:
        """Take the app, how large a body may be at a path, and the headers of a reply that the app doesn't make.

        `is_aside`: by method and path, what waits in a line of its own, so that all others pass by.
        """
        self._app, self._max_body_size = app, max_body_size
        self._refusal = [*refusal, ("Retry-After", "30")]
        self._is_aside, self._aside = is_aside, asyncio.Lock()
        self.bodies = bodies or Bodies()
        self._thread = ThreadPoolExecutor(1, "app")

    async def __call__(self, scope: Scope, line: HeldConnection) -> None:
        """Answer one request."""
        declared = _declared(scope)
        if declared is None or declared > self._max_body_size(scope.path):
            await self._answer(scope, line, b"")  # what is too large is refused by the app, unread
            return
        try:
            body = await self.bodies.read(line, declared, self._max_body_size(scope.path))
        except BodyTimeout:
            await self._answer(scope, line, b"", late=True)
        except Evicted:
            line.response_empty(503, self._refusal)
        else:
            try:
                await self._answer(scope, line, bytes(body.content))
            finally:
                self.bodies.release(body)

    async def _answer(self, scope: Scope, line: HeldConnection, body: bytes, late: bool = False) -> None:
        environ = environ_of(scope, body)
        if late:
            environ[LATE] = True
        async with self._aside if self._is_aside(scope.method, scope.path) else nullcontext():
            reply = await asyncio.get_running_loop().run_in_executor(self._thread, self._reply, environ)
        line.response_bytes(*reply)

    def _reply(self, environ: WSGIEnvironment) -> tuple[int, Headers, bytes]:
        started: list[tuple[int, Headers]] = []

        def start(status: str, headers: Headers, exc_info: object = None) -> Callable[[bytes], object]:
            started.append((int(status[:3]), headers))
            return lambda piece: None

        pieces = self._app(environ, start)
        try:
            content = b"".join(pieces)
        finally:
            if hasattr(pieces, "close"):
                pieces.close()
        return *started[-1], content


def _declared(scope: Scope) -> int | None:
    """Return the declared length of the body in bytes, 0 when it comes in chunks; None where there is none."""
    length = scope.headers.get("content-length")
    if length is not None:
        return int(length) if length.isdecimal() else None
    return 0 if "transfer-encoding" in scope.headers else None


def environ_of(scope: Scope, body: bytes) -> WSGIEnvironment:
    """Return the request as a WSGI environment (PEP 3333)."""
    host, _colon, port = scope.server.rpartition(":")
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": BytesIO(body),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        key = name.upper().replace("-", "_")
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = f"HTTP_{key}"
        joint = "; " if key == "HTTP_COOKIE" else ","
        environ[key] = f"{environ[key]}{joint}{value}" if key in environ else value
    return environ
