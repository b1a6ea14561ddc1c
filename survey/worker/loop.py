"""The worker: the process with the private keys. It takes the steps the web asks for, and keeps house.

Opens, closes and publishes rounds, counts what will be hidden, erases keys no longer needed, forgets
what was only kept against second tries, checks that every answer stands somewhere, lays the reserve, and draws. Each is
a line in the operator's log. A step that fails is told there and on the health page and tried again the next turn; it
never stops the other steps. Messages are sent beside it, each transport by itself, so that no step waits for a server.
Where very many envelopes are closed, processes that it starts and ends open them (`survey.sealing.rounds.decryption`).
"""

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path

from sqlalchemy import Engine

from survey import journal
from survey.config import Settings
from survey.domain.questions.questionnaire import Version
from survey.domain.rounds.lifecycle import Round
from survey.sealing.checks import reconciliation, watch
from survey.sealing.keys.key_storage import volumes_of
from survey.sealing.rounds import cancel_round, close_round, key_cleanup, open_round, retention
from survey.store.core import health, rounds
from survey.store.core.worker_lease import LeaseLost, WorkerLease
from survey.store.database.engine import read_transaction, write_transaction
from survey.store.maintenance import disk
from survey.store.maintenance.data_folder import data_folder
from survey.store.published import editions, previews
from survey.worker import progress
from survey.worker.closing_progress import ClosingProgress
from survey.worker.computing import Computing, InProcess
from survey.worker.sending.sender_threads import run_turn, senders
from survey.worker.under_way import StepUnderWay

CHARTS_PER_TURN = 6
MAX_WATCH_INTERVAL = 20  # watching takes at most one part in so many of the worker's time

Did = Iterator[str]


