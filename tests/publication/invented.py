"""Invented regions of any size, as a closing opens them: for every test of the publication."""

import random
from collections.abc import Callable

from survey.domain.disclosure.protection import DEFAULT_PROTECTION
from survey.domain.places.place_tree import Place
from survey.domain.questions.answer_scale import QUESTIONS, ROLES, answer_codes_of
from survey.domain.questions.responses import AGES, Background, Response
from survey.sealing.rounds.counting import Counts, count_background, counts_of
from tests.opened import stated
from tests.told_rounds import Opening

THRESHOLDS = {"patient": 10, "provider": 5}
# How many of those who take a stand say yes, as a survey like this one finds it.
YES = {
    "patient": (0.62, 0.38, 0.70, 0.50, 0.60, 0.60, 0.40),
    "provider": (0.60, 0.50, 0.84, 0.86, 0.78, 0.70, 0.45),
}


def region(municipalities: int = 3, units: int = 3) -> list[Place]:
    """A region, its municipalities and their units."""
    found = [Place("r", "Regionen", "region")]
    for m in range(municipalities):
        found.append(Place(f"m{m}", f"Kommun {m}", "municipality", "r"))
        found += [Place(f"m{m}-u{u}", f"Enhet {m}.{u}", "unit", f"m{m}") for u in range(units)]
    return found


def response(chance: random.Random, role: str, tilt: float = 0.0) -> Response:
    """One person's answers; about one question in ten without a stand."""
    answers = {}
    for question, share in zip(QUESTIONS, YES[role], strict=True):
        codes = answer_codes_of(role, question)
        draw = chance.random()
        if draw < 0.03:
            continue
        if draw < 0.08:
            answers[question] = "dont_know"
        elif draw < 0.16 and "not_needed" in codes:
            answers[question] = "not_needed"
        elif chance.random() < share + tilt:
            answers[question] = "yes"
        else:
            answers[question] = chance.choice([code for code in ("partly", "no") if code in codes])
    return Response(role, answers, background(chance) if role == "patient" else Background())


def background(chance: random.Random) -> Background:
    """What one resident told of themselves; one in ten told nothing."""
    if chance.random() < 0.1:
        return Background()
    gender = chance.choices(("woman", "man", "other"), (55, 43, 2))[0]
    age = chance.choices(AGES, (2, 12, 15, 25, 30, 16))[0]
    language = chance.choices(("sv", "en", "ar"), (90, 5, 5))[0]
    return Background(gender, age, language, chance.choices(("alone", "with_help"), (85, 15))[0])


def invented(
    seed: int, places: list[Place], sizes: Callable[[random.Random, Place, str], int], groups: bool = False
) -> Opening:
    """What was opened in one round; with what residents told about themselves, if asked for."""
    chance = random.Random(seed)
    opened: dict[tuple[str, str, str], Counts] = {}
    patients: list[Response] = []
    for place in places:
        for role in ROLES:
            tilt = chance.gauss(0, 0.08)
            people = [response(chance, role, tilt) for _ in range(sizes(chance, place, role))]
            if people:
                opened[place.key, role, "invited"] = counts_of(people)
            patients += people if role == "patient" else []
    return Opening(opened, count_background(stated(patients), DEFAULT_PROTECTION.smallest_group) if groups else {})


def realistic(chance: random.Random, place: Place, role: str) -> int:
    """Units of 30 to 60 patients and 6 to 15 staff; some answers whose unit is not shown."""
    least = THRESHOLDS[role]
    if place.level == "unit":
        few, many = (30, 60) if role == "patient" else (6, 15)
        return chance.randint(few, many) if chance.random() > 0.05 else 0
    return chance.choice((0, 0, chance.randint(least, 2 * least)))


def small(chance: random.Random, place: Place, role: str) -> int:
    """As few as may be opened at all, and often none."""
    least = THRESHOLDS[role]
    if place.level == "unit":
        return chance.choice((0, least, least + 1, least + 3, 2 * least, 5 * least))
    return chance.choice((0, 0, least, least + 2))
