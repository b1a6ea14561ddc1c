"""A granian on a port the kernel chose, its CPU and its memory."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import psutil

from survey.serving.together import server

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Server:
    """A running server."""

    port: int
    process: psutil.Process

    def _tree(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]

    def cpu(self) -> float:
        """CPU seconds, user and system, of the whole server so far."""
        return sum(t.user + t.system for t in (process.cpu_times() for process in self._tree()))

    def pss(self) -> float:
        """Proportional set size of the whole server, MB."""
        return sum(map(pss_of, self._tree()))


def pss_of(process: psutil.Process) -> float:
    """Proportional set size of a process, MB; where only root may look into it, its larger resident size."""
    try:
        return float(process.memory_full_info().pss / 1e6)
    except psutil.AccessDenied:
        return float(process.memory_info().rss / 1e6)


def free_port() -> int:
    """A port the kernel chose."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(target: str, environ: Mapping[str, str] = MappingProxyType({})) -> Iterator[Server]:
    """Serve a WSGI target with two workers, until the block ends."""
    port = free_port()
    child = subprocess.Popen(server(port, target), cwd=ROOT, env={**os.environ, **environ})
    try:
        await_listening(port, child)
        yield Server(port, psutil.Process(child.pid))
    finally:
        child.terminate()
        child.wait(20)


def await_listening(port: int, child: subprocess.Popen[bytes]) -> None:
    """Wait until something listens there."""
    for _ in range(300):
        if child.poll() is not None:
            raise RuntimeError("the server ended before it listened")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                time.sleep(0.5)
                return
        time.sleep(0.1)
    raise RuntimeError("the server did not listen within 30 seconds")
