"""What monitoring is told: of staff, the worker and the machine, and not a byte that an answer changes."""

import contextlib
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import prometheus_client
import pytest
from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine

from survey.channels import CHANNELS
from survey.config import Settings
from survey.domain.disclosure.count_rounding import round_down_to_ten
from survey.domain.rounds.lifecycle import CANCELLED, STATES
from survey.sealing.rounds.open_round import open_round
from survey.store.channels import transports
from survey.store.channels.transports import Halt
from survey.store.core import health
from survey.store.database.engine import write_transaction
from survey.worker import metrics, metrics_server
from survey.worker.loop import Worker
from survey.worker.metrics import WorkerMetrics
from survey.worker.metrics_server import metrics_served
from survey.worker.under_way import CLOSING_STAGES, StepUnderWay
from tests.answering import make_answering
from tests.care_unit.post_office import free_port
from tests.factories import furnish, make_round, small_places
from tests.sealed import ROUND, SECRET, Sealed, make_sealed, responses
from tests.worker.desk import TODAY, Desk, addresses

ROOT = Path(__file__).resolve().parents[2]
Told = dict[tuple[str, str], float]


def worker_of(sealed: Sealed, **settings: object) -> Worker:
    """A worker of an open round that has taken a turn."""
    worker = Worker(sealed.engine, replace(sealed.settings, **settings), {})  # type: ignore[arg-type]
    worker.turn(TODAY)
    return worker


def told(of: WorkerMetrics) -> Told:
    """What is told now, by name and by the one label's value."""
    registry = CollectorRegistry()
    registry.register(of)
    families = text_string_to_metric_families(generate_latest(registry).decode())
    return {
        (sample.name, "".join(sample.labels.values())): sample.value for each in families for sample in each.samples
    }


def fresh(worker: Worker, **about: object) -> WorkerMetrics:
    """The metrics of a worker, not read before."""
    return WorkerMetrics(worker, lambda: TODAY, **about)  # type: ignore[arg-type]


# ── nothing that an answer changes ──


def used(folder: Path) -> int:
    """How many bytes lie in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


@dataclass
class Plant:
    """A gauge that ought not to be there."""

    value: Callable[[Sealed], float]

    def put(self, monkeypatch: pytest.MonkeyPatch, sealed: Sealed) -> None:
        """Let it be told beside the others."""
        others = WorkerMetrics._read

        def read(self_: WorkerMetrics) -> Iterator[Metric]:
            yield from others(self_)
            yield GaugeMetricFamily("survey_planted", "Planted.", value=self.value(sealed))

        monkeypatch.setattr(WorkerMetrics, "_read", read)


class ProcessToo(CollectorRegistry):
    """A registry that tells of the process as well, as the library's own does."""

    def __init__(self) -> None:
        super().__init__()
        ProcessCollector(registry=self)


@contextmanager
def scraping(sealed: Sealed) -> Iterator[tuple[Worker, Callable[[], bytes]]]:
    """A worker whose metrics are served, and how they are fetched."""
    worker = worker_of(sealed, metrics_port=free_port())
    with metrics_served(worker, lambda: TODAY):
        yield worker, lambda: fetch(worker.settings.metrics_port)[1]


