"""Invented editions of a very large region, for measuring the follow-up pages: noised and published by the product.

The answers are drawn by a seed, as numbers and not person by person: nothing here is fit to be published.
"""

from collections import Counter
from datetime import date, timedelta
from random import Random
from typing import Any

from survey.domain.places.place_tree import Place
from survey.domain.questions.answer_scale import QUESTIONS, ROLES, answer_codes_of
from survey.domain.questions.questionnaire import Version
from survey.domain.rounds.lifecycle import Round
from survey.sealing.rounds.counting import Counts
from tests.told_rounds import Opening, Rounds

REGION = "regionen"
OLD, NEW = "metodstod-2019", "underlag-2021"
SIZES = {"patient": (4, 70), "provider": (2, 16)}
LEAST = {"patient": 10, "provider": 5}


def places_of(municipalities: int, units: int) -> list[Place]:
    """A region, its municipalities, and the units shared out among them; the region first."""
    found = [Place(REGION, "Region Påhittad", "region")]
    found += [Place(f"kommun-{m}", f"Kommun {m}", "municipality", REGION) for m in range(municipalities)]
    for unit in range(units):
        parent = f"kommun-{unit % municipalities}"
        found.append(Place(f"enhet-{unit}", f"Enhet {unit} hälsocentral", "unit", parent, "Region Påhittad"))
    return found


def rounds_of(count: int) -> list[Round]:
    """So many half years; what is asked is reworded in the middle."""
    found = []
    for number in range(count):
        year, autumn = 2018 + number // 2, number % 2 == 1
        opens = date(year, 9 if autumn else 2, 15)
        version = NEW if number >= count // 2 else OLD
        found.append(
            Round(
                key=f"{year}-{'host' if autumn else 'var'}",
                name=f"{'hösten' if autumn else 'våren'} {year}",
                opens=opens,
                closes=opens + timedelta(45),
                grace_days=1,
                version_patient=version,
                version_provider=version,
                state="published",
            )
        )
    return found


def bodies_of(
    rounds: list[Round], places: list[Place], versions: dict[str, Version], times: int = 1
) -> list[dict[str, Any]]:
    """The editions of the rounds, from `times` as many answers at each place."""
    made = Rounds(places, versions)
    for number, round_ in enumerate(rounds, 1):
        made.publish(round_, opening_of(Random(number), places, times))
    return made.bodies


def opening_of(chance: Random, places: list[Place], times: int = 1) -> Opening:
    """What is opened of a round. Units with too few answers to be opened there are left out."""
    opened: dict[tuple[str, str, str], Counts] = {}
    for place in places:
        for role in ROLES if place.level == "unit" else ():
            n = chance.randint(*SIZES[role]) * times
            if n >= LEAST[role]:
                opened[place.key, role, "invited"] = _counts(chance, role, n)
    return Opening(opened)


def _counts(chance: Random, role: str, n: int) -> Counts:
    found: Counts = Counter({("all", "all"): n})
    for question in QUESTIONS:
        yes = round(n * chance.uniform(0.2, 0.85))
        found[question, "yes"] = yes
        for code in answer_codes_of(role, question)[1:]:
            found[question, code] = chance.randint(
                0, n - sum(found[question, each] for each in answer_codes_of(role, question))
            )
    return found
