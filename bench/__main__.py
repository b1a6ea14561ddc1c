"""`python -m bench`: an answer beside a bare Flask request, in one run on one machine."""

import os
import statistics
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from bench import load
from bench.server import Server, serving

CLIENTS, ROUNDS, ANSWERS_EACH, BARE_EACH = 16, 5, 40, 250
UNITS = ["brunflo", "froso", "odensala", "lugnvik", "zatagrand", "hallen", "hede", "offerdal"]


def fdatasync_median(folder: Path, writes: int = 200) -> float:
    """Milliseconds of one fdatasync after a 4 kB write, the median."""
    times = []
    with (folder / "probe").open("wb") as file:
        for _ in range(writes):
            file.write(b"x" * 4096)
            file.flush()
            begun = time.perf_counter()
            os.fdatasync(file.fileno())
            times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


def open_instance(folder: Path) -> None:
    """An instance with the demo's places and one open round."""
    from survey.__main__ import ensure_instance
    from survey.app import create_app
    from survey.cli import demo
    from survey.domain.rounds import Round
    from survey.sealing.opening import open_round
    from survey.store import rounds
    from survey.store.engine import writing
    from survey.store.migrate import upgrade

    ensure_instance(folder)
    app = create_app("resident", folder)
    with app.app_context():
        house = app.extensions["house"]
        upgrade(house.engine)
        demo.add_places()
        today = date.today()
        version = "underlag-2021"
        with writing(house.engine) as connection:
            rounds.add_round(
                connection,
                Round("now", "nu", today, today + timedelta(9), 1, version, version, 10, 5, True, "draft"),
            )
        open_round(house.engine, house.settings, "now")
        house.engine.dispose()


def measure(server: Server, each: int, units: list[str]) -> tuple[float, float, list[float]]:
    """CPU milliseconds a walk, walks a second, request times in milliseconds."""
    before = server.cpu()
    seconds, times = load.run(server.port, CLIENTS, each, units)
    walks = CLIENTS * each
    return (server.cpu() - before) * 1000 / walks, walks / seconds, [t * 1000 for t in times]


def main() -> None:
    """Alternate the two servers, five times each, and print medians."""
    with tempfile.TemporaryDirectory() as folder:
        instance = Path(folder) / "instance"
        open_instance(instance)
        flush = fdatasync_median(instance)
        with (
            serving("wsgi:app", {"INSTANCE": str(instance), "PART": "resident"}) as ours,
            serving("bench.bare:app", {}) as bare,
        ):
            measure(ours, 5, UNITS)
            measure(bare, 20, [])
            runs = [(measure(ours, ANSWERS_EACH, UNITS), measure(bare, BARE_EACH, [])) for _ in range(ROUNDS)]
            memory = ours.pss()
    ratio = statistics.median(answer[0] / request[0] for answer, request in runs)
    p99 = statistics.median(statistics.quantiles(answer[2], n=100)[98] for answer, _ in runs)
    rows = [
        ("CPU per answer ÷ CPU per bare Flask request", f"{ratio:.1f}", "≤ 16"),
        ("CPU per answer, ms", f"{statistics.median(answer[0] for answer, _ in runs):.2f}", ""),
        ("CPU per bare request, ms", f"{statistics.median(request[0] for _, request in runs):.3f}", ""),
        ("answers per second, 16 clients", f"{statistics.median(answer[1] for answer, _ in runs):.0f}", ""),
        ("request p99, ms", f"{p99:.1f}", "≤ 30"),
        ("fdatasync median, ms", f"{flush:.2f}", "≤ 1 for the p99 to count"),
        ("whole server, PSS, MB", f"{memory:.0f}", "≤ 140"),
    ]
    print(f"granian, 2 workers, {CLIENTS} clients, SQLite WAL FULL, {date.today()}")
    for name, value, bound in rows:
        print(f"{name:46} {value:>8}  {bound}")


if __name__ == "__main__":
    main()
