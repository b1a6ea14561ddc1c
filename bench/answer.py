"""What an answer costs: a whole server under sixteen clients, beside the same server with the bare app."""

import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from flask import Flask

from bench import load, pieces
from bench.instance import UNITS, fdatasync_median, open_instance
from bench.server import Server, serving
from bench.sheet import Row, middle, p99, row, show
from bench.walking import Walker, take_turns

CLIENTS, TURNS, ANSWERS_EACH, BARE_EACH = 16, 5, 40, 250
WALKS = 1_000


class Load(NamedTuple):
    """What one load did to a server: CPU milliseconds and number a second of its walks, milliseconds of requests."""

    cpu: float
    rate: float
    times: list[float]


def measure(server: Server, clients: int, each: int, units: Sequence[str]) -> Load:
    """Let clients walk; with no units, bare requests."""
    before = server.cpu()
    seconds, times = load.run(server.port, clients, each, list(units))
    walks = clients * each
    return Load((server.cpu() - before) * 1000 / walks, walks / seconds, [spent * 1000 for spent in times])


def take_loads(
    ours: Server, bare: Server, clients: int, each: int, bare_each: int, turns: int = TURNS
) -> list[tuple[Load, Load]]:
    """Load both servers in turns."""
    return [(measure(ours, clients, each, UNITS), measure(bare, clients, bare_each, ())) for _ in range(turns)]


def served(ours: Server, bare: Server, flush: float, loads: Sequence[tuple[Load, Load]]) -> list[Row]:
    """The table of the README."""
    counts = "" if flush <= 1 else "does not count: fdatasync is slow"
    return [
        row("CPU per answer ÷ CPU per bare request", middle(a.cpu / b.cpu for a, b in loads), at_most=12),
        row("CPU per answer, ms", middle(a.cpu for a, _ in loads), 2),
        row("CPU per bare request, ms", middle(b.cpu for _, b in loads), 3),
        row("answers a second", middle(a.rate for a, _ in loads), 0),
        row("bare requests a second", middle(b.rate for _, b in loads), 0),
        row("request p99, ms", middle(p99(a.times) for a, _ in loads), at_most=30, note=counts),
        row("bare request p99, ms", middle(p99(b.times) for _, b in loads)),
        row("request p99 ÷ bare request p99", middle(p99(a.times) / p99(b.times) for a, b in loads), 2),
        row("fdatasync after 4 kB, median, ms", flush, 2, note="≤ 1 for the p99 to count"),
        row("whole server that only takes answers, PSS, MB", ours.pss(), 0, at_most=140),
        row("whole bare server, PSS, MB", bare.pss(), 0),
    ]


def walked(app: Flask, walks: int = WALKS) -> list[Row]:
    """The stable figure."""
    ours = Walker(app)
    bare = take_turns([ours], walks)
    get, post, thanks = (part / bare.cpu for part in ours.cpu_of)
    return [
        row("CPU per answer ÷ CPU per bare request", ours.cpu / bare.cpu),
        row("  of it the questions", get, 2),
        row("  of it the answers", post, 2),
        row("  of it the thanks", thanks, 2),
        row("CPU per bare request, µs", bare.cpu * 1e6, 0),
    ]


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        instance = Path(folder) / "instance"
        app = open_instance(instance)
        flush = fdatasync_median(instance)
        environ = {"INSTANCE": str(instance), "PART": "resident"}
        with serving("wsgi:app", environ) as ours, serving("bench.bare:app") as bare:
            take_loads(ours, bare, CLIENTS, 5, 20, turns=1)
            loads = take_loads(ours, bare, CLIENTS, ANSWERS_EACH, BARE_EACH)
            rows = served(ours, bare, flush, loads)
        show(f"An answer: granian, 2 workers, {CLIENTS} clients, SQLite WAL FULL, {date.today()}", rows)
        show(f"The same without the server: 10th percentile of {WALKS} walks in one process", walked(app))
        show("Where an answer's CPU goes, in percent of the whole walk", pieces.split(app))
