"""Small places and rounds for the tests, as plain as can be."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Connection

from survey.domain.places.place_tree import Place
from survey.domain.rounds.lifecycle import STATES, Round
from survey.store.core import places, rounds

REGION, WEST, EAST = "regionen", "vast", "ost"
UNITS = ("vast-ett", "vast-tva", "ost-ett", "ost-tva")


def small_places() -> list[Place]:
    """A region, two municipalities, four units."""
    return [
        Place(REGION, "Regionen", "region"),
        Place(WEST, "Väst", "municipality", REGION, "Väst kommun"),
        Place(EAST, "Öst", "municipality", REGION, "Öst kommun"),
        *(
            Place(key, key.replace("-", " ").title(), "unit", key.split("-")[0], "Regionen", headcount=2000)
            for key in UNITS
        ),
    ]


def many_places(municipalities: int = 8, units: int = 6) -> list[Place]:
    """A region with municipalities m1, m2, … and units m1-u1, m1-u2, …"""
    found = [Place(REGION, "Regionen", "region")]
    for m in range(1, municipalities + 1):
        found.append(Place(f"m{m}", f"Kommun {m}", "municipality", REGION, f"Kommun {m}"))
        found += [
            Place(f"m{m}-u{u}", f"Enhet {m}.{u}", "unit", f"m{m}", "Regionen", headcount=2000)
            for u in range(1, units + 1)
        ]
    return found


def make_round(key: str = "host-2026", **changed: Any) -> Round:
    """A round in autumn 2026, a draft unless told otherwise."""
    usual: dict[str, Any] = {
        "key": key,
        "name": "hösten 2026",
        "opens": date(2026, 9, 14),
        "closes": date(2026, 10, 11),
        "grace_days": 1,
        "version_patient": "underlag-2021",
        "version_provider": "underlag-2021",
        "open_link": True,
    }
    return Round(**(usual | changed))


def furnish(connection: Connection, made: Iterable[Place] = (), *asked: Round) -> None:
    """Keep places (the small ones if none are given) and rounds."""
    places.save_places(connection, list(made) or small_places())
    for each in asked:
        rounds.add_round(connection, each)


def step_to(connection: Connection, key: str, state: str) -> None:
    """Walk a round from draft to a state, step by step."""
    for each in STATES[: STATES.index(state) + 1]:
        rounds.set_state(connection, key, each)
