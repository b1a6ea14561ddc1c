"""The steps that need pandas and matplotlib: computed here, or in a process that ends when nothing waits.

They take more memory than all else in the worker, which has nothing to compute on most days. The process does one thing
at a time, as the worker asks for it, is killed with the worker, and otherwise ends what it has begun.
"""

import json
import os
import signal
import socket
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any, Protocol

from sqlalchemy import Engine

from survey import journal
from survey.config import Settings
from survey.domain.questions.questionnaire import Version
from survey.machine.process import end_with_parent

ENDS_WITHIN = 10.0  # seconds; nothing is under way when it is told to
STOPPING = (signal.SIGTERM, signal.SIGINT)


class Computing(Protocol):
    """The computation of editions, previews and drawings."""

    def publish(self, round_key: str, today: date) -> int:
        """Publish a round; return the edition's number."""

    def preview(self, round_key: str) -> bool:
        """Count the figures of a closed round that will be hidden; return whether it can be published at all."""

    def draw(self, most: int | None = None) -> int:
        """Draw at most `most` waiting pictures, or all; return their number."""

    def end(self) -> None:
        """Free what was kept ready: nothing waits."""


class InProcess:
    """Computation in this process."""

    def __init__(self, engine: Engine, settings: Settings, versions: Mapping[str, Version]) -> None:
        """Keep what the steps work on."""
        self._engine, self._settings, self._versions = engine, settings, versions

    def publish(self, round_key: str, today: date) -> int:
        """Publish a round; return the edition's number."""
        from survey.publication.publish import publish

        return publish(self._engine, self._settings, self._versions, round_key, today)

    def preview(self, round_key: str) -> bool:
        """Count the figures of a closed round that will be hidden; return whether it can be published at all."""
        from survey.publication.preview import store_preview

        return store_preview(self._engine, self._versions, round_key)

    def draw(self, most: int | None = None) -> int:
        """Draw at most `most` waiting pictures, or all; return their number."""
        from survey.publication.chart_store import draw_pending

        return draw_pending(self._engine, most)

    def end(self) -> None:
        """Do nothing: what is loaded stays loaded."""


class Subprocess:
    """Computation in a process of its own, started at the first call, until it is ended."""

    def __init__(self, command: Sequence[str]) -> None:
        """Keep the command of a process that calls `serve`; this one's id is put after it."""
        self._command = [*command, str(os.getpid())]
        self._process: subprocess.Popen[bytes] | None = None

    def publish(self, round_key: str, today: date) -> int:
        """Publish a round; return the edition's number."""
        return int(self._ask("publish", round_key, today.isoformat()))

    def preview(self, round_key: str) -> bool:
        """Count the figures of a closed round that will be hidden; return whether it can be published at all."""
        return bool(self._ask("preview", round_key))

    def draw(self, most: int | None = None) -> int:
        """Draw at most `most` waiting pictures, or all; return their number."""
        return int(self._ask("draw", most))

    def end(self) -> None:
        """Let the process end, if there is one."""
        if self._process is None:
            return
        with suppress(OSError):
            self._line.close()
        try:
            self._process.wait(ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def _ask(self, what: str, *about: Any) -> Any:
        if self._process is None:
            self._start()
        try:
            self._line.write(json.dumps([what, *about]) + "\n")
            self._line.flush()
            reply = json.loads(self._line.readline())
        except (OSError, ValueError):
            self.end()
            raise ChildProcessError("it ended before it was done") from None
        if "fault" in reply:
            raise journal.RelayHandler(reply["fault"])
        return reply["done"]

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        with ours, theirs:
            # Who stops the worker may signal both. It ends its turn first, and what is computed is a part of that.
            before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
            try:
                self._process = subprocess.Popen(self._command, stdin=theirs.fileno())  # noqa: S603 (our own words)
            finally:
                signal.pthread_sigmask(signal.SIG_SETMASK, before)
            self._line = ours.makefile("rw", encoding="utf-8")


def serve(computing: Computing, worker: int) -> None:
    """Compute what the worker asks for at the other end of standard input, until it closes it or ends."""
    end_with_parent(worker)
    known: dict[str, Callable[..., Any]] = {
        "publish": lambda key, day: computing.publish(key, date.fromisoformat(day)),
        "preview": computing.preview,
        "draw": computing.draw,
    }
    with socket.socket(fileno=os.dup(0)) as end, end.makefile("rw", encoding="utf-8") as line:
        while asked := line.readline():
            what, *about = json.loads(asked)
            try:
                reply = {"done": known[what](*about)}
            except Exception as error:
                # Only the kind of the fault: its words may hold what nobody should read.
                reply = {"fault": journal.fault(error)}
            line.write(json.dumps(reply) + "\n")
            line.flush()
