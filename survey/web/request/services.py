"""What a view needs of the running app, by name: engine, settings, versions, key volumes, today. For all journeys."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from flask import Flask, current_app
from sqlalchemy import Engine

from survey.config import Settings
from survey.domain import clock
from survey.domain.questions.questionnaire import Version
from survey.sealing.keys.key_volumes import KeyVolumes


@dataclass(frozen=True)
class House:
    """What one app was made with."""

    engine: Engine
    settings: Settings
    versions: dict[str, Version]
    volumes: KeyVolumes
    today: Callable[[], date]
    now: Callable[[], datetime] = clock.now


def furnish(app: Flask, house: House) -> None:
    """Give the app its house."""
    app.extensions["house"] = house


def house() -> House:
    """The current app's house."""
    return cast(House, current_app.extensions["house"])


def engine() -> Engine:
    """The database."""
    return house().engine


def settings() -> Settings:
    """The instance's settings."""
    return house().settings


def form_id_key() -> str:
    """What form ids are signed with; the staff's keyed-in sheets carry them too."""
    return settings().resident_key("form ids").hex()


def device_key() -> str:
    """What a kiosk's codes and tokens are made and hashed with."""
    return settings().resident_key("devices").hex()


def versions() -> dict[str, Version]:
    """What may be asked, by version key."""
    return house().versions


def volumes() -> KeyVolumes:
    """The two key volumes; the web reads peppers only."""
    return house().volumes


def today() -> date:
    """The day, as handed in when the app was made."""
    return house().today()


def now() -> datetime:
    """The time of day, for what is told of devices and staff; never of who answers."""
    return house().now()
