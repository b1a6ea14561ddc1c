"""The gauges that monitoring reads: how the worker is, what waits to be sent, rounds, disks and keys.

A figure that is read every minute tells two things: itself, and when it changed. So no answer may change any of these
as it comes: each is of what staff and the worker do, and the free room, which answers take, is read once a day and
told in steps. There are gauges alone, no unit and no round is named, and nothing of this process is told: its seconds
and its memory follow how much it has to watch.
"""

import math
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Protocol

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import Connection, Engine

from survey.channels import CHANNELS
from survey.config import ROOT, Settings
from survey.domain.disclosure.count_rounding import round_down_to_ten
from survey.domain.rounds.lifecycle import CANCELLED, STATES
from survey.sealing.checks.key_copies import count_key_copies
from survey.sealing.keys.key_volumes import KeyVolumes
from survey.store.answers import batches
from survey.store.channels import outbox, transports
from survey.store.core import health, rounds
from survey.store.database.engine import DatabaseFault, read_transaction
from survey.store.maintenance import disk
from survey.store.maintenance.data_folder import data_folder
from survey.worker.under_way import CLOSING_STAGES, StepUnderWay

READ_INTERVAL = 60  # seconds: however often it is asked for, it is read no more often
DISK_STEP = 0.05
# Not those that read what waits: how long they take follows how many have answered.
TIMED_STEPS = ("opening", "closing", "cancelling", "publishing", "previewing", "drawing")
TRANSPORTS = tuple(each.key for each in CHANNELS.values() if each.sends)

Values = Mapping[str, float]


class Watched(Protocol):
    """A worker, as far as it is told of."""

    engine: Engine
    settings: Settings
    volumes: KeyVolumes
    under_way: StepUnderWay


class WorkerMetrics(Collector):
    """The gauges of one worker, read at most once a minute."""

    def __init__(
        self,
        worker: Watched,
        today: Callable[[], date],
        clock: Callable[[], float] = time.time,
        share: disk.FreeShare = disk.free_share,
    ) -> None:
        """Tell of a worker; clock and share are handed in only by tests."""
        self.worker, self.today, self.clock, self.share = worker, today, clock, share
        self._found: list[Metric] = []
        self._read_at = -math.inf
        self._room: tuple[date, Values] | None = None

    def collect(self) -> Iterator[Metric]:
        """Yield the gauges as they were when they were last read."""
        if not 0 <= self.clock() - self._read_at < READ_INTERVAL:
            self._found = list(self._read())
            self._read_at = self.clock()
        yield from self._found

    def _read(self) -> Iterator[Metric]:
        yield _gauge("survey_build_info", "The version that runs.", {_version(): 1}, "version")
        yield from self._of_worker()
        well = {health.SILENT: not health.is_silent(self.worker.volumes.pepper), health.DATABASE: True}
        try:
            with read_transaction(self.worker.engine) as connection:
                yield from self._of_sending(connection)
                yield from self._of_rounds(connection)
                well |= {line.name: line.ok for line in health.lines(connection)}
            yield _gauge("survey_disk_free_ratio", "Free room, once a day and in twentieths.", self._free(), "disk")
        except DatabaseFault:
            well[health.DATABASE] = False
        yield _gauge("survey_well", "Each name of the health pages: 1 well, 0 not.", well, "check")

    def _of_worker(self) -> Iterator[Metric]:
        age = health.heartbeat_age(self.worker.volumes.pepper) / 60
        # In whole minutes, and no timestamp: how beats drift would tell how long a turn takes.
        beat = math.floor(age) if math.isfinite(age) else math.inf
        yield _gauge("survey_worker_beat_age_minutes", "Whole minutes since the worker's sign of life.", {"": beat})
        under_way = self.worker.under_way
        taken = {name: under_way.minutes(name) for name in TIMED_STEPS}
        yield _gauge("survey_step_minutes", "Whole minutes that the step under way has taken.", taken, "step")
        stages = {stage: under_way.stage == stage for stage in CLOSING_STAGES.values()}
        yield _gauge("survey_closing", "How far a closing has come: 1 where it is.", stages, "stage")

    def _of_sending(self, connection: Connection) -> Iterator[Metric]:
        waiting, halted = outbox.count_by_channel(connection), transports.halts(connection)
        tens = {name: round_down_to_ten(waiting.get(name, 0)) for name in TRANSPORTS}
        yield _gauge("survey_messages_waiting", "Messages that wait to be sent, whole tens.", tens, "transport")
        rests = {name: name in halted for name in TRANSPORTS}
        yield _gauge("survey_sending_rests", "1 where nothing gets through and sending rests.", rests, "transport")
        hour = int(self.clock() // 3600)
        since = {name: hour - halted[name].began if name in halted else 0 for name in TRANSPORTS}
        yield _gauge("survey_sending_rests_hours", "Hours since it began to rest.", since, "transport")

    def _of_rounds(self, connection: Connection) -> Iterator[Metric]:
        known = rounds.rounds(connection)
        states = Counter(each.state for each in known)
        counted = {state: states[state] for state in (*STATES, *CANCELLED)}
        yield _gauge("survey_rounds", "Rounds in each state.", counted, "state")
        ongoing = [each.key for each in known if each.state in ("open", "closing")]
        copies = count_key_copies(self.worker.volumes, {key: batches.batch_ids(connection, key) for key in ongoing})
        present = {volume: each.present for volume, each in copies.items()}
        yield _gauge("survey_key_files_present", "Files of ongoing rounds' keys on a volume.", present, "volume")
        missing = {volume: each.missing for volume, each in copies.items()}
        yield _gauge("survey_key_files_missing", "Those that should be there and are not.", missing, "volume")

    def _free(self) -> Values:
        """Return the free share of each disk as it was read first today."""
        if self._room is None or self._room[0] != self.today():
            volumes = self.worker.volumes
            folders = {
                "database": data_folder(self.worker.engine).path,
                "private_keys": volumes.private,
                "pepper_keys": volumes.pepper,
            }
            self._room = self.today(), {name: share for name, path in folders.items() for share in self._steps(path)}
        return self._room[1]

    def _steps(self, folder: Path | None) -> Iterator[float]:
        """Yield a disk's free share in whole steps; nothing for one elsewhere, or that does not say."""
        try:
            if folder is not None:
                yield round(math.floor(self.share(folder) / DISK_STEP) * DISK_STEP, 2)
        except OSError:
            return


def _gauge(name: str, what: str, values: Values, label: str = "") -> Metric:
    family = GaugeMetricFamily(name, what, labels=[label] if label else [])
    for value in sorted(values):
        family.add_metric([value] if label else [], float(values[value]))
    return family


def _version() -> str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["version"])
