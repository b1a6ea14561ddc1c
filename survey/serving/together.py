"""`make run`'s server and worker, run together until one ends or a signal comes. Loads the standard library alone.

An installation in earnest starts the server and `flask worker` on its own, each under its own account.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

HOST = "127.0.0.1"
ROOT = Path(__file__).resolve().parents[2]


def server(port: int, target: str = "wsgi:app", workers: int = 2, interface: str = "rsgi") -> list[str]:
    """Return the command that serves an app on loopback. HTTP/1 alone: a proxy speaks nothing else to it."""
    command = [sys.executable, "-m", "granian", "--interface", interface, "--host", HOST, "--port", str(port)]
    command += ["--http", "1", "--no-ws", "--workers", str(workers), "--blocking-threads", "1"]
    # A client that sends half a head, or nothing, is cut off, and until then keeps no other from a connection.
    command += ["--http1-header-read-timeout", "10000", "--backlog", "4096", "--backpressure", "4096"]
    # A worker that is stopped while it starts would never end.
    command += ["--no-access-log", "--log-level", "warning", "--workers-kill-timeout", "10"]
    return [*command, target]


def worker() -> list[str]:
    """Return the command that runs the worker beside the server."""
    return [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]


def serve(port: int) -> int:
    """Run the server and the worker until one ends or a signal comes; return the exit status."""
    environ = {**os.environ, "PYTHONUNBUFFERED": "1"}
    running: list[subprocess.Popen[bytes]] = []

    def stop(*_: object) -> None:
        for process in running:
            process.terminate()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stop)
    for command in (server(port), worker()):
        running.append(subprocess.Popen(command, cwd=ROOT, env=environ))  # noqa: S603 (our own words)
    while all(process.poll() is None for process in running):
        time.sleep(0.2)
    stop()
    return max(abs(process.wait()) for process in running)


def become(port: int) -> None:
    """Let this process go on as `serve`, without anything that it has loaded so far."""
    os.chdir(ROOT)
    os.execv(sys.executable, [sys.executable, "-m", __name__, str(port)])  # noqa: S606 (our own words)


if __name__ == "__main__":
    sys.exit(serve(int(sys.argv[1])))
