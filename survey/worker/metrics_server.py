"""The worker's metrics over HTTP, on loopback alone and only where a port is set.

Not by the web: a process that takes answers tells nothing of itself that could change with one, and no address that
residents reach leads here. One request at a time, and none is waited for long: the worker has other things to do.
"""

import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from survey import journal

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from survey.worker.metrics import Watched

LOOPBACK = "127.0.0.1"
PATIENCE = 5.0  # seconds for a request's next bytes
REQUEST_SECONDS = 10.0  # for the whole of it, as long as Prometheus waits: who drips its bytes holds up nobody


class _Handler(WSGIRequestHandler):
    """A handler that waits for nobody for long, and writes no line for a request."""

    timeout = PATIENCE

    def handle(self) -> None:
        """Handle the request, and hang up where it takes too long as a whole."""
        limit = threading.Timer(REQUEST_SECONDS, self._hang_up)
        limit.start()
        try:
            super().handle()
        finally:
            limit.cancel()

    def _hang_up(self) -> None:
        with suppress(OSError):  # gone already
            self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: Any) -> None:
        """Write nothing."""


class _Server(WSGIServer):
    """A server that prints nothing of a request it could not read."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print nothing."""


@contextmanager
def metrics_served(worker: "Watched", today: Callable[[], date]) -> Iterator[None]:
    """Serve a worker's metrics meanwhile, where a port is set; a port that is taken is told and stops nothing."""
    server = _listening(worker, today) if worker.settings.metrics_port else None
    if server is None:
        yield
        return
    thread = threading.Thread(target=server.serve_forever, name="metrics", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _listening(worker: "Watched", today: Callable[[], date]) -> WSGIServer | None:
    # Loaded by who tells: all others go without.
    from prometheus_client import CollectorRegistry, make_wsgi_app

    from survey.worker.metrics import WorkerMetrics

    registry = CollectorRegistry()  # never the library's own, which tells of this process
    registry.register(WorkerMetrics(worker, today))
    app = _without_words(make_wsgi_app(registry))
    try:
        return make_server(LOOPBACK, worker.settings.metrics_port, app, _Server, _Handler)
    except OSError as error:
        journal.warn("metrics are not served", kind=journal.fault(error))
        return None


def _without_words(app: "WSGIApplication") -> "WSGIApplication":
    """Return the app with its faults told by their kind, each once until another comes."""
    failing = ""

    def guarded(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        nonlocal failing
        try:
            found = app(environ, start_response)
        except Exception as error:
            if failing != (failing := journal.fault(error)):
                journal.warn("metrics could not be read", kind=failing)
            start_response("500 Internal Server Error", [("Content-Type", "text/plain")])
            return [b""]
        failing = ""
        return found

    return guarded
