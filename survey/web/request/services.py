"""The services of the running app, by name: engine, settings, versions, key volumes, today. For all views."""

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
class Services:
    """The services that one app was made with."""

    engine: Engine
    settings: Settings
    versions: dict[str, Version]
    volumes: KeyVolumes
    today: Callable[[], date]
    now: Callable[[], datetime] = clock.now


def init_services(app: Flask, found: Services) -> None:
    """Give the app its services."""
    app.extensions["services"] = found


def current_services() -> Services:
    """Return the current app's services."""
    return cast(Services, current_app.extensions["services"])


def engine() -> Engine:
    """Return the database's engine."""
    return current_services().engine


def settings() -> Settings:
    """Return the instance's settings."""
    return current_services().settings


def form_id_key() -> str:
    """Return the key that form ids are signed with; the staff's keyed-in sheets carry them too."""
    return settings().resident_key("form ids").hex()


def kiosk_key() -> str:
    """Return the key that a kiosk's codes and tokens are made and hashed with."""
    return settings().resident_key("devices").hex()


def versions() -> dict[str, Version]:
    """Return the questionnaire versions, by key."""
    return current_services().versions


def volumes() -> KeyVolumes:
    """Return the two key volumes; the web reads peppers only."""
    return current_services().volumes


def today() -> date:
    """Return the day, as handed in when the app was made."""
    return current_services().today()


def now() -> datetime:
    """Return the time of day, for what is told of devices and staff; never of who answers."""
    return current_services().now()
