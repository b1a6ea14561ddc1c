"""Publication of a round: seconds and memory, and how both grow with the number of units.

Each size has an instance of its own with rounds before it, whose figures are drawn by a seed, noised and written as a
closing writes them. The last one is published, in a process of its own. Nothing is drawn: that waits for a first look.
"""

import os
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

from flask import Flask

from bench.closing import rows_of, sizes_asked, taken, tell_of
from bench.editions import opening_of, places_of, rounds_of
from bench.instance import house_of
from bench.sheet import Row, show
from survey.__main__ import ensure_instance
from survey.app import create_app
from survey.domain.disclosure.protection import DEFAULT_PROTECTION
from survey.domain.places.place_tree import Place
from survey.domain.rounds.lifecycle import Round
from survey.publication import edition
from survey.publication.publish import build_without_gaps, publish
from survey.store.answers import tally
from survey.store.core import places, rounds
from survey.store.database.engine import write_transaction
from survey.store.maintenance.migrate import upgrade
from survey.store.published import editions
from tests.told_rounds import written

SIZES = (60, 300, 1_217)
ROUNDS = 6  # change, and what several rounds say together, look no further back
UNITS_A_MUNICIPALITY, AT_MOST = 4, 300


def build(folder: Path, units: int, count: int) -> Flask:
    """An instance with so many closed rounds, all but the last with an edition."""
    ensure_instance(folder)
    app = create_app("staff", folder)
    house = house_of(app)
    upgrade(house.engine)
    there = places_of(max(1, units // UNITS_A_MUNICIPALITY), units)
    with write_transaction(house.engine) as connection:
        places.save_places(connection, there)
    for number, round_ in enumerate(rounds_of(count), 1):
        _add(app, round_, there, number)
        if number < count:
            _edition_without_gaps(app, round_)
    house.engine.dispose()
    return app


def _add(app: Flask, round_: Round, there: list[Place], number: int) -> None:
    made = written(opening_of(Random(number), there), there, round_.key)
    protected = replace(round_, state="closed", protection=DEFAULT_PROTECTION.text(), tree=made.tree)
    with write_transaction(house_of(app).engine) as connection:
        rounds.add_round(connection, protected)
        tally.write(connection, round_.key, made)


def _edition_without_gaps(app: Flask, round_: Round) -> None:
    """An earlier round's edition: a later one reads its places and wordings, and its tally, but none of its gaps."""
    house = house_of(app)
    with write_transaction(house.engine) as connection:
        _data, body = build_without_gaps(connection, house.versions, round_.key)
        number = editions.next_number(connection)
        text, sha256 = edition.canonical(body | {"number": number, "translations": {}})
        editions.add(connection, round_.key, text, sha256, round_.closes + timedelta(14))
        for state in ("publishing", "published"):
            rounds.set_state(connection, round_.key, state)


def publish_last(folder: str, count: int) -> None:
    """In a process of its own: publish the last round, and print what it took."""
    house = house_of(create_app("staff", Path(folder)))
    round_ = rounds_of(count)[-1]
    tell_of(lambda: publish(house.engine, house.settings, house.versions, round_.key, round_.closes + timedelta(14)))


def main() -> None:
    """Build, publish, measure and print."""
    sizes: Sequence[int] = sizes_asked("UNITS", SIZES)
    count = int(os.environ.get("ROUNDS", ROUNDS))
    found = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            instance = Path(folder) / "instance"
            build(instance, size, count)
            found.append(taken(f"from bench.publishing import publish_last; publish_last({str(instance)!r}, {count})"))
    seconds, *others = rows_of(sizes, found)
    bound = Row("seconds", seconds.figures, 2, AT_MOST)
    show(f"Publication of round {count}, by units, SQLite", [bound, *others], [f"{size:,}" for size in sizes])


if __name__ == "__main__":
    main()
