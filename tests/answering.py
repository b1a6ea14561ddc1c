"""A small house to answer in: one region, two units, one round that is open. For the tests of the answer
pages.

Everything in it goes the real way: migrated tables, keys on volumes, codes as the care unit gets them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from flask import Flask

from survey.app import create_app
from survey.domain.places.place_tree import Place
from survey.domain.questions.questionnaire import QUESTIONS
from survey.domain.rounds.lifecycle import Round
from survey.sealing.intake.issue_codes import make_codes
from survey.sealing.rounds.open_round import open_round
from survey.store.answers.batches import batches
from survey.store.core import places, rounds
from survey.store.database.engine import read_transaction, write_transaction
from survey.store.maintenance.migrate import upgrade
from survey.web.request.services import Services

TODAY = date(2026, 9, 15)
REGION = "Region Jämtland Härjedalen"
UNIT, OTHER_UNIT, ROUND = "froso", "stugun", "2026-host"
PLACES = (
    Place("jamtland-harjedalen", REGION, "region"),
    Place("ostersund", "Östersund", "municipality", "jamtland-harjedalen"),
    Place(UNIT, "Frösö hälsocentral", "unit", "ostersund", REGION, headcount=2000),
    Place(OTHER_UNIT, "Stuguns hälsocentral", "unit", "ostersund", REGION, headcount=2000),
)
ANSWERS: Mapping[str, str] = dict.fromkeys(QUESTIONS, "yes")


@dataclass(frozen=True)
class Answering:
    """The running app of one such house, and what a test needs of it."""

    app: Flask
    instance: Path

    @property
    def house(self) -> Services:
        """What the app was made with."""
        found: Services = self.app.extensions["services"]
        return found

    def codes(self, count: int = 1, role: str = "patient", unit: str = UNIT) -> list[str]:
        """New one-time codes."""
        return make_codes(self.house.engine, self.house.volumes, unit, ROUND, role, count)


def make_answering(
    instance: Path,
    open_link: bool = False,
    demo: bool = False,
    part: str = "resident",
    config: str = "",
    limit: str = "open_answers_per_hour = 10000000\nopen_answers_per_day_and_head = 10000000",
) -> Answering:
    """Make the instance folder, the database, the places and the open round."""
    instance.mkdir(parents=True)
    lines = [
        f'secret = "{"s" * 40}"',
        "session_cookie_secure = false",
        "demo = true",
        limit,
        config,
    ]
    (instance / "config.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    app = create_app(part, instance, lambda: TODAY)
    made = Answering(app, instance)
    engine = made.house.engine
    upgrade(engine)
    with write_transaction(engine) as connection:
        places.save_places(connection, PLACES)
        rounds.add_round(connection, the_round(open_link))
    open_round(engine, made.house.settings, ROUND)
    if not demo:
        _without_banner(app)
    return made


def the_round(open_link: bool = False) -> Round:
    """The round that is open on TODAY."""
    return Round(
        key=ROUND,
        name="Hösten 2026",
        opens=date(2026, 9, 1),
        closes=date(2026, 10, 15),
        grace_days=1,
        version_patient="underlag-2021",
        version_provider="underlag-2021",
        open_link=open_link,
    )


def _without_banner(app: Flask) -> None:
    # Keys may lie beside the answers only in a trial, and all folders of a test are on one device. The
    # pages are looked at as they stand in earnest, without the trial's banner, unless a test asks for it.
    house: Services = app.extensions["services"]
    app.extensions["services"] = replace(house, settings=replace(house.settings, demo=False))


def counted(answering: Answering, channel: str, role: str = "patient", unit: str = UNIT) -> tuple[int, int]:
    """How many answers a batch has taken, and how many second tries."""
    with read_transaction(answering.house.engine) as connection:
        found = batches(connection, ROUND)
    batch = next(b for b in found if (b.place, b.role, b.collection_mode) == (unit, role, channel))
    return batch.accepted, batch.duplicates