def fetch(port: int, method: str = "GET") -> tuple[int, bytes]:
    """Ask as Prometheus does."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    line.request(method, "/metrics")
    with line.getresponse() as reply:
        return reply.status, reply.read()


def differing(sealed: Sealed, monkeypatch: pytest.MonkeyPatch) -> set[bytes]:
    """Every text that was told between twelve answers of residents and three of staff, beyond the first."""
    monkeypatch.setattr(metrics, "READ_INTERVAL", 0)  # what is told again within a minute would prove nothing
    with scraping(sealed) as (worker, scrape):
        found = [scrape()]
        for count, response in enumerate([*responses(12), *responses(3, "provider")]):
            code = sealed.codes("vast-ett", 1, response.role)[0] if count % 2 or response.role == "provider" else None
            sealed.send("vast-ett", response, code, "invited" if code else "open")
            found.append(scrape())
            if count % 4 == 0:
                worker.turn(TODAY)
                found.append(scrape())
    assert b'survey_rounds{state="open"} 1.0' in found[0] and b'survey_well{check="seal"} 1.0' in found[0]
    return set(found[1:]) - {found[0]}


def test_no_byte_changes_with_an_answer(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert differing(make_sealed(engine, tmp_path / "instance", open_link=True), monkeypatch) == set()


@pytest.mark.parametrize(
    "plant",
    [
        Plant(lambda sealed: sum(each.accepted for each in sealed.batches().values())),
        Plant(lambda sealed: round_down_to_ten(sealed.waiting())),
        Plant(lambda sealed: used(sealed.settings.instance.parent)),
        None,
    ],
    ids=["a counter", "tens at once", "the room to the byte", "the process"],
)
def test_a_planted_figure_is_found(
    plant: Plant | None, sqlite_url: str, open_engine: Callable[..., Engine], tmp_path: Path, monkeypatch: object
) -> None:
    assert isinstance(monkeypatch, pytest.MonkeyPatch)
    sealed = make_sealed(open_engine(sqlite_url), tmp_path / "instance", open_link=True)
    if plant:
        plant.put(monkeypatch, sealed)
    else:
        monkeypatch.setattr(prometheus_client, "CollectorRegistry", ProcessToo)
    assert differing(sealed, monkeypatch)


TRANSPORTS = {"mail", "sms"}
WORDS = {
    "step": {"opening", "closing", "cancelling", "publishing", "previewing", "drawing"},
    "stage": {"counting", "writing", "emptying", "erasing"},
    "disk": {"database", "private_keys", "pepper_keys"},
    "check": {"database", "silent", "worker", "disk", "answers", "seal", "keys", *TRANSPORTS},
    "transport": TRANSPORTS,
    "state": {*STATES, *CANCELLED},
    "volume": {"private_keys", "pepper_keys"},
}


def is_fixed(label: str, value: str) -> bool:
    """Whether a label says one of a few words, or a version."""
    return value in WORDS.get(label, ()) or (label == "version" and re.fullmatch(r"\d+\.\d+\.\d+", value) is not None)


def beyond(text: str) -> list[str]:
    """What is told beyond gauges of a few fixed words."""
    families = list(text_string_to_metric_families(text))
    found = [f"{each.name} is a {each.type}" for each in families if each.type != "gauge"]
    labels = [(s.name, *pair) for each in families for s in each.samples for pair in s.labels.items()]
    return found + [f"{name} {label}={value}" for name, label, value in labels if not is_fixed(label, value)]


def test_only_gauges_of_a_few_fixed_words_are_told(sealed: Sealed) -> None:
    sealed.fill({"vast-ett": 3}, channel="invited")
    with scraping(sealed) as (_worker, scrape):
        text = scrape().decode()
    assert beyond(text) == []
    assert not [each.key for each in small_places() if each.key in text] and ROUND not in text
    planted = '# TYPE survey_answers_total counter\nsurvey_answers_total{unit="vast-ett"} 3\n'
    assert beyond(planted) == ["survey_answers is a counter", "survey_answers_total unit=vast-ett"]
    assert {each.key for each in CHANNELS.values() if each.sends} == TRANSPORTS


# ── what stands in them ──


def test_all_is_well(sealed: Sealed) -> None:
    found = told(fresh(worker_of(sealed)))
    assert found["survey_worker_beat_age_minutes", ""] == 0
    assert {name: value for (family, name), value in found.items() if family == "survey_well"} == dict.fromkeys(
        ["answers", "database", "keys", "seal", "silent", "worker"], 1.0
    )
    assert {state: found["survey_rounds", state] for state in WORDS["state"]} == {
        **dict.fromkeys(WORDS["state"], 0.0),
        "open": 1.0,
    }
    assert [name for (family, name) in found if family == "survey_build_info"] == ["0.4.0"]


def test_what_is_not_well_has_the_health_pages_name(sealed: Sealed) -> None:
    worker = worker_of(sealed)
    with write_transaction(sealed.engine) as connection:
        health.write(connection, [health.HealthLine("answers", False), health.HealthLine("mail", False)])
    mark = sealed.volumes.pepper / health.HEARTBEAT
    long_ago = time.time() - 16.5 * 60
    os.utime(mark, (long_ago, long_ago))
    found = told(fresh(worker))
    assert {n for (family, n), v in found.items() if family == "survey_well" and not v} == {"answers", "mail", "silent"}
    assert found["survey_worker_beat_age_minutes", ""] == 16
    mark.unlink()
    assert told(fresh(worker))["survey_worker_beat_age_minutes", ""] == float("inf")


def test_a_database_that_is_gone_is_told_and_the_rest_too(sealed: Sealed) -> None:
    worker = worker_of(sealed)
    sealed.engine.dispose()
    Path(str(sealed.engine.url.database)).rename(sealed.settings.instance / "away")
    found = told(fresh(worker))
    assert found["survey_well", "database"] == 0 and found["survey_well", "silent"] == 1
    assert ("survey_rounds", "open") not in found and found["survey_closing", "counting"] == 0


def test_messages_wait_in_tens_and_a_transport_rests(desk: Desk) -> None:
    worker = worker_of(desk.sealed)
    desk.put(addresses(29))
    clock = 1_800_000_000.0
    with write_transaction(desk.sealed.engine) as connection:
        transports.save(connection, Halt("sms", "down", "", 3, 0, int(clock // 3600) - 7))
    found = told(fresh(worker, clock=lambda: clock))
    assert (found["survey_messages_waiting", "mail"], found["survey_messages_waiting", "sms"]) == (20, 0)
    assert (found["survey_sending_rests", "mail"], found["survey_sending_rests", "sms"]) == (0, 1)
    assert (found["survey_sending_rests_hours", "mail"], found["survey_sending_rests_hours", "sms"]) == (0, 7)


def test_the_free_room_is_read_once_a_day_and_told_in_twentieths(sealed: Sealed) -> None:
    days, room = [TODAY], [0.6499]
    of = WorkerMetrics(worker_of(sealed), lambda: days[-1], share=lambda _folder: room[-1])
    of.clock = iter(range(0, 10**6, 100)).__next__

    def free() -> list[float]:
        found = told(of)
        return [found["survey_disk_free_ratio", name] for name in ("database", "private_keys", "pepper_keys")]

    assert free() == [0.6, 0.6, 0.6]
    room.append(0.0999)
    assert free() == [0.6, 0.6, 0.6]
    days.append(TODAY + timedelta(1))
    assert free() == [0.05, 0.05, 0.05]


def test_a_disk_that_does_not_say_is_left_out(sealed: Sealed) -> None:
    def share(folder: Path) -> float:
        if folder == sealed.volumes.pepper:
            raise OSError
        return 1.0

    found = told(fresh(worker_of(sealed), share=share))
    assert [name for (family, name) in found if family == "survey_disk_free_ratio"] == ["database", "private_keys"]


def test_it_is_read_once_a_minute_however_often_it_is_asked_for(sealed: Sealed) -> None:
    now = [1000.0]
    of = fresh(worker_of(sealed), clock=lambda: now[0])
    told(of)
    with write_transaction(sealed.engine) as connection:
        health.write(connection, [health.HealthLine("answers", False)])
    now[0] += 59
    assert told(of)["survey_well", "answers"] == 1
    now[0] += 1
    assert told(of)["survey_well", "answers"] == 0


def test_a_volume_that_is_gone_is_told_while_the_other_holds_all(
    sqlite_url: str, open_engine: Callable[..., Engine], tmp_path: Path
) -> None:
    engine = open_engine(sqlite_url)
    with write_transaction(engine) as connection:
        furnish(connection, (), make_round(ROUND))
    settings = Settings(tmp_path, SECRET, demo=True, private_keys="one/private", pepper_keys="two/pepper")
    open_round(engine, settings, ROUND)
    worker = worker_of(Sealed(engine, settings))

    def files() -> dict[str, tuple[float, float]]:
        found = told(fresh(worker))
        return {
            each: (found["survey_key_files_present", each], found["survey_key_files_missing", each])
            for each in ("private_keys", "pepper_keys")
        }

    whole = float(len(Sealed(engine, settings).batches()) + 3)
    assert files() == {"private_keys": (whole, 0), "pepper_keys": (whole, 0)}
    (tmp_path / "two" / "pepper" / ROUND).unlink()
    assert files()["pepper_keys"] == (whole - 1, 1)
    shutil.rmtree(tmp_path / "two")
    assert files() == {"private_keys": (whole, 0), "pepper_keys": (0, whole)}


def test_how_far_a_closing_has_come_is_told(sealed: Sealed, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed.fill({"vast-ett": 12, "vast-tva": 12})
    worker, seen = worker_of(sealed), []
    passed = worker.under_way.pass_checkpoint

    def look(name: str) -> None:
        passed(name)
        found = told(fresh(worker))
        seen.append({stage for stage in CLOSING_STAGES.values() if found["survey_closing", stage]})

    monkeypatch.setattr(worker.under_way, "pass_checkpoint", look)
    worker.turn(date(2030, 1, 1))
    assert [next(iter(each)) for n, each in enumerate(seen) if each != (seen[n - 1] if n else None)] == [
        "counting",
        "writing",
        "emptying",
        "erasing",
    ]
    found = told(fresh(worker))
    assert not any(found["survey_closing", stage] for stage in CLOSING_STAGES.values())
    assert found["survey_rounds", "closed"] == 1


def test_a_step_that_takes_long_is_told_in_minutes(sealed: Sealed) -> None:
    now = [0.0]
    worker = worker_of(sealed)
    worker.under_way = StepUnderWay(lambda: now[0])
    with worker.under_way.step("closing"):
        now[0] = 59.9 + 60
        assert told(fresh(worker))["survey_step_minutes", "closing"] == 1
        assert told(fresh(worker))["survey_step_minutes", "drawing"] == 0
    assert told(fresh(worker))["survey_step_minutes", "closing"] == 0
    # How long it takes to read what waits follows how many have answered.
    assert not {"watching", "daily"} & {
        name for (family, name) in told(fresh(worker)) if family == "survey_step_minutes"
    }


# ── where they stand ──


def test_they_are_served_on_loopback_alone_and_only_to_be_read(sealed: Sealed) -> None:
    with scraping(sealed) as (worker, scrape):
        assert scrape().startswith(b"# HELP survey_build_info")
        assert fetch(worker.settings.metrics_port, "POST")[0] == 405
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.2", worker.settings.metrics_port), 5)
    with pytest.raises(ConnectionRefusedError):
        scrape()


def test_nothing_listens_where_no_port_is_set(sealed: Sealed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics_server, "make_server", None)
    with metrics_served(worker_of(sealed), lambda: TODAY):
        pass


def test_who_asks_slowly_keeps_nobody_waiting_for_long(
    sealed: Sealed, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(metrics_server._Handler, "timeout", 0.2)
    with scraping(sealed) as (worker, scrape):
        with socket.create_connection(("127.0.0.1", worker.settings.metrics_port)) as slow:
            slow.sendall(b"GET /metr")
            assert scrape()
        with socket.create_connection(("127.0.0.1", worker.settings.metrics_port)) as strange:
            strange.sendall(b"\x16\x03\x01 CANARY4711\r\n\r\n")
        assert scrape()
    said = capfd.readouterr().err
    assert "CANARY4711" not in said and "Traceback" not in said


def test_who_drips_its_bytes_holds_up_neither_others_nor_the_end(
    sealed: Sealed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metrics_server, "REQUEST_SECONDS", 1.0)
    stopped, began = threading.Event(), time.monotonic()

    def drip(line: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while not stopped.wait(0.05) and time.monotonic() < began + 15:
                line.sendall(b"X")

    with scraping(sealed) as (worker, scrape):
        slow, last = (socket.create_connection(("127.0.0.1", worker.settings.metrics_port)) for _ in range(2))
        dripping = [threading.Thread(target=drip, args=(line,)) for line in (slow, last)]
        for each in dripping:
            each.start()
        assert scrape()
    lasted = time.monotonic() - began
    stopped.set()
    for each in dripping:
        each.join()
    slow.close()
    last.close()
    assert lasted < 10


def test_a_fault_is_told_once_by_its_kind(
    sealed: Sealed, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    def read(_self: WorkerMetrics) -> Iterator[Metric]:
        raise ValueError("CANARY4711")

    monkeypatch.setattr(WorkerMetrics, "_read", read)
    with scraping(sealed) as (worker, _scrape):
        assert [fetch(worker.settings.metrics_port)[0] for _ in range(3)] == [500, 500, 500]
    lines = [each.getMessage() for each in caplog.records if "metrics" in each.getMessage()]
    assert len(lines) == 1 and lines[0].startswith(
        'metrics could not be read kind="ValueError at survey.worker.metrics'
    )
    assert "CANARY4711" not in capfd.readouterr().err


def test_a_port_that_is_taken_stops_nothing(sealed: Sealed, caplog: pytest.LogCaptureFixture) -> None:
    with scraping(sealed) as (worker, scrape), metrics_served(worker, lambda: TODAY):
        assert scrape()
    assert [each.getMessage()[:22] for each in caplog.records if "metrics" in each.getMessage()] == [
        "metrics are not served"
    ]


def test_the_worker_serves_them_while_it_runs_and_stops_when_it_is_told(tmp_path: Path) -> None:
    port = free_port()
    answering = make_answering(tmp_path / "instance", config=f"metrics_port = {port}")
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    environ = {**os.environ, "INSTANCE": str(answering.instance), "PART": "resident"}
    with subprocess.Popen(command, cwd=ROOT, env=environ, stderr=subprocess.PIPE) as process:
        try:
            assert b"survey_rounds{" in patiently(port)
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert answering.app.test_client().get("/metrics").status_code == 404


def patiently(port: int) -> bytes:
    """Ask until there is somebody to answer."""
    until = time.monotonic() + 60
    while True:
        try:
            return fetch(port)[1]
        except ConnectionRefusedError:
            assert time.monotonic() < until
            time.sleep(0.2)
