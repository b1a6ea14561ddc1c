"""PostgreSQL beside SQLite: the same walk, in turns, without a server and with one.

The CPU is the web's own; what PostgreSQL's processes use comes on top of it.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from flask import Flask

from bench.answer import CLIENTS, TURNS, measure
from bench.instance import UNITS, open_instance
from bench.server import Server, serving
from bench.sheet import Row, middle, p99, show
from bench.walking import Walker, take_turns
from tests.postgres import Cluster

WALKS, ANSWERS_EACH = 400, 30
COLUMNS = ("SQLite", "PostgreSQL", "ratio")


def walked(sqlite: Flask, postgres: Flask, walks: int = WALKS) -> list[Row]:
    """In this process."""
    first, second = Walker(sqlite), Walker(postgres)
    bare = take_turns([first, second], walks)
    return [
        _beside("CPU per answer ÷ CPU per bare request", first.cpu / bare.cpu, second.cpu / bare.cpu),
        _beside("p50 of an answer, ms", first.wall * 1000, second.wall * 1000),
    ]


def served(sqlite: Server, postgres: Server, each: int = ANSWERS_EACH, turns: int = TURNS) -> list[Row]:
    """Under sixteen clients."""
    loads = [(measure(sqlite, CLIENTS, each, UNITS), measure(postgres, CLIENTS, each, UNITS)) for _ in range(turns)]

    def both(what: str, found: Sequence[tuple[float, float]]) -> Row:
        ratio = middle(second / first for first, second in found)
        return Row(what, (middle(first for first, _ in found), middle(second for _, second in found), ratio), 2)

    return [
        both("CPU per answer, ms", [(a.cpu, b.cpu) for a, b in loads]),
        both("answers a second", [(a.rate, b.rate) for a, b in loads]),
        both("request p50, ms", [(middle(a.times), middle(b.times)) for a, b in loads]),
        both("request p99, ms", [(p99(a.times), p99(b.times)) for a, b in loads]),
    ]


def _beside(what: str, first: float, second: float) -> Row:
    return Row(what, (first, second, second / first), 2)


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory(prefix="sju-postgres-") as data:
        cluster = Cluster(Path(data))
        try:
            cluster.execute("CREATE DATABASE bench")
            folders = [Path(folder) / name for name in ("sqlite", "postgres")]
            rows = walked(open_instance(folders[0]), open_instance(folders[1], cluster.url("bench")))
            show("Databases, without the server", rows, COLUMNS)
            environs = [{"INSTANCE": str(each), "PART": "resident"} for each in folders]
            with serving("wsgi:app", environs[0]) as sqlite, serving("wsgi:app", environs[1]) as postgres:
                served(sqlite, postgres, 5, 1)
                show(f"Databases, granian and {CLIENTS} clients", served(sqlite, postgres), COLUMNS)
        finally:
            cluster.stop()
