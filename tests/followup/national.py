"""An instance of the follow-up tests that has national editions as well, from a few regions' exports."""

from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask

from tests.followup.staffed import furnish_instance
from tests.publication.sweden import Exporter, Gathering, editions_of, period_of

KEYS = ("gotland", "jamtland-harjedalen", "skane", "uppsala", "vasternorrland", "orebro")
OTHER_WORDS, LATER = "vasternorrland", "orebro"


@cache
def bodies(key: str) -> list[dict[str, Any]]:
    """A region's two editions; one asks in other words, another is there in the later half-year alone."""
    made = editions_of(key, 2, version="metodstod-2019" if key == OTHER_WORDS else "underlag-2021")
    return made[1:] if key == LATER else made


def national_instance(folder: Path) -> tuple[Flask, list[int]]:
    """The app with five editions of its own, and the numbers of two national ones."""
    app = furnish_instance(folder)
    services = app.extensions["services"]
    gathering = Gathering(services.engine, services.settings)
    for key in KEYS:
        gathering.trust(Exporter(folder / "export" / key, key, bodies(key)))
    # One more is trusted, and has nothing from these days.
    gathering.trust(Exporter(folder / "export" / "kalmar", "kalmar", []))
    assert [each.refused for each in gathering.gather()] == [""] * (len(KEYS) + 1)
    return app, [gathering.publish(period_of(at)).number for at in range(2)]
