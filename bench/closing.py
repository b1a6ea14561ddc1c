"""Closing a round of very many envelopes, sealed as answers are: seconds and memory, and how fast both grow.

Each size has an instance of its own, and a process of its own that closes it, whose peak memory the kernel tells
(VmHWM); those that it starts are told of by the largest. A slope is the exponent between a size and the one before it:
1 where seconds grow as the envelopes do, 0 where memory does not grow.
"""

import json
import math
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import psutil
from flask import Flask

from bench.instance import ROUND, house_of, open_instance
from bench.sheet import Row, show
from survey.app import create_app
from survey.sealing.keys.key_storage import volumes_of
from survey.sealing.rounds.close_round import close_round
from survey.store.database.engine import truncate_wal
from tests.postgres import Cluster
from tests.sealed import add_sealed

SIZES = (10_000, 100_000)  # ENVELOPES=1000000 for more
ROOT = Path(__file__).resolve().parent.parent


class Taken(NamedTuple):
    """What a step took: seconds of the clock and of processors, and peak memory in MB, its own and a child's."""

    seconds: float
    cpu: float
    peak: float
    child: float


def fill(app: Flask, size: int) -> None:
    """So many envelopes, two an answer."""
    house = house_of(app)
    add_sealed(house.engine, volumes_of(house.settings), size // 2, ROUND)
    truncate_wal(house.engine)


def close(folder: str) -> None:
    """In a process of its own: close, and print what it took."""
    house = house_of(create_app("staff", Path(folder)))
    tell_of(lambda: close_round(house.engine, volumes_of(house.settings), ROUND))


def tell_of(step: Callable[[], object]) -> None:
    """In a process of its own: take a step, and print what it took."""
    peaks: dict[int, float] = {0: 0.0}
    threading.Thread(target=_watch_children, args=(peaks,), daemon=True).start()
    begun, used = time.perf_counter(), sum(os.times()[:4])
    step()
    seconds, cpu = time.perf_counter() - begun, sum(os.times()[:4]) - used
    print(json.dumps([seconds, cpu, _peak_of(os.getpid()), max(peaks.values())]))


def _watch_children(peaks: dict[int, float]) -> None:
    while True:
        for child in psutil.Process().children():
            with suppress(OSError, psutil.NoSuchProcess, StopIteration):
                peaks[child.pid] = _peak_of(child.pid)
        time.sleep(0.1)


def _peak_of(process: int) -> float:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1000


def taken(call: str) -> Taken:
    """What a step takes in a process of its own, which is told what to call."""
    output = subprocess.run([sys.executable, "-c", call], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return Taken(*json.loads(output.stdout.splitlines()[-1]))


def closed(size: int, database: str = "") -> Taken:
    """Fill an instance and have it closed."""
    with tempfile.TemporaryDirectory() as folder:
        instance = Path(folder) / "instance"
        app = open_instance(instance, database)
        fill(app, size)
        house_of(app).engine.dispose()
        return taken(f"from bench.closing import close; close({str(instance)!r})")


def rows_of(sizes: Sequence[int], found: Sequence[Taken]) -> list[Row]:
    """A column for each size."""

    def slopes(values: Sequence[float]) -> list[float]:
        pairs = pairwise(zip(sizes, values, strict=True))
        return [math.nan, *(math.log(b / a) / math.log(m / n) for (n, a), (m, b) in pairs)]

    return [
        Row("seconds", [each.seconds for each in found], 2),
        Row("CPU seconds, of all its processes", [each.cpu for each in found], 2),
        Row("peak memory of the process (VmHWM), MB", [each.peak for each in found], 0),
        Row("  of the largest that it started, MB", [each.child for each in found], 0),
        Row("slope of the seconds", slopes([each.seconds for each in found]), 2),
        Row("slope of the CPU seconds", slopes([each.cpu for each in found]), 2),
        Row("slope of the peak memory", slopes([each.peak for each in found]), 2),
    ]


def sizes_asked(name: str, usual: Sequence[int]) -> Sequence[int]:
    """The sizes that the environment names, or the usual ones."""
    asked = os.environ.get(name, "")
    return [int(each) for each in asked.split(",")] if asked else usual


def main() -> None:
    """Fill, close, measure and print."""
    sizes = sizes_asked("ENVELOPES", SIZES)
    columns = [f"{size:,}" for size in sizes]
    show("Closing, by envelopes, SQLite", rows_of(sizes, [closed(size) for size in sizes]), columns)
    with tempfile.TemporaryDirectory(prefix="sju-postgres-") as data:
        cluster = Cluster(Path(data))
        try:
            found = []
            for size in sizes:
                cluster.execute(f"CREATE DATABASE of_{size}")
                found.append(closed(size, cluster.url(f"of_{size}")))
            show("Closing, by envelopes, PostgreSQL", rows_of(sizes, found), columns)
        finally:
            cluster.stop()
