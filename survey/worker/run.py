"""The worker's run, from its start until it is stopped: at work while it holds the lease, else standing by.

Workers on several hosts take turns: one is at work, the others wait for its lease and keep their own hosts' key volumes
clean meanwhile. On SQLite there is one host, and the worker is at work at once.
"""

import signal
import threading
from collections.abc import Callable, Mapping
from datetime import date
from types import FrameType

from sqlalchemy import Engine

from survey import journal
from survey.config import Settings
from survey.domain.questions.questionnaire import Version
from survey.sealing.rounds import key_cleanup
from survey.store.core import health
from survey.store.core.worker_lease import WorkerLease
from survey.worker.computing import Computing
from survey.worker.loop import Worker
from survey.worker.metrics_server import metrics_served
from survey.worker.sending.sender_threads import senders, start_threads, wait_for_threads

TURN_SECONDS = 5.0


def run(
    engine: Engine,
    settings: Settings,
    versions: Mapping[str, Version],
    today: Callable[[], date],
    stop: threading.Event | None = None,
    *,
    computing: Computing | None = None,
    leads: bool = True,
) -> None:
    """Take turns until SIGTERM or SIGINT, and stop after the turn that is under way.

    Without `leads` it never takes the lease: for a host that only has the web's keys.
    """
    asked = stop or threading.Event()

    def ask(_signal: int, _frame: FrameType | None) -> None:
        asked.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask)
    worker = Worker(engine, settings, versions, computing=computing, lease=WorkerLease(engine))
    shift = Shift(worker, leads)
    journal.info("worker started")
    with metrics_served(worker, today):
        sending = start_threads(senders(engine, settings, worker.volumes), today, asked, shift.at_work.is_set)
        while not asked.is_set():
            shift.turn(today())
            asked.wait(TURN_SECONDS)
        worker.computing.end()
        wait_for_threads(sending)
    shift.end()
    journal.info("worker stopped")


class Shift:
    """A worker's turns among those of others."""

    def __init__(self, worker: Worker, leads: bool = True) -> None:
        """Begin without the lease."""
        assert worker.lease is not None
        self._worker, self._lease, self._leads = worker, worker.lease, leads
        self._waits = self._another = False
        self.at_work = threading.Event()
        self._failing = ""

    def turn(self, today: date) -> None:
        """Do all that waits, or where another does it, what this host's volumes need."""
        try:
            begins = self._takes_it()
        except Exception as error:
            # Who is at work tells it by each step.
            if not (begins := self.at_work.is_set()):
                self._tell(journal.fault(error))
                return
        if begins:
            self._work(today)
        else:
            self._stand_by(today)

    def end(self) -> None:
        """Let go of the lease."""
        self._lease.release()

    def _takes_it(self) -> bool:
        taken = self._lease.take()
        if taken and not self._leads:
            self._lease.release()
        self._another = not taken
        return taken and self._leads

    def _work(self, today: date) -> None:
        if not self.at_work.is_set():
            # Another may have done something since it was last looked at.
            self._worker.forget_seen()
            if self._waits:
                journal.info("takes over")
        self._waits = False
        self.at_work.set()
        self._worker.turn(today)

    def _stand_by(self, today: date) -> None:
        if not self._waits:
            journal.info("stands by")
        self._waits = True
        self.at_work.clear()
        try:
            if self._another:
                health.touch_heartbeat(self._worker.volumes.pepper)
            if erased := key_cleanup.erase_ended(self._worker.engine, self._worker.volumes, today):
                journal.info("key files erased", count=erased)
        except Exception as error:
            self._tell(journal.fault(error))
        else:
            self._tell("")

    def _tell(self, kind: str) -> None:
        if kind and kind != self._failing:
            journal.warn("failed", step="standing by", kind=kind)
        elif self._failing and not kind:
            journal.info("works again", step="standing by")
        self._failing = kind