class Worker:
    """A running worker, with the day it last checked, the last edition drawn to the end, and its last reports."""

    def __init__(
        self,
        engine: Engine,
        settings: Settings,
        versions: Mapping[str, Version],
        room: disk.FreeBytes = disk.free_bytes,
        computing: Computing | None = None,
        *,
        lease: WorkerLease | None = None,
    ) -> None:
        """Make a worker that has done nothing yet; `room` returns the free bytes on a disk.

        With a lease, it does nothing once that is another's.
        """
        self.lease = lease
        self.engine, self.settings, self.room = engine, settings, room
        self.computing = computing or InProcess(engine, settings, versions)
        self.volumes = volumes_of(settings)
        self.checked: date | None = None
        self.previewed: set[str] = set()
        self.drawn: int | None = None
        self.reported: list[health.HealthLine] | None = None
        self.seal: str | None = None
        self.rests_until = 0.0
        self.failing: dict[str, str] = {}
        self.server_folder: Path | None = None
        self.under_way = StepUnderWay()

    def turn(self, today: date) -> list[str]:
        """Do all that waits; return a line for each thing done."""
        steps: dict[str, Callable[[date], Did]] = {
            "opening": self._open,
            "watching": self._watch,
            "closing": self._close,
            "cancelling": self._cancel,
            "publishing": self._publish,
            "previewing": self._preview,
            "daily": self._daily,
            "drawing": self._draw,
        }
        done: list[str] = []
        failed: dict[str, str] = {}
        for name, step in steps.items():
            self._record_health(failed)
            try:
                self._refuse_another()
                with self.under_way.step(name):
                    done += step(today)
            except Exception as error:
                # Only the kind of the fault: its words may hold what nobody should read.
                failed[name] = journal.fault(error)
        done += self._turned(failed)
        self._tell(failed)
        return done

    def _record_health(self, failed: dict[str, str]) -> None:
        try:
            health.touch_heartbeat(self.volumes.pepper)
        except OSError as error:
            failed["marking"] = journal.fault(error)

    def forget_seen(self) -> None:
        """Look at all anew: another worker may have been at work."""
        self.checked = self.drawn = self.reported = None
        self.previewed.clear()

    def _refuse_another(self) -> None:
        if self.lease is not None and not self.lease.take():
            raise LeaseLost("another worker is at work")

    def _pass_checkpoint(self, name: str) -> None:
        # The last one comes just before the commit: who has lost the lease meanwhile writes nothing.
        if self.lease is not None:
            self.lease.refuse_lost()
        self.under_way.pass_checkpoint(name)

    def _turned(self, failed: dict[str, str]) -> Did:
        """Report a step that begins to fail, fails otherwise or works again: once, not each turn anew."""
        for name, kind in failed.items():
            if self.failing.get(name) != kind:
                yield journal.warn("failed", step=name, kind=kind)
        for name in sorted(self.failing.keys() - failed.keys()):
            yield journal.info("works again", step=name)
        self.failing = failed

    def _rounds(self, wanted: Callable[[Round], bool]) -> list[Round]:
        with read_transaction(self.engine) as connection:
            return [round_ for round_ in rounds.rounds(connection) if wanted(round_)]

    def _open(self, today: date) -> Did:
        for round_ in self._rounds(lambda each: each.state == "opening"):
            open_round.open_round(self.engine, self.settings, round_.key)
            yield journal.info("opened", round=round_.key)

    def _watch(self, today: date) -> Did:
        """Check that what waits to be opened is as it was last seen; report each fault once."""
        if time.monotonic() < self.rests_until:
            return
        began = time.monotonic()
        report = watch.watch(self.engine, self.volumes, self.seal)
        if report and report != self.seal:
            yield journal.warn("the seal is broken, flask check says how")
        self.seal = report
        # All that waits is read each time: with very many answers, less often.
        self.rests_until = time.monotonic() + MAX_WATCH_INTERVAL * (time.monotonic() - began)

    def _close(self, today: date) -> Did:
        over = self._rounds(lambda each: each.state == "closing" or (each.state == "open" and each.is_over(today)))
        for round_ in over:
            progress = ClosingProgress(self.engine, self.volumes, round_.key)
            passed = self._pass_checkpoint
            close_round.close_round(self.engine, self.volumes, round_.key, checkpoint=passed, progress=progress)
            yield journal.info("closed and counted", round=round_.key)

    def _cancel(self, today: date) -> Did:
        for round_ in self._rounds(lambda each: each.state == "cancelling"):
            cancel_round.cancel_round(self.engine, self.volumes, round_.key)
            yield journal.info("cancelled, answers destroyed unopened", round=round_.key)

    def _publish(self, today: date) -> Did:
        for round_ in self._rounds(lambda each: each.state == "publishing"):
            number = self.computing.publish(round_.key, today)
            yield journal.info("published", round=round_.key, edition=number)

    def _preview(self, today: date) -> Did:
        """Preview the publication of closed rounds; one that fails waits for the next start."""
        for round_ in self._rounds(lambda each: each.state == "closed" and each.key not in self.previewed):
            with read_transaction(self.engine) as connection:
                known = previews.get(connection, round_.key)
            if known is None or previews.REFUSED in known:
                if self.computing.preview(round_.key):
                    yield journal.info("what will be hidden is counted", round=round_.key)
                else:
                    yield journal.warn("can't be published as it is", round=round_.key)
            self.previewed.add(round_.key)

    def _daily(self, today: date) -> Did:
        """Take the daily figures, erase, forget and check: at start and once a day."""
        if self.checked == today:
            return
        if taken := progress.count_daily(self.engine, today):
            yield journal.info("answers so far taken down, rounds", count=taken)
        swept = key_cleanup.sweep(self.engine, self.volumes)
        if swept.erased:
            yield journal.info("key files erased", count=swept.erased)
        for key in retention.delete_expired(self.engine, self.volumes, today):
            yield journal.info("codes and pepper forgotten", round=key)
        wrong = sum(not line.ok for line in reconciliation.reconcile(self.engine))
        yield (journal.warn if wrong else journal.info)("checked, batches that do not add up", count=wrong)
        if folder := disk.sqlite_folder(self.engine):
            if disk.write_reserve(folder, self.settings.disk_reserve_mb, self.settings.min_free_mb, self.room):
                yield journal.info("disk reserve laid")
        else:
            self.server_folder = data_folder(self.engine).path
        self.checked = today

    def _draw(self, today: date) -> Did:
        with read_transaction(self.engine) as connection:
            newest = editions.next_number(connection)
        # A few a turn: a round that waits to be opened does not wait for pictures.
        if newest != self.drawn and (drawn := self.computing.draw(CHARTS_PER_TURN)):
            yield journal.info("pictures drawn", count=drawn)
            return
        self.drawn = newest
        self.computing.end()

    def _tell(self, failed: dict[str, str]) -> None:
        detail = ", ".join(f"{name}: {kind}" for name, kind in failed.items())
        lines = [health.HealthLine("worker", not failed, detail)]
        if self.server_folder:
            # PostgreSQL's disk on this machine: the web may not ask where it is, and sees SQLite's by itself.
            short = disk.is_short(self.server_folder, self.settings.min_free_mb, self.room)
            lines.append(health.HealthLine(disk.HEALTH, not short))
        if lines == self.reported:
            return
        try:
            with write_transaction(self.engine) as connection:
                health.write(connection, lines)
            self.reported = lines
        except Exception as error:
            journal.warn("the health page could not be told", kind=journal.fault(error))


def work_once(engine: Engine, settings: Settings, versions: Mapping[str, Version], today: date) -> list[str]:
    """Do all that waits and stop; return a line for each thing done."""
    worker = Worker(engine, settings, versions)
    done = worker.turn(today)
    for sender in senders(engine, settings, worker.volumes):
        if sent := run_turn(sender, today):
            done.append(f"messages sent channel={sender.transport.key} count={sent}")
    if drawn := worker.computing.draw():
        done.append(journal.info("more pictures drawn", count=drawn))
    return done
