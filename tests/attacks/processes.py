"""What runs beside the web in earnest, for the attacks on it: the worker, and a PostgreSQL of one's own."""

import os
import secrets
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.attacks.full import sized
from tests.attacks.running import ROOT, Instance, Web, running
from tests.postgres import Cluster

RUN = "RUN_ID"


@dataclass
class Worker:
    """`flask worker`, to be killed and started again."""

    folder: Path
    environ: Mapping[str, str]
    target: str = "wsgi"
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Start; it does what waits and then takes a turn every few seconds."""
        command = [sys.executable, "-m", "flask", "--app", self.target, "worker"]
        with (self.folder / "worker.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env={**os.environ, **self.environ}, stdout=log, stderr=log
            )

    def kill(self) -> None:
        """kill -9."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(20)
            self.process = None

    @property
    def runs(self) -> bool:
        """Whether it is still there."""
        return self.process is not None and self.process.poll() is None

    def said(self) -> str:
        """What it has printed."""
        return (self.folder / "worker.log").read_text(errors="replace")


@contextmanager
def working(made: Instance, target: str = "wsgi", **environ: str) -> Iterator[Worker]:
    """A worker of an instance, not yet started, ended with the block."""
    # Without the staff's part, which the steps up to the closing don't need, it is at work sooner.
    worker = Worker(made.folder.parent, {"INSTANCE": str(made.folder), "PART": "resident", **environ}, target)
    try:
        yield worker
    finally:
        worker.kill()


def serving_small(made: Instance, target: str = "wsgi:app", **environ: str) -> Any:
    """The resident part of an instance, running; in a short run by one process, where one is enough."""
    environ = {"INSTANCE": str(made.folder), "PART": "resident", **environ}
    return running(made.folder.parent, environ, target, workers=sized(1, 2))


def start_anew(web: Web) -> str:
    """Start the web with a run id of its own, which its replies carry; the id."""
    run = secrets.token_hex(4)
    web.environ = {**web.environ, RUN: run}
    web.start()
    return run


def through(made: Instance, server: int, proxy: int) -> None:
    """Let the instance's processes reach PostgreSQL at another port."""
    config = made.folder / "config.toml"
    text = config.read_text(encoding="utf-8")
    assert f":{server}/" in text
    config.write_text(text.replace(f":{server}/", f":{proxy}/"), encoding="utf-8")


@contextmanager
def own_cluster() -> Iterator[Cluster]:
    """A server of one's own, to be ended as one likes."""
    with tempfile.TemporaryDirectory(prefix="sju-postgres-") as folder:
        server = Cluster(Path(folder))
        # What no commit waits for stays in memory for long: then a crash loses it each time, and not now and then.
        server.execute("ALTER SYSTEM SET wal_writer_delay = '10s'")
        # And the log of what has happened stays, to be read.
        server.execute("ALTER SYSTEM SET wal_keep_size = '1GB'")
        server.execute("SELECT pg_reload_conf()")
        try:
            yield server
        finally:
            server.stop(signal.SIGQUIT)
