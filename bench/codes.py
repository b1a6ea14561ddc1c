"""Codes for a million residents: whether the last thousand cost more than the first, and what is kept of one."""

import resource
import tempfile
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from flask import Flask

from bench.every_unit import many_units
from bench.instance import ROUND, house_of, open_instance
from bench.sheet import Row, middle, show
from survey.sealing.intake.issue_codes import make_codes
from survey.store.database.engine import truncate_wal

SIZES = (10_000, 100_000, 1_000_000)
EACH = 1_000  # what a unit asks for at a time
LAST = 10  # orders whose time is compared


def made(app: Flask, folder: Path, sizes: Sequence[int] = SIZES, each: int = EACH) -> list[Row]:
    """Make codes, unit after unit, up to each size in turn."""
    house, units = house_of(app), many_units()
    times: list[float] = []
    spent, memory, room = [], [], [_room(folder)]
    begun = time.perf_counter()
    for size in sizes:
        while len(times) * each < size:
            unit = units[len(times) % len(units)].key
            start = time.perf_counter()
            make_codes(house.engine, house.volumes, unit, ROUND, "patient", each)
            times.append(time.perf_counter() - start)
        truncate_wal(house.engine)
        spent.append(time.perf_counter() - begun)
        memory.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        room.append(_room(folder))
    ends = [size // each for size in sizes]
    first = middle(times[:LAST])
    return [
        Row("seconds in all", spent, 1),
        Row(f"an order of {each:,} ÷ one of the first", [middle(times[max(0, n - LAST) : n]) / first for n in ends], 2),
        Row("most memory of the process, MB", memory, 0),
        Row("bytes on disk a code", [(b - a) / (size - less) for (a, b), size, less in _grown(room, sizes)], 0),
    ]


def _grown(room: Sequence[int], sizes: Sequence[int]) -> list[tuple[tuple[int, int], int, int]]:
    return list(zip(pairwise(room), sizes, (0, *sizes), strict=False))


def _room(folder: Path) -> int:
    return sum(each.stat().st_size for each in folder.rglob("*") if each.is_file())


def main(sizes: Sequence[int] = SIZES, each: int = EACH) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        app = open_instance(Path(folder) / "instance", more=many_units())
        show("Codes", made(app, Path(folder), sizes, each), [f"{size:,}" for size in sizes])
