"""One, four, sixteen and sixty-four clients at once, beside the bare app under as many."""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.answer import TURNS, Load, take_loads
from bench.instance import open_instance
from bench.server import Server, serving
from bench.sheet import Row, middle, p99, show

CLIENTS = (1, 4, 16, 64)
ANSWERS, BARE = 320, 1_280


MEASURES: tuple[tuple[str, Callable[[Load], float], int], ...] = (
    ("walks a second", lambda load: load.rate, 0),
    ("request p50, ms", lambda load: middle(load.times), 2),
    ("request p99, ms", lambda load: p99(load.times), 2),
)


def rows_of(loads: Sequence[Sequence[tuple[Load, Load]]]) -> list[Row]:
    """Each measure for the answers, for the bare app, and the one as a share of the other; a column a load."""
    found = []
    for what, of, digits in MEASURES:
        found += [
            Row(what, [middle(of(ours) for ours, _ in turns) for turns in loads], digits),
            Row("  the bare app's", [middle(of(bare) for _, bare in turns) for turns in loads], digits),
            Row("  ours ÷ the bare app's", [middle(of(a) / of(b) for a, b in turns) for turns in loads], 3),
        ]
    return found


def take_all(
    ours: Server, bare: Server, clients: Sequence[int] = CLIENTS, answers: int = ANSWERS, turns: int = TURNS
) -> list[Row]:
    """Load both in turns, with each number of clients."""
    several = BARE // ANSWERS
    loads = [
        take_loads(ours, bare, many, max(1, answers // many), max(1, several * answers // many), turns)
        for many in clients
    ]
    return rows_of(loads)


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        instance = Path(folder) / "instance"
        open_instance(instance)
        environ = {"INSTANCE": str(instance), "PART": "resident"}
        with serving("wsgi:app", environ) as ours, serving("bench.bare:app") as bare:
            take_loads(ours, bare, 16, 5, 20, turns=1)
            rows = take_all(ours, bare)
    heading = "Clients at once: a walk is a whole answer of three requests, or one bare request"
    show(heading, rows, [f"{clients} clients" for clients in CLIENTS])
