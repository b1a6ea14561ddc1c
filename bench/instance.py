"""What is measured: an instance with the demo's places and one open round, empty or with answers in it already."""

import os
import secrets
import statistics
import time
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import cycle, islice
from pathlib import Path

from flask import Flask

from survey.__main__ import ensure_instance
from survey.app import create_app
from survey.cli import demo
from survey.cli.demo.invented import demo_rounds
from survey.domain.places.place_tree import Place
from survey.domain.rounds.lifecycle import Round
from survey.sealing.intake.envelope import LENGTH
from survey.sealing.rounds.open_round import open_round
from survey.store.answers import batches, envelopes, used_form_ids
from survey.store.answers.envelopes import Envelope
from survey.store.core import places, rounds
from survey.store.database.engine import read_transaction, truncate_wal, write_transaction
from survey.store.maintenance.migrate import upgrade
from survey.web.request.services import Services

ROUND, VERSION = demo_rounds(date.today())[-1].key, "underlag-2021"
UNITS = ("brunflo", "froso", "odensala", "lugnvik", "zatagrand", "hallen", "hede", "offerdal")
CHUNK = 5_000


def open_instance(folder: Path, database: str = "", more: Sequence[Place] = ()) -> Flask:
    """Make the instance with the demo's places and `more`, and open its round; the resident part's app on it."""
    ensure_instance(folder)
    with (folder / "config.toml").open("a", encoding="utf-8") as config:
        config.write(
            f'database = "{database}"\nopen_answers_per_hour = 10000000\nopen_answers_per_day_and_head = 10000000\n'
        )
    app = create_app("resident", folder)
    today = date.today()
    with app.app_context():
        house = house_of(app)
        upgrade(house.engine)
        demo.add_places()
        with write_transaction(house.engine) as connection:
            places.save_places(connection, more)
            asked = Round(ROUND, "nu", today, today + timedelta(9), 1, VERSION, VERSION, 10, 5, True, "draft")
            rounds.add_round(connection, asked)
        open_round(house.engine, house.settings, ROUND)
        house.engine.dispose()
    return app


def house_of(app: Flask) -> Services:
    """What the app was made with."""
    house: Services = app.extensions["services"]
    return house


def batches_of(app: Flask, unit: str) -> tuple[str, str]:
    """Where a resident's two envelopes go who answers for a unit by the open link."""
    with read_transaction(house_of(app).engine) as connection:
        own = batches.public_batch(connection, ROUND, unit, "patient", "open")
        second = batches.background_batch(connection, ROUND, "open")
    assert own is not None and second is not None
    return own[0], second[0]


def fill(app: Flask, answers: int) -> None:
    """So many answers as they lie in the open round: envelopes, counted, with their form ids. Noise is as good as a
    seal here, for nobody opens them.
    """
    engine = house_of(app).engine
    units = [batches_of(app, unit) for unit in UNITS]
    waiting = islice(cycle(units), answers)
    while chunk := list(islice(waiting, CHUNK)):
        named = [batch for both in chunk for batch in both]
        made = [Envelope(secrets.token_bytes(16), batch, secrets.token_bytes(LENGTH)) for batch in named]
        with write_transaction(engine) as connection:
            envelopes.add_envelopes(connection, made)
            for own, second in chunk:
                batches.count(connection, own, second, first=True)
                used_form_ids.remember(connection, secrets.token_bytes(32), ROUND)
    truncate_wal(engine)


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
