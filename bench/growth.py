"""Whether an answer costs more when many have come before it: the same walk with ten and a hundred times the answers.

Each size has a database of its own, and they take turns, walk by walk.
"""

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from flask import Flask

from bench.instance import fill, open_instance
from bench.sheet import Row, show
from bench.walking import Walker, take_turns

ALREADY = (0, 1_000, 10_000, 100_000)
WALKS = 400


def walked(apps: Sequence[Flask], walks: int = WALKS) -> list[Row]:
    """Each against the first, which is the empty one."""
    walkers = [Walker(app) for app in apps]
    bare = take_turns(walkers, walks)
    empty = walkers[0]
    return [
        Row("CPU of an answer ÷ with none there", [each.cpu / empty.cpu for each in walkers], 2),
        Row("CPU of the post alone ÷ with none there", [each.cpu_of[1] / empty.cpu_of[1] for each in walkers], 2),
        Row("p50 of an answer ÷ with none there", [each.wall / empty.wall for each in walkers], 2),
        Row("CPU per answer ÷ CPU per bare request", [each.cpu / bare.cpu for each in walkers], 1),
        Row("p50 of an answer, ms", [each.wall * 1000 for each in walkers], 2),
    ]


def main(already: Sequence[int] = ALREADY, walks: int = WALKS) -> None:
    """Fill, measure and print."""
    with ExitStack() as stack:
        apps = []
        for answers in already:
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            apps.append(open_instance(Path(folder) / "instance"))
            fill(apps[-1], answers)
        rows = walked(apps, walks)
    show("Growth: answers that already wait in the open round", rows, [f"{answers:,}" for answers in already])
